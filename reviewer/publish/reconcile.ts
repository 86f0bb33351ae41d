import type { MergeRequestReview, Person, ReviewState } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import { type Finding, SEVERITIES } from '../findings/finding.ts';
import type { AgentReport } from '../review.ts';
import { endedBy, resolvedByPerson } from './answers.ts';
import { hasAccess } from './break-glass.ts';
import { type OwnThread, ownThreads } from './marks.ts';

/** A finding that people spoke of, and who did. */
export interface Dismissed {
  readonly finding: Finding;
  readonly by: Person | null;
  /** Whether it no longer counts for the decision. */
  readonly counts: boolean;
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
  readonly ended: readonly OwnThread[];
  /** Open threads whose finding is gone. */
  readonly fixed: readonly OwnThread[];
  /** A second thread about one finding, which a run left that ended early. */
  readonly twice: readonly OwnThread[];
}

/**
 * Holds what was found against what was said before. What people resolved or answered stays resolved, unless it got worse; a thread
 * goes only once the agent that opened it has looked again.
 *
 * @throws {ForgeError}
 */
export async function reconciled(
  findings: readonly Finding[],
  agents: readonly Pick<AgentReport, 'name' | 'state'>[],
  { self, threads, mergeRequest }: ReviewState,
  forge: Pick<MergeRequestReview, 'accessOf'>,
  { breakGlass }: Pick<ReviewKeys, 'breakGlass'>,
): Promise<Reconciled> {
  const looked = new Set(agents.filter(({ state }) => state === 'done').map(({ name }) => name));
  const byName = new Map<string, OwnThread>();
  const twice: OwnThread[] = [];
  for (const own of ownThreads(threads, self)) {
    if (!byName.has(own.mark.fingerprint)) byName.set(own.mark.fingerprint, own);
    else if (!own.thread.resolved) twice.push(own);
  }
  const parts = {
    ...{ fresh: [] as Finding[], kept: [] as OwnThread[], again: [] as Reconciled['again'][number][] },
    ...{
      reopened: [] as OwnThread[],
      dismissed: [] as Dismissed[],
      ended: [] as OwnThread[],
      fixed: [] as OwnThread[],
    },
  };
  const mayDismiss = async (finding: Finding, by: Person | null): Promise<boolean> => {
    if (finding.severity !== 'critical') return true;
    // Whoever may overrule the review may overrule what holds it up.
    if (by === null || (!breakGlass.author && by.id === mergeRequest.author.id)) return false;
    return hasAccess(await forge.accessOf(by), breakGlass.role);
  };
  for (const finding of findings) {
    const own = byName.get(finding.fingerprint);
    byName.delete(finding.fingerprint);
    if (!own) {
      parts.fresh.push(finding);
      continue;
    }
    const { thread, mark, answers } = own;
    const by = endedBy(answers, self);
    const isWorse = SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(mark.severity);
    if (by && !isWorse) {
      if (!thread.resolved) parts.ended.push(own);
      parts.dismissed.push({ finding, by, counts: !(await mayDismiss(finding, by)) });
    } else if (!thread.resolved) parts.kept.push(own);
    else if (isWorse) parts.again.push({ ...own, finding, why: 'worse' });
    else if (thread.resolvedBy?.id === self.id) parts.again.push({ ...own, finding, why: 'back' });
    else if (!resolvedByPerson(thread, self)) parts.reopened.push(own);
    else
      parts.dismissed.push({ finding, by: thread.resolvedBy, counts: !(await mayDismiss(finding, thread.resolvedBy)) });
  }
  for (const own of byName.values()) if (!own.thread.resolved && looked.has(own.mark.agent)) parts.fixed.push(own);
  return { ...parts, twice };
}
