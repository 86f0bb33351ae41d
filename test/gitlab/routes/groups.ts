import { groupOf, levelOf, may, maySeeGroup } from '../access.ts';
import { type App, type Ctx, unauthorized } from '../api.ts';
import { paged } from '../paginate.ts';
import { presentGroup } from '../present/group.ts';
import { projectOfGroup, simpleProject } from '../present/project.ts';
import { chosen, SORTS, sorted } from '../project-list.ts';
import { accessTo, type Group, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/groups.md. */
export function groupRoutes(api: App, world: World): void {
  const list = (c: Ctx, groups: Iterable<Group>) => {
    const params = c.get('params');
    const actor = c.get('actor');
    const search = params.text('search')?.toLowerCase();
    const lowest = params.whole('min_access_level') ?? 0;
    const top = params.flag('top_level_only') ?? false;
    // Without all_available an administrator too sees only groups of their own: doc/api/groups.md.
    const all = params.flag('all_available') ?? !actor?.user.admin;
    const visible = Iterator.from(groups)
      .filter((group) => maySeeGroup(world, actor, group))
      .filter((group) => all || (actor !== null && accessTo(world.state, actor.user.id, group) > 0))
      .filter((group) => !top || group.parentId === null)
      .filter((group) => search === undefined || group.path.toLowerCase().includes(search))
      .filter((group) => levelOf(world, actor, group) >= lowest)
      .toArray()
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const present = async (items: readonly Group[]) => items.map((group) => presentGroup(world, group));
    return paged(c, world, visible, { mode: 'legacy', key: ({ id }) => String(id), present });
  };

  api.get('/groups', (c) => list(c, world.state.groups.values()));
  api.get('/groups/:id', (c) => {
    const group = groupOf(c, world);
    const projects = c.get('params').flag('with_projects') ?? true;
    const own = world.state.projects.values().filter((project) => project.groupId === group.id);
    const visible = own.filter((project) => may(world, c.get('actor'), project, 'read_project'));
    return c.json({
      ...presentGroup(world, group),
      shared_with_groups: [],
      ...(projects
        ? { projects: [...visible.take(100).map((item) => simpleProject(world, item))], shared_projects: [] }
        : {}),
    });
  });
  api.get('/groups/:id/subgroups', (c) => {
    const group = groupOf(c, world);
    return list(
      c,
      world.state.groups.values().filter(({ parentId }) => parentId === group.id),
    );
  });
  api.get('/groups/:id/descendant_groups', (c) => {
    const group = groupOf(c, world);
    return list(
      c,
      world.state.groups.values().filter(({ path }) => path.startsWith(`${group.path}/`)),
    );
  });
  api.get('/groups/:id/projects', (c) => projectsBelow(c, world));
}

/** Always by offset, and without anybody's permissions: GitLab's lib/api/groups.rb presents `Entities::Project`. */
function projectsBelow(c: Ctx, world: World): Promise<Response> {
  const group = groupOf(c, world);
  const params = c.get('params');
  const actor = c.get('actor');
  if (params.flag('owned') && !actor) throw unauthorized();
  const deep = params.flag('include_subgroups') ?? !world.rule('subgroups-on-request');
  const lowest = params.whole('min_access_level') ?? 0;
  const below = world.state.projects
    .values()
    .filter(({ groupId, path }) => groupId === group.id || (deep && path.startsWith(`${group.path}/`)))
    .filter((project) => may(world, actor, project, 'read_project'))
    .filter((project) => levelOf(world, actor, project) >= lowest);
  const ordered = sorted(
    [...chosen(params, below)],
    params.oneOf('order_by', SORTS) ?? 'created_at',
    params.oneOf('sort', ['asc', 'desc']) ?? 'desc',
  );
  const simple = params.flag('simple');
  const present = (items: readonly Project[]): Promise<unknown[]> =>
    Promise.all(items.map((item) => (simple ? simpleProject(world, item) : projectOfGroup(world, actor, item))));
  return paged(c, world, ordered, { mode: 'legacy', key: ({ id }) => String(id), present });
}
