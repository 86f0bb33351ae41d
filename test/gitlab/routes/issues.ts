import { projectOf } from '../access.ts';
import type { App } from '../api.ts';
import type { World } from '../world.ts';

/** doc/api/issues.md. There are none here; bots that look for theirs are told so. */
export function issueRoutes(api: App, world: World): void {
  api.get('/projects/:id/issues', (c) => {
    projectOf(c, world, 'read_project');
    return c.json([]);
  });
}
