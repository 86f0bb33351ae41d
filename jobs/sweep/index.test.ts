import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import { alter, merge, push } from '../../generator/publish/testing/memory-world.ts';
import { DAYS } from '../config.ts';
import type { Engine } from '../engine.ts';
import type { Claim } from '../queue/port.ts';
import { openGate } from '../rollout/gate.ts';
import type { Gate } from '../rollout/port.ts';
import { testEngine } from '../testing/engine.ts';
import { workStep } from '../work/step.ts';
import { addRepository, emptied, NOW, TestGate, testWorld } from '../work/testing/test-world.ts';
import type { World } from '../world.ts';
import type { Preview, RepositoryResult, SweepEvent } from './events.ts';
import { type SweepRun, sweep } from './index.ts';
import type { SweepOptions } from './options.ts';
import { alive, markDied } from './sweep-row.ts';
import { Fleet } from './testing/fleet.ts';

let engine: Awaited<ReturnType<typeof testEngine>>;
let fleet: Fleet;
let gate: Gate;
beforeAll(async () => {
  engine = await testEngine({ retries: 1 });
});
beforeEach(async () => {
  fleet = new Fleet();
  gate = new TestGate();
  await emptied(engine.db);
  await engine.queue.drop();
});
afterAll(() => engine.drop());

interface Setting extends Partial<SweepOptions> {
  readonly run?: Partial<SweepRun>;
  readonly world?: Parameters<typeof testWorld>[1];
  readonly forges?: readonly Forge[];
  readonly engine?: Engine;
  readonly on?: (event: SweepEvent) => void;
}

async function swept({
  run,
  world: change,
  forges = [fleet.forge()],
  engine: with_ = engine,
  on,
  ...options
}: Setting = {}) {
  const events: SweepEvent[] = [];
  const world: World = {
    ...testWorld(forges[0]!, change),
    instances: forges.map(({ instance }) => instance),
    forge: async (instance) => forges.find((forge) => forge.instance === instance)!,
  };
  const all = { concurrency: 2, stop: new AbortController().signal, work: true, ...run };
  const result = await sweep(with_, world, gate, { groups: [], ...options }, all, (event) => {
    events.push(event);
    on?.(event);
  });
  const of = <T extends SweepEvent['type']>(type: T) =>
    events.filter((event): event is Extract<SweepEvent, { type: T }> => event.type === type);
  return {
    ...result,
    events,
    results: of('repository').map((event) => event as RepositoryResult),
    warnings: of('warning').map(({ message }) => message),
    preview: of('preview')[0]?.preview as Preview,
    progress: of('progress'),
  };
}

const rows = () => engine.db.selectFrom('repository').selectAll().orderBy('path').execute();
const sweeps = () => engine.db.selectFrom('sweep').selectAll().orderBy('id').execute();
const outcomes = () => engine.db.selectFrom('outcome').selectAll().orderBy('id').execute();
const NOTHING = { generated: 0, refreshed: 0, unchanged: 0, skipped: {}, failed: {}, requests: 0, ms: 0 };
const failing = (forge: Forge, broken: Readonly<Record<string, Error>>): Forge => ({
  ...forge,
  standing: async (project, question) => {
    const error = broken[project.path];
    if (error) throw error;
    return forge.standing(project, question);
  },
});
const MOVED = { 'package.json': JSON.stringify({ scripts: { test: 'other test', lint: 'x', fix: 'y' } }) };

describe('a sweep', () => {
  it('works on everything the first time, and on nothing the second time', async () => {
    fleet.addMany(5);
    fleet.add('shop/old', { archived: true });
    fleet.add('shop/bare', {}, { 'README.md': 'hi\n' });
    const first = await swept();
    expect(first).toMatchObject({ sweep: 1, interrupted: false });
    expect(first.summary).toEqual({
      ...NOTHING,
      repositories: 7,
      generated: 5,
      skipped: { archived: 1, 'nothing-to-say': 1 },
    });
    expect(first.preview).toEqual({ repositories: 6, due: { new: 6 } });
    expect(first.results.map(({ path, outcome }) => `${path} ${outcome}`).toSorted()).toEqual([
      'shop/bare skipped',
      ...[0, 1, 2, 3, 4].map((at) => `shop/p${at} generated`),
    ]);
    expect(first.results.find(({ path }) => path === 'shop/p0')).toMatchObject({
      instance: fleet.instance,
      mergeRequest: { iid: 1, url: `${fleet.instance}/shop/p0/-/merge_requests/1` },
    });
    expect(first.progress.at(-1)).toEqual({ type: 'progress', done: 6, total: 6, failed: 0, current: [] });

    const second = await swept();
    expect(second.summary).toEqual({ ...NOTHING, repositories: 7, unchanged: 6, skipped: { archived: 1 } });
    expect([second.results, second.preview]).toEqual([[], { repositories: 6, due: {} }]);
    for (let at = 0; at < 5; at++) expect(fleet.at(`shop/p${at}`).mergeRequests).toHaveLength(1);
  });

  it('tells of what this process worked on itself', async () => {
    fleet.addMany(3);
    const own: SweepEvent[] = [];
    const { results } = await swept({ run: { own: (event) => void own.push(event) } });
    const pathsOf = (events: readonly object[]) => events.map((event) => 'path' in event && event.path).toSorted();
    expect(pathsOf(own)).toEqual(pathsOf(results));
    expect(own).toHaveLength(3);
  });

  it('is kept, with what was asked and what came of it', async () => {
    fleet.addMany(2);
    const { summary } = await swept({ groups: ['shop'], limit: 9, schedule: 'nightly' });
    expect(await sweeps()).toMatchObject([
      {
        id: 1,
        state: 'done',
        started_at: new Date(NOW),
        ended_at: new Date(NOW),
        options: { groups: ['shop'], limit: 9, schedule: 'nightly' },
        summary,
      },
    ]);
    expect(await outcomes()).toMatchObject([
      { sweep: 1, kind: 'created', cause: 'new' },
      { sweep: 1, kind: 'created', cause: 'new' },
    ]);
  });

  it('works on what moved, and on what people said', async () => {
    fleet.addMany(4);
    await swept();
    push(fleet.at('shop/p0'), { files: MOVED });
    alter(fleet.at('shop/p1'), 1, { state: 'closed', updatedAt: '2026-11-21T11:00:00Z' });
    merge(fleet.at('shop/p2'), 1);
    const { summary, preview } = await swept();
    expect(preview.due).toEqual({ replied: 2, moved: 1 });
    expect(summary).toMatchObject({
      repositories: 4,
      refreshed: 1,
      unchanged: 2,
      skipped: { 'closed-unmerged': 1 },
    });
    expect((await swept()).summary).toMatchObject({ repositories: 4, unchanged: 4 });
  });

  it('works on so many as were asked for, the most urgent first, and on the others the next time', async () => {
    fleet.addMany(3);
    await swept();
    push(fleet.at('shop/p1'), { files: MOVED });
    fleet.addMany(3, 'tools');
    const first = await swept({ limit: 2 });
    expect(first.results.map(({ path, outcome }) => `${path} ${outcome}`).toSorted()).toEqual([
      'tools/p0 generated',
      'tools/p1 generated',
    ]);
    expect(first.preview.due).toEqual({ new: 2 });
    expect(first.summary).toMatchObject({
      repositories: 6,
      generated: 2,
      unchanged: 2,
      skipped: { 'beyond-limit': 2 },
    });
    // What it left is not due: workers beside it would take it on.
    expect((await rows()).filter(({ due }) => due !== null)).toEqual([]);
    expect((await swept()).summary).toMatchObject({ generated: 1, refreshed: 1, unchanged: 4 });
  });

  it('finds what it left again: what moved while it had nothing, and what was set aside', async () => {
    fleet.addMany(3);
    await swept();
    const was = { dead_since: new Date(NOW), result: 'failed', reason: 'error', head: null };
    await engine.db.updateTable('repository').set(was).where('path', '=', 'shop/p1').execute();
    const skipped = { result: 'skipped', reason: 'nothing-to-say', head: null };
    await engine.db.updateTable('repository').set(skipped).where('path', '=', 'shop/p2').execute();
    for (const path of ['shop/p0', 'shop/p1', 'shop/p2']) push(fleet.at(path), { files: MOVED });
    for (const left of [2, 1]) expect((await swept({ limit: 1 })).summary.skipped).toEqual({ 'beyond-limit': left });
    expect((await swept({ limit: 1 })).summary.skipped).toEqual({});
    expect((await swept()).summary).toMatchObject({ unchanged: 3 });
  });

  it('is about the groups that were named, and counts each repository once', async () => {
    fleet.addMany(2, 'shop');
    fleet.addMany(2, 'shop/backend');
    fleet.addMany(2, 'tools');
    const { summary } = await swept({ groups: ['shop', 'shop/backend', 'Shop/Backend'] });
    expect(summary).toMatchObject({ repositories: 4, generated: 4 });
    expect((await swept()).summary).toMatchObject({ repositories: 6, generated: 2, unchanged: 4 });
  });

  it('is about the groups of the configuration, where none is named', async () => {
    fleet.addMany(2, 'shop');
    fleet.addMany(2, 'tools');
    expect((await swept({ world: { fleet: { groups: ['tools'] } } })).summary).toMatchObject({ repositories: 2 });
  });

  it('looks at active projects only, where that was asked', async () => {
    fleet.add('shop/quiet', { lastActivityAt: '2026-01-01T00:00:00Z' });
    fleet.add('shop/busy', { lastActivityAt: '2026-11-20T00:00:00Z' });
    expect((await swept({ since: '2026-11-01T00:00:00Z' })).summary).toMatchObject({ repositories: 1, generated: 1 });
    expect((await swept()).summary).toMatchObject({ repositories: 2, generated: 1, unchanged: 1 });
  });

  it('has nothing to do in a fleet of nothing', async () => {
    expect((await swept()).summary).toEqual({ ...NOTHING, repositories: 0 });
  });
});

describe('what fails in a sweep', () => {
  const unavailable = (path: string) => new ForgeError('unavailable', `${path}: 502`);

  it('stops nothing else, and counts once its tries are over', async () => {
    fleet.addMany(3);
    const forge = failing(fleet.forge(), { 'shop/p1': new TypeError('a bug') });
    const { summary, results, progress } = await swept({ forges: [forge] });
    expect(summary).toMatchObject({ repositories: 3, generated: 2, failed: { error: 1 } });
    expect(results.find(({ path }) => path === 'shop/p1')).toMatchObject({
      outcome: 'failed',
      reason: 'error',
      message: 'a bug',
    });
    expect(progress.at(-1)).toMatchObject({ done: 3, failed: 1 });
    expect((await rows())[1]).toMatchObject({ due: null, dead_since: new Date(NOW) });
    // Set aside it is not tried again, until it moves.
    expect((await swept({ forges: [forge] })).summary).toMatchObject({ unchanged: 2, skipped: { 'set-aside': 1 } });
    push(fleet.at('shop/p1'), { files: MOVED });
    expect((await swept()).summary).toMatchObject({ generated: 1, unchanged: 2 });
  });

  it('is tried again with another generator, after it was set aside', async () => {
    fleet.addMany(2);
    const forge = failing(fleet.forge(), { 'shop/p1': new TypeError('a bug') });
    await swept({ forges: [forge] });
    expect((await swept()).summary).toMatchObject({ unchanged: 1, skipped: { 'set-aside': 1 } });
    const policy = async () => ({ generator: '2', codex: '', catalog: '' });
    expect((await swept({ world: { policy } })).summary).toMatchObject({ generated: 1, skipped: {} });
  });

  it('for an outage is done once that is over', async () => {
    fleet.addMany(3);
    const down = failing(fleet.forge(), {
      'shop/p0': unavailable('shop/p0'),
      'shop/p1': new ForgeError('unauthorized', 'shop/p1: 401'),
      'shop/p2': new ForgeError('timeout', 'shop/p2: no answer'),
    });
    const failed = { unavailable: 1, unauthorized: 1, timeout: 1 };
    expect((await swept({ forges: [down] })).summary).toMatchObject({ repositories: 3, failed });
    for (const row of await rows())
      expect(row).toMatchObject({ dead_since: null, not_before: new Date(NOW + 15 * 60_000) });
    const later = { now: () => NOW + 15 * 60_000 };
    expect((await swept({ world: later })).summary).toMatchObject({ generated: 3, failed: {}, skipped: {} });
  });

  it('is counted again the next day, where a person has to change something', async () => {
    fleet.addMany(2);
    fleet.at('shop/p1').refuse.set('ensureCommit', 'protected-branch');
    expect((await swept()).summary).toMatchObject({ generated: 1, failed: { 'protected-branch': 1 } });
    expect((await swept()).summary).toMatchObject({ unchanged: 1, failed: { 'protected-branch': 1 } });
    fleet.at('shop/p1').refuse.clear();
    const tomorrow = { now: () => NOW + 25 * 3_600_000 };
    expect((await swept({ world: tomorrow })).summary).toMatchObject({ generated: 1, unchanged: 1 });
  });

  it('is one instance, while the others go on', async () => {
    const other = new Fleet('https://git.example.org');
    fleet.addMany(3);
    other.addMany(2);
    await swept({ forges: [fleet.forge(), other.forge()] });
    push(fleet.at('shop/p0'), { files: MOVED });
    push(other.at('shop/p0'), { files: MOVED });
    fleet.fails = { verb: 'projects', after: 2, reason: 'unauthorized' };
    const { summary, warnings } = await swept({ forges: [fleet.forge(), other.forge()] });
    expect(summary).toMatchObject({ repositories: 5, refreshed: 1, unchanged: 1, failed: { unauthorized: 3 } });
    expect(warnings).toEqual([
      'https://gitlab.example.com: projects broke off; what is known of https://gitlab.example.com stays as it is',
    ]);
    expect((await rows()).filter(({ gone_since }) => gone_since !== null)).toEqual([]);
  });

  it.each([
    'projects',
    'heads',
    'labelledMergeRequests',
  ] as const)('counts for one where %s of an unknown instance fail', async (verb) => {
    if (verb !== 'projects') fleet.add('shop/cart');
    fleet.fails = { verb, after: 0, reason: 'timeout' };
    expect((await swept()).summary).toMatchObject({ repositories: 1, failed: { timeout: 1 } });
    expect(await outcomes()).toEqual([]);
  });

  it('is a group that nobody knows', async () => {
    fleet.addMany(2);
    fleet.groups = ['shop'];
    const { summary, warnings } = await swept({ groups: ['shop', 'shpo'] });
    expect(summary).toMatchObject({ repositories: 3, generated: 2, failed: { 'not-found': 1 } });
    expect(warnings).toEqual([expect.stringMatching(/^shpo: no such group/)]);
  });

  it('is no group that another instance knows', async () => {
    const other = new Fleet('https://git.example.org');
    fleet.addMany(2);
    fleet.groups = ['shop'];
    other.groups = ['tools'];
    other.addMany(1, 'tools');
    const { summary, warnings } = await swept({ groups: ['shop', 'tools'], forges: [fleet.forge(), other.forge()] });
    expect(summary).toMatchObject({ repositories: 3, generated: 3, failed: {} });
    expect(warnings).toEqual([]);
  });

  it('is the sweep itself, where something of ours is wrong', async () => {
    fleet.addMany(1);
    const policy = async () => {
      throw new TypeError('a bug');
    };
    await expect(swept({ world: { policy } })).rejects.toThrow('a bug');
    expect(await sweeps()).toMatchObject([{ state: 'failed', ended_at: new Date(NOW), summary: null }]);
  });
});

describe('what has to wait', () => {
  it('counts as skipped for the reason, and is asked again', async () => {
    fleet.addMany(3);
    const world = { fleet: { limits: { openMergeRequests: 1, newPerHour: null, pipelinesPerHour: null, groups: {} } } };
    const limited = async () => {
      gate = openGate(engine.db, testWorld(fleet.forge(), world));
      return (await swept({ world })).summary;
    };
    expect(await limited()).toMatchObject({ generated: 1, skipped: { 'limit-open': 2 } });
    expect(await limited()).toMatchObject({ unchanged: 1, skipped: { 'limit-open': 2 } });
    gate = new TestGate();
    expect((await swept()).summary).toMatchObject({ generated: 2, unchanged: 1 });
  });
});

describe('what another sweep wants, too', () => {
  it('stays that one’s, and is counted though it has no outcome of its own', { timeout: 60_000 }, async () => {
    fleet.addMany(2);
    const held = { reason: 'wave', message: 'is in wave 2' } as const;
    gate = Object.assign(new TestGate(), { open: held });
    await swept();
    await engine.db.updateTable('sweep').set({ state: 'running' }).execute();
    const { summary } = await swept({ engine: { ...engine, kind: 'postgres' } });
    expect(summary).toMatchObject({ repositories: 2, skipped: { wave: 2 } });
    expect((await rows()).map(({ due_sweep }) => due_sweep)).toEqual([1, 1]);
    expect(await outcomes()).toHaveLength(2);
  });

  it('is counted also where workers hold it back again, and that sweep never ends', { timeout: 60_000 }, async () => {
    fleet.addMany(3);
    gate = Object.assign(new TestGate(), { open: { reason: 'wave', message: 'is in wave 2' } });
    await swept();
    // Its process was killed.
    await engine.db.updateTable('sweep').set({ state: 'running' }).execute();
    await engine.db.updateTable('repository').set({ due_sweep: 1 }).execute();
    const shared: Engine = { ...engine, kind: 'postgres' };
    const [stop, enough] = [new AbortController(), new AbortController()];
    const step = workStep(shared, testWorld(fleet.forge()), gate, () => {});
    let handled = 0;
    const handle = async (claim: Claim): Promise<void> => {
      await step.handle(claim);
      handled += 1;
    };
    const working = engine.queue.work(handle, step.bury, { concurrency: 2, stop: stop.signal });
    const late = setTimeout(() => enough.abort(), 30_000);
    const { summary, interrupted } = await swept({ engine: shared, run: { work: false, stop: enough.signal } });
    clearTimeout(late);
    stop.abort();
    await working;
    expect([interrupted, handled]).toEqual([false, 3]);
    expect(summary).toMatchObject({ repositories: 3, skipped: { wave: 3 } });
    expect((await outcomes()).map(({ sweep: of }) => of)).toEqual([1, 1, 1]);
  });
});

describe('a sweep that is stopped', () => {
  it('while it works leaves the rest for the next one', async () => {
    fleet.addMany(12);
    const stop = new AbortController();
    let begun = 0;
    const first = await swept({
      run: { stop: stop.signal },
      on: ({ type }) => {
        if (type === 'begun' && ++begun === 3) stop.abort();
      },
    });
    const { generated, skipped, repositories } = first.summary;
    expect([first.interrupted, repositories]).toEqual([true, 12]);
    expect(generated).toBeGreaterThanOrEqual(2);
    expect(generated).toBeLessThan(12);
    expect(skipped).toEqual({ interrupted: 12 - generated });
    expect(await sweeps()).toMatchObject([{ state: 'interrupted', ended_at: new Date(NOW) }]);
    for (const { due, due_sweep } of await rows()) expect(due_sweep).toBe(due === null ? null : 1);
    const second = await swept();
    expect(second.summary).toMatchObject({ generated: 12 - generated, unchanged: generated });
    for (let at = 0; at < 12; at++) expect(fleet.at(`shop/p${at}`).mergeRequests).toHaveLength(1);
  });

  it('while it looks around does nothing', async () => {
    fleet.addMany(12);
    const stop = new AbortController();
    fleet.between = { verb: 'heads', after: 3, run: () => stop.abort() };
    const first = await swept({ run: { stop: stop.signal } });
    expect(first).toMatchObject({ interrupted: true, summary: { repositories: 0 } });
    expect(await sweeps()).toMatchObject([{ state: 'interrupted' }]);
    fleet.between = undefined;
    expect((await swept()).summary).toMatchObject({ generated: 12 });
  });

  it('does not count as failed for what breaks off then', async () => {
    fleet.addMany(3);
    const stop = new AbortController();
    fleet.fails = { verb: 'labelledMergeRequests', after: 1, reason: 'timeout' };
    await swept({ limit: 1 });
    fleet.between = { verb: 'labelledMergeRequests', after: 0, run: () => stop.abort() };
    fleet.fails = { ...fleet.fails, after: 0 };
    const { interrupted, summary, warnings } = await swept({ run: { stop: stop.signal } });
    expect([interrupted, summary.failed, warnings]).toEqual([true, {}, []]);
  });

  it('is done, where nothing was left to do', async () => {
    fleet.addMany(1);
    const stop = new AbortController();
    const on = ({ type }: SweepEvent) => type === 'begun' && stop.abort();
    expect(await swept({ run: { stop: stop.signal }, on })).toMatchObject({ interrupted: false });
  });
});

/** As a sweep leaves it that dies once it has begun with one. */
async function brokenOff(): Promise<void> {
  await swept({ limit: 1 });
  const due = { due: 'new', due_since: new Date(NOW) };
  await engine.db.updateTable('repository').set(due).where('processed_at', 'is', null).execute();
}

describe('a sweep whose process died', () => {
  const died = (change = {}) =>
    engine.db
      .insertInto('sweep')
      .values({ started_at: new Date(NOW), state: 'running', options: JSON.stringify({ groups: [] }), ...change })
      .execute();

  it('is marked by the next one, which begins with what it left', async () => {
    fleet.addMany(4);
    await brokenOff();
    await died();
    await engine.db
      .updateTable('repository')
      .set({ due_since: new Date(NOW - 5) })
      .where('path', '=', 'shop/p3')
      .execute();
    const { results } = await swept({ limit: 1 });
    expect(results.map(({ path }) => path)).toEqual(['shop/p3']);
    expect((await sweeps()).map(({ state }) => state)).toEqual(['done', 'interrupted', 'done']);
  });

  it('is known in a database by its silence, whatever becomes of what it wanted', async () => {
    const shared: Engine = { ...engine, kind: 'postgres' };
    const ago = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`;
    await died({ heard_at: ago(200) });
    await died({ heard_at: ago(100), started_at: new Date(0) });
    await died();
    await died({ heard_at: null, started_at: ago(200) });
    await engine.db
      .insertInto('outcome')
      .values({ sweep: 1, key: 'x', at: new Date(), kind: 'unchanged', ms: 1, requests: 1 })
      .execute();
    await swept({ engine: shared });
    const states = (await sweeps()).map(({ state }) => state);
    expect(states).toEqual(['interrupted', 'running', 'running', 'interrupted', 'done']);
  });

  it('says that it lives while it looks around, and while it works', { timeout: 60_000 }, async () => {
    fleet.addMany(1);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const told: string[] = [];
    const silent = async (where: string): Promise<void> => {
      await engine.db
        .updateTable('sweep')
        .set({ heard_at: new Date(0) })
        .execute();
      vi.advanceTimersByTime(20_000);
      await vi.waitUntil(async () => (await sweeps())[0]!.heard_at!.getTime() > 0, { timeout: 20_000 });
      told.push(where);
    };
    const forge: Forge = {
      ...fleet.forge(),
      async *projects(scope) {
        await silent('list');
        yield* fleet.forge().projects(scope);
      },
      standing: async (project, question) => {
        await silent('work');
        return fleet.forge().standing(project, question);
      },
    };
    try {
      expect((await swept({ forges: [forge] })).summary).toMatchObject({ generated: 1 });
    } finally {
      vi.useRealTimers();
    }
    expect(told).toEqual(['list', 'work']);
    expect(await sweeps()).toMatchObject([{ state: 'done' }]);
  });

  it('says until then that it lives, and is not dead where others thought so', async () => {
    await died({ heard_at: new Date(0) });
    await markDied({ ...engine, kind: 'postgres' }, NOW);
    expect(await sweeps()).toMatchObject([{ state: 'interrupted', ended_at: new Date(NOW) }]);
    const heard = async () => (await sweeps())[0]!.heard_at!.getTime() > 0;
    await alive(engine.db, 1, () => vi.waitUntil(heard, { timeout: 30_000 }), 10);
    expect(await sweeps()).toMatchObject([{ state: 'running', ended_at: null }]);
    await markDied({ ...engine, kind: 'postgres' }, NOW);
    expect(await sweeps()).toMatchObject([{ state: 'running' }]);
  });
});

describe('what is left over in the queue', () => {
  it('is not worked on by a sweep over something else, and stays due', async () => {
    fleet.addMany(2, 'shop');
    fleet.addMany(2, 'tools');
    await brokenOff();
    const due = (await rows()).filter(({ due }) => due !== null);
    const gone = { key: `${fleet.instance}#99`, cause: 'new' as const, sweep: 1 };
    await engine.queue.put([...due.map(({ key }) => ({ key, cause: 'new' as const, sweep: 1 })), gone]);
    const { results, summary } = await swept({ groups: ['tools'] });
    expect(results.map(({ path }) => path).toSorted()).toEqual(['tools/p0', 'tools/p1']);
    expect(summary).toMatchObject({ repositories: 2, generated: 2 });
    expect((await rows()).filter(({ due }) => due !== null)).toHaveLength(1);
    expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
  });

  it('is worked on where other processes share it, but not of an instance that is unknown here', async () => {
    fleet.addMany(2);
    await brokenOff();
    const left = (await rows()).find(({ due }) => due !== null)!;
    const foreign = { key: '/srv/repos#cart', cause: 'new' as const, sweep: 1 };
    await addRepository(engine.db, { ...fleet.at('shop/p0').project, instance: '/srv/repos', id: 'cart' });
    await engine.queue.put([{ key: left.key, cause: 'new', sweep: 1 }, foreign]);
    const shared: Engine = { ...engine, kind: 'postgres' };
    fleet.add('tools/one');
    const { summary } = await swept({ engine: shared });
    expect(summary).toMatchObject({ repositories: 3, generated: 2, unchanged: 1, failed: {} });
    expect((await rows()).find(({ project }) => project === 'cart')).toMatchObject({ due: 'new', result: null });
    expect(await engine.queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
  });
});

describe('what is put into the queue', () => {
  it('is put again where it got lost', { timeout: 60_000 }, async () => {
    fleet.addMany(6);
    let begun = 0;
    const lost: Promise<unknown>[] = [];
    const { summary } = await swept({
      run: { concurrency: 1 },
      on: ({ type }) => {
        if (type === 'begun' && ++begun === 1) lost.push(engine.queue.drop());
      },
    });
    expect(await lost[0]).toBeGreaterThan(0);
    expect(summary).toMatchObject({ repositories: 6, generated: 6 });
  });

  it('by others is not waited for', { timeout: 120_000 }, async () => {
    const others = 60;
    fleet.addMany(others, 'tools');
    await brokenOff();
    const slow: Forge = {
      ...fleet.forge(),
      standing: async (project, question) => {
        if (project.path.startsWith('tools/')) await wait(200);
        return fleet.forge().standing(project, question);
      },
    };
    const left = (await rows()).filter(({ due }) => due !== null);
    await engine.queue.put(left.map(({ key }) => ({ key, cause: 'deferred' as const, sweep: 1 })));
    fleet.add('shop/cart');
    const { summary } = await swept({
      groups: ['shop'],
      forges: [slow],
      engine: { ...engine, kind: 'postgres' },
      run: { concurrency: 1 },
    });
    expect(summary).toMatchObject({ repositories: 1, generated: 1 });
    expect((await engine.queue.counts()).ready).toBeGreaterThan(0);
  });
});

describe('a sweep that leaves the work to others', () => {
  it('waits until it is done, and tells of it', { timeout: 60_000 }, async () => {
    fleet.addMany(3);
    const shared: Engine = { ...engine, kind: 'postgres' };
    const waiting = swept({ engine: shared, run: { work: false } });
    await expect.poll(async () => (await engine.queue.counts()).ready, { timeout: 20_000 }).toBe(3);
    const other = new AbortController();
    const { workStep } = await import('../work/step.ts');
    const requests: World['requests'] = { total: () => 0, count: async (of) => ({ value: await of(), requests: 4 }) };
    const step = workStep(engine, testWorld(fleet.forge(), { requests }), gate, () => {});
    await engine.queue.work(step.handle, step.bury, { concurrency: 1, stop: other.signal, untilIdle: true });
    const { summary, results, interrupted } = await waiting;
    expect([summary.generated, results.length, interrupted]).toEqual([3, 3, false]);
    expect(summary.requests).toBe(12);
  });

  it('ends beside another one over the same repositories', { timeout: 60_000 }, async () => {
    fleet.addMany(6);
    const shared: Engine = { ...engine, kind: 'postgres' };
    const both = await Promise.all([swept({ engine: shared }), swept({ engine: shared })]);
    for (const { summary, interrupted } of both) {
      expect(interrupted).toBe(false);
      expect(summary.repositories).toBe(6);
      expect(summary.failed).toEqual({});
    }
    for (let at = 0; at < 6; at++) expect(fleet.at(`shop/p${at}`).mergeRequests).toHaveLength(1);
  });

  it('stops when it is told to', { timeout: 60_000 }, async () => {
    fleet.addMany(3);
    const stop = new AbortController();
    const waiting = swept({ run: { work: false, stop: stop.signal } });
    await expect.poll(async () => (await engine.queue.counts()).ready, { timeout: 20_000 }).toBe(3);
    stop.abort();
    expect(await waiting).toMatchObject({ interrupted: true, summary: { skipped: { interrupted: 3 } } });
  });
});

describe('the requests of a sweep', () => {
  it('are those of this process, and what others said that they sent', async () => {
    fleet.addMany(2);
    let total = 10;
    const requests: World['requests'] = {
      total: () => total,
      count: async (run) => {
        const before = total;
        const value = await run();
        total += 5;
        return { value, requests: total - before };
      },
    };
    // Looking around, and two repositories.
    expect((await swept({ world: { requests } })).summary.requests).toBe(15);
  });
});

describe('a sweep in quiet hours', () => {
  const quiet = { fleet: { quiet: [{ days: [...DAYS], from: '00:00', to: '24:00' }] } } as const;

  it('asks nothing, does nothing, and says so', async () => {
    fleet.addMany(3);
    fleet.add('tools/a');
    fleet.add('shop/old', { archived: true });
    await swept();
    push(fleet.at('shop/p0'), { files: MOVED });
    fleet.calls.length = 0;
    const forge = new Proxy(fleet.forge(), {
      get: (of, name) => (name === 'instance' ? of.instance : name === 'then' ? undefined : expect.unreachable()),
    });
    const all = await swept({ world: quiet, forges: [forge] });
    expect(all).toMatchObject({ interrupted: false, results: [] });
    expect(all.summary).toEqual({ ...NOTHING, repositories: 4, skipped: { 'quiet-hours': 4 } });
    expect(all.warnings).toEqual([expect.stringContaining('quiet hours')]);
    expect((await swept({ world: quiet, groups: ['Shop/'] })).summary.skipped).toEqual({ 'quiet-hours': 3 });
    expect(fleet.calls).toEqual([]);
    expect((await sweeps()).at(-1)).toMatchObject({ state: 'done' });
    expect((await swept()).summary).toMatchObject({ refreshed: 1 });
  });

  it('over a folder goes on', async () => {
    fleet = new Fleet('/srv/repos');
    fleet.addMany(1);
    expect((await swept({ world: quiet })).summary).toMatchObject({ generated: 1 });
  });
});

it('a sweep waits for no moment that a clock said that was ahead', async () => {
  fleet.addMany(1);
  gate = Object.assign(new TestGate(), {
    open: { reason: 'limit-new-per-hour', message: 'x', until: NOW + 365 * 24 * 3_600_000 },
  });
  expect((await swept()).summary.skipped).toEqual({ 'limit-new-per-hour': 1 });
  gate = new TestGate();
  expect((await swept()).summary).toMatchObject({ generated: 1 });
});
