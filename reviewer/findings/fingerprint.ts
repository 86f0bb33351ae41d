import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

/** A finding before it has a name. */
export type Unnamed = Omit<Finding, 'fingerprint'>;

/**
 * Names findings so that the same one has the same name after a rebase, and wherever its lines move to: by whose it is, the file, the
 * rules and the text it stands on, not by line numbers, and not by words that a model chooses anew each time. A rename takes the name
 * along through `originOf`. Of several with the same name, the first, the second, … in the order of their lines.
 *
 * @param originOf the path that a file had where the branch left its target.
 * @param known names that some of them have already, by their places in the list: no other gets one of those.
 */
export function fingerprinted(
  findings: readonly Unnamed[],
  originOf: (path: string) => string = (path) => path,
  known: readonly (string | undefined)[] = [],
): readonly Finding[] {
  const inLines = [...findings.entries()].sort(([a, one], [b, other]) => one.line - other.line || a - b);
  const seen = new Map<string, number>();
  const names = new Map(known.flatMap((name, at) => (name === undefined ? [] : [[at, name] as const])));
  const taken = new Set(names.values());
  for (const [at, finding] of inLines) {
    if (names.has(at)) continue;
    const name = textNamed(finding, originOf(finding.path));
    let nth = seen.get(name) ?? 0;
    let hashed: string;
    do hashed = hashOf(name, ++nth);
    while (taken.has(hashed));
    seen.set(name, nth);
    names.set(at, hashed);
  }
  return findings.map((finding, at) => ({ ...finding, fingerprint: names.get(at)! }));
}

/** So many findings of one name a line is held against. */
const MOST_ALIKE = 20;

/**
 * The line of a file that a finding was named by, wherever it stands by now; `undefined` where no line gives it that name: it is gone, or
 * the file had another name where the branch left its target.
 */
export function lineNamed(
  finding: Pick<Finding, 'fingerprint' | 'category' | 'path' | 'rules'>,
  lines: readonly string[],
): string | undefined {
  const is = (quote: string, nth: number) =>
    hashOf(textNamed({ ...finding, side: 'new', quote, computed: false, title: '' }, finding.path), nth) ===
    finding.fingerprint;
  const different = new Set(lines.filter((line) => line.trim() !== ''));
  for (let nth = 1; nth <= MOST_ALIKE; nth++) for (const line of different) if (is(line, nth)) return line;
  return undefined;
}

function textNamed(
  finding: Pick<Finding, 'category' | 'side' | 'rules' | 'quote' | 'computed' | 'title'>,
  origin: string,
): string {
  return JSON.stringify([
    finding.category,
    origin,
    finding.side,
    finding.rules.map(({ id }) => id).sort(),
    collapsed(finding.quote),
    // What a program says of a file as a whole differs by its words alone, where no rule does; and those stay.
    finding.computed && finding.quote === '' && finding.rules.length === 0 ? finding.title : '',
  ]);
}

function hashOf(name: string, nth: number): string {
  return createHash('sha256').update(`${name}\n${nth}`).digest('hex').slice(0, 32);
}

/** White space is what formatters and models change first. */
export function collapsed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
