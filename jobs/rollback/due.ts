import type { Kysely } from 'kysely';
import type { Engine } from '../engine.ts';
import type { Tables } from '../store/tables.ts';
import { alone } from '../sweep/alone.ts';

/** Causes that the next sweep finds out again by itself. What a person said stays due. */
const FOUND_AGAIN = ['new', 'moved', 'policy', 'deferred'];
const AT_ONCE = 1000;

/** Whether a sweep is running, and has something left to work on. */
export async function isAtWork(db: Kysely<Tables>, sweep: number): Promise<boolean> {
  const left = await db
    .selectFrom('sweep')
    .innerJoin('repository', 'repository.due_sweep', 'sweep.id')
    .select('repository.key')
    .where('sweep.id', '=', sweep)
    .where('sweep.state', '=', 'running')
    .where('repository.due', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return left !== undefined;
}

/**
 * Takes from a sweep what it had not come to yet, as far as that would open new merge requests: what is open already is
 * still refreshed.
 *
 * @param dryRun only counts.
 * @returns how many.
 */
export async function dropDue(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  sweep: number,
  dryRun: boolean,
): Promise<number> {
  const rows = await db
    .selectFrom('repository')
    .select(['key', 'due'])
    .where('due_sweep', '=', sweep)
    .where('due', 'is not', null)
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('merge_request')
            .select('merge_request.key')
            .whereRef('merge_request.key', '=', 'repository.key')
            .where('merge_request.state', 'in', ['opened', 'locked'])
            .where('merge_request.purpose', '=', 'agents-md'),
        ),
      ),
    )
    .execute();
  if (dryRun) return rows.length;
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    const keys = some.map(({ key }) => key);
    await alone(db, async (trx) => {
      const those = trx.updateTable('repository').where('key', 'in', keys).where('due_sweep', '=', sweep);
      await those
        .set({ due: null, due_since: null, due_sweep: null, not_before: null })
        .where('due', 'in', FOUND_AGAIN)
        .execute();
      await those.set({ due_sweep: null }).where('due', 'not in', FOUND_AGAIN).execute();
    });
    await queue.drop(keys);
  }
  return rows.length;
}
