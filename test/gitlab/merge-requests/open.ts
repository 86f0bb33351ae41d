import { levelOf, may } from '../access.ts';
import { type Actor, ApiError, badRequest, forbidden, notFound } from '../api.ts';
import type { Params } from '../params.ts';
import { ACCESS_LEVELS, accessTo, type MergeRequest, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { changeLabels } from './labels.ts';
import { applyText } from './quick-actions.ts';
import { addVersion, refresh } from './refresh.ts';
import { tipOf } from './tips.ts';

/**
 * Opens a merge request: `POST /projects/:id/merge_requests`, `source` being the project of the route.
 * @throws {ApiError}
 */
export async function openMergeRequest(
  world: World,
  actor: Actor,
  source: Project,
  params: Params,
): Promise<MergeRequest> {
  const title = params.required('title');
  const sourceBranch = params.required('source_branch');
  const targetBranch = params.required('target_branch');
  const target = targetOf(world, actor, source, params.whole('target_project_id'));
  if (!source.mergeRequestsEnabled && world.rule('merge-requests-disabled')) throw forbidden();
  if (!target.mergeRequestsEnabled && world.rule('merge-requests-disabled')) {
    throw new ApiError(422, { message: ['Target project has disabled merge requests'] });
  }
  if (source.id === target.id && sourceBranch === targetBranch) {
    throw new ApiError(422, { message: ["You can't use same project/branch for source and target"] });
  }
  if (!related(source, target) && world.rule('fork-network')) {
    throw new ApiError(422, { message: ['Source project is not a fork of the target project'] });
  }
  checkText(world, title, params.text('description') ?? '');
  const sha = await tipOf(source, sourceBranch);
  const targetSha = await tipOf(target, targetBranch);
  if (sha === undefined && world.rule('source-branch-missing')) throw badRequest({ source_branch: ['does not exist'] });
  if (targetSha === undefined) throw badRequest({ target_branch: ['does not exist'] });
  await refresh(world, target.mergeRequests);
  checkDuplicate(world, source, target, sourceBranch, targetBranch);

  const now = new Date().toISOString();
  const mergeRequest: MergeRequest = {
    id: world.nextId(),
    iid: Math.max(0, ...target.mergeRequests.map(({ iid }) => iid)) + 1,
    sourceProjectId: source.id,
    targetProjectId: target.id,
    sourceBranch,
    targetBranch,
    title,
    description: params.text('description') ?? '',
    state: 'opened',
    labels: [],
    authorId: actor.user.id,
    assigneeIds: people(world, target, idsOf(params, 'assignee'), world.rule('one-assignee-ce')),
    reviewerIds: people(world, target, idsOf(params, 'reviewer'), world.rule('one-reviewer-ce')),
    squash: params.flag('squash') ?? false,
    removeSourceBranch: params.flag('remove_source_branch') ?? false,
    allowCollaboration: params.flag('allow_collaboration') ?? false,
    sha: sha ?? targetSha,
    targetSha,
    versions: [],
    createdAt: now,
    updatedAt: now,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    squashCommitSha: null,
    closedAt: null,
    closedById: null,
    notes: [],
    drafts: [],
    approvals: [],
    reviewerStates: new Map(),
    changeRequests: new Set(),
  };
  target.mergeRequests.push(mergeRequest);
  await addVersion(world, mergeRequest);
  changeLabels(world, actor, target, mergeRequest, { set: params.list('labels'), add: params.list('add_labels') });
  await applyText(world, actor, target, mergeRequest, title, 'title');
  mergeRequest.description = (
    await applyText(world, actor, target, mergeRequest, mergeRequest.description, 'description')
  ).text;
  return mergeRequest;
}

/** @throws {ApiError} 409 with GitLab's words, where there is one from that branch to that branch (app/models/merge_request.rb). */
export function checkDuplicate(world: World, source: Project, target: Project, from: string, to: string): void {
  const other = target.mergeRequests.find(
    (mergeRequest) =>
      mergeRequest.state === 'opened' &&
      mergeRequest.sourceProjectId === source.id &&
      mergeRequest.sourceBranch === from &&
      mergeRequest.targetBranch === to,
  );
  if (!other || !world.rule('merge-request-duplicate')) return;
  throw new ApiError(409, {
    message: [`Another open merge request already exists for this source branch: !${other.iid}`],
  });
}

/** @throws {ApiError} 400: app/models/concerns/issuable.rb. */
export function checkText(world: World, title: string, description: string): void {
  if (!world.rule('text-lengths')) return;
  if (title.length > 255) throw badRequest({ title: ['is too long (maximum is 255 characters)'] });
  if (description.length > 1_048_576)
    throw badRequest({ description: ['is too long (maximum is 1048576 characters)'] });
}

/** Of `<role>_ids`, or else `<role>_id`; `undefined` where neither is given. */
export function idsOf(params: Params, role: 'assignee' | 'reviewer'): readonly number[] | undefined {
  const ids = params.list(`${role}_ids`) ?? params.list(`${role}_id`);
  return ids?.map(Number).filter((id) => id > 0);
}

/** Whoever is no member is left out in silence; Free keeps one of them. */
export function people(world: World, project: Project, ids: readonly number[] | undefined, oneOnly: boolean): number[] {
  const members = (ids ?? []).filter((id) => {
    const user = world.state.users.get(id);
    if (!user) return false;
    const sees =
      user.admin || project.visibility !== 'private' || accessTo(world.state, id, project) >= ACCESS_LEVELS.reporter;
    return sees || !world.rule('strangers-not-assigned');
  });
  const unique = [...new Set(members)];
  return world.edition === 'ce' && oneOnly ? unique.slice(0, 1) : unique;
}

function targetOf(world: World, actor: Actor, source: Project, id: number | undefined): Project {
  if (id === undefined || id === source.id) return source;
  const target = world.state.projects.get(id);
  if (!target || !may(world, actor, target, 'read_project')) throw notFound('Project');
  if (target.archived || levelOf(world, actor, target) < ACCESS_LEVELS.guest) throw forbidden();
  return target;
}

function related(source: Project, target: Project): boolean {
  return source.id === target.id || source.forkOf === target.id || target.forkOf === source.id;
}
