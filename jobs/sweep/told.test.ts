import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import { projectStatus } from '../status/project.ts';
import { testEngine } from '../testing/engine.ts';
import { emptied, TestGate, testWorld } from '../work/testing/test-world.ts';
import type { SweepEvent } from './events.ts';
import { sweep } from './index.ts';
import { Fleet } from './testing/fleet.ts';
import { keptUnlisted } from './unlisted.ts';

let engine: Awaited<ReturnType<typeof testEngine>>;
let fleet: Fleet;
beforeAll(async () => {
  // In s: long enough that somebody looks meanwhile.
  engine = await testEngine({ retries: 1, timing: { retryDelay: 4, retryDelayMax: 4 } });
});
beforeEach(async () => {
  fleet = new Fleet();
  await emptied(engine.db);
  await engine.queue.drop();
});
afterAll(() => engine.drop());

async function told(forge: Forge, groups: readonly string[] = [], seen?: (event: SweepEvent) => Promise<void>) {
  const events: SweepEvent[] = [];
  const looks: Promise<void>[] = [];
  const run = { concurrency: 2, stop: new AbortController().signal, work: true };
  const result = await sweep(engine, testWorld(forge), new TestGate(), { groups }, run, (event) => {
    events.push(event);
    if (seen) looks.push(seen(event));
  });
  await Promise.all(looks);
  return { ...result, events };
}

describe('what a sweep tells', { timeout: 120_000 }, () => {
  it('names those that are skipped without being worked on, and counts them as before', async () => {
    fleet.add('shop/a');
    fleet.add('shop/old', { archived: true });
    const { events, summary } = await told(fleet.forge());
    expect(events.filter(({ type }) => type === 'skipped')).toEqual([
      { type: 'skipped', path: 'shop/old', instance: fleet.instance, reason: 'archived' },
    ]);
    expect(summary).toMatchObject({ repositories: 2, generated: 1, skipped: { archived: 1 } });
  });

  it('says of what was held back that it was, though nothing came of it yet', async () => {
    fleet.addMany(2);
    await told(fleet.forge());
    const first = { processed_at: null, generator: null, codex: null, head: null, due: 'deferred' } as const;
    await engine.db
      .updateTable('repository')
      .set({ ...first, result: 'deferred', reason: 'wave' })
      .where('path', '=', 'shop/p0')
      .execute();
    await engine.db
      .updateTable('repository')
      .set({ ...first, due: 'new', result: null })
      .where('path', '=', 'shop/p1')
      .execute();
    const { events } = await told(fleet.forge());
    expect(events.find(({ type }) => type === 'preview')).toMatchObject({
      preview: { repositories: 2, due: { new: 1, deferred: 1 } },
    });
  });

  it('says how many wait to be tried again, and so does the status of each', async () => {
    fleet.addMany(1);
    const forge: Forge = {
      ...fleet.forge(),
      standing: async () => {
        throw new ForgeError('unavailable', 'shop/p0: half an answer');
      },
    };
    const stands: unknown[] = [];
    const { events, summary } = await told(forge, [], async (event) => {
      if (event.type === 'progress' && event.waiting === 1)
        stands.push(...(await projectStatus(engine, 'shop/p0')).map(({ queued }) => queued));
    });
    expect(events).toContainEqual({
      ...{ type: 'progress', done: 0, total: 1, failed: 0, waiting: 1 },
      current: [],
    });
    expect(stands[0]).toEqual({
      state: 'waiting',
      tries: 1,
      most: 2,
      from: expect.any(Date),
      reason: 'unavailable',
      message: 'shop/p0: half an answer',
    });
    expect(summary.failed).toEqual({ unavailable: 1 });
    expect(events.findLast(({ type }) => type === 'progress')).not.toHaveProperty('waiting');
    expect((await projectStatus(engine, 'shop/p0'))[0]!.queued).toBeNull();
  });

  it('says of an instance that could not be listed how many that is about, and keeps it', async () => {
    fleet.addMany(3);
    await told(fleet.forge());
    fleet.fails = { verb: 'projects', after: 0, reason: 'unavailable' };
    const { events, summary } = await told(fleet.forge());
    const unlisted = { instance: fleet.instance, reason: 'unavailable', repositories: 3 };
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({ unlisted });
    expect(summary.failed).toEqual({ unavailable: 3 });
    expect(await keptUnlisted(engine.db)).toMatchObject([unlisted]);
    fleet.fails = undefined;
    await told(fleet.forge());
    expect(await keptUnlisted(engine.db)).toEqual([]);
  });

  it('says of a project that was named as a group that it is one, and what to type', async () => {
    fleet.add('shop/backend/api');
    fleet.groups = ['shop'];
    const forge = fleet.forge();
    const named: Forge = {
      ...forge,
      project: async (id) => forge.project(id === 'shop/backend/api' ? '1' : id),
    };
    const { events, summary } = await told(named, ['shop/backend/api']);
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({
      message:
        'shop/backend/api: is a project, and a sweep is about groups: agentsmd sweep shop/backend is about all of its group, agentsmd generate --publish shop/backend/api about it alone',
      unlisted: { instance: '', group: 'shop/backend/api', repositories: 1 },
    });
    expect(summary).toMatchObject({ repositories: 1, failed: { 'not-found': 1 } });
    const unknown = await told(named, ['nowhere/at-all']);
    expect(unknown.events.find(({ type }) => type === 'warning')).toMatchObject({
      message: expect.stringContaining('nowhere/at-all: no such group'),
    });
  });
});
