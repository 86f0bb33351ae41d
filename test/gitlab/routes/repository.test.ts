import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator } from '../port.ts';
import { startGitlab } from '../start.ts';

const FILES = {
  'README.md': '# Hi\n',
  '.gitlab-ci.yml': 'x: 1\n',
  'src/a.ts': 'a\n',
  'src/deep/b.ts': 'b\n',
  'bin/data': new Uint8Array([0, 255, 1]),
  'odd/50%25 (ü).md': 'odd\n',
};

let sim: GitlabSimulator;
let dev: Ask;
let at: string;
beforeEach(async () => {
  sim = await startGitlab();
  const { id } = await sim.addProject({ path: 'a/b', files: FILES, members: { dev: 'developer' } });
  dev = asking(sim, sim.addToken({ user: 'dev' }));
  at = `/projects/${id}/repository`;
});
afterEach(() => sim.close());

/** As a person would. Answers the commit's id. */
function push(branch: string, files: Record<string, string | null>, message = 'change') {
  return sim.push('a/b', { branch, user: 'dev', message, files });
}

describe('the tree', () => {
  const pathsOf = (items: { path: string }[]) => items.map(({ path }) => path);

  it('lists one folder, folders first, or everything at once', async () => {
    expect(pathsOf((await dev('GET', `${at}/tree`)).body)).toEqual([
      'bin',
      'odd',
      'src',
      '.gitlab-ci.yml',
      'README.md',
    ]);
    expect(pathsOf((await dev('GET', `${at}/tree?path=src/deep/`)).body)).toEqual(['src/deep/b.ts']);
    const all = await dev('GET', `${at}/tree?recursive=true&pagination=none&ref=main`);
    expect(all.body).toHaveLength(10);
    expect(all.headers.get('link')).toBeNull();
    expect(all.body).toContainEqual({
      id: expect.stringMatching(/^[0-9a-f]{40}$/),
      name: 'b.ts',
      type: 'blob',
      path: 'src/deep/b.ts',
      mode: '100644',
    });
  });

  it('is paged by keyset with the same items', async () => {
    const seen: string[] = [];
    for (let next: string | undefined = `${at}/tree?recursive=true&pagination=keyset&per_page=3`; next; ) {
      const { body, headers } = await dev('GET', next);
      seen.push(...pathsOf(body));
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.split('/api/v4')[1];
    }
    expect(seen).toEqual(pathsOf((await dev('GET', `${at}/tree?recursive=true&pagination=none`)).body));
  });

  it('of an unknown ref is 404', async () => {
    expect(await dev('GET', `${at}/tree?ref=nope`)).toMatchObject({
      status: 404,
      body: { message: '404 Tree Not Found' },
    });
  });
});

describe('files', () => {
  it('are told with their content and in headers', async () => {
    const { body, headers } = await dev('GET', `${at}/files/src%2Fa.ts?ref=main`);
    expect(Buffer.from(body.content, 'base64').toString()).toBe('a\n');
    expect(body).toMatchObject({ file_name: 'a.ts', file_path: 'src/a.ts', size: 2, encoding: 'base64', ref: 'main' });
    const head = await dev('HEAD', `${at}/files/src%2Fa.ts?ref=main`);
    expect(head.body).toBe('');
    for (const name of ['blob-id', 'last-commit-id', 'commit-id', 'content-sha256', 'size', 'file-path']) {
      expect(head.headers.get(`x-gitlab-${name}`)).toBe(headers.get(`x-gitlab-${name}`));
      expect(head.headers.get(`x-gitlab-${name}`)).toBe(String(body[name.replaceAll('-', '_')]));
    }
  });

  it('come raw, byte for byte, whatever their name', async () => {
    const raw = async (path: string) => {
      const headers = { 'PRIVATE-TOKEN': sim.rootToken };
      const answer = await fetch(`${sim.url}/api/v4${at}/files/${encodeURIComponent(path)}/raw`, { headers });
      return Buffer.from(await answer.arrayBuffer());
    };
    for (const [path, content] of Object.entries(FILES)) expect(await raw(path)).toEqual(Buffer.from(content));
  });

  it('remember the last commit that touched them', async () => {
    const touched = await push('main', { 'src/a.ts': 'new\n' });
    const head = await push('main', { 'README.md': 'new\n' });
    const { headers } = await dev('HEAD', `${at}/files/src%2Fa.ts?ref=main`);
    expect([headers.get('x-gitlab-last-commit-id'), headers.get('x-gitlab-commit-id')]).toEqual([touched, head]);
  });

  it('that are not there, and folders, are 404', async () => {
    for (const path of ['nope', 'src', '..%2F..%2Fetc%2Fpasswd']) {
      expect(await dev('GET', `${at}/files/${path}?ref=main`)).toMatchObject({
        status: 404,
        body: { message: '404 File Not Found' },
      });
    }
    expect((await dev('GET', `${at}/files/README.md?ref=nope`)).body.message).toBe('404 Commit Not Found');
  });

  it('are written one at a time, too', async () => {
    const body = { branch: 'main', commit_message: 'x', content: 'bmV3', encoding: 'base64' };
    expect(await dev('POST', `${at}/files/new%2Ffile`, body)).toMatchObject({
      status: 201,
      body: { file_path: 'new/file', branch: 'main' },
    });
    expect((await dev('GET', `${at}/files/new%2Ffile/raw`)).body).toBe('new');
    expect((await dev('PUT', `${at}/files/new%2Ffile`, { ...body, content: 'again', encoding: 'text' })).status).toBe(
      200,
    );
    expect((await dev('GET', `${at}/files/new%2Ffile/raw`)).body).toBe('again');
    expect((await dev('DELETE', `${at}/files/new%2Ffile`, { branch: 'main', commit_message: 'x' })).status).toBe(204);
    expect((await dev('GET', `${at}/files/new%2Ffile/raw`)).status).toBe(404);
  });

  it('are blobs by their id as well', async () => {
    const { headers } = await dev('HEAD', `${at}/files/README.md?ref=main`);
    const sha = headers.get('x-gitlab-blob-id');
    expect((await dev('GET', `${at}/blobs/${sha}`)).body).toEqual({
      size: 5,
      encoding: 'base64',
      content: 'IyBIaQo=',
      sha,
    });
    expect((await dev('GET', `${at}/blobs/${sha}/raw`)).body).toBe('# Hi\n');
    expect(await dev('GET', `${at}/blobs/${'1'.repeat(40)}`)).toMatchObject({
      status: 404,
      body: { message: '404 Blob Not Found' },
    });
  });
});

describe('branches', () => {
  it('are listed, shown, made and deleted', async () => {
    expect((await dev('POST', `${at}/branches`, { branch: 'feature/x', ref: 'main' })).status).toBe(201);
    expect((await dev('GET', `${at}/branches`)).body.map(({ name }: { name: string }) => name)).toEqual([
      'feature/x',
      'main',
    ]);
    const { body } = await dev('GET', `${at}/branches/feature%2Fx`);
    expect(body).toMatchObject({ name: 'feature/x', default: false, protected: false, can_push: true, merged: true });
    expect(body.commit.id).toBe((await dev('GET', `${at}/branches/main`)).body.commit.id);
    expect((await dev('HEAD', `${at}/branches/main`)).status).toBe(204);
    expect((await dev('DELETE', `${at}/branches/feature%2Fx`)).status).toBe(204);
    expect(await dev('GET', `${at}/branches/feature%2Fx`)).toMatchObject({
      status: 404,
      body: { message: '404 Branch Not Found' },
    });
  });

  it.each([
    [{ branch: 'main', ref: 'main' }, 'Branch already exists'],
    [{ branch: 'x', ref: 'nope' }, 'Invalid reference name: nope'],
    [{ branch: 'a..b', ref: 'main' }, 'Branch name is invalid'],
  ])('are not made of %o', async (body, message) => {
    expect(await dev('POST', `${at}/branches`, body)).toMatchObject({ status: 400, body: { message } });
  });

  it('move with the default one when it is renamed', async () => {
    sim.changeProject('a/b', { defaultBranch: 'trunk' });
    expect((await dev('GET', '/projects/a%2Fb')).body.default_branch).toBe('trunk');
    expect((await dev('GET', `${at}/branches`)).body).toMatchObject([{ name: 'trunk', default: true }]);
    expect((await dev('GET', `${at}/tree`)).status).toBe(200);
  });
});

describe('comparing', () => {
  it('lists commits and diffs since the merge base, oldest first', async () => {
    const base = (await dev('GET', `${at}/branches/main`)).body.commit.id;
    const first = await push('topic', { 'src/a.ts': null, 'src/renamed.ts': 'a\n' }, 'rename');
    const second = await push('topic', { 'README.md': '# Hi\n\nmore\n' }, 'more');
    await push('main', { 'other.txt': 'x' });
    const { body } = await dev('GET', `${at}/compare?from=main&to=topic`);
    expect(body.commits.map(({ id }: { id: string }) => id)).toEqual([first, second]);
    expect(body.commit.id).toBe(second);
    expect(body.diffs).toMatchObject([
      { old_path: 'README.md', new_path: 'README.md', diff: '@@ -1 +1,3 @@\n # Hi\n+\n+more\n' },
      { old_path: 'src/a.ts', new_path: 'src/renamed.ts', renamed_file: true, diff: '' },
    ]);
    expect((await dev('GET', `${at}/compare?from=main&to=topic&straight=true`)).body.diffs).toHaveLength(3);
    expect((await dev('GET', `${at}/merge_base?refs[]=main&refs[]=topic`)).body.id).toBe(base);
    expect((await dev('GET', `${at}/compare?from=main&to=nope`)).status).toBe(404);
    expect((await dev('GET', `${at}/merge_base?refs[]=main&refs[]=nope`)).body.message).toBe(
      'Could not find ref: nope',
    );
  });
});
