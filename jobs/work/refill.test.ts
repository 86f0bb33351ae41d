import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testProject } from '../../forge/testing/project.ts';
import type { Engine } from '../engine.ts';
import type { Task } from '../queue/port.ts';
import type { Asking } from '../rollout/port.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { refill, retryHeld } from './refill.ts';
import { addRepository, emptied, NOW } from './testing/test-world.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(() => emptied(db));
afterAll(() => db.destroy());

const INSTANCE = 'https://gitlab.example.com';
const ALL = { now: NOW, instances: [INSTANCE] };

function queued() {
  const tasks: Task[] = [];
  const put = async (more: readonly Task[]) => tasks.push(...more) && more.length;
  const engine = { db, queue: { put } as unknown as Engine['queue'] };
  const paths = async () => {
    const rows = await db.selectFrom('repository').select(['key', 'path']).execute();
    const byKey = new Map(rows.map(({ key, path }) => [key, path]));
    return tasks
      .splice(0)
      .map(({ key }) => byKey.get(key)!)
      .sort();
  };
  return { engine, tasks, paths };
}

let id = 0;
const add = (path: string, change: object = {}, instance = INSTANCE) =>
  addRepository(db, testProject({ id: String(++id), path, instance }), change);

it('puts what is due now, with its cause and the sweep that wants it', async () => {
  const { engine, tasks, paths } = queued();
  const key = await add('shop/a', { due: 'moved', due_sweep: 4 });
  expect(await refill(engine, ALL)).toBe(1);
  expect(tasks).toEqual([{ key, cause: 'moved', sweep: 4 }]);
  tasks.length = 0;
  await add('shop/later', { not_before: new Date(NOW + 1) });
  await add('shop/past', { not_before: new Date(NOW) });
  await add('shop/nothing', { due: null });
  await add('shop/gone', { gone_since: new Date(NOW) });
  await add('shop/held', { due: 'deferred' });
  await add('shop/elsewhere', {}, '/srv/repos');
  await add('shop/newer', { due: 'what a newer version knows' });
  await refill(engine, ALL);
  expect(tasks.at(-1)!.cause).toBe('deferred');
  expect(await paths()).toEqual(['shop/a', 'shop/newer', 'shop/past']);
});

it('goes on where there are many', async () => {
  const { engine, paths } = queued();
  const rows = Array.from({ length: 2500 }, (_, at) => ({
    ...{ key: `k${String(at).padStart(5, '0')}`, instance: INSTANCE, project: `${at}`, path: `p${at}`, url: '' },
    ...{ due: 'new', first_seen: new Date(NOW), last_seen: new Date(NOW) },
  }));
  await db.insertInto('repository').values(rows).execute();
  expect(await refill(engine, ALL)).toBe(2500);
  expect(new Set(await paths()).size).toBe(2500);
});

it.each([
  ['*', []],
  ['shop', ['shopping/c']],
  ['Shop/Sub', ['shop/a', 'shopping/c']],
  ['shop/a', ['shop/sub/b', 'shopping/c']],
  ['sho_', ['shop/a', 'shop/sub/b', 'shopping/c']],
])('leaves out what is paused: %s', async (scope, left) => {
  const { engine, paths } = queued();
  for (const path of ['shop/a', 'shop/Sub/b', 'shopping/c']) await add(path);
  await db
    .insertInto('pause')
    .values({ scope, reason: '', by: 'ada', since: new Date(NOW) })
    .execute();
  await refill(engine, ALL);
  expect((await paths()).map((path) => path.toLowerCase()).toSorted()).toEqual(left);
});

it('asks the gate for those that were held back without a time, and few of each at a time', async () => {
  const { engine, tasks, paths } = queued();
  const asked: string[] = [];
  const gate = {
    mayWork: async ({ path }: Asking) => {
      asked.push(path);
      return path.includes('quiet') ? ({ reason: 'quiet-hours', message: '' } as const) : undefined;
    },
    mayOpen: async ({ path }: Asking) =>
      path.includes('full') ? ({ reason: 'limit-open', message: '' } as const) : undefined,
  };
  await add('shop/free', { due: 'deferred', due_sweep: 3 });
  await add('shop/full', { due: 'deferred' });
  await add('shop/quiet', { due: 'deferred' });
  await add('shop/past', { due: 'deferred', not_before: new Date(NOW - 1) });
  await add('shop/later', { due: 'deferred', not_before: new Date(NOW + 1) });
  await add('shop/new', {});
  expect(await retryHeld(engine, gate, ALL)).toBe(2);
  expect(tasks.map(({ sweep }) => sweep)).toEqual([null, 3]);
  expect(await paths()).toEqual(['shop/free', 'shop/past']);
  expect(asked.toSorted()).toEqual(['shop/free', 'shop/full', 'shop/quiet']);
  for (let at = 0; at < 60; at++) await add(`shop/n${at}`, { due: 'deferred', not_before: new Date(NOW - 100 - at) });
  for (let at = 0; at < 30; at++) await add(`shop/m${at}`, { due: 'deferred' });
  asked.length = 0;
  await retryHeld(engine, gate, ALL);
  expect(asked.length).toBe(20);
  expect(tasks.length).toBeLessThanOrEqual(70);
  // The one that waits the shortest comes last.
  expect(await paths()).not.toContain('shop/past');
});
