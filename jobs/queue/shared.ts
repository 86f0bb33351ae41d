import { setTimeout as sleep } from 'node:timers/promises';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import type { SharedCounter } from '../engine.ts';

/** More than anybody is allowed: whoever counts on finds that nothing is left. */
const HELD = 1_000_000_000;
const A_DAY = 86_400_000;
/** In ms. Counted by so short times, two neighbouring ones cannot bring twice of what a second allows. */
const WINDOW = 100;
/** Said anew for each point. */
const ANY = { points: 1, duration: 1 };

/** For the processes of one database. `query` runs a statement of it. */
export function sharedByDatabase(query: Query, schema: string, table: string): SharedCounter {
  return sharedBy(
    () =>
      new RateLimiterPostgres({
        ...ANY,
        keyPrefix: 'rate',
        storeClient: {
          // Without the name it gives its statements, as a proxy in between may know no prepared ones; and in whole ms.
          query: ({ text, values }: { text: string; values: unknown[] }) =>
            query(
              text,
              values.map((value) => (typeof value === 'number' ? Math.ceil(value) : value)),
            ),
        },
        storeType: 'pool',
        schemaName: schema,
        tableName: table,
        tableCreated: true,
        clearExpiredByTimeout: false,
      }),
  );
}

type Query = (text: string, values: unknown[]) => Promise<unknown>;

/** For a process that has its database for itself. */
export function sharedInProcess(): SharedCounter {
  return sharedBy(() => new RateLimiterMemory({ ...ANY, keyPrefix: 'rate' }));
}

function sharedBy(newLimiter: () => RateLimiterAbstract): SharedCounter {
  const limiters = new Map<string, RateLimiterAbstract>();
  const lines = new Map<string, Promise<unknown>>();

  function limiterOf(name: string): RateLimiterAbstract {
    const kept = limiters.get(name) ?? newLimiter();
    limiters.set(name, kept);
    return kept;
  }

  async function point(name: string, perSecond: number, signal: AbortSignal | undefined): Promise<void> {
    const limiter = limiterOf(name);
    for (;;) {
      signal?.throwIfAborted();
      limiter.points = Math.max(1, Math.floor((perSecond * WINDOW) / 1000));
      limiter.duration = limiter.points / perSecond;
      const wait = await limiter.consume(name).then(() => 0, refused);
      if (wait === 0) return;
      await sleep(wait, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
    }
  }

  return {
    async take(name, perSecond, signal) {
      signal?.throwIfAborted();
      // One after the other: who came first goes first, and one statement at a time asks for all of them.
      const mine = (lines.get(name) ?? Promise.resolve()).then(() => point(name, perSecond, signal));
      lines.set(
        name,
        mine.catch(() => {}),
      );
      await (signal ? Promise.race([mine, aborted(signal, mine)]) : mine);
    },
    async hold(name, ms) {
      const limiter = limiterOf(name);
      const now = await limiter.get(name);
      // What is counted at the moment must not be forgotten earlier than without.
      await limiter.set(name, HELD, Math.min(A_DAY, Math.max(ms, now?.msBeforeNext ?? 0)) / 1000);
    },
  };
}

/** @returns how long to wait, in ms. */
function refused(error: unknown): number {
  const ms = (error as { msBeforeNext?: unknown } | undefined)?.msBeforeNext;
  if (typeof ms !== 'number') throw error;
  return Math.max(1, ms);
}

function aborted(signal: AbortSignal, until: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    void until.catch(() => {}).then(() => signal.removeEventListener('abort', abort));
  });
}
