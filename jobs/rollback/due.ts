import { setTimeout as wait } from 'node:timers/promises';
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
 * @returns their keys.
 */
export async function dropDue(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  sweep: number,
  dryRun: boolean,
): Promise<readonly string[]> {
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
  const all = rows.map(({ key }) => key);
  if (dryRun) return all;
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const keys = all.slice(from, from + AT_ONCE);
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
  return all;
}

/** In ms. */
const BETWEEN_LOOKS = 500;

export interface Patience {
  /** In ms. */
  readonly patience: number;
  readonly stop: AbortSignal | undefined;
  /** Told how many are waited for, where there are any. */
  readonly onWait: ((count: number) => void) | undefined;
}

/**
 * Waits until nobody works any more on what a sweep wanted: a task that was begun before that was dropped may still open a
 * merge request. One that is begun later finds nothing to do.
 *
 * @param dropped what {@link dropDue} took from it.
 * @returns how many were not waited for any longer.
 */
export async function waitForHands(
  { queue }: Pick<Engine, 'queue'>,
  { sweep, dropped }: { readonly sweep: number; readonly dropped: readonly string[] },
  { patience, stop, onWait }: Patience,
): Promise<number> {
  const those = new Set(dropped);
  const end = performance.now() + patience;
  const begun = await queue.inHand();
  let left = begun.filter((task) => task.sweep === sweep || those.has(task.key)).map(({ key }) => key);
  if (left.length > 0) onWait?.(left.length);
  while (left.length > 0 && performance.now() < end && !stop?.aborted) {
    await wait(BETWEEN_LOOKS, undefined, { signal: stop }).catch(() => {});
    const still = new Set((await queue.inHand()).map(({ key }) => key));
    left = left.filter((key) => still.has(key));
  }
  return left.length;
}
