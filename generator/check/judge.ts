import type { Fate, History } from '../../forge/history.ts';
import type { AgentDocument } from '../documents/document.ts';
import type { Fix, Found, Piece, Rule, Severity, World } from './rule.ts';

/** One finding, ready to be printed. */
export interface Finding {
  readonly rule: Rule['id'];
  readonly name: string;
  readonly severity: Severity;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** The exact text on that line that the finding is about. */
  readonly subject: string;
  readonly message: string;
  /** The line as it should read; `''` where it should go. */
  readonly suggestion?: string;
  readonly fix?: Fix;
}

/**
 * What the rules say of documents, by path and place. Reads nothing but, for what is in doubt, the history.
 *
 * @param tells whether something is said that the history does not prove. `silent`: the rule itself would not.
 */
export async function judge(
  documents: readonly AgentDocument[],
  world: World,
  rules: readonly Rule[],
  history?: Pick<History, 'fates'>,
  tells: (finding: Finding, silent: boolean) => boolean = (_, silent) => !silent,
): Promise<readonly Finding[]> {
  const found = documents.flatMap((document) =>
    rules.flatMap((rule) => Array.from(rule.check(document, world), (each) => ({ document, rule, each }))),
  );
  const doubts = found.flatMap(({ each }) => each.doubt?.paths ?? []);
  const fates: ReadonlyMap<string, Fate> =
    history && doubts.length > 0 ? await history.fates([...new Set(doubts)]) : new Map();
  return inOrder(
    found.flatMap(({ document, rule, each }) => {
      const sure = settled(each, fates);
      const said = finding(document, rule, sure ?? each);
      return sure !== undefined || tells(said, each.doubt?.silent === true) ? [said] : [];
    }),
  );
}

/** By path and place. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}

function settled({ doubt, ...found }: Found, fates: ReadonlyMap<string, Fate>): Found | undefined {
  for (const path of doubt?.paths ?? []) {
    const fate = fates.get(path);
    if (fate) return { ...found, ...doubt!.gone(path, fate) };
  }
  return undefined;
}

function finding(document: AgentDocument, rule: Rule, found: Found): Finding {
  const { at, severity, message, replacement, fix } = found;
  const shown = SPEAKS_OF.test(rule.id) ? widened(document, at) : at;
  return {
    rule: rule.id,
    name: rule.name,
    severity,
    path: document.path,
    line: shown.line,
    column: shown.column,
    subject: shown.text,
    message,
    ...(replacement === undefined ? {} : { suggestion: corrected(document, at, replacement) }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What is no longer true is told by its words; a character that nobody sees has none. */
const SPEAKS_OF = /^AMD1/;
/** Fewer characters say nothing to who reads a report. */
const LEAST_SUBJECT = 3;

/** A subject as short as `v9` with the word before it: `laravel - v9`. */
function widened({ lines }: AgentDocument, at: Piece): Piece {
  if (at.text.length >= LEAST_SUBJECT || at.text === '') return at;
  const before = lines.line(at.line).slice(0, at.column - 1);
  const word = /\S+\s*$/.exec(before)?.[0].length ?? 0;
  const text = before.slice(before.length - word) + at.text;
  return { text, line: at.line, column: at.column - word, offset: at.offset - word };
}

/** The line of a piece with the piece replaced; nothing is left of a line that held nothing else. */
function corrected({ lines }: AgentDocument, { line, column, text }: Piece, replacement: string): string {
  const source = lines.line(line);
  const result = source.slice(0, column - 1) + replacement + source.slice(column - 1 + text.length);
  return /^[\s>*+`-]*$/.test(result) ? '' : result;
}
