import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Postgres, query, startPostgres } from '../../test/postgres/start.ts';
import type { Engine } from '../engine.ts';
import type { Claim } from '../queue/port.ts';
import { openPostgres } from '../testing/engines.ts';
import { startProcess } from '../testing/process.ts';
import { openEngine } from './open.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let postgres: Postgres;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  url = await postgres.database();
});

/** As the queue of three processes that check it often. */
const TIMING = { heartbeat: 3, monitor: 1, retryDelay: 0 };
const put = (engine: Engine, ...keys: string[]) =>
  engine.queue.put(keys.map((key) => ({ key, cause: 'moved', sweep: null })));
const keys = (count: number) => Array.from({ length: count }, (_, n) => `k${n}`);

describe('a database', () => {
  it('is named without its password', async () => {
    const engine = await openPostgres(`${url}?application_name=x`);
    expect([engine.kind, engine.where]).toEqual([
      'postgres',
      expect.stringMatching(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\/test_\d+$/),
    ]);
    await engine.close();
    await engine.close();
  });

  it('says what time it is, and not the machine', async () => {
    const engine = await openPostgres(url);
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(engine.db);
    vi.spyOn(Date, 'now').mockReturnValue(0);
    const now = engine.now();
    vi.restoreAllMocks();
    expect(Math.abs(now - rows[0]!.now.getTime())).toBeLessThan(60_000);
    await engine.close();
  });

  it('is made ready once by several that come together', async () => {
    const engines = await Promise.all(keys(4).map(() => openPostgres(url)));
    const taken = await Promise.all(engines.map((engine) => put(engine, 'a', 'b')));
    expect(taken.reduce((sum, n) => sum + n)).toBe(2);
    for (const engine of engines) await engine.close();
  });

  it('takes the same from several at once', async () => {
    const engines = [await openPostgres(url), await openPostgres(url)];
    const many = keys(2000);
    for (let round = 0; round < 3; round += 1) {
      const taken = await Promise.all([put(engines[0]!, ...many), put(engines[1]!, ...many.toReversed())]);
      expect(taken[0]! + taken[1]!).toBe(2000);
      expect(await engines[0]!.queue.drop()).toBe(2000);
    }
    for (const engine of engines) await engine.close();
  });

  it('gives whole numbers and times as the embedded one does', async () => {
    const engine = await openPostgres(url);
    const at = new Date('2026-11-21T10:00:00Z');
    const outcome = { key: 'a', at, kind: 'created', ms: 5, requests: 3 };
    const { id } = await engine.db.insertInto('outcome').values(outcome).returning('id').executeTakeFirstOrThrow();
    const row = await engine.db.selectFrom('outcome').selectAll().executeTakeFirstOrThrow();
    expect([id, row.id, row.at, row.ms]).toEqual([1, 1, at, 5]);
    await engine.close();
  });

  it('works for a user who may not create schemas, where they are there', async () => {
    await query(url, `create role few login password 'few'`);
    const few = url.replace(/\/\/.*@/, '//few:few@');
    await expect(openPostgres(few)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/create schemas.*agentsmd_queue/),
    });
    await query(url, 'create schema agentsmd authorization few');
    await query(url, 'create schema agentsmd_queue authorization few');
    const engine = await openPostgres(few);
    expect(await put(engine, 'a')).toBe(1);
    await engine.shared.take('a', 1);
    await engine.close();
  });

  it('that was made by a newer version is left alone', async () => {
    await (await openPostgres(url)).close();
    await query(url, `insert into agentsmd.kysely_migration values ('999-later', '2030-01-01')`);
    await expect(openPostgres(url)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('newer agentsmd'),
    });
  });
});

describe('a database that cannot be had', () => {
  const secret = 's3cr3t%2Fword';
  const refusal = async (address: string) => {
    const error = await openEngine({ url: address, folder: '', retries: 3 }).catch((thrown: unknown) => thrown);
    const { message, exitCode } = error as { message: string; exitCode: number };
    expect(message).not.toMatch(/s3cr3t|word$/);
    return `${exitCode} ${message}`;
  };
  const at = (user: string, rest: string) => `postgres://${user}:${secret}@${rest}`;
  const server = () => new URL(url).host;

  it('because nobody listens', async () => {
    expect(await refusal(at('me', '127.0.0.1:1/db'))).toMatch(
      /^3 the database postgres:\/\/me@127\.0\.0\.1:1\/db .*ECONNREFUSED/,
    );
  });

  it('because there is no such host', async () => {
    expect(await refusal(at('me', 'db.invalid/db'))).toMatch(/^3 the database postgres:\/\/me@db\.invalid\/db /);
  });

  it('because user or password are wrong', async () => {
    expect(await refusal(at('postgres', `${server()}/postgres`))).toMatch(/^2 .*check DATABASE_URL/);
    expect(await refusal(`postgres://postgres@${server()}/postgres`)).toMatch(/^2 .*password/);
  });

  it('because it does not exist', async () => {
    expect(await refusal(url.replace(/\w+$/, 'nowhere'))).toMatch(/^2 .*\/nowhere is not there: create the database/);
  });

  it.each([
    '',
    'db',
    'mysql://a:s3cr3t@b/c',
    'postgres//x',
    'http://x',
  ])('because %j is no address', async (address) => {
    expect(await refusal(address)).toMatch(/^2 DATABASE_URL is not an address/);
  });
});

describe('a task that comes in the moment in which one is stopped', () => {
  it('is not begun', async () => {
    const engine = await openPostgres(url);
    await put(engine, 'a');
    const stop = new AbortController();
    const begun: string[] = [];
    await engine.queue.work(
      async (claim) => void begun.push(claim.task.key),
      async () => {},
      {
        concurrency: 1,
        stop: stop.signal,
        mayBegin: async () => {
          process.nextTick(() => stop.abort());
          return true;
        },
      },
    );
    expect(begun).toEqual([]);
    expect(await engine.queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
    await engine.close();
  });
});

describe('a server that goes away', () => {
  it('costs nothing when it comes back', async () => {
    const problems: string[] = [];
    const engine = await openPostgres(url, { onProblem: (message) => problems.push(message) });
    await put(engine, 'a', 'b');
    const stop = new AbortController();
    const done: string[] = [];
    const complete = (claim: Claim) => engine.db.transaction().execute((trx) => claim.complete(trx));
    const end = engine.queue.work(
      async (claim) => {
        if (done.length === 0) await postgres.stop();
        done.push(claim.task.key);
        if (done.length === 1) await postgres.start();
        await complete(claim);
        if (done.length === 3) stop.abort();
      },
      async () => {},
      { concurrency: 1, stop: stop.signal },
    );
    await vi.waitFor(() => expect(done).toHaveLength(2), { timeout: 60_000 });
    await vi.waitFor(() => put(engine, 'c'), { timeout: 60_000 });
    await end;
    expect(done.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    await engine.close();
  });
});

describe('a server that goes away in a transaction', () => {
  it('costs that transaction, and nothing else', async () => {
    const engine = await openPostgres(url);
    const row = (name: string) => ({ name, value: '{}' });
    const broken = engine.db.transaction().execute(async (trx) => {
      await trx.insertInto('memo').values(row('a')).execute();
      await postgres.stop();
      await postgres.start();
      await trx.insertInto('memo').values(row('b')).execute();
    });
    await expect(broken).rejects.toThrow();
    await engine.db.insertInto('memo').values(row('c')).execute();
    expect(await engine.db.selectFrom('memo').select('name').execute()).toEqual([{ name: 'c' }]);
    await engine.close();
  });
});

describe('a server that stays away', () => {
  it('has what is in hand taken for lost, and done again', async () => {
    const engine = await openPostgres(url, { timing: TIMING });
    await put(engine, 'a');
    const told: string[] = [];
    await engine.queue.work(
      async (claim) => {
        if (claim.tries === 0) {
          await postgres.stop();
          await new Promise((resolve) => claim.signal.addEventListener('abort', resolve));
          await postgres.start();
          // As if nobody had missed us yet: who gave up must not look alive.
          await query(url, `update agentsmd_queue.job set heartbeat_on = now() where state = 'active'`);
          await vi.waitFor(
            async () => expect(await engine.queue.counts()).toMatchObject({ ready: 1, active: 0 }),
            60_000,
          );
        }
        const ours = await engine.db.transaction().execute((trx) => claim.complete(trx));
        told.push(`${claim.tries} ${claim.signal.aborted} ${ours}`);
      },
      async () => {},
      { concurrency: 1, stop: new AbortController().signal, untilIdle: true },
    );
    expect(told).toEqual(['0 true false', '1 false true']);
    await engine.close();
  });
});

describe.concurrent('three processes', () => {
  it('do each task once, and those of one that is killed again', async () => {
    const url = await postgres.database();
    const engine = await openPostgres(url, { timing: TIMING });
    const act = { engine: { url, timing: TIMING }, work: { concurrency: 3, ms: 300, untilIdle: false } };
    const processes = [startProcess(act), startProcess(act), startProcess(act)];
    const [victim, ...others] = processes;
    await Promise.all(processes.map((each) => each.says('ready')));
    await put(engine, ...keys(45));
    await victim!.says('begun');
    await victim!.kill();
    const orphans = victim!.all('begun').filter((key) => !victim!.all('done').includes(key));
    expect(orphans).not.toEqual([]);
    await vi.waitFor(async () => expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 }), {
      timeout: 120_000,
      interval: 100,
    });
    await Promise.all(others.map((each) => each.kill('SIGTERM')));
    const done = processes.flatMap((each) => each.all('done'));
    const again = others.flatMap((each) =>
      each.told.flatMap(({ begun, tries }) => (begun && tries === 1 ? begun : [])),
    );
    // It may have completed one, and have been killed before it said so.
    const untold = orphans.filter((key) => !again.includes(key));
    expect([...done, ...untold].toSorted()).toEqual(keys(45).toSorted());
    expect([...again, ...untold].toSorted()).toEqual(orphans.toSorted());
    expect(again).not.toEqual([]);
    expect(processes.flatMap((each) => each.all('buried'))).toEqual([]);
    expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    await engine.close();
  });

  it('bury once what killed two of them', async () => {
    const url = await postgres.database();
    const engine = await openPostgres(url, { retries: 1, timing: TIMING });
    const act = {
      engine: { url, timing: TIMING },
      work: { concurrency: 1, ms: 50, kills: 'poison', untilIdle: false },
    };
    const processes = [startProcess(act), startProcess(act), startProcess(act)];
    const all = () => processes.flatMap((each) => each.told);
    await Promise.all(processes.map((each) => each.says('ready')));
    await engine.queue.put([{ key: 'poison', cause: 'new', sweep: null }]);
    await put(engine, ...keys(10));
    await vi.waitFor(() => expect(all().filter(({ buried }) => buried)).not.toEqual([]), { timeout: 120_000 });
    await vi.waitFor(() => expect(all().filter(({ done }) => done)).toHaveLength(10), { timeout: 60_000 });
    await sleep(1000);
    for (const each of processes) await each.kill('SIGTERM');
    expect(all().filter(({ begun }) => begun === 'poison')).toHaveLength(2);
    expect(all().filter(({ buried }) => buried)).toEqual([{ buried: 'poison', tries: 2, reason: '' }]);
    expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    await engine.close();
  });

  it('take over from one that is blocked, which then keeps nothing', async () => {
    const url = await postgres.database();
    const engine = await openPostgres(url, { timing: TIMING });
    const act = {
      engine: { url, timing: TIMING },
      work: { concurrency: 1, blocks: { key: 'slow', ms: 8000 }, untilIdle: false },
    };
    const processes = [startProcess(act), startProcess(act)];
    await Promise.all(processes.map((each) => each.says('ready')));
    await put(engine, 'slow');
    const told = () => processes.flatMap((each) => each.told.filter(({ ready, problem }) => !ready && !problem));
    await vi.waitFor(() => expect(told()).toHaveLength(4), { timeout: 60_000 });
    for (const each of processes) await each.kill('SIGTERM');
    const [blocked, other] = processes.toSorted((a, b) => b.all('lost').length - a.all('lost').length);
    expect(blocked!.told).toEqual(
      expect.arrayContaining([{ begun: 'slow', tries: 0 }, expect.objectContaining({ lost: 'slow' })]),
    );
    expect(other!.told).toEqual(expect.arrayContaining([{ begun: 'slow', tries: 1 }, { done: 'slow' }]));
    expect(await engine.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    await engine.close();
  });

  it('take no more points together than there are', async () => {
    const url = await postgres.database();
    const act = { engine: { url }, take: { name: 'gitlab', perSecond: 10, times: 14 } };
    const processes = [startProcess(act), startProcess(act), startProcess(act)];
    await Promise.all(processes.map((each) => each.ended));
    const took = processes.flatMap((each) => each.all('took')).toSorted((a, b) => a - b);
    expect(took).toHaveLength(42);
    expect(took.at(-1)! - took[0]!).toBeGreaterThanOrEqual(3900);
  });

  it('run what is scheduled once', async () => {
    const url = await postgres.database();
    const engine = await openPostgres(url, { timing: TIMING });
    const from = minute();
    const every = { name: 'nightly', cron: '* * * * *', timeZone: 'Europe/Berlin', options: { groups: ['shop'] } };
    await engine.scheduler.set(every);
    const act = { engine: { url, timing: TIMING }, schedules: true } as const;
    const processes = [startProcess(act), startProcess(act), startProcess(act)];
    const fired = () => processes.flatMap((each) => each.all('fired'));
    await vi.waitFor(() => expect(fired()).not.toEqual([]), { timeout: 120_000 });
    await sleep(4000);
    const minutes = minute() - from + 1;
    for (const each of processes) await each.kill('SIGTERM');
    expect(fired().length).toBeLessThanOrEqual(minutes);
    await engine.close();
  });
});

function minute(): number {
  return Math.floor(Date.now() / 60_000);
}
