import { signedIn } from '../access.ts';
import { type Actor, ApiError, type App, applied, forbidden, notFound, unauthorized } from '../api.ts';
import { approve, hasApproved, mayApprove, resetApprovals, unapprove } from '../merge-requests/approvals.ts';
import { mayUpdate } from '../merge-requests/permission.ts';
import { publishReview } from '../merge-requests/submit-review.ts';
import { userOf } from '../present/user.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';

const ONE = '/projects/:id/merge_requests/:iid';

/** lib/api/merge_request_approvals.rb. None is required: what paid editions have beside it is there, and empty. */
export function approvalRoutes(api: App, world: World): void {
  api.get(`${ONE}/approvals`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    return c.json(presentApprovals(world, c.get('actor'), project, mergeRequest));
  });
  api.post(`${ONE}/approve`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayReview(world, actor, project, mergeRequest);
    const sha = c.get('params').text('sha');
    if (sha && sha !== mergeRequest.sha && world.rule('approve-sha')) {
      throw new ApiError(409, { message: `SHA does not match HEAD of source branch: ${mergeRequest.sha}` });
    }
    if (c.get('params').flag('publish_review')) {
      applied(c);
      await publishReview(world, actor, project, mergeRequest, c.get('misbehaviour'));
    }
    if (!mayApprove(world, actor, project, mergeRequest)) throw unauthorized();
    approve(world, mergeRequest, actor.user.id);
    applied(c);
    return c.json(presentApprovals(world, actor, project, mergeRequest), 201);
  });
  api.post(`${ONE}/unapprove`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayReview(world, actor, project, mergeRequest);
    if (!unapprove(world, mergeRequest, actor.user.id) && world.rule('unapprove-approved')) throw notFound();
    applied(c);
    return c.json(presentApprovals(world, actor, project, mergeRequest), 201);
  });
  api.put(`${ONE}/reset_approvals`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const isBot = ['project', 'group'].includes(actor.token.kind) && mayUpdate(world, actor, project, mergeRequest);
    if ((!isBot && world.rule('reset-by-bots')) || mergeRequest.state === 'merged') throw unauthorized();
    resetApprovals(mergeRequest);
    applied(c);
    return c.body(null, 202);
  });
}

function checkMayReview(world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): void {
  if (!mayUpdate(world, actor, project, mergeRequest) && world.rule('approve-needs-developer')) throw forbidden();
}

function presentApprovals(world: World, actor: Actor | null, project: Project, mergeRequest: MergeRequest) {
  const { approvals } = mergeRequest;
  return {
    user_has_approved: actor !== null && hasApproved(mergeRequest, actor.user.id),
    user_can_approve: actor !== null && mayApprove(world, actor, project, mergeRequest),
    approved: approvals.length > 0 || world.edition !== 'ce',
    approved_by: approvals.map(({ userId, at }) => ({ user: userOf(world, userId), approved_at: at })),
    ...(world.edition === 'ce' ? {} : { approvals_required: 0, approvals_left: 0 }),
  };
}
