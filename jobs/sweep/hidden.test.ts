import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import { alter } from '../../generator/publish/testing/memory-world.ts';
import { testEngine } from '../testing/engine.ts';
import { refill, retryHeld } from '../work/refill.ts';
import { workStep } from '../work/step.ts';
import { emptied, TestGate, testWorld } from '../work/testing/test-world.ts';
import { sweep } from './index.ts';
import { Fleet } from './testing/fleet.ts';

/** Projects that the token does not see for a while. */

let engine: Awaited<ReturnType<typeof testEngine>>;
let fleet: Fleet;
let isHidden: boolean;
beforeAll(async () => {
  engine = await testEngine();
});
beforeEach(async () => {
  fleet = new Fleet();
  isHidden = false;
  await emptied(engine.db);
  await engine.queue.drop();
});
afterAll(() => engine.drop());

const HIDDEN = 'shop/';
const AT = { closed: '2026-11-21T10:10:00Z', other: '2026-11-21T10:50:00Z' };

/** What a token sees of the fleet. */
function seen(): Forge {
  const forge = fleet.forge();
  const isSeen = (path: string) => !isHidden || !path.startsWith(HIDDEN);
  return {
    ...forge,
    async *projects(scope) {
      for await (const project of forge.projects(scope)) if (isSeen(project.path)) yield project;
    },
    async *labelledMergeRequests(label, since) {
      for await (const each of forge.labelledMergeRequests(label, since)) {
        const { path } = await forge.project(each.projectId);
        if (isSeen(path)) yield each;
      }
    },
    standing: async (project, question) => {
      if (!isSeen(project.path ?? '')) throw new ForgeError('not-found', `${project.path}: 404`);
      return await forge.standing(project, question);
    },
  };
}

async function swept(gate = new TestGate()): Promise<readonly string[]> {
  const warnings: string[] = [];
  const run = { concurrency: 2, stop: new AbortController().signal, work: true };
  await sweep(engine, testWorld(seen()), gate, { groups: [] }, run, (event) => {
    if (event.type === 'warning') warnings.push(event.message);
  });
  return warnings;
}

/** A worker's look at what is due. */
async function look(now?: number): Promise<void> {
  const world = testWorld(seen(), now === undefined ? {} : { now: () => now });
  const step = workStep(engine, world, new TestGate(), () => {});
  const what = { now: world.now(), instances: world.instances };
  await refill(engine, what);
  await retryHeld(engine, new TestGate(), what);
  const stop = new AbortController().signal;
  await engine.queue.work(step.handle, step.bury, { concurrency: 2, stop, untilIdle: true });
}

const mergeRequest = async (path: string) =>
  await engine.db
    .selectFrom('merge_request')
    .innerJoin('repository', 'repository.key', 'merge_request.key')
    .select(['merge_request.state', 'repository.due', 'repository.gone_since'])
    .where('path', '=', path)
    .executeTakeFirstOrThrow();
const gone = async () =>
  (await engine.db.selectFrom('repository').select('key').where('gone_since', 'is not', null).execute()).length;

describe('a merge request that is closed while its project is hidden', () => {
  it.each([
    ['and taken for gone', 40, 0, false],
    ['and the list not believed', 5, 1, false],
    ['and the list not believed, and a worker looks meanwhile', 5, 1, true],
  ])('is heard of when it is back: %s', async (_, others, warnings, isLooked) => {
    fleet.addMany(3, 'shop');
    fleet.addMany(others, 'tools');
    await swept();
    isHidden = true;
    alter(fleet.at('shop/p0'), 1, { state: 'closed', endedAt: AT.closed, updatedAt: AT.closed });
    // So that others move on how far merge requests were read.
    alter(fleet.at('tools/p0'), 1, { updatedAt: AT.other });
    for (let at = 0; at < 2; at++) {
      expect(await swept()).toHaveLength(warnings);
      if (isLooked) await look();
    }
    expect(await gone()).toBe(warnings === 0 ? 3 : 0);
    expect(await mergeRequest('shop/p0')).toMatchObject({ state: 'opened' });
    isHidden = false;
    await swept();
    expect(await mergeRequest('shop/p0')).toEqual({ state: 'closed', due: null, gone_since: null });
    expect(await mergeRequest('shop/p1')).toEqual({ state: 'opened', due: null, gone_since: null });
  });
});

describe('a list that is not believed', () => {
  it('is not carried out by whoever works on what is due', async () => {
    fleet.addMany(12, 'shop');
    fleet.addMany(12, 'tools');
    const closed = new TestGate();
    closed.open = { reason: 'wave', message: '' };
    await swept(closed);
    isHidden = true;
    expect(await swept(closed)).toHaveLength(1);
    for (let at = 0; at < 3; at++) await look();
    expect(await gone()).toBe(0);
    // Not believed the next time either.
    expect(await swept()).toHaveLength(1);
    isHidden = false;
    expect(await swept()).toEqual([]);
    expect(await mergeRequest('shop/p11')).toMatchObject({ state: 'opened', due: null });
  });
});
