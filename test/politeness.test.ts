import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gitlabForge } from '../forge/gitlab/index.ts';
import type { Forge } from '../forge/port.ts';
import { DAYS, FLEET_DEFAULTS, type FleetConfig } from '../jobs/config.ts';
import { pause, resume } from '../jobs/pause.ts';
import { type RolledBack, rollback } from '../jobs/rollback/index.ts';
import { openGate } from '../jobs/rollout/gate.ts';
import type { Cause } from '../jobs/store/tables.ts';
import type { SweepEvent } from '../jobs/sweep/events.ts';
import { sweep } from '../jobs/sweep/index.ts';
import { testEngine } from '../jobs/testing/engine.ts';
import { refill } from '../jobs/work/refill.ts';
import { workStep } from '../jobs/work/step.ts';
import { addRepository, emptied, testWorld } from '../jobs/work/testing/test-world.ts';
import { fill } from '../jobs/worker.ts';
import { type Ask, asking } from './gitlab/asking.ts';
import type { GitlabSimulator } from './gitlab/port.ts';
import { startGitlab } from './gitlab/start.ts';

/** Whole sweeps over the GitLab simulator, on a clock that goes on when a test says so. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CART = {
  'package.json': '{"name":"cart","scripts":{"test":"node --test","build":"tsc -b"}}',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

let gitlab: GitlabSimulator;
let engine: Awaited<ReturnType<typeof testEngine>>;
let ada: Ask;
let forge: Forge;
beforeAll(async () => {
  engine = await testEngine();
}, 120_000);
beforeEach(async () => {
  await emptied(engine.db);
  await engine.queue.drop();
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'bot', email: 'bot@example.com' });
  for (const path of ['shop', 'pay']) gitlab.addGroup({ path, members: { bot: 'developer', ada: 'maintainer' } });
  ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
  const token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
  const instance = { url: gitlab.url, token: { env: 'TOKEN' } };
  const clock = { now: Date.now, random: () => 0.5, sleep: async () => {} };
  forge = gitlabForge({ instance, env: { TOKEN: token }, audit: { append: () => {} }, clock });
}, 120_000);
afterEach(async () => {
  await forge?.close();
  await gitlab?.close();
});
afterAll(() => engine?.drop());

type Settings = Partial<Omit<FleetConfig, 'limits' | 'rollout'>> & {
  readonly limits?: Partial<FleetConfig['limits']>;
  readonly rollout?: Partial<FleetConfig['rollout']>;
};

/** Projects that each need a merge request, and a fleet's settings. */
async function fleet(paths: readonly string[], settings: Settings = {}, start = Date.now()) {
  const projects = new Map<string, number>();
  for (const path of paths) projects.set(path, (await gitlab.addProject({ path, files: CART })).id);
  const clock = { now: start };
  const world = testWorld(forge, {
    now: () => clock.now,
    fleet: {
      ...settings,
      limits: { ...FLEET_DEFAULTS.limits, ...settings.limits },
      rollout: { ...FLEET_DEFAULTS.rollout, ...settings.rollout },
    },
  });
  const gate = openGate(engine.db, world);
  const all = async (): Promise<{ id: number; iid: number; project: string }[]> =>
    (await ada('GET', '/merge_requests?scope=all&state=opened&per_page=100')).body.map(
      (each: { id: number; iid: number; references: { full: string } }) => ({
        ...each,
        project: each.references.full.split('!')[0],
      }),
    );
  const swept = async () => {
    const warnings: string[] = [];
    const on = (event: SweepEvent) => void (event.type === 'warning' && warnings.push(event.message));
    const run = { concurrency: 2, stop: new AbortController().signal, work: true };
    const result = await sweep(engine, world, gate, { groups: [] }, run, on);
    return { ...result, warnings };
  };
  return {
    clock,
    world,
    gate,
    swept,
    /** What a worker does at each look, and until there is nothing to do. */
    worked: async (concurrency = 2) => {
      await fill(engine, world, gate);
      const step = workStep(engine, world, gate, () => {});
      const stop = new AbortController().signal;
      await engine.queue.work(step.handle, step.bury, { concurrency, stop, untilIdle: true });
    },
    open: async () => (await all()).map(({ project }) => project).toSorted(),
    decide: async (project: string, how: 'merge' | 'close') => {
      const at = `/projects/${projects.get(project)}/merge_requests/1`;
      const answer =
        how === 'merge' ? await ada('PUT', `${at}/merge`, {}) : await ada('PUT', at, { state_event: 'close' });
      expect(answer.status).toBe(200);
    },
  };
}

const many = (count: number, group = 'shop') => Array.from({ length: count }, (_, at) => `${group}/p${at}`);

describe('politeness', () => {
  it('opens exactly three merge requests in any hour where three are allowed', async () => {
    const { clock, swept, open, worked } = await fleet(many(8), { limits: { newPerHour: 3 } });
    const first = await swept();
    expect(first.summary).toMatchObject({ generated: 3, skipped: { 'limit-new-per-hour': 5 }, failed: {} });
    const counts = [(await open()).length];
    for (let step = 1; step <= 6; step++) {
      clock.now += 20 * MINUTE;
      // Whoever works: a worker by itself, or another sweep.
      if (step % 2 === 0) await swept();
      else await worked();
      counts.push((await open()).length);
    }
    expect(counts).toEqual([3, 3, 3, 6, 6, 6, 8]);
  }, 240_000);

  it('gives what is allowed to the most urgent', async () => {
    const due: Record<string, Cause> = {
      'shop/a': 'policy',
      'shop/b': 'reported',
      'shop/c': 'moved',
      'shop/d': 'new',
      'shop/e': 'deferred',
    };
    const { world, gate, open } = await fleet(Object.keys(due), { limits: { newPerHour: 2 } });
    for await (const project of forge.projects()) await addRepository(engine.db, project, { due: due[project.path]! });
    await refill(engine, { now: world.now(), instances: world.instances });
    const step = workStep(engine, world, gate, () => {});
    await engine.queue.work(step.handle, step.bury, {
      concurrency: 1,
      stop: new AbortController().signal,
      untilIdle: true,
    });
    expect(await open()).toEqual(['shop/b', 'shop/d']);
  }, 240_000);

  it('does nothing in quiet hours, and goes on when they are over', async () => {
    const night = [{ days: [...DAYS], from: '22:00', to: '06:00' }];
    const at = Date.parse('2026-11-20T21:30:00Z');
    const { clock, swept, open, worked } = await fleet(many(2), { quiet: night, timeZone: 'Europe/Berlin' }, at);
    expect((await swept()).summary).toMatchObject({ repositories: 0, generated: 0, requests: 0 });
    clock.now = Date.parse('2026-11-21T04:59:00Z');
    await worked();
    expect(await open()).toEqual([]);
    clock.now = Date.parse('2026-11-21T05:00:00Z');
    expect((await swept()).summary).toMatchObject({ repositories: 2, generated: 2 });
    expect(await open()).toEqual(['shop/p0', 'shop/p1']);
    clock.now = Date.parse('2026-11-21T21:30:00Z');
    expect((await swept()).summary).toMatchObject({ skipped: { 'quiet-hours': 2 }, requests: 0 });
  }, 240_000);

  it('halts by itself where people close what comes, until somebody resumes', async () => {
    const { clock, swept, open, decide } = await fleet(
      many(9),
      {
        limits: { newPerHour: 3 },
        rollout: { haltAt: 0.3, haltAfter: 3 },
      },
      Date.now() - 12 * HOUR,
    );
    await swept();
    const [one, two, three] = (await open()) as [string, string, string];
    await decide(one, 'close');
    await decide(two, 'close');
    await decide(three, 'merge');
    clock.now += HOUR;
    const halted = await swept();
    expect(halted.warnings).toEqual([
      expect.stringContaining('the rollout is halted: people closed 2 of 3 decided merge requests without a merge'),
    ]);
    expect(halted.summary).toMatchObject({ generated: 0, skipped: { halted: 6 } });
    expect(await open()).toEqual([]);
    // From now on it counts afresh, by the clock of whoever decides.
    clock.now = Date.now() + MINUTE;
    await resume(engine.db, '*', clock.now);
    expect((await swept()).summary).toMatchObject({ generated: 3 });
    expect((await open()).length).toBe(3);
  }, 240_000);

  it('leaves alone what is paused, and comes back to it', async () => {
    const { swept, open, worked } = await fleet([...many(2), ...many(2, 'pay')]);
    await pause(engine.db, 'Pay', 'release', 'ada', Date.now());
    expect((await swept()).summary).toMatchObject({ generated: 2, skipped: { paused: 2 } });
    expect(await open()).toEqual(['shop/p0', 'shop/p1']);
    await resume(engine.db, 'pay', Date.now());
    await worked();
    expect((await open()).length).toBe(4);
  }, 240_000);

  it('goes in waves, and with the next one once people decided', async () => {
    const { clock, swept, open, decide, world } = await fleet([...many(2), ...many(2, 'pay')], {
      rollout: { waves: [{ groups: ['pay'] }] },
    });
    expect((await swept()).summary).toMatchObject({ generated: 2, skipped: { wave: 2 } });
    expect(await open()).toEqual(['pay/p0', 'pay/p1']);
    await decide('pay/p0', 'merge');
    clock.now += HOUR;
    expect((await swept()).summary).toMatchObject({ generated: 0, skipped: { wave: 2 } });
    await decide('pay/p1', 'close');
    clock.now += HOUR;
    expect((await swept()).summary).toMatchObject({ generated: 2 });
    const rows = await engine.db.selectFrom('merge_request').select(['wave', 'campaign']).orderBy('wave').execute();
    expect(rows.map(({ wave }) => wave)).toEqual([0, 0, 1, 1]);
    expect(new Set(rows.map(({ campaign }) => campaign))).toEqual(new Set([await world.campaign()]));
  }, 240_000);

  it('rolls a sweep back, and does not send the same again the next morning', async () => {
    const { clock, swept, open, world } = await fleet(many(3));
    const { sweep: id } = await swept();
    const [touched] = await open();
    const project = encodeURIComponent(touched!);
    expect((await ada('POST', `/projects/${project}/merge_requests/1/notes`, { body: 'Hm.' })).status).toBe(201);
    const items: RolledBack[] = [];
    const { counts } = await rollback(engine, world, id, {}, (item) => items.push(item));
    expect(counts).toEqual({ closed: 2, closable: 0, kept: 1, over: 0, failed: 0 });
    expect(await open()).toEqual([touched]);
    clock.now += 24 * HOUR;
    expect((await swept()).summary).toMatchObject({ repositories: 3, generated: 0, failed: {} });
    await gitlab.push('shop/p2', { branch: 'main', user: 'ada', message: 'Work', files: { 'README.md': '# Cart\n' } });
    clock.now += HOUR;
    expect((await swept()).summary).toMatchObject({ generated: 0, failed: {} });
    expect(await open()).toEqual([touched]);
  }, 240_000);
});
