import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Forge } from '../../forge/port.ts';
import type { Engine } from '../engine.ts';
import { sweep } from '../sweep/index.ts';
import { Fleet } from '../sweep/testing/fleet.ts';
import { testEngine } from '../testing/engine.ts';
import { workStep } from '../work/step.ts';
import { emptied, TestGate, testWorld } from '../work/testing/test-world.ts';
import { type RollbackOptions, rollback } from './index.ts';

let engine: Engine;
beforeAll(async () => {
  // As in a database: others may be at work.
  engine = { ...(await testEngine({ retries: 1 })), kind: 'postgres' };
});
beforeEach(async () => {
  await emptied(engine.db);
  await engine.queue.drop();
});
afterAll(() => engine.close());

/** A sweep that is over, and held everything back; and a worker that has one of its repositories in hand. */
async function inHand() {
  const fleet = new Fleet();
  fleet.addMany(2);
  const held = Object.assign(new TestGate(), { open: { reason: 'limit-open', message: 'full' } as const });
  const never = new AbortController().signal;
  const run = { concurrency: 1, stop: never, work: true };
  const { sweep: id } = await sweep(engine, testWorld(fleet.forge()), held, { groups: [] }, run, () => {});
  const row = await engine.db.selectFrom('repository').select('key').orderBy('path').executeTakeFirstOrThrow();
  await engine.queue.put([{ key: row.key, cause: 'deferred', sweep: id }]);
  const [begun, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const forge: Forge = {
    ...fleet.forge(),
    standing: async (project, question) => {
      begun.resolve();
      await release.promise;
      return fleet.forge().standing(project, question);
    },
  };
  const step = workStep(engine, testWorld(forge), new TestGate(), () => {});
  const working = engine.queue.work(step.handle, step.bury, { concurrency: 1, stop: never, untilIdle: true });
  await begun.promise;
  const world = testWorld(fleet.forge());
  return {
    id,
    working,
    release: release.resolve,
    rolledBack: (options: RollbackOptions = {}) => rollback(engine, world, id, options, () => {}),
    states: () => ['p0', 'p1'].flatMap((name) => fleet.at(`shop/${name}`).mergeRequests.map(({ state }) => state)),
  };
}

it('is waited for, and what it opened is closed', { timeout: 60_000 }, async () => {
  const { working, release, rolledBack, states } = await inHand();
  const waits: number[] = [];
  const onWait = (count: number): void => {
    waits.push(count);
    release();
  };
  const result = await rolledBack({ onWait });
  await working;
  expect(waits).toEqual([1]);
  expect(result).toMatchObject({ dropped: 2, busy: 0, counts: { closed: 1 }, interrupted: false });
  expect(states()).toEqual(['closed']);
  const due = await engine.db.selectFrom('repository').select('due').where('due', 'is not', null).execute();
  expect(due).toEqual([]);
});

it('is not waited for for ever: the next run closes what it opened', { timeout: 60_000 }, async () => {
  const { working, release, rolledBack, states } = await inHand();
  expect(await rolledBack({ dryRun: true })).toMatchObject({ dropped: 2, busy: 0 });
  expect(await rolledBack({ patience: 1 })).toMatchObject({ dropped: 2, busy: 1, counts: { closed: 0 } });
  const again = rolledBack({ onWait: () => release() });
  expect(await again).toMatchObject({ dropped: 0, busy: 0, counts: { closed: 1 } });
  await working;
  expect(states()).toEqual(['closed']);
});

it('is not waited for by one that is stopped', { timeout: 60_000 }, async () => {
  const { working, release, rolledBack } = await inHand();
  const stop = new AbortController();
  expect(await rolledBack({ stop: stop.signal, onWait: () => stop.abort() })).toMatchObject({ busy: 1 });
  release();
  await working;
});
