import { ForgeError } from '../../errors.ts';
import type { Reviewed } from '../../review-port.ts';
import type { SeenMergeRequest } from './answers.ts';
import { approve as approveRequest, unapprove } from './requests.ts';
import { changed, checkTip, movedOn, type Reviewing, refusal, stillReviewed } from './reviewing.ts';

const UNDONE = 'nothing was approved';

/**
 * GitLab refuses a second approval of ours, and every one of another tip than it has; where it goes, and whether it is a draft, is looked at
 * right before.
 *
 * @returns '' where it is approved, else why there is nothing to approve. @throws {ForgeError} `conflict`
 */
export async function approve(reviewing: Reviewing, reviewed: Reviewed, why: string): Promise<string> {
  const { head } = reviewed;
  checkTip(reviewing, head);
  const unfit = whyNot(await stillReviewed(reviewing, reviewed, UNDONE));
  if (unfit !== '') return unfit;
  try {
    await reviewing.sender.send<true>({
      request: approveRequest(reviewing, head, why),
      parse: () => true,
      find: () => isApproved(reviewing, reviewed),
      placeholder: true,
    });
    return '';
  } catch (error) {
    if (error instanceof ForgeError && error.status === 409) throw movedOn(reviewing, head, null, UNDONE);
    if (error instanceof ForgeError && error.status === 401 && (await isApproved(reviewing, reviewed))) return '';
    throw await refusal(reviewing, error, 'approval');
  }
}

function whyNot({ state, draft }: SeenMergeRequest): string {
  if (state !== 'opened') return `it is ${state}`;
  return draft ? 'it is a draft' : '';
}

/**
 * Whether our approval stands, where it stands as it was reviewed: one of an earlier tip outlives a push, unless the project takes it
 * away, and where there is none it is given next. @throws {ForgeError} `conflict`
 */
async function isApproved(reviewing: Reviewing, reviewed: Reviewed): Promise<true | undefined> {
  const { byUs } = await reviewing.look.approvals();
  const unfit = whyNot(await stillReviewed(reviewing, reviewed, UNDONE));
  if (byUs) return true;
  if (unfit !== '') throw changed(reviewing, `${unfit} by now`, UNDONE);
  return undefined;
}

/** Takes it back where there is one, for which it looks: GitLab answers 404 where there is none. */
export async function revoke(reviewing: Reviewing, why: string): Promise<void> {
  const isGone = async () => ((await reviewing.look.approvals()).byUs ? undefined : true);
  if (await isGone()) return;
  try {
    await reviewing.sender.send<true>({
      request: unapprove(reviewing, why),
      parse: () => true,
      find: isGone,
      placeholder: true,
    });
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found' && (await isGone())) return;
    throw await refusal(reviewing, error, 'approval');
  }
}
