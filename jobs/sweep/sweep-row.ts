import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';
import type { Tables } from '../store/tables.ts';
import { alone } from './alone.ts';
import type { SweepOptions } from './options.ts';
import type { SweepSummary } from './summary.ts';

/** How often the process of a sweep says that it lives, in ms. */
const BEAT = 20_000;
/** Of a sweep that nothing was heard of for so long, its process is gone; in s. */
const SILENT = 180;

/** Begins to keep what becomes of a sweep. One before it whose process died is marked. @returns its number. */
export async function begin(engine: Pick<Engine, 'db' | 'kind'>, options: SweepOptions, now: number): Promise<number> {
  await markDied(engine, now);
  const { id } = await engine.db
    .insertInto('sweep')
    .values({
      ...{ started_at: new Date(now), state: 'running', heard_at: sql<Date>`now()` },
      options: JSON.stringify(options),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Says of a sweep that its process lives, as long as something runs. @param every in ms. */
export async function alive<T>(
  db: Kysely<Tables>,
  id: number,
  run: () => Promise<T>,
  every: number = BEAT,
): Promise<T> {
  let telling = Promise.resolve();
  const tell = async (): Promise<void> => {
    // Taken for dead meanwhile, as its database was away: it is not.
    const heard = { state: 'running', ended_at: null, heard_at: sql<Date>`now()` };
    await db.updateTable('sweep').set(heard).where('id', '=', id).execute();
  };
  const pulse = setInterval(() => {
    telling = telling.then(tell).catch(() => {});
  }, every);
  try {
    return await run();
  } finally {
    clearInterval(pulse);
    await telling;
  }
}

/** Marks sweeps whose process died. @param own the one that asks. */
export async function markDied(
  { db, kind }: Pick<Engine, 'db' | 'kind'>,
  now: number,
  own: number | null = null,
): Promise<void> {
  let died = db
    .updateTable('sweep')
    .set({ state: 'interrupted', ended_at: new Date(now) })
    .where('state', '=', 'running')
    .where(sql<boolean>`id is distinct from ${own}::integer`);
  // The embedded store has one process at a time; in a database others may be at work.
  if (kind === 'postgres')
    died = died.where(sql<boolean>`coalesce(heard_at, started_at) < now() - ${SILENT} * interval '1 second'`);
  await died.execute();
}

/** Notes that a sweep wants them. What one that is running wants stays its own: it may be in hand, and is done for both. */
export async function claimFor(db: Kysely<Tables>, sweep: number, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += AT_ONCE)
    await alone(db, (trx) =>
      trx
        .updateTable('repository')
        .set({ due_sweep: sweep })
        .where('key', 'in', keys.slice(from, from + AT_ONCE))
        .where('due', 'is not', null)
        .where((eb) =>
          eb.or([
            eb('due_sweep', 'is', null),
            eb('due_sweep', 'not in', eb.selectFrom('sweep').select('sweep.id').where('sweep.state', '=', 'running')),
          ]),
        )
        .execute(),
    );
}

const AT_ONCE = 1000;

export async function end(
  db: Kysely<Tables>,
  id: number,
  how: { readonly state: 'done' | 'interrupted' | 'failed'; readonly now: number; readonly summary?: SweepSummary },
): Promise<void> {
  const { state, now, summary } = how;
  await db
    .updateTable('sweep')
    .set({ state, ended_at: new Date(now), ...(summary && { summary: JSON.stringify(summary) }) })
    .where('id', '=', id)
    .execute();
}
