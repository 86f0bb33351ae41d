import type { PathIndex } from '../../facts/path-index.ts';
import type { Answer } from '../../models/port.ts';
import type { AuditAnswer } from './answer.ts';
import { quoted, type ShownLines } from './lines.ts';
import { shortened, told } from './steps.ts';
import { type Evidence, MOST_EVIDENCE, type Vote } from './verdict.ts';

/** What quotes are held against. */
export interface Ground {
  readonly lines: ShownLines;
  readonly paths: PathIndex;
}

const LONGEST_REASON = 600;

/**
 * What a role's answer is worth for one rule. A verdict counts only with a line that is there and carries what the role quotes; that
 * a rule does not apply nobody can quote, and who cannot tell has no vote.
 */
export async function voteOf(role: string, rule: string, answer: Answer<AuditAnswer>, ground: Ground): Promise<Vote> {
  const none = { role, said: null, counts: false, reason: '', evidence: [], unresolved: 0, steps: [] } as const;
  if (answer.kind === 'failed') return { ...none, why: shortened(`no answer: ${answer.message}`, LONGEST_REASON) };
  const said = answer.value.verdicts.filter((each) => each.rule.trim() === rule);
  const [one] = said;
  if (!one) return { ...none, why: 'its answer says nothing of this rule' };
  if (said.length > 1) return { ...none, why: 'it answered more than once' };
  const { verdict, reason, steps } = one;
  const { evidence, unresolved } = await resolved(one.evidence, ground);
  const vote = {
    ...{ role, said: verdict, reason: shortened(reason, LONGEST_REASON), evidence, unresolved },
    steps: verdict === 'NON-COMPLIANT' || verdict === 'PARTIAL' ? told(steps) : [],
  };
  if (verdict === 'NOT-CHECKED') return { ...vote, counts: false, why: 'it could not tell' };
  if (verdict === 'NOT-APPLICABLE' || evidence.length > 0) return { ...vote, counts: true, why: '' };
  return { ...vote, counts: false, why: unresolved > 0 ? 'nothing that it quotes is there' : 'it quotes no line' };
}

type Quoted = AuditAnswer['verdicts'][number]['evidence'];

async function resolved(
  given: Quoted,
  ground: Ground,
): Promise<{ readonly evidence: readonly Evidence[]; readonly unresolved: number }> {
  const found = new Map<string, Evidence>();
  let unresolved = 0;
  for (const one of given.slice(0, MOST_EVIDENCE)) {
    const evidence = await resolve(one, ground);
    if (evidence) found.set(`${evidence.path}:${evidence.line}`, evidence);
    else unresolved++;
  }
  return { evidence: [...found.values()], unresolved };
}

/** How far a quote may be from where it is said to be; models miscount. In lines. */
const NEAR = 25;

/** The line that carries the quote: the one that was said, else the only one near by. */
async function resolve({ path, line, quote }: Quoted[number], { lines, paths }: Ground): Promise<Evidence | undefined> {
  const wanted = folded(quote);
  // A lone bracket stands anywhere.
  if (!/[\p{L}\p{N}]/u.test(wanted) || !paths.isFile(path)) return undefined;
  const texts = await lines.of(path);
  if (!texts) return undefined;
  const at = line >= 1 && folded(texts[line - 1] ?? '') === wanted ? line : nearest(texts, line, wanted);
  if (at === undefined) return undefined;
  return { path, line: at, quote: quoted(texts[at - 1]!), note: '' };
}

function nearest(texts: readonly string[], line: number, wanted: string): number | undefined {
  const near: number[] = [];
  for (let at = Math.max(1, line - NEAR); at <= Math.min(texts.length, line + NEAR); at++)
    if (folded(texts[at - 1]!) === wanted) near.push(at);
  return near.length === 1 ? near[0] : undefined;
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
