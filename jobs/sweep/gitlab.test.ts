import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge } from '../../forge/port.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import { testEngine } from '../testing/engine.ts';
import { emptied, TestGate, testWorld } from '../work/testing/test-world.ts';
import type { RepositoryResult, SweepEvent } from './events.ts';
import { sweep } from './index.ts';
import type { SweepOptions } from './options.ts';
import { rehearse } from './rehearse.ts';

/** A sweep over GitLab as the simulator gives it: what it asks, and that nothing escapes it. */

const PROJECTS = 495;
const LONG_AGO = '2020-01-01T00:00:00Z';

let gitlab: GitlabSimulator;
let source: TestRepository;
let forge: Forge;
let engine: Awaited<ReturnType<typeof testEngine>>;

beforeAll(async () => {
  source = await makeRepository({ files: { 'README.md': 'Nothing to say.\n' } }, { bare: true });
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'bot' });
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer' } });
  for (let at = 0; at < PROJECTS; at++) await add(`shop/p${at}`);
  const instance = { url: gitlab.url, token: { env: 'TOKEN' } };
  const token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
  const clock = { now: Date.now, random: () => 0.5, sleep: async () => {} };
  forge = gitlabForge({ instance, env: { TOKEN: token }, audit: { append: () => {} }, clock });
  engine = await testEngine();
}, 300_000);
beforeEach(async () => {
  await emptied(engine.db);
  await engine.queue.drop();
});
afterAll(async () => {
  await forge?.close();
  await gitlab?.close();
  await engine?.drop();
  await source?.cleanup();
});

const add = (path: string) =>
  gitlab.addProject({ path, from: { gitDir: source.dir, commit: source.commit }, lastActivityAt: LONG_AGO });
const run = { concurrency: 8, stop: new AbortController().signal, work: true };

async function swept(options: Partial<SweepOptions> = {}) {
  const events: SweepEvent[] = [];
  gitlab.forget();
  const on = (event: SweepEvent) => void events.push(event);
  const { summary } = await sweep(engine, testWorld(forge), new TestGate(), { groups: [], ...options }, run, on);
  const results = events.filter((event): event is SweepEvent & RepositoryResult => event.type === 'repository');
  return { summary, paths: results.map(({ path }) => path).toSorted(), requests: gitlab.requests.length };
}

/** As if all had been worked on. */
async function worked(): Promise<void> {
  await swept({ limit: 1 });
  for (const { key, seen_head } of await engine.db.selectFrom('repository').select(['key', 'seen_head']).execute())
    await engine.db
      .updateTable('repository')
      .set({ head: seen_head, processed_at: new Date(0), result: 'unchanged', due: null, due_since: null })
      .set({ generator: '1', codex: '', catalog: '' })
      .where('key', '=', key)
      .execute();
}

it('asks little where nothing changed, and finds what moved without activity', { timeout: 300_000 }, async () => {
  await worked();
  const idle = await swept();
  expect(idle.summary).toMatchObject({ repositories: PROJECTS, unchanged: PROJECTS });
  expect(gitlab.requests.map(({ route }) => route).toSorted()).toEqual([
    ...Array.from({ length: 5 }, () => '/api/graphql'),
    '/merge_requests',
    ...Array.from({ length: 5 }, () => '/projects'),
  ]);

  const moved = Array.from({ length: 25 }, (_, at) => `shop/p${at * 20}`);
  for (const path of moved) {
    await gitlab.push(path, { branch: 'main', user: 'ada', message: 'Work', files: { 'x.md': path } });
    gitlab.changeProject(path, { lastActivityAt: LONG_AGO });
  }
  const next = await swept();
  expect(next.paths).toEqual(moved.toSorted());
  expect(next.requests).toBeLessThanOrEqual(11 + 25 * 4);
  expect((await swept()).paths).toEqual([]);
});

it('follows projects that move, are renamed, or are made anew', { timeout: 300_000 }, async () => {
  await worked();
  gitlab.moveProject('shop/p1', 'shop/moved');
  gitlab.changeProject('shop/p2', { defaultBranch: 'trunk' });
  gitlab.deleteProject('shop/p3');
  await add('shop/p3');
  gitlab.changeProject('shop/p4', { archived: true });
  const { summary, paths } = await swept();
  expect(paths).toEqual(['shop/p2', 'shop/p3']);
  expect(summary).toMatchObject({ repositories: PROJECTS, skipped: { archived: 1 }, failed: {} });
  const row = (path: string) =>
    engine.db.selectFrom('repository').selectAll().where('path', '=', path).orderBy('first_seen').execute();
  expect([(await row('shop/p1')).length, (await row('shop/moved')).length]).toEqual([0, 1]);
  expect(await row('shop/p2')).toMatchObject([{ branch: 'trunk', due: null }]);
  expect((await row('shop/p3')).map(({ gone_since }) => gone_since === null).toSorted()).toEqual([false, true]);
});

it('loses nothing where the list breaks off, and goes on with the next sweep', { timeout: 300_000 }, async () => {
  await worked();
  gitlab.deleteProject('shop/p9');
  // A rule does not count what another one struck: so it strikes however often it is asked for again.
  for (let tries = 0; tries < 10; tries++)
    gitlab.faults.add({ method: 'GET', path: '/projects', nth: 3, action: { kind: 'status', status: 500 } });
  const broken = await swept();
  gitlab.faults.clear();
  expect(broken.summary).toMatchObject({ repositories: PROJECTS, failed: { unavailable: PROJECTS } });
  expect((await swept()).summary).toMatchObject({ repositories: PROJECTS - 1, failed: {} });
});

it('can be rehearsed with an empty state, and nothing is sent but questions', { timeout: 300_000 }, async () => {
  gitlab.forget();
  const { summary } = await rehearse(engine.db, testWorld(forge), { groups: [], limit: 3 }, run, () => {});
  expect(summary).toMatchObject({ skipped: { 'beyond-limit': expect.any(Number), 'nothing-to-say': 3 } });
  expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
});
