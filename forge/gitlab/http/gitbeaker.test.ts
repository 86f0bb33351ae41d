import { describe, expect, it } from 'vitest';
import { type Ask, readOne, readPages } from './gitbeaker.ts';
import { type HttpDeps, openHttp } from './open.ts';
import { scriptedServer } from './testing/scripted-server.ts';
import { testClock } from './testing/test-clock.ts';

async function beaker(script: Parameters<typeof scriptedServer>[0], deps: Pick<HttpDeps, 'mostPages'> = {}) {
  const server = await scriptedServer(script);
  const clock = testClock();
  const http = openHttp(
    { url: `${server.url}/gitlab`, token: { env: 'T' }, groups: { a: { env: 'A' } } },
    { ...deps, env: { T: 'secret', A: 'of-a' }, clock },
  );
  return {
    server,
    clock,
    http,
    paths: () => server.requests.map(({ method, path }) => `${method} ${path.replace('/gitlab/api/v4', '')}`),
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const show: Ask = (gitlab) => gitlab.Projects.show('a/b.c');

describe('readOne', () => {
  it('sends what gitbeaker builds, by our transport alone', async () => {
    await using t = await beaker([{ json: { id: 42 }, headers: { 'x-request-id': 'r1' } }]);
    const read = await readOne(t.http, show);
    expect(read.json()).toEqual({ id: 42 });
    expect(read).toMatchObject({ status: 200, requestId: 'r1', where: `${t.http.instance}: GET /projects/a%2Fb.c` });
    expect(t.paths()).toEqual(['GET /projects/a%2Fb.c']);
    const [sent] = t.server.requests;
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer secret', 'user-agent': 'agentsmd' });
    expect(sent?.headers['private-token']).toBeUndefined();
    expect(t.http.counts.requests).toBe(1);
  });

  it.each<[string, Ask]>([
    ['/user', (gitlab) => gitlab.Users.showCurrentUser()],
    ['/users?username=jo', (gitlab) => gitlab.Users.all({ username: 'jo' })],
    ['/metadata', (gitlab) => gitlab.Metadata.show()],
    ['/personal_access_tokens/self', (gitlab) => gitlab.PersonalAccessTokens.show()],
    ['/projects/42/repository/branches/bot%2Fx', (gitlab) => gitlab.Branches.show('42', 'bot/x')],
    ['/projects/42/repository/commits?ref_name=a..b', (gitlab) => gitlab.Commits.all('42', { refName: 'a..b' })],
    ['/projects/42/merge_requests/7', (gitlab) => gitlab.MergeRequests.show('42', 7)],
    [
      '/projects/42/merge_requests?source_branch=b%2Fx&per_page=20',
      (gitlab) => gitlab.MergeRequests.all({ projectId: '42', sourceBranch: 'b/x', perPage: 20 }),
    ],
    ['/merge_requests?scope=created_by_me', (gitlab) => gitlab.MergeRequests.all({ scope: 'created_by_me' })],
    [
      '/projects/42/merge_requests/7/notes?sort=asc&order_by=created_at',
      (gitlab) => gitlab.MergeRequestNotes.all('42', 7, { sort: 'asc', orderBy: 'created_at' }),
    ],
    [
      '/projects/42/members/all?user_ids%5B%5D=3&per_page=100',
      (gitlab) => gitlab.ProjectMembers.all('42', { includeInherited: true, userIds: [3], perPage: 100 }),
    ],
    ['/groups/a%2Fb/members', (gitlab) => gitlab.GroupMembers.all('a/b')],
    [
      '/projects?pagination=keyset&membership=true&archived=false',
      (gitlab) => gitlab.Projects.all({ pagination: 'keyset', membership: true, archived: false }),
    ],
    [
      '/groups/a%2Fb/projects?include_subgroups=true&with_shared=false',
      (gitlab) => gitlab.Groups.allProjects('a/b', { includeSubgroups: true, withShared: false }),
    ],
  ])('asks for %s', async (path, ask) => {
    await using t = await beaker(() => ({ json: [] }));
    await readOne(t.http, ask);
    expect(t.paths()).toEqual([`GET ${path}`]);
  });

  it('reads one page of a list, whatever follows it', async () => {
    const link = '<http://x/api/v4/groups/a/members?page=2>; rel="next"';
    await using t = await beaker(() => ({ json: [{ id: 1 }], headers: { link } }));
    expect((await readOne(t.http, (gitlab) => gitlab.GroupMembers.all('a'))).json()).toEqual([{ id: 1 }]);
    expect(t.server.requests).toHaveLength(1);
  });

  it('has our retries, waits and errors', async () => {
    await using t = await beaker([
      { status: 502 },
      { status: 429, headers: { 'retry-after': '5' } },
      { json: { id: 42 } },
      { status: 403, json: { error: 'insufficient_scope', scope: 'api' } },
      { status: 301, headers: { location: '/elsewhere' } },
      { body: '<html>', headers: { 'content-type': 'text/html' } },
      { body: '' },
    ]);
    expect((await readOne(t.http, show)).attempts).toBe(3);
    expect(t.clock.slept).toEqual([125, 5000]);
    const named = { name: 'ForgeError' };
    await expect(readOne(t.http, show)).rejects.toMatchObject({ ...named, reason: 'scope', needs: 'api' });
    await expect(readOne(t.http, show)).rejects.toMatchObject({ ...named, reason: 'redirected' });
    for (const found of ['a web page', 'nothing']) {
      const message = expect.stringContaining(`GET /projects/a%2Fb.c: answered 200 with ${found}`);
      await expect(readOne(t.http, show)).rejects.toMatchObject({ ...named, reason: 'not-understood', message });
    }
    expect(t.server.requests).toHaveLength(7);
  });

  it('uses the token for what it is about, and can be given up', async () => {
    await using t = await beaker([{ json: {} }]);
    await readOne(t.http, show, { about: 'a/b' });
    expect(t.server.requests[0]?.headers.authorization).toBe('Bearer of-a');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readOne(t.http, show, { signal })).rejects.toThrow('enough');
    expect(t.server.requests).toHaveLength(1);
  });

  it.each<[string, Ask]>([
    ['POST', (gitlab) => gitlab.MergeRequestNotes.create(42, 1, 'text')],
    ['PUT', (gitlab) => gitlab.MergeRequests.edit(42, 1, { title: 'x' })],
    ['DELETE', (gitlab) => gitlab.Branches.remove(42, 'x')],
    ['sudo', (gitlab) => gitlab.Projects.show(42, { sudo: 'root' })],
  ])('refuses %s', async (_, ask) => {
    await using t = await beaker([]);
    await expect(readOne(t.http, ask)).rejects.toMatchObject({ reason: 'unsupported' });
    expect(t.server.requests).toEqual([]);
  });

  it('refuses paths outside', async () => {
    await using t = await beaker([]);
    await expect(readOne(t.http, (gitlab) => gitlab.Projects.show('..'))).rejects.toMatchObject({ reason: 'invalid' });
    expect(t.server.requests).toEqual([]);
  });
});

describe('readPages', () => {
  const list: Ask = (gitlab) => gitlab.MergeRequests.all({ projectId: 42, iids: [1] });

  it('follows the links one page at a time, each with its own tries', async () => {
    await using t = await beaker((seen, nth) => {
      if (nth === 2) return { status: 503 };
      const page = Number(/[?&]page=(\d)/.exec(seen.path)?.[1] ?? 1);
      const next = `<http://x/api/v4/projects/42/merge_requests?page=${page + 1}&iids%5B%5D=1>; rel="next"`;
      return { json: [{ iid: page }], headers: page < 3 ? { link: next } : {} };
    });
    const seen: unknown[] = [];
    for await (const page of readPages(t.http, list)) {
      seen.push(page.json(), t.server.requests.length);
      expect(page.where).toBe(`${t.http.instance}: GET /projects/42/merge_requests`);
    }
    expect(seen).toEqual([[{ iid: 1 }], 1, [{ iid: 2 }], 3, [{ iid: 3 }], 4]);
    expect(t.paths()[0]).toBe('GET /projects/42/merge_requests?iids%5B%5D=1');
    expect(t.http.counts).toMatchObject({ requests: 4, retries: 1 });
  });

  it('notices pages that go in a circle', async () => {
    const link = '<http://x/api/v4/projects/42/merge_requests?iids%5B%5D=1>; rel="next"';
    await using t = await beaker(() => ({ json: [], headers: { link } }));
    const drained = async () => {
      for await (const page of readPages(t.http, list)) expect(page.json()).toEqual([]);
    };
    await expect(drained()).rejects.toThrow(/go in a circle/);
    expect(t.server.requests).toHaveLength(1);
  });

  it('stops where pages never end', async () => {
    let page = 1;
    const endless = () => {
      page += 1;
      const link = `<http://x/api/v4/projects/42/merge_requests?iids%5B%5D=1&page=${page}>; rel="next"`;
      return { json: [], headers: { link } };
    };
    await using t = await beaker(endless, { mostPages: 5 });
    const drained = async () => {
      for await (const page of readPages(t.http, list)) expect(page.json()).toEqual([]);
    };
    await expect(drained()).rejects.toThrow(/its pages do not end: 5 were read/);
    expect(t.server.requests).toHaveLength(5);
  });
});
