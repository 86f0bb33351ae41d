import { groupOf, projectOf, signedIn } from '../access.ts';
import { type Actor, type App, applied, badRequest, type Ctx, forbidden, invalid, notFound } from '../api.ts';
import { addSystemNote, touch } from '../merge-requests/add-note.ts';
import { setReviewers } from '../merge-requests/approvals.ts';
import { changeLabels } from '../merge-requests/labels.ts';
import { filterMergeRequests } from '../merge-requests/list.ts';
import { merge } from '../merge-requests/merge.ts';
import { checkDuplicate, checkText, idsOf, openMergeRequest, people } from '../merge-requests/open.ts';
import { checkMayUpdate } from '../merge-requests/permission.ts';
import { applyText } from '../merge-requests/quick-actions.ts';
import { close, projectsOf, refresh, renewDiff, reopen } from '../merge-requests/refresh.ts';
import { tipOf } from '../merge-requests/tips.ts';
import { paged } from '../paginate.ts';
import { basicMergeRequest, fullMergeRequest } from '../present/merge-request.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/merge_requests.md. */
export function mergeRequestRoutes(api: App, world: World): void {
  const list = async (c: Ctx, all: readonly MergeRequest[], scope: 'all' | 'created_by_me') => {
    await refresh(world, all);
    const found = filterMergeRequests(c, world, c.get('actor'), all, scope);
    const view = { labelsDetails: c.get('params').flag('with_labels_details') ?? false };
    const present = (page: readonly MergeRequest[]) =>
      Promise.all(page.map((one) => basicMergeRequest(world, one, view)));
    return paged(c, world, found, { mode: 'legacy', key: ({ id }) => String(id), present });
  };

  api.get('/merge_requests', (c) => {
    if (c.get('params').text('scope') !== 'all') signedIn(c);
    const all = world.state.projects.values().flatMap((project) => project.mergeRequests);
    return list(c, all.toArray(), 'created_by_me');
  });
  api.get('/groups/:id/merge_requests', (c) => {
    const group = groupOf(c, world);
    const below = world.state.projects
      .values()
      .filter(({ groupId, path, archived }) => {
        const archives = c.get('params').flag('non_archived') ?? true;
        return (groupId === group.id || path.startsWith(`${group.path}/`)) && !(archives && archived);
      })
      .flatMap((project) => project.mergeRequests);
    return list(c, below.toArray(), 'all');
  });
  api.get('/projects/:id/merge_requests', (c) => {
    const project = projectOf(c, world, 'read_merge_request');
    if (!project.mergeRequestsEnabled && world.rule('merge-requests-disabled')) throw forbidden();
    return list(c, project.mergeRequests, 'all');
  });
  api.post('/projects/:id/merge_requests', async (c) => {
    const actor = signedIn(c);
    const project = projectOf(c, world, 'create_merge_request');
    const mergeRequest = await openMergeRequest(world, actor, project, c.get('params'));
    applied(c);
    const preparing = world.rule('prepared-later');
    return c.json(await fullMergeRequest(world, actor, mergeRequest, { preparing }), 201);
  });
  api.get('/projects/:id/merge_requests/:iid', async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    const diverged = c.get('params').flag('include_diverged_commits_count') ?? false;
    const preparing = c.get('misbehaviour') === 'unprepared';
    return c.json(await fullMergeRequest(world, c.get('actor'), mergeRequest, { diverged, preparing }));
  });
  api.put('/projects/:id/merge_requests/:iid', async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayUpdate(world, actor, project, mergeRequest);
    await update(c, world, actor, project, mergeRequest);
    applied(c);
    return c.json(await fullMergeRequest(world, actor, mergeRequest));
  });
  api.put('/projects/:id/merge_requests/:iid/merge', async (c) => {
    const actor = signedIn(c);
    const { mergeRequest } = await mergeRequestOf(c, world);
    const params = c.get('params');
    await merge(world, actor, mergeRequest, {
      sha: params.text('sha'),
      squash: params.flag('squash'),
      removeSourceBranch: params.flag('should_remove_source_branch'),
      message: params.text('merge_commit_message'),
      squashMessage: params.text('squash_commit_message'),
    });
    applied(c);
    return c.json(await fullMergeRequest(world, actor, mergeRequest));
  });
}

/**
 * The merge request of the route's `:iid`, up to date.
 * @throws {ApiError} as of the project, and 404.
 */
export async function mergeRequestOf(
  c: Ctx,
  world: World,
): Promise<{ readonly project: Project; readonly mergeRequest: MergeRequest }> {
  const project = projectOf(c, world, 'read_merge_request');
  const iid = c.req.param('iid') ?? '';
  if (!/^\d+$/.test(iid)) throw invalid('merge_request_iid is invalid');
  const mergeRequest = project.mergeRequests.find((one) => one.iid === Number(iid));
  if (!mergeRequest) throw notFound();
  await refresh(world, [mergeRequest]);
  return { project, mergeRequest };
}

const CHANGES = [
  ...['title', 'description', 'target_branch', 'state_event', 'labels', 'add_labels', 'remove_labels', 'squash'],
  ...['assignee_id', 'assignee_ids', 'reviewer_id', 'reviewer_ids', 'remove_source_branch', 'allow_collaboration'],
  ...['discussion_locked', 'milestone_id', 'merge_after'],
];

async function update(c: Ctx, world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): Promise<void> {
  const params = c.get('params');
  if (!CHANGES.some((name) => params.all[name] !== undefined)) {
    throw invalid(`${CHANGES.join(', ')} are missing, at least one parameter must be provided`);
  }
  const event = params.oneOf('state_event', ['close', 'reopen'] as const);
  const title = params.text('title') ?? mergeRequest.title;
  if (title.trim() === '') throw badRequest({ title: ["can't be blank"] });
  checkText(world, title, params.text('description') ?? '');
  const targetBranch = params.text('target_branch');
  if (targetBranch !== undefined && targetBranch !== mergeRequest.targetBranch) {
    const tip = await tipOf(project, targetBranch);
    if (tip === undefined) throw badRequest({ target_branch: ['does not exist'] });
    mergeRequest.targetBranch = targetBranch;
    mergeRequest.targetSha = tip;
    await renewDiff(world, mergeRequest);
  }
  if (title !== mergeRequest.title) {
    addSystemNote(world, mergeRequest, actor.user.id, `changed title from **${mergeRequest.title}** to **${title}**`);
    await applyText(world, actor, project, mergeRequest, title, 'title');
    mergeRequest.title = title;
  }
  const description = params.text('description');
  if (description !== undefined && description !== mergeRequest.description) {
    addSystemNote(world, mergeRequest, actor.user.id, 'changed the description');
    mergeRequest.description = (await applyText(world, actor, project, mergeRequest, description, 'description')).text;
  }
  changeLabels(world, actor, project, mergeRequest, {
    set: params.list('labels'),
    add: params.list('add_labels'),
    remove: params.list('remove_labels'),
  });
  const assignees = idsOf(params, 'assignee');
  if (assignees) mergeRequest.assigneeIds = people(world, project, assignees, world.rule('one-assignee-ce'));
  const reviewers = idsOf(params, 'reviewer');
  if (reviewers) setReviewers(mergeRequest, people(world, project, reviewers, world.rule('one-reviewer-ce')));
  mergeRequest.squash = params.flag('squash') ?? mergeRequest.squash;
  mergeRequest.removeSourceBranch = params.flag('remove_source_branch') ?? mergeRequest.removeSourceBranch;
  if (event === 'close' && mergeRequest.state === 'opened') close(world, mergeRequest, actor.user.id);
  if (event === 'reopen' && mergeRequest.state === 'closed') await tryReopen(world, actor, mergeRequest);
  touch(mergeRequest);
}

/** Not without its branch: `reopenable?` of app/models/merge_request.rb. */
async function tryReopen(world: World, actor: Actor, mergeRequest: MergeRequest): Promise<void> {
  const { source, target } = projectsOf(world, mergeRequest);
  if (!source || (await tipOf(source, mergeRequest.sourceBranch)) === undefined) return;
  checkDuplicate(world, source, target, mergeRequest.sourceBranch, mergeRequest.targetBranch);
  reopen(world, mergeRequest, actor.user.id);
  await refresh(world, [mergeRequest]);
}
