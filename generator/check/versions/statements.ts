import { type Claim, readClaim } from '../../../facts/dependencies/claims.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { type Place, type Span, spansOf } from '../../documents/spans.ts';
import type { Piece } from '../rule.ts';

/** A version that the prose of a document names, and what stands around it. */
export interface Statement {
  readonly claim: Claim;
  /** The version as it stands in the document: what would be replaced. */
  readonly at: Piece;
  /** The words right before it on its line, its emphasis and backquotes taken away: the last of them name what has this version. */
  readonly before: string;
  /** What follows it on its line. */
  readonly after: string;
  /** Its sentence, and where in it the version stands. */
  readonly sentence: string;
  readonly place: Place;
  /** In a table: the text of the row's first cell, of its own cell before it, and of its column's heading. */
  readonly cell?: { readonly first: string; readonly own: string; readonly heading: string; readonly column: number };
  /** Other versions that stand beside it as alternatives or as a range: `^18 || ^19`, `3.10-3.13`. */
  readonly beside: readonly Claim[];
}

/** "at least Python 3.10", "minimum Node version: 20". */
const LEAST =
  /\b(?:at least|minimum|min\.?|lowest|oldest)\s+(?:supported\s+|required\s+)?(?:[\w.]+\s+){0,2}(?:versions?\s*)?(?:is|of|:|=)?\s*$/i;
const VERSION =
  /(?<![\w./#$@§\\-]|[\w)]\+|§\s|PEP |RFC )(?:(?:>=|≥|<=|≤|~>|==?|[~^<>])\s?)?v?\d{1,4}(?:\.\d{1,6}){0,3}(?:\.[x*](?!\w))?(?:-(?:rc|alpha|beta|canary|next|preview|dev|pre|snapshot|M)[\w.]*)?\+?(?![\w%°$/-]|\.\w|:\d)/giu;
/** What may stand between versions of one group. */
const BETWEEN = /^(?:[\s,/|\\&()`]|–|-|—|\bor\b|\band\b|\bto\b|\bthrough\b|\bvia\b)*$/i;
/** A longer line is no prose. */
const LONGEST = 2_000;

const known = new WeakMap<AgentDocument, readonly Statement[]>();

/** Every version in running text, lists and tables, in reading order. Code blocks and HTML are examples and left out. */
export function statementsOf(document: AgentDocument): readonly Statement[] {
  let statements = known.get(document);
  if (!statements) {
    const byLine = Map.groupBy(
      spansOf(document).filter(({ kind }) => kind === 'text' || kind === 'code'),
      ({ line }) => line,
    );
    statements = [...byLine].flatMap(([line, spans]) => [...ofLine(document, line, spans)]);
    known.set(document, statements);
  }
  return statements;
}

function* ofLine(document: AgentDocument, line: number, spans: readonly Span[]): Iterable<Statement> {
  const source = document.lines.line(line);
  if (source.length > LONGEST || !/\d/.test(source)) return;
  const plain = plainLine(source, spans);
  const groups = grouped([...plain.matchAll(VERSION)], plain);
  for (const group of groups) {
    const claims = group.map(([text]) => readClaim(text.replace(/\s/g, '')));
    for (const [index, match] of group.entries()) {
      const claim = claims[index];
      const span = spans.find(
        ({ column, text }) => column - 1 <= match.index && match.index < column - 1 + text.length,
      );
      if (!claim || !span || /^[<≤]/.test(match[0])) continue;
      const after = plain.slice(match.index + match[0].length);
      yield {
        claim:
          LEAST.test(plain.slice(Math.max(0, match.index - 60), match.index)) ||
          /^\)?\s*(?:or|and)\s+(?:newer|later|higher|above|greater|up|more recent)\b/i.test(after)
            ? { ...claim, kind: 'minimum' }
            : claim,
        at: { text: match[0], line, column: match.index + 1, offset: document.lines.startOf(line) + match.index },
        before: plain.slice(0, group[0]!.index),
        after,
        sentence: sentenceAt(span, match.index - (span.column - 1)),
        place: span.place,
        ...(span.place.within === 'cell' ? { cell: cellAt(document, line, plain, match.index) } : {}),
        beside: claims.flatMap((other, at) => (at !== index && other ? [other] : [])),
      };
    }
  }
}

/** A line without its marks: everything that is neither text nor code becomes a space; the bars of a table stay. */
function plainLine(source: string, spans: readonly Span[]): string {
  let plain = '';
  let at = 0;
  for (const { column, text } of spans) {
    if (column - 1 < at) continue;
    plain += blank(source.slice(at, column - 1)) + text.replaceAll('\\', ' ');
    at = column - 1 + text.length;
  }
  return plain + blank(source.slice(at));
}

function blank(text: string): string {
  return text.replace(/[^|]/g, ' ');
}

function grouped(matches: readonly RegExpExecArray[], plain: string): readonly (readonly RegExpExecArray[])[] {
  const groups: RegExpExecArray[][] = [];
  for (const match of matches) {
    const last = groups.at(-1)?.at(-1);
    const between = last ? plain.slice(last.index + last[0].length, match.index) : undefined;
    if (between !== undefined && BETWEEN.test(between)) groups.at(-1)!.push(match);
    else groups.push([match]);
  }
  return groups;
}

const ENDS = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|No|min|max))[.!?;](?=\s|$)/g;

/** The sentence of the paragraph that a place within a span belongs to. */
export function sentenceAt({ text, place }: Span, index: number): string {
  const start = place.around.indexOf(text);
  const at = start < 0 ? 0 : start + index;
  const ends = [...place.around.matchAll(ENDS)].map((match) => match.index + 1);
  return place.around.slice(ends.findLast((end) => end <= at) ?? 0, ends.find((end) => end > at) ?? undefined).trim();
}

function cellAt(document: AgentDocument, line: number, plain: string, index: number): NonNullable<Statement['cell']> {
  const cells = plain.split('|');
  const column = plain.slice(0, index).split('|').length - 1;
  const outer = plain.trimStart().startsWith('|') ? 1 : 0;
  const own = plain.slice(plain.lastIndexOf('|', index - 1) + 1, index);
  let top = line;
  while (top > 1 && /\|/.test(document.lines.line(top - 1)) && line - top < 500) top--;
  const heading = document.lines.line(top).split('|')[column] ?? '';
  return {
    first: (cells[outer] ?? '').trim(),
    own: own.trim(),
    heading: heading.replace(/[*`]/g, '').trim(),
    column: column - outer,
  };
}
