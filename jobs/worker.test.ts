import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Forge } from '../forge/port.ts';
import { memoryForge } from '../generator/publish/testing/memory-forge.ts';
import type { Engine } from './engine.ts';
import type { Scheduled, Task, TaskQueue } from './queue/port.ts';
import { openEngine } from './store/open.ts';
import type { Tables } from './store/tables.ts';
import type { SweepEvent } from './sweep/events.ts';
import { memoryState } from './testing/state.ts';
import { addRepository, emptied, NOW, TestGate, testWorld } from './work/testing/test-world.ts';
import { fill, work } from './worker.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(() => emptied(db));
afterAll(() => db.destroy());

const CART = {
  'package.json': '{"name":"cart","scripts":{"test":"node tools/test.js","build":"tsc -b"}}',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

/** A queue in memory, one task at a time. */
class MemoryQueue implements TaskQueue {
  readonly tasks = new Map<string, Task>();
  full = 0;
  broken: Error | undefined;

  async put(tasks: readonly Task[]) {
    const fresh = tasks.filter(({ key }) => !this.tasks.has(key));
    for (const task of fresh) this.tasks.set(task.key, task);
    return fresh.length;
  }

  async work(...[handle, , { stop }]: Parameters<TaskQueue['work']>) {
    while (!stop.aborted) {
      if (this.broken) throw this.broken;
      const [task] = this.tasks.values();
      if (task) {
        const signal = new AbortController().signal;
        await handle({ task, tries: 0, signal, complete: async () => true });
        this.tasks.delete(task.key);
      } else await setTimeout(5);
    }
  }

  async counts() {
    return { ready: this.full + this.tasks.size, waiting: 0, active: 0 };
  }

  async queued() {
    return undefined;
  }

  async holds(key: string) {
    return this.tasks.has(key);
  }

  async held(keys: readonly string[]) {
    return new Set(keys.filter((key) => this.tasks.has(key)));
  }

  async inHand() {
    return [];
  }

  async drop() {
    return 0;
  }
}

async function started(schedules: readonly Scheduled[] = [], lost = new AbortController().signal) {
  const { forge, world: repository } = memoryForge(CART);
  const queue = new MemoryQueue();
  const ended: string[] = [];
  const scheduler: Pick<Engine['scheduler'], 'work'> = {
    work: async (run, stop) => {
      for (const schedule of schedules) await run(schedule, lost);
      while (!stop.aborted) await setTimeout(5);
      ended.push('scheduler');
    },
  };
  const engine = { kind: 'postgres', db, queue, scheduler } as unknown as Engine;
  const log: string[] = [];
  const told = (_: unknown, message: string) => void log.push(message);
  const world = testWorld(forge, { log: { debug: told, info: told, warn: told, error: told } });
  const [stop, abort] = [new AbortController(), new AbortController()];
  const events: SweepEvent[] = [];
  const working = (every?: number) =>
    work(
      engine,
      world,
      new TestGate(),
      { concurrency: 1, stop: stop.signal, abort: abort.signal, ...(every === undefined ? {} : { every }) },
      (event) => void events.push(event),
    );
  return { repository, queue, engine, world, log, stop, events, working, ended };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(10);
}

it('works on what is due, and on what becomes due, until it is stopped', async () => {
  const { repository, events, working, stop, ended } = await started();
  await addRepository(db, repository.project);
  const work = working(20);
  await until(() => repository.mergeRequests.length === 1);
  await until(() => events.filter(({ type }) => type === 'repository').length === 1);
  await db.updateTable('repository').set({ due: 'moved' }).execute();
  await until(() => events.filter(({ type }) => type === 'repository').length === 2);
  stop.abort();
  await work;
  expect(ended).toEqual(['scheduler']);
  expect((await db.selectFrom('outcome').select('kind').execute()).map(({ kind }) => kind)).toEqual([
    'created',
    'unchanged',
  ]);
});

it('finishes what is in hand', async () => {
  const { repository, world, working, stop, events } = await started();
  await addRepository(db, repository.project);
  const plain = world.propose;
  Object.assign(world, {
    propose: (...given: Parameters<typeof plain>) => {
      stop.abort();
      return setTimeout(50).then(() => plain(...given));
    },
  });
  await working();
  expect(events.at(-1)).toMatchObject({ type: 'repository', outcome: 'generated' });
});

it('begins what is scheduled, for whoever works', async () => {
  const options = { groups: ['shop'] };
  const { repository, working, stop, queue, log } = await started([
    { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', options },
  ]);
  const work = working(60_000);
  await until(() => repository.mergeRequests.length === 1);
  await until(() => log.includes('a scheduled sweep has ended'));
  stop.abort();
  await work;
  expect(queue.tasks.size).toBe(0);
  const [sweep] = await db.selectFrom('sweep').selectAll().execute();
  expect(sweep).toMatchObject({ state: 'done', options: { groups: ['shop'], schedule: 'nightly' } });
});

it('ends a scheduled sweep that another process may run instead', async () => {
  const schedule = { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', options: { groups: [] } };
  const { repository, log, working, stop } = await started([schedule], AbortSignal.abort());
  const work = working();
  await until(() => log.includes('a scheduled sweep has ended'));
  stop.abort();
  await work;
  expect(await db.selectFrom('sweep').select('state').execute()).toEqual([{ state: 'interrupted' }]);
  expect(repository.mergeRequests).toEqual([]);
});

it('says of which instances a scheduled sweep is not, as they are served elsewhere', async () => {
  const options = { groups: ['shop'] };
  const { repository, working, stop, log } = await started([
    { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', options },
  ]);
  const said = 'what is known of other instances is not swept by this worker';
  const run = async () => {
    const work = working(60_000);
    await until(() => log.includes('a scheduled sweep has ended'));
    stop.abort();
    await work;
  };
  await addRepository(db, { ...repository.project, instance: 'https://other.example.com', id: '9' });
  await run();
  expect(log).toContain(said);
});

it('goes on where a scheduled sweep fails, and where the database is away for once', async () => {
  const { repository, working, stop, log, queue, world } = await started([
    { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', options: { groups: [] } },
  ]);
  const { total } = world.requests;
  Object.assign(world.requests, {
    total: () => {
      Object.assign(world.requests, { total });
      throw new Error('a bug');
    },
  });
  const counts = queue.counts.bind(queue);
  queue.counts = async () => {
    queue.counts = counts;
    throw new Error('the database is away');
  };
  await addRepository(db, repository.project);
  const work = working(20);
  await until(() => repository.mergeRequests.length === 1);
  stop.abort();
  await work;
  expect(log).toEqual(
    expect.arrayContaining(['a scheduled sweep has failed', expect.stringContaining('the next look is soon')]),
  );
});

it('ends as a whole where its queue breaks', async () => {
  const { queue, working, ended } = await started();
  queue.broken = new Error('the database is gone');
  await expect(working()).rejects.toThrow('the database is gone');
  expect(ended).toEqual(['scheduler']);
});

it('puts nothing into a queue that is full', async () => {
  const { repository, engine, queue, world } = await started();
  await addRepository(db, repository.project);
  queue.full = 1000;
  expect(await fill(engine, world, new TestGate())).toBe(0);
  queue.full = 0;
  expect(await fill(engine, world, new TestGate())).toBe(1);
  expect(await fill(engine, world, new TestGate())).toBe(0);
});

it('sets aside what fails each time, and its neighbours are done meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-worker-'));
  const timing = { retryDelay: 0, monitor: 1 };
  const engine = await openEngine({ folder, retries: 1, timing });
  try {
    const good = memoryForge(CART);
    const bad = memoryForge(CART, { id: '8', path: 'shop/backend/poison' });
    let tries = 0;
    const forge: Forge = {
      ...good.forge,
      standing: async (project, question) => {
        if (project.id !== '8') return await good.forge.standing(project, question);
        tries += 1;
        throw new TypeError('a bug');
      },
    };
    await addRepository(engine.db, bad.world.project);
    await addRepository(engine.db, good.world.project);
    const stop = new AbortController();
    const { signal } = new AbortController();
    const events: SweepEvent[] = [];
    const options = { concurrency: 1, stop: stop.signal, abort: signal, every: 200 };
    const working = work(engine, testWorld(forge), new TestGate(), options, (event) => void events.push(event));
    await until(() => events.filter(({ type }) => type === 'repository').length === 2);
    stop.abort();
    await working;
    expect(tries).toBe(2);
    expect(good.world.mergeRequests).toHaveLength(1);
    const rows = await engine.db.selectFrom('repository').selectAll().orderBy('path').execute();
    expect(rows).toMatchObject([
      { path: 'shop/backend/cart', due: null, dead_since: null, result: 'created' },
      { path: 'shop/backend/poison', due: null, dead_since: new Date(NOW), result: 'failed', reason: 'error' },
    ]);
    expect(await engine.db.selectFrom('outcome').select('kind').orderBy('kind').execute()).toEqual([
      { kind: 'created' },
      { kind: 'failed' },
    ]);
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
