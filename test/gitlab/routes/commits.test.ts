import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator } from '../port.ts';
import { startGitlab } from '../start.ts';

let sim: GitlabSimulator;
let dev: Ask;
let at: string;
let head: string;
beforeEach(async () => {
  sim = await startGitlab();
  const files = { 'README.md': 'one\n', 'src/a.ts': 'a\n', run: 'x\n' };
  const { id } = await sim.addProject({ path: 'a/b', files, members: { dev: 'developer' } });
  sim.addUser({ username: 'dev', name: 'Dev', email: 'dev@example.com' });
  dev = asking(sim, sim.addToken({ user: 'dev' }));
  at = `/projects/${id}/repository`;
  head = (await dev('GET', `${at}/branches/main`)).body.commit.id;
});
afterEach(() => sim.close());

function commit(body: Record<string, unknown>) {
  return dev('POST', `${at}/commits`, { branch: 'main', commit_message: 'change', ...body });
}

async function modes(ref: string): Promise<Record<string, string>> {
  const { body } = await dev('GET', `${at}/tree?recursive=true&pagination=none&ref=${ref}`);
  const blobs = (body as { path: string; mode: string; type: string }[]).filter(({ type }) => type === 'blob');
  return Object.fromEntries(blobs.map(({ path, mode }) => [path, mode]));
}

async function text(path: string, ref: string): Promise<string> {
  return (await dev('GET', `${at}/files/${encodeURIComponent(path)}/raw?ref=${ref}`)).body;
}

describe('a commit through the API', () => {
  it('does every kind of action, one after the other', async () => {
    const { status, body } = await commit({
      branch: 'bot',
      start_sha: head,
      commit_message: 'docs: all\n\nAgentsmd-Run: 7',
      author_name: 'Bot',
      author_email: 'bot@example.com',
      actions: [
        { action: 'create', file_path: 'docs/new.md', content: 'bmV3', encoding: 'base64' },
        { action: 'update', file_path: 'docs/new.md', content: 'newer\n' },
        { action: 'chmod', file_path: 'run', execute_filemode: true },
        { action: 'update', file_path: 'run', content: 'y\n' },
        { action: 'move', file_path: 'lib/a.ts', previous_path: 'src/a.ts' },
        { action: 'delete', file_path: 'README.md' },
      ],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      title: 'docs: all',
      parent_ids: [head],
      author_name: 'Bot',
      author_email: 'bot@example.com',
      committer_name: 'Dev',
      committer_email: 'dev@example.com',
      trailers: { 'Agentsmd-Run': '7' },
      stats: { additions: 2, deletions: 2, total: 4 },
    });
    expect(await modes('bot')).toEqual({ 'docs/new.md': '100644', run: '100755', 'lib/a.ts': '100644' });
    expect(await Promise.all([text('docs/new.md', 'bot'), text('run', 'bot'), text('lib/a.ts', 'bot')])).toEqual([
      'newer\n',
      'y\n',
      'a\n',
    ]);
    expect(await modes('main')).toHaveProperty(['README.md']);
    expect((await dev('GET', `${at}/branches/bot`)).body.commit.id).toBe(body.id);
    expect(sim.requests.filter(({ applied }) => applied).map(({ route }) => route)).toEqual([
      '/projects/:id/repository/commits',
    ]);
  });

  it('stands on the branch, a start branch, or with force in place of what was there', async () => {
    const onMain = await commit({ actions: [{ action: 'create', file_path: 'x', content: '' }] });
    expect(onMain.body.parent_ids).toEqual([head]);
    const onStart = await commit({ branch: 'bot', start_branch: 'main', actions: [] });
    expect(onStart.body.parent_ids).toEqual([onMain.body.id]);
    const forced = await commit({ branch: 'bot', start_sha: head, force: true, actions: [] });
    expect(forced.body.parent_ids).toEqual([head]);
    expect((await dev('GET', `${at}/branches/bot`)).body.commit.id).toBe(forced.body.id);
  });

  it('is the first one of an empty repository', async () => {
    const { id } = await sim.addProject({ path: 'a/empty', members: { dev: 'developer' } });
    at = `/projects/${id}/repository`;
    const { body } = await commit({ branch: 'trunk', actions: [{ action: 'create', file_path: 'a', content: 'a' }] });
    expect(body.parent_ids).toEqual([]);
    expect((await dev('GET', `/projects/${id}`)).body).toMatchObject({ default_branch: 'trunk', empty_repo: false });
  });

  it('takes a last_commit_id that still holds', async () => {
    const { headers } = await dev('HEAD', `${at}/files/README.md?ref=main`);
    await sim.push('a/b', { branch: 'main', user: 'dev', message: 'elsewhere', files: { other: 'x' } });
    const update = { action: 'update', file_path: 'README.md', last_commit_id: headers.get('x-gitlab-last-commit-id') };
    expect((await commit({ actions: [{ ...update, content: 'two\n' }] })).status).toBe(201);
    expect(await commit({ actions: [{ ...update, content: 'three\n' }] })).toMatchObject({
      status: 400,
      body: { message: 'The file has changed since you started editing it: README.md' },
    });
  });

  it.each([
    ['without actions', { actions: undefined }, 'actions is missing'],
    [
      'of an unknown action',
      { actions: [{ action: 'rename', file_path: 'x' }] },
      'actions[0][action] does not have a valid value',
    ],
    ['without a message', { commit_message: undefined, actions: [] }, 'commit_message is missing'],
    [
      'outside the repository',
      { actions: [{ action: 'create', file_path: '../x', content: '' }] },
      'Path cannot include directory traversal',
    ],
    [
      'into .git',
      { actions: [{ action: 'create', file_path: '.git/config', content: '' }] },
      "invalid path: '.git/config'",
    ],
    [
      'over a folder',
      { actions: [{ action: 'create', file_path: 'src', content: '' }] },
      'A directory with this name already exists',
    ],
    [
      'to a branch of no such name',
      { branch: 'a b', start_branch: 'main', actions: [] },
      "Something went wrong when we tried to create 'a b' for you: Branch name is invalid",
    ],
  ])('is refused %s', async (_, body, message) => {
    const answer = await commit(body);
    expect(answer.status).toBe(400);
    expect(answer.body.message ?? answer.body.error).toBe(message);
    expect((await dev('GET', `${at}/branches/main`)).body.commit.id).toBe(head);
    expect(sim.requests.some(({ applied }) => applied)).toBe(false);
  });

  it('of two at once, only one moves the branch', async () => {
    const both = await Promise.all(
      ['x', 'y'].map((name) => commit({ actions: [{ action: 'create', file_path: name, content: name }] })),
    );
    const tip = (await dev('GET', `${at}/branches/main`)).body.commit;
    const made = both.filter(({ status }) => status === 201);
    expect(made.map(({ body }) => body.id)).toContain(tip.id);
    const { body } = await dev('GET', `${at}/commits`);
    expect(body).toHaveLength(made.length + 1);
    for (const { status, body: lost } of both) {
      if (status !== 201) expect(lost.message).toBe('Could not update refs/heads/main. Please refresh and try again.');
    }
  });

  it('is borrowed from the origin of a fork', async () => {
    await sim.addProject({ path: 'me/b', forkOf: 'a/b', files: { x: 'x' }, members: { dev: 'developer' } });
    const fork = '/projects/me%2Fb/repository';
    const { status, body } = await dev('POST', `${fork}/commits`, {
      branch: 'bot',
      start_project: 'a/b',
      start_branch: 'main',
      commit_message: 'x',
      actions: [{ action: 'update', file_path: 'README.md', content: 'two\n' }],
    });
    expect([status, body.parent_ids]).toEqual([201, [head]]);
    expect((await commit({ branch: 'z', start_project: 'me/b', start_branch: 'main', actions: [] })).status).toBe(403);
  });
});

describe('the list of commits', () => {
  it('is of a branch, a range, a path or everything, the newest first', async () => {
    const push = (branch: string, file: string) =>
      sim.push('a/b', { branch, user: 'dev', message: file, files: { [file]: 'x' } });
    const [one, two, three] = [await push('topic', 'one'), await push('topic', 'src/two'), await push('main', 'three')];
    const ids = async (query: string) =>
      (await dev('GET', `${at}/commits?${query}`)).body.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([three, head]);
    expect(await ids('ref_name=main..topic')).toEqual([two, one]);
    expect(await ids(`ref_name=topic&path=src&per_page=1`)).toEqual([two]);
    expect((await ids('all=true')).sort()).toEqual([head, one, two, three].sort());
    expect(await ids('ref_name=nope')).toEqual([]);
    expect(await ids('until=2001-01-01T00:00:00Z')).toEqual([]);
    expect((await dev('GET', `${at}/commits?ref_name=--all`)).status).toBe(400);
  });

  it('is paged without totals', async () => {
    for (const name of ['1', '2'])
      await sim.push('a/b', { branch: 'main', user: 'dev', message: name, files: { [name]: name } });
    const { body, headers } = await dev('GET', `${at}/commits?per_page=2`);
    expect([body.length, headers.get('x-next-page'), headers.get('x-total')]).toEqual([2, '2', null]);
    expect((await dev('GET', `${at}/commits?per_page=2&page=2`)).body).toHaveLength(1);
  });

  it('leads to one commit and what it changed', async () => {
    const id = await sim.push('a/b', {
      branch: 'main',
      user: 'dev',
      message: 'm\n\nbody\n',
      files: { 'README.md': 'two\n' },
    });
    expect((await dev('GET', `${at}/commits/main`)).body).toMatchObject({
      id,
      title: 'm',
      stats: { total: 2 },
      author_email: 'dev@example.com',
    });
    expect((await dev('GET', `${at}/commits/${id.slice(0, 10)}/diff`)).body).toMatchObject([
      { new_path: 'README.md', diff: '@@ -1 +1 @@\n-one\n+two\n' },
    ]);
    expect(await dev('GET', `${at}/commits/nope`)).toMatchObject({
      status: 404,
      body: { message: '404 Commit Not Found' },
    });
  });
});
