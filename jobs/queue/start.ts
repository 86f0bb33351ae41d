import type { Engine, EngineOptions } from '../engine.ts';
import { migrate } from '../store/migrate.ts';
import type { Store } from '../store/store.ts';
import { bossOn, clockOn, startBoss, TIMING, type Timing } from './boss.ts';
import { keepTime } from './keep-time.ts';
import { taskQueue } from './queue.ts';
import { schedules } from './schedule.ts';

const A_MINUTE = 60_000;

/** Brings a store's tables up to date and starts the queue in it. It is closed with the engine, or where this fails. */
export async function startEngine(store: Store, options: Omit<EngineOptions, 'folder' | 'url'>): Promise<Engine> {
  const timing: Timing = { ...TIMING, ...options.timing };
  const onProblem = withoutRepeats(options.onProblem ?? (() => {}));
  const boss = bossOn(store, timing, onProblem);
  const close = () => boss.stop({ graceful: false }).finally(() => store.close());
  try {
    await store.setUp(async () => {
      await migrate(store.db);
      await startBoss(boss, store, timing);
    });
    const { db } = store;
    const terms = { retries: options.retries, timing, heartbeats: store.kind === 'postgres' };
    const shop = { boss, db, terms, onProblem };
    let closing: Promise<void> | undefined;
    return {
      kind: store.kind,
      where: store.where,
      db,
      queue: taskQueue(shop),
      scheduler: {
        ...schedules(boss, db, options.now ?? store.now),
        work: (run, stop) => keepTime(shop, clockOn(store, timing, onProblem), run, stop),
      },
      shared: store.shared,
      now: store.now,
      close() {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is true for a while is said every minute. */
function withoutRepeats(tell: (message: string) => void): (message: string) => void {
  const told = new Map<string, number>();
  return (message) => {
    const now = Date.now();
    if (now - (told.get(message) ?? 0) < A_MINUTE) return;
    for (const [old, at] of told) if (now - at >= A_MINUTE) told.delete(old);
    told.set(message, now);
    tell(message);
  };
}
