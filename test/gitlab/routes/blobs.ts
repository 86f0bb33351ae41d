import { projectOf } from '../access.ts';
import { type App, type Ctx, notFound } from '../api.ts';
import { git } from '../git.ts';
import type { World } from '../world.ts';

/** doc/api/repositories.md: blobs by their object id. */
export function blobRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/blobs/:sha', async (c) => {
    const bytes = await blobOf(c, world);
    return c.json({
      size: bytes.length,
      encoding: 'base64',
      content: bytes.toString('base64'),
      sha: c.req.param('sha'),
    });
  });
  api.get('/projects/:id/repository/blobs/:sha/raw', async (c) => {
    const bytes = await blobOf(c, world);
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'text/plain; charset=utf-8' });
  });
}

async function blobOf(c: Ctx, world: World): Promise<Buffer> {
  const project = projectOf(c, world, 'read_code');
  const sha = c.req.param('sha') ?? '';
  if (!/^[0-9a-f]{4,40}$/.test(sha)) throw notFound('Blob');
  return git(project.gitDir, ['cat-file', 'blob', sha]).catch(() => {
    throw notFound('Blob');
  });
}
