import type { Actor } from '../api.ts';
import type { ReviewerState } from '../review-state.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { addSystemNote } from './add-note.ts';
import { mayUpdate } from './permission.ts';

export function hasApproved({ approvals }: MergeRequest, userId: number): boolean {
  return approvals.some((approval) => approval.userId === userId);
}

/** Not twice, and in paid editions, as they come, not the author (doc/user/project/merge_requests/approvals/settings.md). */
export function mayApprove(world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): boolean {
  const { id } = actor.user;
  if (world.edition !== 'ce' && mergeRequest.authorId === id && world.rule('no-own-approval')) return false;
  if (hasApproved(mergeRequest, id) && world.rule('approve-once')) return false;
  return mayUpdate(world, actor, project, mergeRequest);
}

export function approve(world: World, mergeRequest: MergeRequest, userId: number): void {
  if (!hasApproved(mergeRequest, userId)) mergeRequest.approvals.push({ userId, at: new Date().toISOString() });
  mergeRequest.changeRequests.delete(userId);
  setState(mergeRequest, userId, 'approved');
  addSystemNote(world, mergeRequest, userId, 'approved this merge request');
}

/** Answers whether there was an approval. */
export function unapprove(world: World, mergeRequest: MergeRequest, userId: number): boolean {
  const at = mergeRequest.approvals.findIndex((approval) => approval.userId === userId);
  if (at < 0) return false;
  mergeRequest.approvals.splice(at, 1);
  setState(mergeRequest, userId, 'unapproved');
  addSystemNote(world, mergeRequest, userId, 'unapproved this merge request');
  return true;
}

/**
 * The outcome of somebody's review (app/services/merge_requests/update_reviewer_state_service.rb). A request for changes
 * takes their approval away; whoever has approved is not set back to "reviewed".
 * @returns What was wrong; `undefined` for nothing.
 */
export function setReviewerState(
  world: World,
  mergeRequest: MergeRequest,
  userId: number,
  state: ReviewerState,
): string | undefined {
  if (state === 'requested_changes') {
    mergeRequest.changeRequests.add(userId);
    addSystemNote(world, mergeRequest, userId, 'requested changes');
  }
  if (!mergeRequest.reviewerIds.includes(userId) && world.rule('state-of-reviewers')) return 'Reviewer not found';
  if (mergeRequest.reviewerStates.get(userId) === 'approved' && state !== 'requested_changes') {
    return 'Reviewer has approved';
  }
  if (state === 'requested_changes') unapprove(world, mergeRequest, userId);
  setState(mergeRequest, userId, state);
  return undefined;
}

/** Who is no reviewer any more begins anew when asked again. */
export function setReviewers(mergeRequest: MergeRequest, ids: number[]): void {
  mergeRequest.reviewerIds = ids;
  for (const id of mergeRequest.reviewerStates.keys()) {
    if (!ids.includes(id)) mergeRequest.reviewerStates.delete(id);
  }
}

export function resetApprovals(mergeRequest: MergeRequest): void {
  for (const { userId } of mergeRequest.approvals.splice(0)) setState(mergeRequest, userId, 'unapproved');
}

/** Whether somebody's wish for changes holds it up: Premium. */
export function wantsChanges(world: World, { changeRequests }: MergeRequest): boolean {
  return world.edition !== 'ce' && changeRequests.size > 0 && world.rule('changes-block');
}

function setState(mergeRequest: MergeRequest, userId: number, state: ReviewerState): void {
  if (mergeRequest.reviewerIds.includes(userId)) mergeRequest.reviewerStates.set(userId, state);
}
