import type { Citation, Finding, Place, Proof, Side } from './finding.ts';
import { collapsed, type Unnamed } from './fingerprint.ts';

/** Why a finding is thrown away. */
export const DROP_REASONS = [
  /** The file is on neither side of the change. */
  'no-such-file',
  /** The lines are not there, or they are no lines: the last before the first. */
  'no-such-line',
  /** What it quotes stands neither there nor, once, near by. */
  'no-such-quote',
  /** It rests on a rule that there is not. */
  'no-such-rule',
  /** It proves itself by a line that is not there. */
  'no-such-evidence',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export interface Dropped<T extends Unnamed = Unnamed> {
  readonly finding: T;
  readonly reason: DropReason;
  /** What was looked for and not found. */
  readonly detail: string;
}

/** What findings are held against. */
export interface Ground {
  /** The lines of a file at one side, without their ends; `undefined`: there is no such text. */
  lines(path: string, side: Side): Promise<readonly string[] | undefined>;
  /** The rule that an ID and a revision name; `null`: the ID alone is meant. */
  hasRule(citation: Citation): boolean;
}

/** How far a quote may be from where it is said to be; models miscount. In lines. */
const NEAR = 25;

/**
 * Keeps the findings whose place, quote, rules and evidence exist, and puts those right whose quote stands a few lines away. Nothing else
 * is believed: what a model says of a place that there is not cannot be shown to anybody.
 */
export async function verified<T extends Unnamed>(
  findings: readonly T[],
  ground: Ground,
): Promise<{ readonly kept: readonly T[]; readonly dropped: readonly Dropped<T>[] }> {
  const kept: T[] = [];
  const dropped: Dropped<T>[] = [];
  for (const finding of findings) {
    const outcome = await verify(finding, ground);
    if ('reason' in outcome) dropped.push({ finding, ...outcome });
    else kept.push({ ...finding, ...outcome });
  }
  return { kept, dropped };
}

type Outcome = Unnamed | { readonly reason: DropReason; readonly detail: string };

async function verify(finding: Unnamed, ground: Ground): Promise<Outcome> {
  const rule = finding.rules.find((each) => !ground.hasRule(each));
  if (rule) return { reason: 'no-such-rule', detail: rule.id };
  const missing = await firstMissing(finding.evidence, ground);
  if (missing) return { reason: 'no-such-evidence', detail: `${missing.path}:${missing.line}` };
  const { path, side, line, endLine, quote } = finding;
  const lines = await ground.lines(path, side);
  // A binary has no lines, and yet something may be said of it as a whole: then it has an empty text there.
  if (lines === undefined) return { reason: 'no-such-file', detail: `${path} (${side})` };
  if (line === 0) return endLine === 0 && quote === '' ? finding : { reason: 'no-such-line', detail: `${path}:0` };
  if (!isRange(finding)) return { reason: 'no-such-line', detail: `${path}:${line}-${endLine}` };
  const at = standsAt(quote, line, lines);
  if (at === undefined)
    return line > lines.length && collapsed(quote) === ''
      ? { reason: 'no-such-line', detail: `${path}:${line}` }
      : { reason: 'no-such-quote', detail: `${path}:${line}` };
  const last = at + (endLine - line);
  if (last > lines.length) return { reason: 'no-such-line', detail: `${path}:${last}` };
  return { ...finding, line: at, endLine: last, quote: lines[at - 1]! };
}

async function firstMissing(evidence: Finding['evidence'], ground: Ground): Promise<Proof | undefined> {
  for (const proof of evidence) {
    const lines = await ground.lines(proof.path, proof.side);
    if (lines === undefined || !Number.isInteger(proof.line) || proof.line < 1 || proof.line > lines.length)
      return proof;
  }
  return undefined;
}

function isRange({ line, endLine }: Place): boolean {
  return Number.isInteger(line) && Number.isInteger(endLine) && line >= 1 && endLine >= line;
}

/** The line on which a quote begins: the one that was said, else the only one near by. All of its lines have to stand there. */
function standsAt(quote: string, line: number, lines: readonly string[]): number | undefined {
  const wanted = quote.split('\n').map(collapsed);
  while (wanted.at(-1) === '') wanted.pop();
  if (!wanted[0]) return undefined;
  const fits = (at: number) => wanted.every((text, behind) => collapsed(lines[at - 1 + behind] ?? '') === text);
  if (fits(line)) return line;
  // A lone bracket stands anywhere.
  if (!wanted.some((text) => /[\p{L}\p{N}]/u.test(text))) return undefined;
  const near: number[] = [];
  for (let at = Math.max(1, line - NEAR); at <= Math.min(lines.length, line + NEAR); at++) if (fits(at)) near.push(at);
  return near.length === 1 ? near[0] : undefined;
}
