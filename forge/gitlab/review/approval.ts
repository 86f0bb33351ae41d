import { ForgeError } from '../../errors.ts';
import { approve as approveRequest, unapprove } from './requests.ts';
import { checkTip, movedOn, type Reviewing, refusal } from './reviewing.ts';

const UNDONE = 'nothing was approved';

/** GitLab refuses a second approval of ours, and every one of another tip than it has. @throws {ForgeError} `conflict` */
export async function approve(reviewing: Reviewing, head: string, why: string): Promise<void> {
  checkTip(reviewing, head);
  try {
    await reviewing.sender.send<true>({
      request: approveRequest(reviewing, head, why),
      parse: () => true,
      find: () => isApproved(reviewing, head),
      placeholder: true,
    });
  } catch (error) {
    if (error instanceof ForgeError && error.status === 409) throw movedOn(reviewing, head, null, UNDONE);
    if (error instanceof ForgeError && error.status === 401 && (await isApproved(reviewing, head))) return;
    throw await refusal(reviewing, error, 'approval');
  }
}

/**
 * Whether our approval stands, where the tip is the one that it is for: one of an earlier tip outlives a push, unless the
 * project takes it away. @throws {ForgeError} `conflict`
 */
async function isApproved(reviewing: Reviewing, head: string): Promise<true | undefined> {
  const { byUs } = await reviewing.look.approvals();
  if (!byUs) return undefined;
  const { head: tip } = await reviewing.look.mergeRequest();
  if (tip !== head) throw movedOn(reviewing, head, tip, UNDONE);
  return true;
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
