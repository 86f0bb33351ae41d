import { levelOf, projectOf, signedIn } from '../access.ts';
import { ApiError, type App, applied, forbidden, notFound } from '../api.ts';
import { paged } from '../paginate.ts';
import { presentLabels } from '../present/label.ts';
import { ACCESS_LEVELS, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/labels.md. */
export function labelRoutes(api: App, world: World): void {
  const asProject = (project: Project, titles: readonly string[]) =>
    presentLabels(project, titles).map((label) => ({
      ...label,
      subscribed: false,
      priority: null,
      is_project_label: true,
    }));

  api.get('/projects/:id/labels', async (c) => {
    const project = projectOf(c, world, 'read_project');
    const search = c.get('params').text('search')?.toLowerCase() ?? '';
    const titles = project.labels.filter((title) => title.toLowerCase().includes(search)).toSorted();
    return paged(c, world, titles, {
      mode: 'legacy',
      key: (title) => title,
      present: async (page) => asProject(project, page),
    });
  });
  api.post('/projects/:id/labels', (c) => {
    const actor = signedIn(c);
    const project = projectOf(c, world, 'read_project');
    if (levelOf(world, actor, project) < ACCESS_LEVELS.reporter || project.archived) throw forbidden();
    const params = c.get('params');
    const name = params.required('name');
    params.required('color');
    if (project.labels.includes(name)) throw new ApiError(409, { message: 'Label already exists' });
    project.labels.push(name);
    applied(c);
    return c.json(asProject(project, [name])[0], 201);
  });
  api.delete('/projects/:id/labels/:name', (c) => {
    const actor = signedIn(c);
    const project = projectOf(c, world, 'read_project');
    if (levelOf(world, actor, project) < ACCESS_LEVELS.reporter || project.archived) throw forbidden();
    const index = project.labels.indexOf(c.req.param('name'));
    if (index === -1) throw notFound('Label');
    const [title] = project.labels.splice(index, 1);
    for (const mergeRequest of project.mergeRequests) {
      mergeRequest.labels = mergeRequest.labels.filter((label) => label !== title);
    }
    applied(c);
    return c.body(null, 204);
  });
}
