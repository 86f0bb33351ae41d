import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository } from '../../../forge/git/testing/make-repo.ts';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator } from '../port.ts';
import { startGitlab } from '../start.ts';

let sim: GitlabSimulator;
let root: Ask;
beforeEach(async () => {
  sim = await startGitlab();
  root = asking(sim, sim.rootToken);
});
afterEach(() => sim.close());

/** Follows `Link: rel="next"`, as a client does. */
async function everyPage(ask: Ask, path: string): Promise<{ readonly items: unknown[]; readonly pages: number }> {
  const items: unknown[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages++) {
    const { headers, body, status } = await ask('GET', next);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    items.push(...body);
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.replace(`${sim.url}/api/v4`, '');
  }
  return { items, pages };
}

function paths(items: unknown): string[] {
  return (items as { path_with_namespace: string }[]).map((item) => item.path_with_namespace);
}

describe('one project', () => {
  it('is found by its number and its escaped path, whatever the case', async () => {
    const { id } = await sim.addProject({ path: 'a/b/c', files: { x: 'x' }, topics: ['go'] });
    for (const name of [id, 'a%2Fb%2Fc', 'A%2FB%2FC']) {
      const { status, body } = await root('GET', `/projects/${name}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id,
        path_with_namespace: 'a/b/c',
        default_branch: 'main',
        empty_repo: false,
        archived: false,
        topics: ['go'],
        http_url_to_repo: `${sim.url}/a/b/c.git`,
        namespace: { full_path: 'a/b', kind: 'group' },
        marked_for_deletion_on: null,
      });
    }
  });

  it('without commits is empty and has no default branch', async () => {
    const { id } = await sim.addProject({ path: 'a/empty' });
    expect((await root('GET', `/projects/${id}`)).body).toMatchObject({ empty_repo: true, default_branch: null });
    expect(await root('GET', `/projects/${id}/repository/tree`)).toMatchObject({
      status: 404,
      body: { message: '404 Tree Not Found' },
    });
  });

  it('tells of forks, mirrors, deletion and switched-off parts', async () => {
    await sim.close();
    sim = await startGitlab({ edition: 'premium' });
    root = asking(sim, sim.rootToken);
    const origin = await sim.addProject({ path: 'a/origin' });
    await sim.addProject({
      path: 'b/fork',
      forkOf: 'a/origin',
      mirror: true,
      pendingDelete: true,
      mergeRequestsEnabled: false,
    });
    const { body } = await root('GET', '/projects/b%2Ffork');
    expect(body.forked_from_project).toMatchObject({ id: origin.id, path_with_namespace: 'a/origin' });
    expect(body).toMatchObject({
      mirror: true,
      merge_requests_enabled: false,
      merge_requests_access_level: 'disabled',
    });
    expect(body.marked_for_deletion_on).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('has no push rules and pull mirrors in the free edition', async () => {
    await expect(sim.addProject({ path: 'a/b', mirror: true })).rejects.toThrow("need edition 'premium'");
    await expect(sim.addProject({ path: 'a/b', pushRules: {} })).rejects.toThrow("need edition 'premium'");
  });

  it('shows the levels of a member and of the groups above', async () => {
    sim.addGroup({ path: 'a', members: { boss: 'owner', dev: 'reporter' } });
    const { id } = await sim.addProject({ path: 'a/b/c', members: { dev: 'developer' } });
    const permissions = async (user: string) =>
      (await asking(sim, sim.addToken({ user }))('GET', `/projects/${id}`)).body.permissions;
    expect(await permissions('boss')).toMatchObject({ project_access: null, group_access: { access_level: 50 } });
    expect(await permissions('dev')).toMatchObject({
      project_access: { access_level: 30 },
      group_access: { access_level: 20 },
    });
  });

  it('is read by everybody signed in where it is internal, and by all where it is public', async () => {
    await sim.addProject({ path: 'a/internal', visibility: 'internal', files: { x: '' } });
    await sim.addProject({ path: 'a/public', visibility: 'public', files: { x: '' } });
    const stranger = asking(sim, sim.addToken({ user: 'stranger' }));
    const nobody = asking(sim);
    const status = async (ask: Ask, name: string) => (await ask('GET', `/projects/a%2F${name}/repository/tree`)).status;
    expect(await Promise.all([status(stranger, 'internal'), status(nobody, 'internal')])).toEqual([200, 404]);
    expect(await Promise.all([status(stranger, 'public'), status(nobody, 'public')])).toEqual([200, 200]);
  });

  it('that moved is named by its number, and its old path may be taken again', async () => {
    const { id } = await sim.addProject({ path: 'a/old' });
    sim.moveProject('a/old', 'b/new');
    const { status, headers } = await root('GET', '/projects/a%2Fold/repository/branches?per_page=1');
    expect(status).toBe(301);
    expect(headers.get('location')).toBe(`${sim.url}/api/v4/projects/${id}/repository/branches?per_page=1`);
    const other = await sim.addProject({ path: 'a/old' });
    expect((await root('GET', '/projects/a%2Fold')).body.id).toBe(other.id);
    sim.deleteProject('b/new');
    expect((await root('GET', `/projects/${id}`)).status).toBe(404);
  });

  it.each([
    ['bare', 2],
    ['with a worktree', 2],
    ['shallow', 1],
  ] as const)('shares the objects of a repository that is there already: %s', async (shape, commits) => {
    const history = [{ files: { 'a.txt': 'a' } }, { files: { 'b.txt': 'b' } }];
    const repo = await makeRepository({ commits: history }, { bare: shape === 'bare' });
    const clone = `${repo.root}/clone`;
    if (shape === 'shallow') await repo.git('clone', '--quiet', '--depth=1', `file://${repo.dir}`, clone);
    const gitDir = shape === 'shallow' ? clone : repo.dir;
    const { id } = await sim.addProject({ path: 'a/shared', from: { gitDir, commit: repo.commit } });
    const { body } = await root('GET', `/projects/${id}/repository/tree`);
    expect(body.map(({ path }: { path: string }) => path)).toEqual(['a.txt', 'b.txt']);
    expect((await root('GET', `/projects/${id}/repository/commits`)).body).toHaveLength(commits);
    await repo.cleanup();
  });
});

describe('the list of projects', () => {
  beforeEach(async () => {
    for (let at = 0; at < 25; at++)
      await sim.addProject({
        path: `g/p${at}`,
        lastActivityAt: `2026-01-${String(at + 1).padStart(2, '0')}T00:00:00.000Z`,
      });
    await sim.addProject({ path: 'g/sub/deep', members: { dev: 'developer' }, topics: ['go', 'service'] });
    await sim.addProject({ path: 'other/old', archived: true, topics: ['go'] });
  });

  it('is paged by offset, twenty at a time, the newest first', async () => {
    const { body, headers } = await root('GET', '/projects');
    expect(paths(body).slice(0, 2)).toEqual(['other/old', 'g/sub/deep']);
    expect(body).toHaveLength(20);
    const names = ['x-total', 'x-total-pages', 'x-page', 'x-next-page', 'x-prev-page', 'x-per-page'];
    expect(names.map((name) => headers.get(name))).toEqual(['27', '2', '1', '2', '', '20']);
    const all = await everyPage(root, '/projects?per_page=10');
    expect(all.pages).toBe(3);
    expect(new Set(paths(all.items)).size).toBe(27);
  });

  it('is paged by keyset along Link alone; a full last page still promises another', async () => {
    const query = 'pagination=keyset&order_by=id&sort=asc';
    const { headers } = await root('GET', `/projects?${query}&per_page=9`);
    expect(headers.get('x-total')).toBeNull();
    const all = await everyPage(root, `/projects?${query}&per_page=9`);
    expect(all).toMatchObject({ pages: 4 });
    expect(paths(all.items)[0]).toBe('g/p0');
    expect(new Set(paths(all.items)).size).toBe(27);
    const down = await everyPage(root, '/projects?pagination=keyset&order_by=id&sort=desc&per_page=10');
    expect(paths(down.items)).toEqual(paths(all.items).toReversed());
  });

  it.each([
    ['archived=false', 26],
    ['archived=true', 1],
    ['last_activity_after=2026-01-24T00:00:00Z', 4],
    ['last_activity_before=2026-01-02T00:00:00Z', 2],
    ['topic=go', 2],
    ['topic=go,service', 1],
    ['search=P2', 6],
    ['membership=true', 0],
    ['min_access_level=50', 27],
  ])('filters by %s', async (query, count) => {
    expect((await everyPage(root, `/projects?${query}&per_page=100`)).items).toHaveLength(count);
  });

  it('holds what one may see, and with membership what one is a member of, by a group too', async () => {
    sim.addGroup({ path: 'other', members: { dev: 'guest' } });
    await sim.addProject({ path: 'open/source', visibility: 'public' });
    const dev = asking(sim, sim.addToken({ user: 'dev' }));
    expect(paths((await dev('GET', '/projects?order_by=path&sort=asc')).body)).toEqual([
      'g/sub/deep',
      'other/old',
      'open/source',
    ]);
    expect(paths((await dev('GET', '/projects?membership=true')).body)).toEqual(['other/old', 'g/sub/deep']);
    expect(paths((await dev('GET', '/projects?min_access_level=30')).body)).toEqual(['g/sub/deep']);
  });

  it('is short with simple=true and for nobody in particular', async () => {
    const [full] = (await root('GET', '/projects')).body;
    const [simple] = (await root('GET', '/projects?simple=true')).body;
    expect(Object.keys(full)).toEqual(expect.arrayContaining(['archived', 'empty_repo', 'permissions']));
    for (const key of ['archived', 'empty_repo', 'permissions']) expect(simple).not.toHaveProperty(key);
    await sim.addProject({ path: 'open/source', visibility: 'public' });
    const [open] = (await asking(sim)('GET', '/projects')).body;
    expect(Object.keys(open)).toEqual(Object.keys(simple));
  });

  it('of a group: with include_subgroups the whole tree, by offset whatever is asked, without permissions', async () => {
    const direct = await root('GET', '/groups/g/projects?per_page=100');
    expect(direct.body).toHaveLength(25);
    expect(direct.body[0]).not.toHaveProperty('permissions');
    const deep = await everyPage(
      root,
      '/groups/g/projects?include_subgroups=true&pagination=keyset&order_by=id&per_page=10',
    );
    expect(deep.pages).toBe(3);
    expect(paths(deep.items)).toContain('g/sub/deep');
  });

  it.each([
    'per_page=0',
    'per_page=x',
    'order_by=size',
    'archived=maybe',
    'last_activity_after=yesterday',
  ])('refuses %s with 400', async (query) => {
    expect(await root('GET', `/projects?${query}`)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });
});

describe('groups', () => {
  it('are seen by members of what is in them and by nobody else', async () => {
    await sim.addProject({ path: 'a/b/c', members: { dev: 'developer' } });
    const dev = asking(sim, sim.addToken({ user: 'dev' }));
    const stranger = asking(sim, sim.addToken({ user: 'stranger' }));
    expect((await dev('GET', '/groups/a%2Fb')).body).toMatchObject({
      full_path: 'a/b',
      name: 'b',
      visibility: 'private',
    });
    expect(await stranger('GET', '/groups/a')).toMatchObject({ status: 404, body: { message: '404 Group Not Found' } });
    const subgroups = await root('GET', '/groups/a/subgroups?all_available=true');
    expect(subgroups.body.map((group: { full_path: string }) => group.full_path)).toEqual(['a/b']);
  });
});

describe('every answer', () => {
  it('has an id of its own and the throttle’s headers', async () => {
    const [first, second] = [await root('GET', '/projects'), await root('GET', '/projects')];
    expect(first.headers.get('x-request-id')).toMatch(/^\w{32}$/);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(Number(second.headers.get('ratelimit-observed')) - Number(first.headers.get('ratelimit-observed'))).toBe(1);
    for (const name of ['limit', 'name', 'remaining', 'reset'])
      expect(second.headers.has(`ratelimit-${name}`)).toBe(true);
  });

  it('tells of the throttle that there is, and of none where it is off', async () => {
    for (const [requestsPerHour, told] of [
      [1, '0'],
      [null, null],
    ] as const) {
      const other = await startGitlab({ requestsPerHour });
      const { headers } = await asking(other, other.rootToken)('GET', '/projects');
      expect(headers.get('ratelimit-remaining')).toBe(told);
      await other.close();
    }
  });

  it('to an unknown route is 404, to a broken body 400, and both are in the log', async () => {
    expect(await root('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: '404 Not Found' } });
    expect(await root('PATCH', '/projects')).toMatchObject({ status: 405, body: { error: '405 Not Allowed' } });
    expect((await root('POST', '/projects/1/repository/commits', '{"a":')).status).toBe(400);
    expect((await root('POST', '/projects/1/repository/commits', 'a', { 'Content-Type': 'text/csv' })).status).toBe(
      415,
    );
    expect(sim.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'GET 404',
      'PATCH 405',
      'POST 400',
      'POST 415',
    ]);
    sim.forget();
    expect(sim.requests).toEqual([]);
  });

  it('takes the token as Bearer and as a parameter, too', async () => {
    const bearer = { Authorization: `Bearer ${sim.rootToken}` };
    expect((await asking(sim)('GET', '/groups', undefined, bearer)).status).toBe(200);
    expect((await asking(sim)('GET', `/groups?private_token=${sim.rootToken}`)).status).toBe(200);
  });

  it('below a path stays below it', async () => {
    const below = await startGitlab({ subpath: '/gitlab' });
    await below.addProject({ path: 'a/b' });
    await below.addProject({ path: 'a/c' });
    const { headers } = await asking(below, below.rootToken)('GET', '/projects?per_page=1');
    expect(headers.get('link')).toContain(`<${below.url}/api/v4/projects?per_page=1&page=2>; rel="next"`);
    expect(below.requests[0]).toMatchObject({ route: '/projects', path: '/api/v4/projects?per_page=1' });
    expect((await fetch(`${new URL(below.url).origin}/api/v4/projects`)).status).toBe(404);
    await below.close();
  });
});
