import { canonicalId } from '../../../codex/codex.ts';
import { RULE_ID } from '../../../codex/rule.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { spansOf } from '../../documents/spans.ts';
import type { Piece } from '../rule.ts';

/** An ID in a document that means a rule of the codex, or could. */
export interface Citation extends Piece {
  /** As the codex writes it: `RFC 021@2` is `RFC-021`. */
  readonly id: string;
  /** The revision it names: of `RFC 021@2` it is 2. */
  readonly rev?: number;
  /** It says itself that it is one: `(Codex: RFC-021, RFC-042)`. Others may be `UTF-8` or a ticket. */
  readonly explicit: boolean;
}

const known = new WeakMap<AgentDocument, readonly Citation[]>();

/** Every ID in a document outside of code blocks, in reading order. */
export function citationsOf(document: AgentDocument): readonly Citation[] {
  let citations = known.get(document);
  if (!citations) {
    const blocks = new Set(spansOf(document).flatMap(({ kind, line }) => (kind === 'block' ? [line] : [])));
    citations = Array.from({ length: document.lines.count }, (_, at) => at + 1).flatMap((line) =>
      blocks.has(line) ? [] : onLine(document, line),
    );
    known.set(document, citations);
  }
  return citations;
}

/** A longer line was written by a tool. */
const LONGEST = 5000;
const GROUP = /\(\s*Codex:([^()]*)\)/gi;
/** People also write `RFC 021` and `rfc-021`. */
const SPACED = /(?:[A-Z][A-Z0-9]*(?:[- ][A-Z0-9]+)*[- ]\d+|[a-z][a-z0-9]*(?:-[a-z0-9]+)*-\d+)(?:@\d+)?/g;
const BARE = new RegExp(`(?<![\\w./@-])(?:${RULE_ID.source})(?:@\\d+)?(?![\\w-]|\\.\\d)`, 'g');

function onLine({ lines }: AgentDocument, line: number): readonly Citation[] {
  const text = lines.line(line);
  if (text.length > LONGEST || !/[A-Za-z][- ]?\w*\d/.test(text)) return [];
  const piece = (match: RegExpExecArray, from: number, explicit: boolean): Citation => {
    const rev = /@(\d+)$/.exec(match[0])?.[1];
    const column = from + match.index + 1;
    return {
      text: match[0],
      line,
      column,
      offset: lines.startOf(line) + column - 1,
      id: canonicalId(match[0]),
      ...(rev === undefined ? {} : { rev: Number(rev) }),
      explicit,
    };
  };
  const groups = [...text.matchAll(GROUP)].map((group) => {
    const start = group.index + group[0].indexOf(':') + 1;
    return { start, end: group.index + group[0].length, inside: group[1]! };
  });
  const explicit = groups.flatMap(({ start, inside }) =>
    [...inside.matchAll(SPACED)].map((match) => piece(match, start, true)),
  );
  const bare = [...text.matchAll(BARE)]
    .filter(({ index }) => !groups.some(({ start, end }) => index >= start && index < end))
    .map((match) => piece(match, 0, false));
  return [...explicit, ...bare].sort((a, b) => a.column - b.column);
}
