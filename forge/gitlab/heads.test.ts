import { afterEach, describe, expect, it } from 'vitest';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import { ForgeError } from '../errors.ts';
import type { Forge, ProjectHead } from '../port.ts';
import { Capabilities } from './capabilities.ts';
import { listHeads } from './heads.ts';
import { GraphqlError } from './http/graphql.ts';
import { gitlabForge } from './index.ts';
import { fakeHttp } from './testing/fake-http.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(): Promise<GitlabSimulator> {
  const gitlab = await startGitlab();
  closing.push(() => gitlab.close());
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer' } });
  return gitlab;
}

function connect(gitlab: GitlabSimulator, token: string, more: object = {}, env: Record<string, string> = {}): Forge {
  const variable = token.startsWith('glcbt-') ? 'CI_JOB_TOKEN' : 'TOKEN';
  const forge = gitlabForge({
    instance: { url: gitlab.url, token: { env: variable }, requestsPerMinute: 1e6, ...more },
    env: { [variable]: token, ...env },
    audit: { append: () => {} },
    clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0 },
  });
  closing.push(() => forge.close());
  return forge;
}

async function told(heads: AsyncIterable<ProjectHead>): Promise<Record<string, string | null | undefined>> {
  const all = await collect(heads);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  return Object.fromEntries(all.map(({ id, head }) => [id, head]));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const routes = (gitlab: GitlabSimulator) => gitlab.requests.map(({ method, route }) => `${method} ${route}`);
const asked = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `${at + 1}`, path: `shop/p${at + 1}`, defaultBranch: 'main' }));

describe('the heads of many projects', () => {
  it('come in one query for each hundred, with what is hidden, empty or closed told apart', async () => {
    const gitlab = await start();
    const bot = gitlab.addToken({ user: 'bot', scopes: ['read_api'] });
    for (let at = 0; at < 205; at++) await gitlab.addProject({ path: `shop/p${at}`, files: { a: `${at}` } });
    const empty = await gitlab.addProject({ path: 'shop/empty' });
    const trunk = await gitlab.addProject({ path: 'shop/trunk', files: { a: 'a' }, defaultBranch: 'trunk' });
    const closed = await gitlab.addProject({ path: 'shop/closed', files: { a: 'a' }, repositoryEnabled: false });
    const hidden = await gitlab.addProject({ path: 'hidden/app', files: { a: 'a' } });
    const guest = await gitlab.addProject({ path: 'other/app', files: { a: 'a' }, members: { bot: 'guest' } });
    const forge = connect(gitlab, bot);
    const projects = await collect(forge.projects());
    const other = { id: String(hidden.id), path: 'hidden/app', defaultBranch: 'main' };
    const pushed = await gitlab.push('shop/p7', { branch: 'main', user: 'ada', message: 'x', files: { b: 'b' } });
    const onTrunk = await gitlab.push('shop/trunk', { branch: 'trunk', user: 'ada', message: 'x', files: { b: 'b' } });
    gitlab.forget();
    const heads = await told(forge.heads([...projects, projects[0]!, other]));
    expect(routes(gitlab)).toEqual(Array(3).fill('POST /api/graphql'));
    expect(Object.keys(heads)).toHaveLength(210);
    expect(Object.values(heads).filter(Boolean)).toHaveLength(206);
    expect(heads[projects.find(({ path }) => path === 'shop/p7')!.id]).toBe(pushed);
    expect(heads[trunk.id]).toBe(onTrunk);
    expect(heads[empty.id]).toBeNull();
    for (const { id } of [closed, hidden, guest]) expect(heads[id], `${id}`).toBeUndefined();
  });

  it('come by REST where GraphQL is closed', async () => {
    const gitlab = await start();
    const { id } = await gitlab.addProject({ path: 'shop/p', files: { a: 'a' } });
    const head = await gitlab.push('shop/p', { branch: 'main', user: 'ada', message: 'x', files: { b: 'b' } });
    const hidden = await gitlab.addProject({ path: 'hidden/p', files: { a: 'a' } });
    const moved = await gitlab.addProject({ path: 'shop/moved', files: { a: 'a' } });
    const forge = connect(gitlab, gitlab.addToken({ user: 'bot' }));
    gitlab.faults.add({ path: 'api/graphql', action: { kind: 'status', status: 403 } });
    const all = [
      { id: String(id), path: 'shop/p', defaultBranch: 'main' },
      { id: String(hidden.id), path: 'hidden/p', defaultBranch: 'main' },
      { id: String(moved.id), path: 'shop/moved', defaultBranch: 'gone' },
      { id: '999', path: 'shop/bare', defaultBranch: null },
    ];
    const heads = { [id]: head, [hidden.id]: undefined, [moved.id]: undefined, 999: null };
    gitlab.forget();
    expect(await told(forge.heads(all))).toEqual(heads);
    expect(await told(forge.heads(all))).toEqual(heads);
    const byRest = Array(6).fill('GET /projects/:id/repository/branches/:branch');
    expect(routes(gitlab)).toEqual(['POST /api/graphql', ...byRest]);
  });

  it('are not asked of GraphQL with a job token, which it does not take', async () => {
    const gitlab = await start();
    const { id } = await gitlab.addProject({ path: 'shop/p', files: { a: 'a' } });
    const forge = connect(gitlab, gitlab.addToken({ user: 'bot', kind: 'job', project: 'shop/p', scopes: [] }));
    await told(forge.heads([{ id: String(id), path: 'shop/p', defaultBranch: 'main' }]));
    expect(routes(gitlab)).toEqual(['GET /projects/:id/repository/branches/:branch']);
  });

  it('are asked with the token of each project', async () => {
    const gitlab = await start();
    gitlab.addGroup({ path: 'team', members: { teambot: 'reporter' } });
    const shop = await gitlab.addProject({ path: 'shop/p', files: { a: 'a' } });
    const team = await gitlab.addProject({ path: 'team/p', files: { a: 'a' } });
    const env = { TEAM: gitlab.addToken({ user: 'teambot' }) };
    const forge = connect(gitlab, gitlab.addToken({ user: 'bot' }), { groups: { team: { env: 'TEAM' } } }, env);
    gitlab.forget();
    const heads = await told(
      forge.heads([
        { id: String(shop.id), path: 'shop/p', defaultBranch: 'main' },
        { id: String(team.id), path: 'team/p', defaultBranch: 'main' },
      ]),
    );
    expect(Object.values(heads)).toEqual([expect.any(String), expect.any(String)]);
    expect(routes(gitlab)).toEqual(Array(2).fill('POST /api/graphql'));
  });

  it('end with what GitLab cannot do now', async () => {
    const gitlab = await start();
    gitlab.faults.add({ action: { kind: 'status', status: 503 } });
    const heads = connect(gitlab, gitlab.addToken({ user: 'bot' })).heads(asked(300));
    await expect(told(heads)).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

const SHA = 'a'.repeat(40);

/** An instance whose answers to queries are told by their ids; REST knows every project. */
function instance(answer: (ids: readonly string[]) => Error | readonly string[], rest: () => unknown = restBranch) {
  const sizes: number[] = [];
  let now = 0;
  let most = 0;
  const http = fakeHttp({
    send: rest,
    graphql: (_query, { ids }) => {
      const numbers = (ids as readonly string[]).map((id) => id.replace('gid://gitlab/Project/', ''));
      sizes.push(numbers.length);
      const found = answer(numbers);
      if (found instanceof Error) return found;
      const node = (id: string) => ({
        id: `gid://gitlab/Project/${id}`,
        repository: { tree: { lastCommit: { sha: SHA } } },
      });
      return { projects: { nodes: found.toReversed().map(node) } };
    },
  });
  const graphql: typeof http.graphql = async (...args) => {
    most = Math.max(most, ++now);
    try {
      await new Promise(setImmediate);
      return await http.graphql(...args);
    } finally {
      now--;
    }
  };
  return { http: { ...http, graphql }, sizes, asked: http.asked, inFlight: () => most };
}

const restBranch = () => ({ commit: { id: SHA, message: '', parent_ids: [] } });
const refusal = (message: string) => new GraphqlError('GraphQL', [message], null, undefined);
const broken = () => new ForgeError('unavailable', '500', { status: 500 });

describe('an instance', () => {
  it.each([
    'Query has complexity of 400, which exceeds max complexity of 250',
    'Request timed out. Please try a less complex query or a smaller set of records.',
  ])('that takes smaller queries only is asked those, from then on: %s', async (message) => {
    const { http, sizes, asked: all, inFlight } = instance((ids) => (ids.length > 30 ? refusal(message) : ids));
    const capabilities = new Capabilities();
    const heads = await told(listHeads(http, capabilities, asked(250)));
    expect(Object.values(heads)).toEqual(Array(250).fill(SHA));
    expect(all.filter((one) => one !== 'GraphQL')).toEqual([]);
    expect(sizes.filter((size) => size > 30).length).toBeLessThanOrEqual(4);
    expect(inFlight()).toBe(2);
    sizes.length = 0;
    await told(listHeads(http, capabilities, asked(50)));
    expect(sizes).toEqual([25, 25]);
  });

  it('that takes larger queries again is asked those after an hour', async () => {
    let most = 30;
    let now = 0;
    const { http, sizes } = instance((ids) => (ids.length > most ? refusal('Query has complexity of 400') : ids));
    const capabilities = new Capabilities(() => now);
    await told(listHeads(http, capabilities, asked(100)));
    for (const [minutes, then] of [
      [30, [25, 25, 25, 25]],
      [61, [100]],
    ] as const) {
      now = minutes * 60_000;
      most = minutes < 60 ? 30 : 100;
      sizes.length = 0;
      await told(listHeads(http, capabilities, asked(100)));
      expect(sizes).toEqual(then);
    }
  });

  it('that was slow once is asked in full the next time', async () => {
    let at = 0;
    const { http, sizes } = instance((ids) => (++at === 1 ? new ForgeError('timeout', 'slow') : ids));
    const capabilities = new Capabilities();
    expect(Object.values(await told(listHeads(http, capabilities, asked(200))))).toEqual(Array(200).fill(SHA));
    expect(sizes.toSorted((a, b) => a - b)).toEqual([50, 50, 100, 100]);
    sizes.length = 0;
    await told(listHeads(http, capabilities, asked(200)));
    expect(sizes).toEqual([100, 100]);
  });

  it('is asked by GraphQL each time, though a project fails each time', async () => {
    const { http, asked: all } = instance((ids) => (ids.includes('42') ? broken() : ids));
    const capabilities = new Capabilities();
    for (let sweep = 1; sweep <= 6; sweep++) {
      all.length = 0;
      await told(listHeads(http, capabilities, asked(200)));
      expect(all.filter((one) => one !== 'GraphQL')).toHaveLength(1);
    }
  });

  it('that is closed to GraphQL is tried again after an hour', async () => {
    let now = 0;
    let isClosed = true;
    const { http, sizes, asked: all } = instance((ids) => (isClosed ? new ForgeError('forbidden', '403') : ids));
    const capabilities = new Capabilities(() => now);
    for (const [minutes, queries, rest] of [
      [0, 1, 3],
      [59, 0, 3],
      [61, 1, 3],
      [119, 0, 3],
      [122, 1, 0],
    ] as const) {
      now = minutes * 60_000;
      isClosed = minutes < 120;
      all.length = sizes.length = 0;
      await told(listHeads(http, capabilities, asked(3)));
      expect([minutes, sizes.length, all.length - sizes.length]).toEqual([minutes, queries, rest]);
    }
  });

  it('that takes no such query at all is asked by REST', async () => {
    for (const error of [refusal("Field 'projects' doesn't accept argument 'ids'"), new ForgeError('invalid', '422')]) {
      const { http, sizes } = instance(() => error);
      const heads = await told(listHeads(http, new Capabilities(), asked(120)));
      expect(Object.values(heads)).toEqual(Array(120).fill(SHA));
      expect(sizes.length).toBeLessThanOrEqual(2);
    }
  });

  it('that sees no project by GraphQL, but by REST, takes the token for nobody’s there', async () => {
    const { http, sizes } = instance(() => []);
    expect(Object.values(await told(listHeads(http, new Capabilities(), asked(3))))).toEqual([SHA, SHA, SHA]);
    expect(sizes).toEqual([3]);
  });

  it('that sees none of them either way says nothing of them, for one more request', async () => {
    const gone = () => new ForgeError('not-found', '404');
    const { http, asked: all } = instance(() => [], gone);
    expect(await told(listHeads(http, new Capabilities(), asked(3)))).toEqual({
      1: undefined,
      2: undefined,
      3: undefined,
    });
    expect(all).toHaveLength(2);
  });

  it.each([
    broken,
    () => refusal('Internal server error'),
  ])('where one project fails tells all others', async (fails) => {
    const { http, sizes, asked: all } = instance((ids) => (ids.includes('42') ? fails() : ids));
    const capabilities = new Capabilities();
    const heads = await told(listHeads(http, capabilities, asked(200)));
    expect(Object.values(heads)).toEqual(Array(200).fill(SHA));
    expect(all.filter((one) => one !== 'GraphQL')).toEqual(['GET /projects/42/repository/branches/main']);
    expect(sizes.length).toBeLessThan(20);
    expect(capabilities.heads).toBe(100);
  });

  it('whose every query fails is asked by REST soon', async () => {
    const { http, sizes } = instance(broken);
    expect(Object.values(await told(listHeads(http, new Capabilities(), asked(200))))).toEqual(Array(200).fill(SHA));
    expect(sizes.length).toBeLessThan(30);
  });

  it('that cannot read one repository says nothing of that', async () => {
    const { http } = instance(() => refusal("Field 'projects' doesn't accept argument 'ids'"), broken);
    expect(await told(listHeads(http, new Capabilities(), asked(1)))).toEqual({ 1: undefined });
  });

  it('is asked no more once somebody gave up', async () => {
    const stop = new AbortController();
    const { http, sizes } = instance((ids) => {
      stop.abort(new Error('stopped'));
      return ids;
    });
    await expect(told(listHeads(http, new Capabilities(), asked(900), stop.signal))).rejects.toThrow('stopped');
    expect(sizes.length).toBeLessThanOrEqual(2);
  });
});
