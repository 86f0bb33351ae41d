import type { Actor } from '../api.ts';
import type { Misbehaviour } from '../port.ts';
import type { ReviewerState } from '../review-state.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { approve, mayApprove, setReviewerState } from './approvals.ts';
import { draftsOf, publishDrafts } from './drafts.ts';
import { type Post, type Posted, postNote } from './post-note.ts';

/** Publishes all drafts of somebody, whoever and whatever made them, and says so of the reviewer. @throws {ApiError} 500. */
export async function publishReview(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  misbehaviour: Misbehaviour | undefined,
): Promise<void> {
  const drafts = draftsOf(mergeRequest, actor);
  if (drafts.length === 0) return;
  await publishDrafts(world, actor, project, mergeRequest, drafts, misbehaviour);
  setReviewerState(world, mergeRequest, actor.user.id, 'reviewed');
}

/** Posts a text; its `/submit_review` publishes the drafts, too (lib/gitlab/quick_actions/merge_request_actions.rb). */
export async function postWithReview(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  post: Post,
): Promise<Posted> {
  const posted = await postNote(world, actor, project, mergeRequest, post);
  for (const { name, argument } of posted.done) {
    if (name !== 'submit_review') continue;
    await publishReview(world, actor, project, mergeRequest, post.misbehaviour);
    const state = world.atLeast('16.7') ? argument.trim() : '';
    if (state === 'approve' || state === 'approved') {
      if (mayApprove(world, actor, project, mergeRequest)) approve(world, mergeRequest, actor.user.id);
    } else setReviewerState(world, mergeRequest, actor.user.id, STATES.find((one) => one === state) ?? 'reviewed');
  }
  return posted;
}

const STATES: readonly ReviewerState[] = ['reviewed', 'requested_changes'];
