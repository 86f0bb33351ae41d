import type { MergeRequestReview, ReviewState } from '../../forge/review-port.ts';
import { ownSummary } from './marks.ts';

/**
 * How it stands without an approval of ours that was for another target, which has rules of its own. One of which the summary does not say
 * what it was for goes as well. Nothing is done to a merge request that is over.
 *
 * @throws {ForgeError}
 */
export async function withoutStale(
  state: ReviewState,
  forge: Pick<MergeRequestReview, 'revoke'>,
): Promise<ReviewState> {
  const { mergeRequest, threads, self, approvedByUs } = state;
  if (!approvedByUs || mergeRequest.state !== 'opened') return state;
  const mark = ownSummary(threads, self)?.mark;
  if (mark?.target === mergeRequest.target) return state;
  const was = mark ? `${mark.head.slice(0, 12)} was approved for ${mark.target}` : 'nobody can say what was approved';
  await forge.revoke(`${was}, and it goes into ${mergeRequest.target}`);
  // We could approve it once.
  return { ...state, approvedByUs: false, mayApprove: true };
}
