import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import { alter, merge, push } from '../../generator/publish/testing/memory-world.ts';
import { testEngine } from '../testing/engine.ts';
import { emptied, TestGate, testWorld } from '../work/testing/test-world.ts';
import type { SweepEvent } from './events.ts';
import { sweep } from './index.ts';
import type { SweepOptions } from './options.ts';
import { rehearse } from './rehearse.ts';
import { Fleet } from './testing/fleet.ts';

let engine: Awaited<ReturnType<typeof testEngine>>;
let fleet: Fleet;
beforeAll(async () => {
  engine = await testEngine();
});
beforeEach(async () => {
  fleet = new Fleet();
  await emptied(engine.db);
});
afterAll(() => engine.drop());

type Change = Partial<SweepOptions> & { readonly world?: Parameters<typeof testWorld>[1] };
const run = { concurrency: 2, stop: new AbortController().signal, work: true };

/** What it would do, with what it wrote into the memory forge taken back. */
async function rehearsed({ world: change, ...options }: Change = {}, more: Partial<typeof run> = {}) {
  const events: SweepEvent[] = [];
  const before = await stateOf();
  const world = testWorld(fleet.forge(), change);
  const result = await rehearse(engine.db, world, { groups: [], ...options }, { ...run, ...more }, (event) => {
    events.push(event);
  });
  expect(await stateOf()).toEqual(before);
  return { ...result, events };
}

const swept = ({ world: change, ...options }: Change = {}) =>
  sweep(engine, testWorld(fleet.forge(), change), new TestGate(), { groups: [], ...options }, run, () => {});

async function stateOf() {
  const tables = ['repository', 'merge_request', 'sweep', 'outcome', 'permit', 'memo', 'rollout'] as const;
  return Promise.all(tables.map((table) => engine.db.selectFrom(table).selectAll().execute()));
}

const counts = ({ summary }: { readonly summary: object }) => ({ ...summary, ms: 0, requests: 0 });
const MOVED = { 'package.json': JSON.stringify({ scripts: { test: 'other test', lint: 'x', fix: 'y' } }) };

describe('a rehearsal', () => {
  it('needs no state, keeps nothing, and tells what would come of each', async () => {
    fleet.addMany(3);
    fleet.add('shop/old', { archived: true });
    const { events, interrupted, ...told } = await rehearsed();
    expect(counts(told)).toEqual({
      ...{ repositories: 4, generated: 3, refreshed: 0, unchanged: 0, skipped: { archived: 1 }, failed: {} },
      ...{ ms: 0, requests: 0 },
    });
    expect(interrupted).toBe(false);
    expect(events.filter(({ type }) => type === 'listed').at(-1)).toMatchObject({ projects: 4, done: true });
    expect(events.find(({ type }) => type === 'preview')).toMatchObject({
      preview: { repositories: 3, due: { new: 3 } },
    });
    expect(events.filter(({ type }) => type === 'begun')).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'repository')).toMatchObject(
      Array.from({ length: 3 }, () => ({ outcome: 'generated', instance: fleet.instance })),
    );
    expect(events.at(-1)).toEqual({ type: 'progress', done: 3, total: 3, failed: 0, current: [] });
  });

  it('tells a merge request that would be opened where the file is there as a refresh', async () => {
    fleet.addMany(2);
    await swept();
    merge(fleet.at('shop/p1'), 1);
    push(fleet.at('shop/p1'), { files: MOVED });
    const { events } = await rehearsed();
    expect(events.filter(({ type }) => type === 'repository')).toMatchObject([
      { path: 'shop/p1', outcome: 'refreshed', opened: true },
    ]);
  });

  it.each<[string, Change, () => void]>([
    ['where nothing changed', {}, () => {}],
    ['where branches moved', {}, () => void push(fleet.at('shop/p1'), { files: MOVED })],
    [
      'where people answered',
      {},
      () => void alter(fleet.at('shop/p1'), 1, { state: 'closed', updatedAt: '2026-11-21T12:00:00Z' }),
    ],
    [
      'where default branches are renamed',
      {},
      () => {
        fleet.at('shop/p1').branches.set('trunk', fleet.at('shop/p1').branches.get('main')!);
        fleet.change('shop/p1', { defaultBranch: 'trunk' });
      },
    ],
    ['where projects moved', {}, () => fleet.change('shop/p1', { path: 'tools/p1' })],
    [
      'where projects are new, gone, or archived',
      {},
      () => {
        fleet.add('shop/new');
        fleet.remove('shop/p1');
        fleet.change('shop/p2', { archived: true });
      },
    ],
    [
      'with a new generator',
      { world: { policy: async () => ({ generator: '2', codex: null, catalog: null }) } },
      () => {},
    ],
    ['with a limit', { limit: 1 }, () => void fleet.addMany(3, 'tools')],
    ['in a group', { groups: ['shop'] }, () => void fleet.addMany(3, 'tools')],
    ['in a group that is unknown', { groups: ['shpo', 'shop'] }, () => (fleet.groups = ['shop'])],
    ['of an instance that fails', {}, () => (fleet.fails = { verb: 'heads', after: 0, reason: 'timeout' })],
  ])('comes to what the sweep comes to %s', async (_, options, change) => {
    fleet.addMany(12);
    await swept();
    change();
    // The sweep finds the memory forge as the rehearsal left it, which wrote into it: so it looks first what is to be done.
    const { events, ...told } = await rehearsed(options);
    const again: SweepEvent[] = [];
    const world = testWorld(fleet.forge(), options.world);
    const { world: _world, ...sweeping } = { groups: [], ...options };
    const real = await sweep(engine, world, new TestGate(), sweeping, run, (event) => void again.push(event));
    const of = (all: readonly SweepEvent[], type: SweepEvent['type']) => all.filter((event) => event.type === type);
    expect(of(events, 'preview')).toEqual(of(again, 'preview'));
    expect(of(events, 'warning')).toEqual(of(again, 'warning'));
    expect((told.summary as { repositories: number }).repositories).toBe(real.summary.repositories);
    expect(told.summary.failed).toEqual(real.summary.failed);
  });

  it('looks at what was gone for a while, as the sweep does', async () => {
    fleet.addMany(12);
    await swept();
    await engine.db
      .updateTable('repository')
      .set({ gone_since: new Date(0) })
      .where('path', '=', 'shop/p1')
      .execute();
    const { events } = await rehearsed();
    expect(events.find(({ type }) => type === 'preview')).toMatchObject({ preview: { due: { replied: 1 } } });
  });

  it('says that a list shrank', async () => {
    fleet.addMany(12);
    await swept();
    for (let at = 0; at < 6; at++) fleet.remove(`shop/p${at}`);
    const warnings = async (options: Change) =>
      (await rehearsed(options)).events.filter(({ type }) => type === 'warning').length;
    expect(await warnings({})).toBe(1);
    expect(await warnings({ acceptShrunk: true })).toBe(0);
    expect(await warnings({ since: '2026-01-01T00:00:00Z' })).toBe(0);
  });

  it('asks for a project where it is now', async () => {
    fleet.add('shop/cart');
    await swept({ limit: 1 });
    fleet.change('shop/cart', { path: 'store/cart', defaultBranch: 'trunk' });
    const forge = fleet.forge();
    const asked: string[] = [];
    const standing: Forge['standing'] = async (project, question) => {
      asked.push(project.path);
      return forge.standing(project, question);
    };
    await rehearsed({ world: { forge: async () => ({ ...forge, standing }) } });
    expect(asked).toEqual(['store/cart']);
  });

  it('goes on where one fails', async () => {
    fleet.addMany(3);
    const forge = fleet.forge();
    const world = {
      forge: async () => ({
        ...forge,
        standing: async (...given: Parameters<typeof forge.standing>) => {
          if (given[0].path === 'shop/p1') throw new ForgeError('unavailable', 'shop/p1: 502');
          return forge.standing(...given);
        },
      }),
    };
    const { summary, events } = await rehearsed({ world });
    expect(summary).toMatchObject({ generated: 2, failed: { unavailable: 1 } });
    expect(events).toContainEqual(
      expect.objectContaining({ path: 'shop/p1', outcome: 'failed', reason: 'unavailable', message: 'shop/p1: 502' }),
    );
  });

  it('ends soon when it is stopped', async () => {
    fleet.addMany(6);
    const stop = new AbortController();
    let begun = 0;
    const about = async () => {
      if (++begun === 2) stop.abort();
      return { uncertain: false };
    };
    const { summary, interrupted } = await rehearsed({ world: { about } }, { concurrency: 1, stop: stop.signal });
    expect([interrupted, summary.generated, summary.skipped]).toEqual([true, 2, { interrupted: 4 }]);
    expect(await rehearsed({}, { stop: AbortSignal.abort() })).toMatchObject({ interrupted: true });
  });
});
