import { levelOf, may, projectOf } from '../access.ts';
import { ApiError, type App, type Ctx } from '../api.ts';
import { link, paged, pageOf } from '../paginate.ts';
import { fullProject, simpleProject } from '../present/project.ts';
import { chosen, SORTS, sorted } from '../project-list.ts';
import { accessTo, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/projects.md. */
export function projectRoutes(api: App, world: World): void {
  api.get('/projects', (c) => {
    const params = c.get('params');
    const actor = c.get('actor');
    const member = params.flag('membership') || params.flag('owned');
    const lowest = params.whole('min_access_level') ?? 0;
    const after = params.whole('id_after') ?? 0;
    const visible = world.state.projects
      .values()
      .filter(({ id }) => id > after)
      .filter((project) => may(world, actor, project, 'read_project'))
      .filter((project) => !member || (actor !== null && accessTo(world.state, actor.user.id, project) > 0))
      .filter((project) => levelOf(world, actor, project) >= lowest);
    return listProjects(c, world, chosen(params, visible));
  });

  api.get('/projects/:id', async (c) =>
    c.json(await fullProject(world, c.get('actor'), projectOf(c, world, 'read_project'))),
  );
}

async function listProjects(c: Ctx, world: World, projects: Iterable<Project>): Promise<Response> {
  const params = c.get('params');
  const actor = c.get('actor');
  const simple = params.flag('simple') || !actor;
  const present = (items: readonly Project[]): Promise<unknown[]> =>
    Promise.all(items.map((item) => (simple ? simpleProject(world, item) : fullProject(world, actor, item))));
  const orderBy = params.oneOf('order_by', SORTS) ?? 'created_at';
  const sort = params.oneOf('sort', ['asc', 'desc']) ?? 'desc';
  const { page, perPage } = pageOf(c, world);
  // They are kept by number, and of ten thousand only a page is looked at.
  const isFirstPage = orderBy === 'id' && sort === 'asc' && params.text('pagination') === 'keyset';
  const ordered = isFirstPage ? Iterator.from(projects).take(perPage).toArray() : sorted([...projects], orderBy, sort);
  if (params.text('pagination') !== 'keyset') {
    if (page * perPage > LARGEST_OFFSET && world.rule('offset-at-most-50000')) throw beyondOffset();
    return paged(c, world, ordered, { mode: 'legacy', key: ({ id }) => String(id), present });
  }
  if (orderBy !== 'id' && world.rule('keyset-needs-id')) {
    throw new ApiError(405, { error: 'Keyset pagination is not yet available for this type of request' });
  }
  const part = ordered.slice(0, perPage);
  const last = part.at(-1);
  if (last && part.length === perPage) {
    c.header('Link', link(c, world, { [sort === 'asc' ? 'id_after' : 'id_before']: String(last.id) }, 'next'));
  }
  return c.json(await present(part));
}

/** Of lists that keysets page, too: doc/administration/instance_limits.md. */
const LARGEST_OFFSET = 50_000;

function beyondOffset(): ApiError {
  return new ApiError(405, {
    error: `Offset pagination has a maximum allowed offset of ${LARGEST_OFFSET} for requests that return objects of type Project. Remaining records can be retrieved using keyset pagination.`,
  });
}
