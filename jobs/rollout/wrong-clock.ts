import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { LOOKED_AHEAD } from './windows.ts';

/** In ms: clocks differ by less. What is later than that, a clock said that was wrong. */
export const AHEAD = 300_000;

const AN_HOUR = 3_600_000;
const HOURLY = ['limit-new-per-hour', 'limit-pipelines-per-hour'];
/** In ms: nothing waits for longer. */
const LONGEST_WAITS = { hourly: AN_HOUR, refused: 24 * AN_HOUR, any: LOOKED_AHEAD };

/** Forgets what a clock that was ahead left behind: permits of times to come, and moments to wait for that are too far away. */
export async function forgetAhead(db: Kysely<Tables>, now: number): Promise<void> {
  const later = (ms: number): Date => new Date(now + ms + AHEAD);
  await db.deleteFrom('permit').where('at', '>', later(0)).execute();
  const { hourly, refused, any } = LONGEST_WAITS;
  await db
    .updateTable('repository')
    .set({ not_before: sql`null` })
    .where('not_before', '>', later(hourly))
    .where((of) =>
      of.or([
        of.and([of('result', '=', 'deferred'), of('reason', 'in', HOURLY)]),
        of.and([of('result', '=', 'refused'), of('not_before', '>', later(refused))]),
        of('not_before', '>', later(any)),
      ]),
    )
    .execute();
}
