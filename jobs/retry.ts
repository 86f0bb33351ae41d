import type { Engine } from './engine.ts';
import { FleetError } from './errors.ts';
import { findRepositories } from './status/find.ts';
import { CAUSES, type Cause } from './store/tables.ts';
import { alone } from './sweep/alone.ts';

export interface RetryOptions {
  /** Paths or addresses; empty: all that the other options choose, or that were set aside. */
  readonly projects: readonly string[];
  /** Only those that failed or were refused the last time. */
  readonly failed: boolean;
  /** Only those that ended for that reason the last time. */
  readonly reason?: string | undefined;
  /** Somebody said that what is there is stale. */
  readonly stale: boolean;
  /** In ms since 1970. */
  readonly now: number;
}

export interface Retried {
  readonly repositories: number;
  /** Of these, put into the queue; the others are queued or being worked on already. */
  readonly queued: number;
  /** Named, but there is nothing to work on. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** Rows at a time. */
const BATCH = 1000;

/**
 * Makes repositories due again, whatever held them back, and puts them into the queue.
 *
 * @throws {FleetError} for a project that nobody knows, and for options that choose nothing.
 */
export async function retry(engine: Pick<Engine, 'db' | 'queue'>, options: RetryOptions): Promise<Retried> {
  const { stale, now } = options;
  if (stale && options.projects.length === 0) throw new FleetError('--stale: name the projects whose file is stale');
  const chosen = await choose(engine, options);
  const left = chosen
    .filter(({ gone_since, excluded }) => gone_since !== null || excluded !== null)
    .map(({ path, excluded }) => ({ path, why: excluded ?? 'gone' }));
  const keys = chosen.filter((row) => row.gone_since === null && row.excluded === null).map(({ key }) => key);
  let queued = 0;
  for (let from = 0; from < keys.length; from += BATCH)
    queued += await makeDue(engine, keys.slice(from, from + BATCH), stale ? 'reported' : 'retry', new Date(now));
  return { repositories: keys.length, queued, left: options.projects.length > 0 ? left : [] };
}

async function choose({ db }: Pick<Engine, 'db'>, { projects, failed, reason }: RetryOptions) {
  const named = (await Promise.all(projects.map((name) => findRepositories(db, name)))).flat();
  let query = db.selectFrom('repository').select(['key', 'path', 'gone_since', 'excluded']).orderBy('key');
  if (projects.length > 0) query = query.where('key', 'in', [...new Set(named.map(({ key }) => key))]);
  if (failed) query = query.where('result', 'in', ['failed', 'refused']);
  if (reason !== undefined) query = query.where('reason', '=', reason);
  if (projects.length === 0 && !failed && reason === undefined) query = query.where('dead_since', 'is not', null);
  const rows = await query.execute();
  if (rows.length === 0 && reason !== undefined) await refuseUnknown(db, reason);
  return rows;
}

/** A reason that no repository has is perhaps no reason at all. */
async function refuseUnknown(db: Engine['db'], reason: string): Promise<void> {
  const rows = await db.selectFrom('repository').select('reason').distinct().orderBy('reason').execute();
  const known = rows.flatMap((row) => (row.reason === null ? [] : [row.reason]));
  if (known.includes(reason)) return;
  const hint = known.length === 0 ? 'none has one' : `there are ${known.join(', ')}`;
  throw new FleetError(`--reason ${reason}: no repository ended for that; ${hint}`);
}

async function makeDue(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  keys: readonly string[],
  cause: Cause,
  at: Date,
): Promise<number> {
  // Those that nobody began get their new place in the queue.
  await queue.drop(keys);
  const urgent = CAUSES.slice(0, CAUSES.indexOf(cause));
  return await alone(db, async (trx) => {
    const rows = await trx
      .updateTable('repository')
      .set({
        due: (of) =>
          urgent.length === 0
            ? of.val(cause)
            : of.case().when('due', 'in', urgent).then(of.ref('due')).else(cause).end(),
        // Also of what is due already: whoever has it in hand sees by that that it was asked for again.
        due_since: at,
        not_before: null,
        dead_since: null,
        due_sweep: null,
      })
      .where('key', 'in', keys)
      .returning(['key', 'due'])
      .execute();
    return await queue.put(
      rows.map(({ key, due }) => ({ key, cause: due as Cause, sweep: null })),
      trx,
    );
  });
}
