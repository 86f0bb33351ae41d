import { ForgeError } from '../../errors.ts';
import type { ReviewedMergeRequest, ReviewState } from '../../review-port.ts';
import { threadOf } from './answers.ts';
import { nameOf, type Reviewing } from './reviewing.ts';

/** In ms: GitLab works out the diff of what was just opened or pushed in the background. */
const WAITS = [500, 1000, 2000, 4000, 8000];

/** Four requests, where a hundred threads are enough; one less where it is known who we are. */
export async function look(reviewing: Reviewing): Promise<ReviewState> {
  const { look, self } = reviewing;
  // First by itself: a token that is no good is sent once.
  const us = await self();
  const asked = [readyOf(reviewing), look.discussions(), look.approvals()] as const;
  const [mergeRequest, discussions, approvals] = await Promise.all(asked);
  return {
    self: us,
    mergeRequest,
    threads: discussions.map(threadOf),
    approvedByUs: approvals.byUs,
    mayApprove: approvals.mayApprove,
  };
}

/** One request for a hundred threads, where it is known who we are. */
export async function said({ look, self }: Reviewing): Promise<Pick<ReviewState, 'self' | 'threads'>> {
  const us = await self();
  return { self: us, threads: (await look.discussions()).map(threadOf) };
}

/** When its newest version was made. */
export async function pushedAt(reviewing: Reviewing): Promise<string> {
  return patiently(reviewing, () => reviewing.look.newestVersion(), 'has no version yet');
}

function readyOf(reviewing: Reviewing): Promise<ReviewedMergeRequest> {
  const ready = async () => (await reviewing.look.mergeRequest()).ready;
  return patiently(reviewing, ready, 'has no diff for its newest commit yet');
}

async function patiently<T>(reviewing: Reviewing, ask: () => Promise<T | undefined>, lack: string): Promise<T> {
  for (const wait of [...WAITS, undefined]) {
    const told = await ask();
    if (told !== undefined) return told;
    if (wait !== undefined) await reviewing.clock.sleep(wait);
  }
  const at = `at ${reviewing.project.instance}`;
  throw new ForgeError('unavailable', `${nameOf(reviewing)}: GitLab ${lack}; try again in a minute (${at})`);
}
