import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge } from '../../forge/port.ts';
import { asking } from '../../test/gitlab/asking.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import { TryAgain } from '../queue/port.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { workStep } from './step.ts';
import { addRepository, claimOf, emptied, NOW, TestGate, TestQueue, testWorld } from './testing/test-world.ts';

/** The step over GitLab's API as the simulator gives it: what is sent, and what is not. */

const CART = {
  'package.json': '{"name":"cart","scripts":{"test":"node tools/test.js","build":"tsc -b"}}',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  '.gitlab-ci.yml': 'include:\n  - component: gitlab.example.com/platform/agentsmd/review@1\n',
};
const CHANGED = { 'package.json': '{"name":"cart","scripts":{"test":"vitest run","build":"tsc -b"}}' };

let gitlab: GitlabSimulator;
let token: string;
let db: Kysely<Tables>;
let forge: Forge;
beforeAll(async () => {
  db = await memoryState();
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'bot', email: 'bot@example.com' });
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer', ada: 'maintainer' } });
  token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
});
beforeEach(() => emptied(db));
afterEach(async () => {
  gitlab.faults.clear();
  await forge.close();
});
afterAll(async () => {
  await gitlab.close();
  await db.destroy();
});

let made = 0;

async function started() {
  const path = `shop/cart${++made}`;
  const { id } = await gitlab.addProject({ path, files: CART });
  let sent = 0;
  forge = gitlabForge({
    instance: { url: gitlab.url, token: { env: 'TOKEN' } },
    env: { TOKEN: token },
    audit: { append: () => {} },
    // Nobody waits.
    clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0 },
    onAttempt: () => {
      sent += 1;
    },
  });
  const project = await forge.project(String(id));
  await forge.self(path);
  const world = testWorld(forge, {
    requests: {
      total: () => sent,
      count: async (run) => {
        const before = sent;
        return { value: await run(), requests: sent - before };
      },
    },
  });
  const gate = new TestGate();
  const key = await addRepository(db, project);
  const step = workStep({ db, queue: new TestQueue() }, world, gate, () => {});
  const ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
  const handle = async (cause?: string, claim: Parameters<typeof claimOf>[1] = {}) => {
    if (cause !== undefined) await db.updateTable('repository').set({ due: cause }).execute();
    gitlab.forget();
    await step.handle(claimOf(key, claim));
  };
  return {
    path,
    gate,
    handle,
    writes: () => gitlab.requests.filter(({ method, route }) => method !== 'GET' && route !== '/api/graphql'),
    all: async () => (await ada('GET', `/projects/${id}/merge_requests?state=all`)).body,
    row: () => db.selectFrom('repository').selectAll().executeTakeFirstOrThrow(),
    newest: async () => (await db.selectFrom('outcome').selectAll().orderBy('id', 'desc').executeTakeFirst())!,
    push: (files: Record<string, string | null>) =>
      gitlab.push(path, { branch: 'main', user: 'ada', message: 'Work', files }),
  };
}

it('opens one merge request, and a handful of requests tells that nothing changed', async () => {
  const { handle, newest, row, all, writes } = await started();
  await handle();
  expect(await newest()).toMatchObject({ kind: 'created', iid: 1, requests: gitlab.requests.length });
  expect(await row()).toMatchObject({ due: null, reviewed: true });
  expect(await db.selectFrom('merge_request').selectAll().execute()).toMatchObject([{ iid: 1, state: 'opened' }]);
  await handle('moved');
  expect(await newest()).toMatchObject({ kind: 'unchanged', iid: 1, requests: gitlab.requests.length });
  expect(gitlab.requests.length).toBeLessThanOrEqual(5);
  const looks = gitlab.requests.filter(({ body }) => JSON.stringify(body ?? '').includes('.gitlab-ci.yml'));
  expect(looks).toHaveLength(1);
  expect(writes()).toEqual([]);
  expect(await all()).toHaveLength(1);
});

it('sends nothing at all where the gate says no at once, and no write where it does so in the end', async () => {
  const { gate, handle, newest, all, writes } = await started();
  gate.open = { reason: 'limit-new-per-hour', message: 'three of three', until: NOW + 60_000 };
  await handle();
  expect(gitlab.requests).toEqual([]);
  expect(await newest()).toMatchObject({ kind: 'deferred', reason: 'limit-new-per-hour', requests: 0 });
  gate.open = undefined;
  gate.write = { reason: 'limit-open', message: 'full' };
  await handle();
  expect(gitlab.requests.length).toBeGreaterThan(0);
  expect(writes()).toEqual([]);
  expect(await all()).toEqual([]);
});

it('gives back what was not used, and keeps what may have been', async () => {
  const { gate, handle, all } = await started();
  const fails = async (path: string) => {
    gitlab.faults.add({ method: 'POST', path, action: { kind: 'status', status: 503 } });
    await expect(handle()).rejects.toMatchObject({ name: 'TryAgain', reason: 'unavailable' });
    gitlab.faults.clear();
  };
  await fails('/projects/*/repository/commits');
  expect(gate.log.slice(-2)).toEqual(['take open', 'given back']);
  await fails('/projects/*/merge_requests');
  expect(gate.log.at(-1)).toEqual('take open');
  expect(await all()).toEqual([]);
  await handle();
  expect(gate.log.slice(-2)).toEqual(['take open', 'used']);
  expect(await all()).toHaveLength(1);
});

it('leaves one merge request and one outcome where its process died in between', async () => {
  const { handle, all, row } = await started();
  await expect(handle(undefined, { complete: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
  expect(await all()).toHaveLength(1);
  await handle();
  expect(await all()).toHaveLength(1);
  expect(await db.selectFrom('outcome').selectAll().execute()).toMatchObject([{ kind: 'unchanged', iid: 1 }]);
  expect(await row()).toMatchObject({ due: null, result: 'unchanged' });
});

it('leaves it to the list whether a project is deleted or hidden, and follows one that moved', async () => {
  const { path, handle, newest, row } = await started();
  gitlab.moveProject(path, `${path}-moved`);
  await handle();
  expect(await newest()).toMatchObject({ kind: 'created' });
  expect(await row()).toMatchObject({ path: `${path}-moved` });
  gitlab.deleteProject(`${path}-moved`);
  await handle('moved');
  expect(await newest()).toMatchObject({ kind: 'skipped', reason: 'gone' });
  expect(await row()).toMatchObject({ gone_since: null, due: 'moved', not_before: new Date(NOW + 6 * 3_600_000) });
});

it('is tried again where GitLab does not answer', async () => {
  const { handle, row } = await started();
  gitlab.faults.add({ path: '/api/graphql', action: { kind: 'status', status: 503 } });
  gitlab.faults.add({ action: { kind: 'status', status: 503 } });
  const failed = await handle().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(TryAgain);
  expect(failed).toMatchObject({ reason: 'unavailable' });
  expect(await row()).toMatchObject({ due: 'new', result: null });
});

it('brings an open one up to date, once it may push', async () => {
  const { gate, handle, newest, push, writes } = await started();
  await handle();
  await push(CHANGED);
  gate.write = { reason: 'limit-pipelines-per-hour', message: 'enough' };
  await handle('moved');
  expect(await newest()).toMatchObject({ kind: 'deferred', reason: 'limit-pipelines-per-hour' });
  expect(writes()).toEqual([]);
  gate.write = undefined;
  await handle();
  expect(await newest()).toMatchObject({ kind: 'updated', iid: 1 });
  expect(gate.log.slice(-2)).toEqual(['take push', 'used']);
});
