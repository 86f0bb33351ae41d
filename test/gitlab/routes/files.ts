import { createHash } from 'node:crypto';
import { projectOf, signedIn } from '../access.ts';
import { type App, applied, type Ctx, invalid, notFound } from '../api.ts';
import { createCommit } from '../commit-service.ts';
import { fileActions, lastCommitOf } from '../file-actions.ts';
import { git, gitLine } from '../git.ts';
import { commitAt } from '../revision.ts';
import type { World } from '../world.ts';

/** doc/api/repository_files.md. */
export function fileRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/files/:file_path', async (c) => {
    if (world.rule('file-needs-ref')) c.get('params').required('ref');
    const file = await fileOf(c, world);
    describe(c, file);
    return c.json({ ...file.facts, content: file.bytes.toString('base64') });
  });
  api.get('/projects/:id/repository/files/:file_path/raw', async (c) => {
    const file = await fileOf(c, world);
    describe(c, file);
    c.header('Content-Disposition', `inline; filename="${encodeURIComponent(file.facts.file_name)}"`);
    return c.body(new Uint8Array(file.bytes), 200, { 'Content-Type': 'text/plain; charset=utf-8' });
  });

  const path = '/projects/:id/repository/files/:file_path';
  api.post(path, async (c) => c.json(await write(c, world, 'create'), 201));
  api.put(path, async (c) => c.json(await write(c, world, 'update'), 200));
  api.delete(path, async (c) => {
    await write(c, world, 'delete');
    return c.body(null, 204);
  });
}

/** One file in one commit. Answers what GitLab tells of it. */
async function write(c: Ctx, world: World, action: 'create' | 'update' | 'delete') {
  const project = projectOf(c, world, 'read_code');
  const params = c.get('params');
  const path = c.req.param('file_path') ?? '';
  const branch = params.required('branch');
  const message = params.required('commit_message');
  if (action !== 'delete' && !params.has('content')) throw invalid('content is missing');
  const { content, encoding, last_commit_id } = params.all;
  const given = { action, file_path: path, content, encoding, last_commit_id };
  await createCommit(world, signedIn(c), project, {
    branch,
    message,
    actions: fileActions(world, [given]),
    startBranch: params.text('start_branch'),
    startSha: undefined,
    startProject: project,
    force: false,
    authorName: params.text('author_name'),
    authorEmail: params.text('author_email'),
  });
  applied(c);
  return { file_path: path, branch };
}

type FileAnswer = Awaited<ReturnType<typeof fileOf>>;

async function fileOf(c: Ctx, world: World) {
  const project = projectOf(c, world, 'read_code');
  const path = c.req.param('file_path') ?? '';
  const ref = c.get('params').text('ref') ?? 'HEAD';
  const commit = await commitAt(project, ref === 'HEAD' ? project.defaultBranch : ref);
  if (!commit) throw notFound('Commit');
  const entry = await gitLine(project.gitDir, ['ls-tree', '-z', commit, '--', path]);
  const [, mode, id] = /^(\d+) blob (\w+)\t/.exec(entry ?? '') ?? [];
  if (!mode || !id) throw notFound('File');
  const bytes = await git(project.gitDir, ['cat-file', 'blob', id]);
  const last = await lastCommitOf(project, commit, path);
  const facts = {
    file_name: path.slice(path.lastIndexOf('/') + 1),
    file_path: path,
    size: bytes.length,
    encoding: 'base64',
    content_sha256: createHash('sha256').update(bytes).digest('hex'),
    ref,
    blob_id: id,
    commit_id: commit,
    last_commit_id: last ?? commit,
    execute_filemode: mode === '100755',
  };
  return { facts, bytes };
}

/** `set_http_headers` of GitLab's lib/api/helpers/headers_helpers.rb: `X-Gitlab-Blob-Id` and so on. */
function describe(c: Ctx, file: FileAnswer): void {
  for (const [name, value] of Object.entries(file.facts)) {
    const header = name
      .split('_')
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join('-');
    c.header(`X-Gitlab-${header}`, encodeHeader(String(value)));
  }
}

/** Headers hold latin-1 only. */
function encodeHeader(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, encodeURIComponent);
}
