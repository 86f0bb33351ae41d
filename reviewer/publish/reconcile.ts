import type { Person, ReviewState } from '../../forge/review-port.ts';
import type { Meaning } from '../agents/answers.ts';
import { citationOf, type Finding, isWorse } from '../findings/finding.ts';
import type { AgentReport } from '../report.ts';
import type { Review } from '../review.ts';
import { type Ending, endingsIn, type Reason, resolvedBySomebody } from './answers.ts';
import { type FindingMark, type OwnThread, ownThreads } from './marks.ts';
import type { IsOurs } from './ours.ts';
import type { Rights } from './rights.ts';

/** A finding that people spoke of, and who did. */
export interface Dismissed {
  readonly finding: Finding;
  readonly by: Person | null;
  /** Whether it counts for the decision all the same: who dismissed it may not. */
  readonly counts: boolean;
  readonly refuted: boolean;
  /** What they said; `null`: nothing, they resolved it. */
  readonly reason: Reason | null;
}

/** What is new, what stands, what is gone, held against the threads that are there. */
export interface Reconciled {
  /** Nobody was told yet. */
  readonly fresh: readonly Finding[];
  /** Its thread stands and stays as it is. */
  readonly kept: readonly OwnThread[];
  /** Resolved before, and there again or more severe than it was: with why it is opened again. */
  readonly again: readonly (OwnThread & { readonly finding: Finding; readonly why: 'back' | 'worse' })[];
  /** Resolved by GitLab alone, for its line moved: opened again without a word. */
  readonly reopened: readonly OwnThread[];
  readonly dismissed: readonly Dismissed[];
  /** Open threads that a person's answer ends. */
  readonly ended: readonly (OwnThread & Pick<Ending, 'refuted' | 'heard'>)[];
  /** Open threads whose finding is gone. */
  readonly fixed: readonly OwnThread[];
  /** To be resolved without a word: of a muted rule; a second thread about one finding, or one of which we said that it is at its end (a run left it that ended early). */
  readonly left: readonly OwnThread[];
}

/**
 * Holds what was found against what was said before. What people resolved or answered stays resolved, unless it got worse; a thread
 * goes only once the agent that opened it has looked again.
 *
 * @param heard what a model made of what people said, by their notes. @throws {ForgeError}
 */
export async function reconciled(
  findings: readonly Finding[],
  review: Looked,
  { threads }: Pick<ReviewState, 'threads'>,
  isOurs: IsOurs,
  rights: Rights,
  heard: ReadonlyMap<string, Meaning> = new Map(),
): Promise<Reconciled> {
  const byName = new Map<string, OwnThread>();
  const weighty = new Set([...(review.productionRisk?.findings ?? []), ...(review.riskPattern?.findings ?? [])]);
  const parts = {
    ...{ fresh: [] as Finding[], dismissed: [] as Dismissed[], again: [] as Reconciled['again'][number][] },
    ...{ kept: [] as OwnThread[], reopened: [] as OwnThread[] },
    ...{ ended: [] as Reconciled['ended'][number][], fixed: [] as OwnThread[], left: [] as OwnThread[] },
  };
  const end = (own: OwnThread, ending: Ending | null): void => {
    // A single comment can be resolved by nobody; what people opened again, with a word, is theirs.
    if (own.thread.resolved || !own.thread.resolvable || (own.sinceEnd?.length ?? 0) > 0) return;
    if (own.sinceEnd !== null) parts.left.push(own);
    else if (ending) parts.ended.push({ ...own, refuted: ending.refuted, heard: ending.heard });
    else parts.fixed.push(own);
  };
  for (const own of ownThreads(threads, isOurs)) {
    if (!byName.has(own.mark.fingerprint)) byName.set(own.mark.fingerprint, own);
    else if (!own.thread.resolved && own.thread.resolvable) parts.left.push(own);
  }
  for (const finding of findings) {
    const own = byName.get(finding.fingerprint);
    byName.delete(finding.fingerprint);
    if (!own) {
      parts.fresh.push(finding);
      continue;
    }
    const { thread, mark } = own;
    const gotWorse = isWorse(finding, mark);
    const isWeighty = finding.severity === 'critical' || weighty.has(finding.fingerprint);
    const ending = gotWorse ? null : await endingOf(finding, isWeighty, own, isOurs, rights, heard);
    if (ending && (!ending.counts || !thread.resolved)) {
      const { by, counts, refuted, reason } = ending;
      parts.dismissed.push({ finding, by, counts, refuted, reason });
    }
    if (ending?.counts === false) end(own, ending);
    else if (!thread.resolved) parts.kept.push(own);
    else if (gotWorse) parts.again.push({ ...own, finding, why: 'worse' });
    else if (thread.resolvedBy && isOurs(thread.resolvedBy)) parts.again.push({ ...own, finding, why: 'back' });
    else if (!resolvedBySomebody(thread)) parts.reopened.push(own);
    else {
      const by = thread.resolvedBy;
      const counts = isWeighty && !(await rights.overrule(by));
      parts.dismissed.push({ finding, by, counts, refuted: false, reason: null });
    }
  }
  for (const own of byName.values()) {
    if (!hasLooked(own.mark, review)) continue;
    // What nobody is told any more is not mended: its thread ends without a word.
    if (!isMuted(own.mark.rules ?? [], review.codex)) end(own, null);
    else if (!own.thread.resolved && own.thread.resolvable) parts.left.push(own);
  }
  return parts;
}

/** An answer that ends a thread; of several the last one from somebody who may. Of what is not critical one of others is none. */
async function endingOf(
  finding: Finding,
  isCritical: boolean,
  { thread, answers, sinceEnd }: OwnThread,
  isOurs: IsOurs,
  rights: Rights,
  heard: ReadonlyMap<string, Meaning>,
): Promise<(Ending & Pick<Dismissed, 'counts'>) | null> {
  // What was said after somebody opened it again takes back what was said before.
  const takenBack = !thread.resolved && sinceEnd !== null && sinceEnd.length > 0;
  const endings = endingsIn(takenBack ? sinceEnd : answers, isOurs, heard, !finding.computed);
  const may = (by: Person) => (isCritical ? rights.overrule(by) : rights.resolve(by));
  for (const ending of endings) if (await all(ending.withThem, may)) return { ...ending, counts: false };
  return isCritical && endings[0] ? { ...endings[0], counts: true } : null;
}

async function all<T>(some: readonly T[], holds: (one: T) => Promise<boolean>): Promise<boolean> {
  for (const one of some) if (!(await holds(one))) return false;
  return true;
}

/** Who looked this time, whether models were asked at all, what counts like a critical finding (what a risk rests on), and which rules are muted. */
export interface Looked extends Partial<Pick<Review, 'productionRisk' | 'riskPattern' | 'codex'>> {
  readonly agents: readonly Pick<AgentReport, 'name' | 'state' | 'model'>[];
  readonly models: Review['models'];
}

/** Whether a finding that cites these rules, `ID@rev`, is not told any more, for one of them is muted. */
export function isMuted(rules: readonly string[], codex: Looked['codex']): boolean {
  return codex?.muted.some((muted) => rules.includes(citationOf({ id: muted.rule, rev: muted.rev }))) ?? false;
}

/** Whether the agent that found something would have found it again. A program and a model may share a name. Who was not asked, while others were, had nothing to look at. */
export function hasLooked(
  { agent, computed }: Pick<FindingMark, 'agent' | 'computed'>,
  { agents, models }: Looked,
): boolean {
  const byModel = computed === false;
  const own = agents.filter(({ name, model }) => name === agent && (model !== undefined) === byModel);
  if (own.length === 0) return byModel && models !== null;
  return own.every(({ state }) => state === 'done');
}
