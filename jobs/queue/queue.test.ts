import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeEach, expect, it, vi } from 'vitest';
import { type Cause, QUEUE_SCHEMA } from '../store/tables.ts';
import { onBothStores } from '../testing/engines.ts';
import { type Claim, type DeadTask, type Task, TryAgain, type WorkOptions } from './port.ts';

const RETRIES = 2;
const problems: string[] = [];
beforeEach(() => void problems.splice(0));

onBothStores(
  (engine) => {
    const task = (key: string, cause: Cause = 'moved'): Task => ({ key, cause, sweep: 1 });
    const put = (...keys: string[]) => engine().queue.put(keys.map((key) => task(key)));
    const complete = (job: Claim | DeadTask) =>
      engine()
        .db.transaction()
        .execute((trx) => job.complete(trx));
    const memos = async () => (await engine().db.selectFrom('memo').select('name').execute()).map(({ name }) => name);
    const buried: DeadTask[] = [];
    beforeEach(async () => {
      buried.splice(0);
      await engine().db.deleteFrom('memo').execute();
    });

    async function bury(dead: DeadTask): Promise<void> {
      buried.push(dead);
      expect(await complete(dead)).toBe(true);
    }

    function work(handle: (claim: Claim) => Promise<unknown>, options: Partial<WorkOptions> = {}): Promise<void> {
      const stop = new AbortController().signal;
      return engine().queue.work(async (claim) => void (await handle(claim)), bury, {
        concurrency: 1,
        stop,
        untilIdle: true,
        ...options,
      });
    }

    it('takes a repository once, while it is queued and while it is worked on', async () => {
      expect(await engine().queue.put([task('a'), task('b'), task('a', 'new')])).toBe(2);
      expect(await put('a')).toBe(0);
      const meanwhile: number[] = [];
      await work(async (claim) => {
        if (claim.task.key === 'a') meanwhile.push(await put('a'));
        await complete(claim);
      });
      expect(meanwhile).toEqual([0]);
      expect(await put('a')).toBe(1);
      expect(await engine().queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
    });

    it('takes the most urgent first', async () => {
      await engine().queue.put([task('policy', 'policy'), task('moved'), task('deferred', 'deferred')]);
      await engine().queue.put([task('replied', 'replied'), task('new', 'new'), task('reported', 'reported')]);
      const order: string[] = [];
      await work(async (claim) => {
        order.push(claim.task.key);
        await complete(claim);
      });
      expect(order).toEqual(['new', 'reported', 'replied', 'moved', 'policy', 'deferred']);
    });

    it('moves up what is wanted more urgently than when it was put, and never down', async () => {
      await engine().queue.put([task('a', 'policy'), task('b', 'policy'), task('c', 'moved')]);
      expect(await engine().queue.put([{ key: 'b', cause: 'reported', sweep: 2 }, task('c', 'deferred')])).toBe(0);
      const order: Task[] = [];
      await work(async (claim) => {
        order.push(claim.task);
        await complete(claim);
      });
      expect(order).toEqual([{ key: 'b', cause: 'reported', sweep: 2 }, task('c'), task('a', 'policy')]);
    });

    it('hands a task over as it was put', async () => {
      const put: Task = { key: 'https://gitlab.example.com#42', cause: 'reported', sweep: null };
      await engine().queue.put([put]);
      const seen: Claim[] = [];
      await work(async (claim) => {
        seen.push(claim);
        expect(await complete(claim)).toBe(true);
      });
      expect(seen.map((claim) => [claim.task, claim.tries, claim.signal.aborted])).toEqual([[put, 0, false]]);
      expect(await complete(seen[0]!)).toBe(false);
    });

    it('tells what it holds, whether somebody is at it or not', async () => {
      const holds = (key: string) => engine().queue.holds(key);
      await put('a');
      expect([await holds('a'), await holds('b')]).toEqual([true, false]);
      await work(async (claim) => {
        expect(await holds('a')).toBe(true);
        await complete(claim);
      });
      expect(await holds('a')).toBe(false);
    });

    it('tells which of many it holds until it is recorded that they were given up, and what is in hand', async () => {
      const { queue } = engine();
      const held = async () => [...(await queue.held(['a', 'b', 'c']))].toSorted();
      await queue.put([task('a'), task('b'), task('d')]);
      expect([await held(), await queue.held([]), await queue.inHand()]).toEqual([['a', 'b'], new Set(), []]);
      await queue.drop(['b', 'd']);
      const seen: unknown[] = [];
      const stop = new AbortController().signal;
      await queue.work(
        async () => {
          seen.push(await held(), await queue.inHand());
          throw new Error('no');
        },
        async (dead) => {
          seen.push(await held(), await queue.inHand());
          await complete(dead);
        },
        { concurrency: 1, stop, untilIdle: true },
      );
      const tries = Array.from({ length: RETRIES + 1 }, () => [['a'], [task('a')]]).flat();
      expect(seen).toEqual([...tries, ['a'], []]);
      expect(await held()).toEqual([]);
    });

    it('tries again what failed', async () => {
      await put('a');
      const tries: number[] = [];
      await work(async (claim) => {
        tries.push(claim.tries);
        if (claim.tries < RETRIES) throw new TryAgain('unavailable', 'later');
        await complete(claim);
      });
      expect(tries).toEqual([0, 1, 2]);
      expect(buried).toEqual([]);
    });

    it('gives up what always fails, with its last error, and its neighbours do not wait', async () => {
      await engine().queue.put([task('poison', 'new'), task('a'), task('b')]);
      const begun: string[] = [];
      await work(async (claim) => {
        begun.push(claim.task.key);
        if (claim.task.key === 'poison') throw new TryAgain('unavailable', `no, \0 and no ${claim.tries} \ud800`);
        await complete(claim);
      });
      expect(begun.filter((key) => key === 'poison')).toHaveLength(RETRIES + 1);
      expect(begun.filter((key) => key !== 'poison').sort()).toEqual(['a', 'b']);
      expect(buried).toMatchObject([
        { task: task('poison', 'new'), tries: 3, reason: 'unavailable', message: 'no,  and no 2 \ufffd' },
      ]);
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
      expect(await put('poison')).toBe(1);
    });

    it('tells an error that nobody expected', async () => {
      await put('a');
      await work(() => Promise.reject(new TypeError('x is not a function')));
      expect(buried).toMatchObject([{ reason: 'error', message: 'x is not a function' }]);
    });

    it('does not take a task for done that its handler did not complete', async () => {
      await put('a');
      await work(async () => {});
      expect(buried).toMatchObject([{ reason: 'not-completed' }]);
    });

    it('buries again where that failed', async () => {
      await put('a');
      const bad = vi
        .fn<(dead: DeadTask) => Promise<void>>()
        .mockRejectedValueOnce(new Error('full'))
        .mockImplementation(bury);
      const stop = new AbortController().signal;
      await engine().queue.work(() => Promise.reject(new Error('no')), bad, { concurrency: 1, stop, untilIdle: true });
      expect(bad).toHaveBeenCalledTimes(2);
      expect(buried).toHaveLength(1);
      expect(problems).toEqual([expect.stringContaining('full')]);
    });

    it('keeps state, next task and completion together, or none of them', async () => {
      await put('a');
      const went: string[] = [];
      await work(async (claim) => {
        went.push(`${claim.task.key} ${claim.tries}`);
        await engine()
          .db.transaction()
          .execute(async (trx) => {
            await trx.insertInto('memo').values({ name: claim.task.key, value: '{}' }).execute();
            if (claim.task.key === 'a') expect(await engine().queue.put([task('next')], trx)).toBe(1);
            expect(await claim.complete(trx)).toBe(true);
            if (claim.tries === 0) throw new TryAgain('rolled-back', 'once');
          });
      });
      expect(went.slice(0, 2)).toEqual(['a 0', 'a 1']);
      expect(went.slice(2)).toEqual(['next 0', 'next 1']);
      expect(await memos()).toEqual(['a', 'next']);
    });

    it('leaves no task of a transaction that was rolled back', async () => {
      const failing = engine()
        .db.transaction()
        .execute(async (trx) => {
          await trx.insertInto('memo').values({ name: 'a', value: '{}' }).execute();
          await engine().queue.put([task('a')], trx);
          throw new Error('no');
        });
      await expect(failing).rejects.toThrow('no');
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
      expect(await memos()).toEqual([]);
    });

    it('puts a repository again in the transaction that completes it', async () => {
      await put('a');
      let rounds = 0;
      await work(async (claim) => {
        rounds += 1;
        await engine()
          .db.transaction()
          .execute(async (trx) => {
            await claim.complete(trx);
            if (rounds === 1) expect(await engine().queue.put([task('a')], trx)).toBe(1);
          });
      });
      expect(rounds).toBe(2);
    });

    it('has so many in hand at a time, and no more', async () => {
      await put(...Array.from({ length: 12 }, (_, n) => `k${n}`));
      let now = 0;
      const seen: number[] = [];
      await work(
        async (claim) => {
          now += 1;
          seen.push(now);
          await sleep(20);
          await complete(claim);
          now -= 1;
        },
        { concurrency: 4 },
      );
      expect(seen).toHaveLength(12);
      expect(Math.max(...seen)).toBe(4);
    });

    it('hands each out once, to whomever', async () => {
      const keys = Array.from({ length: 100 }, (_, n) => `k${n}`);
      await put(...keys);
      const done: string[] = [];
      const handle = async (claim: Claim) => {
        done.push(claim.task.key);
        expect(await complete(claim)).toBe(true);
      };
      await Promise.all([work(handle, { concurrency: 3 }), work(handle, { concurrency: 3 })]);
      expect(done.toSorted()).toEqual(keys.toSorted());
    });

    it('waits for what is ready later', async () => {
      await put('a');
      await sql`update ${sql.id(QUEUE_SCHEMA, 'job')} set start_after = now() + interval '1 second' where singleton_key = 'a'`.execute(
        engine().db,
      );
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 1, active: 0 });
      await work(complete);
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    });

    it('finishes what is in hand when it is stopped, and begins nothing more', async () => {
      await put('a', 'b', 'c');
      const stop = new AbortController();
      const done: string[] = [];
      await work(
        async (claim) => {
          stop.abort();
          await sleep(50);
          expect(claim.signal.aborted).toBe(false);
          await complete(claim);
          done.push(claim.task.key);
        },
        { stop: stop.signal, untilIdle: false },
      );
      expect(done).toHaveLength(1);
      expect(await engine().queue.counts()).toEqual({ ready: 2, waiting: 0, active: 0 });
    });

    it('lets others in between two tasks, however fast they are', async () => {
      await put('a', 'b', 'c', 'd');
      const stop = new AbortController();
      const begun: string[] = [];
      await work(
        async (claim) => {
          begun.push(claim.task.key);
          setImmediate(() => stop.abort());
          await complete(claim);
        },
        { stop: stop.signal, untilIdle: false },
      );
      expect(begun.length).toBeLessThan(3);
    });

    it('lets go of what is in hand when it must end at once: that costs it no try', async () => {
      await put('a');
      const seen: unknown[] = [];
      for (let round = 0; round < RETRIES + 2; round += 1) {
        const abort = new AbortController();
        await work(
          async (claim) => {
            abort.abort('enough');
            seen.push([claim.tries, claim.signal.reason]);
            claim.signal.throwIfAborted();
          },
          { abort: abort.signal, untilIdle: false },
        );
        expect(await engine().queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
      }
      expect(seen).toEqual(Array.from({ length: RETRIES + 2 }, () => [0, 'enough']));
      expect(buried).toEqual([]);
    });

    it('remembers its tries beyond that', async () => {
      await put('a');
      const abort = new AbortController();
      const tries: number[] = [];
      await work(
        async (claim) => {
          tries.push(claim.tries);
          if (claim.tries === 1) abort.abort();
          throw new Error('no');
        },
        { abort: abort.signal },
      );
      await work(async (claim) => {
        tries.push(claim.tries);
        throw new Error('no');
      });
      expect(tries).toEqual([0, 1, 1, 2]);
      expect(buried).toMatchObject([{ tries: 3 }]);
    });

    it('begins nothing while it may not', async () => {
      await put('a');
      let may = false;
      let asked = 0;
      const end = work(complete, {
        mayBegin: async () => {
          asked += 1;
          return may;
        },
      });
      await vi.waitFor(() => expect(asked).toBeGreaterThan(1));
      expect(await engine().queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
      may = true;
      await end;
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    });

    it('works on what is put while it is idle', async () => {
      const stop = new AbortController();
      const end = work(
        async (claim) => {
          await complete(claim);
          stop.abort();
        },
        { stop: stop.signal, untilIdle: false },
      );
      await sleep(50);
      await put('a');
      await end;
      expect(await engine().queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    });

    it('leaves repositories of other instances to those who can work on them', async () => {
      const [ours, theirs] = ['https://a.example.com', 'https://b.example.com'];
      await put(`${theirs}#1`, `${ours}#1`, `${ours}#2`, `${theirs}#2`);
      const begun: string[] = [];
      const done = async (claim: Claim) => {
        begun.push(claim.task.key);
        // What came in since the last look is not lost either, nor does it cost a try.
        if (begun.length === 1) await put('https://c.example.com#1');
        await complete(claim);
      };
      await work(done, { instances: [ours] });
      expect(begun.toSorted()).toEqual([`${ours}#1`, `${ours}#2`]);
      expect(await engine().queue.counts()).toMatchObject({ ready: 3, active: 0 });
      expect(await engine().queue.counts([ours])).toEqual({ ready: 0, waiting: 0, active: 0 });
      const tries: number[] = [];
      await work(async (claim) => {
        tries.push(claim.tries);
        await complete(claim);
      });
      expect(tries).toEqual([0, 0, 0]);
    });

    it('drops what nobody began', async () => {
      await put('a', 'b', 'c', 'd');
      expect(await engine().queue.drop(['b', 'no'])).toBe(1);
      expect(await engine().queue.drop([])).toBe(0);
      let dropped: number | undefined;
      await work(async (claim) => {
        dropped ??= await engine().queue.drop();
        expect(await complete(claim)).toBe(true);
      });
      expect(dropped).toBe(2);
    });

    it('tells a handler that its task was taken away, and lets it keep nothing', async () => {
      await put('a');
      const tries: number[] = [];
      await work(async (claim) => {
        tries.push(claim.tries);
        if (claim.tries === 0) {
          await sql`update ${sql.id(QUEUE_SCHEMA, 'job')} set started_on = now() - interval '1 day'`.execute(
            engine().db,
          );
          await new Promise((resolve) => claim.signal.addEventListener('abort', resolve));
        }
        expect(await complete(claim)).toBe(claim.tries === 1);
      });
      expect(tries).toEqual([0, 1]);
      expect(buried).toEqual([]);
    });

    it('keeps no finished task', async () => {
      await put('a', 'b');
      await work(complete);
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from ${sql.id(QUEUE_SCHEMA, 'job')} where singleton_key in ('a', 'b') and state <> 'failed'`.execute(
        engine().db,
      );
      expect(rows).toEqual([{ n: 0 }]);
    });
  },
  { retries: RETRIES, timing: { heartbeat: 3 }, onProblem: (message) => problems.push(message) },
);
