import { type Actor, ApiError, type Ctx, forbidden, notFound, unauthorized } from './api.ts';
import { ACCESS_LEVELS, accessTo, type Group, groupAt, type Project, projectAt } from './state.ts';
import type { World } from './world.ts';

/** What one may want of a project: doc/user/permissions.md. */
export type Ability =
  | 'read_project'
  | 'read_code'
  | 'push_code'
  | 'read_merge_request'
  | 'create_merge_request'
  | 'admin_project';

/** @throws {ApiError} 401 where nobody asks. */
export function signedIn(c: Ctx): Actor {
  const actor = c.get('actor');
  if (!actor) throw unauthorized();
  return actor;
}

/**
 * The project of the route's `:id`, a number or an escaped path, for somebody who may do that with it.
 * @throws {ApiError} 301 for a moved one, 404 for one that is not there or not to be seen, 401 and 403.
 */
export function projectOf(c: Ctx, world: World, ability: Ability): Project {
  const id = c.req.param('id') ?? '';
  const project = /^\d+$/.test(id) ? world.state.projects.get(Number(id)) : projectAt(world.state, id);
  if (!project) throw movedTo(c, world, id) ?? notFound('Project');
  const actor = c.get('actor');
  if (!may(world, actor, project, 'read_project')) {
    const from = actor?.token.kind === 'job' ? world.state.projects.get(actor.token.projectId ?? 0) : undefined;
    if (!from || from === project) throw notFound('Project');
    const names = `from ${nameOf(from)} to ${nameOf(project)}`;
    throw forbidden(`Authentication by CI/CD job token not allowed ${names}.`);
  }
  if (REPOSITORY.includes(ability) && !project.repositoryEnabled && world.rule('repository-disabled')) {
    throw notFound('Repository');
  }
  if (ability !== 'read_project' && !may(world, actor, project, ability)) {
    if (!actor && ability !== 'read_code') throw unauthorized();
    throw forbidden();
  }
  return project;
}

const REPOSITORY: readonly Ability[] = ['read_code', 'push_code'];
const MERGE_REQUESTS: readonly Ability[] = ['read_merge_request', 'create_merge_request'];

function nameOf({ path }: Project): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether somebody, or nobody, may do that with the project. */
export function may(world: World, actor: Actor | null, project: Project, ability: Ability): boolean {
  if (actor?.token.kind === 'job' && actor.token.projectId !== project.id && project.visibility !== 'public') {
    if (world.rule('job-token-other-project')) return false;
  }
  const level = levelOf(world, actor, project);
  const open = project.visibility === 'public' || (project.visibility === 'internal' && actor !== null);
  if (ability === 'read_project') return open || level > 0 || !world.rule('invisible-project');
  if (MERGE_REQUESTS.includes(ability) && !project.repositoryEnabled && world.rule('repository-disabled')) return false;
  if (ability === 'read_code') return open || level >= ACCESS_LEVELS.reporter || !world.rule('code-needs-reporter');
  if (ability === 'read_merge_request')
    return open || level >= ACCESS_LEVELS.reporter || !world.rule('code-needs-reporter');
  if (!actor) return false;
  if (ability === 'admin_project') return level >= ACCESS_LEVELS.maintainer;
  if (project.archived && world.rule('archived-read-only')) return false;
  if (project.pendingDelete && world.rule('pending-delete-read-only')) return false;
  return level >= ACCESS_LEVELS.developer || !world.rule('push-needs-developer');
}

/** The actor's access level, an administrator's being the owner's. */
export function levelOf(world: World, actor: Actor | null, place: Project | Group): number {
  if (!actor) return 0;
  return actor.user.admin ? ACCESS_LEVELS.owner : accessTo(world.state, actor.user.id, place);
}

/** @throws {ApiError} 404 for a group that is not there or not to be seen. */
export function groupOf(c: Ctx, world: World): Group {
  const id = c.req.param('id') ?? '';
  const group = /^\d+$/.test(id) ? world.state.groups.get(Number(id)) : groupAt(world.state, id);
  if (!group || !maySeeGroup(world, c.get('actor'), group)) throw notFound('Group');
  return group;
}

/** Members of a project see the groups above it, too. */
export function maySeeGroup(world: World, actor: Actor | null, group: Group): boolean {
  if (group.visibility === 'public' || (group.visibility === 'internal' && actor)) return true;
  if (!actor) return false;
  if (levelOf(world, actor, group) > 0) return true;
  const below = (path: string) => path.startsWith(`${group.path}/`);
  return world.state.projects.values().some((project) => below(project.path) && levelOf(world, actor, project) > 0);
}

/** A GET of an old path is sent to the number; anything else is refused: lib/api/helpers.rb, `find_project!`. */
function movedTo(c: Ctx, world: World, path: string): ApiError | undefined {
  const id = world.state.redirects.get(path.toLowerCase());
  const project = id === undefined ? undefined : world.state.projects.get(id);
  if (!project || !may(world, c.get('actor'), project, 'read_project') || !world.rule('moved-get')) return undefined;
  if (c.req.raw.method !== 'GET' && world.rule('moved-write')) {
    return new ApiError(405, { message: 'Non GET methods are not allowed for moved projects' });
  }
  const asked = new URL(c.req.url);
  const pathname = asked.pathname.replace(/(\/projects\/)[^/]+/, `$1${project.id}`);
  const location = new URL(pathname + asked.search, world.url).href;
  return new ApiError(301, `This resource has been moved permanently to ${location}`, { Location: location });
}
