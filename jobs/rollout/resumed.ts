import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { AHEAD } from './wrong-clock.ts';

const MEMO = 'resumed';

/**
 * When people last let a halted rollout go on; what happened before does not count against it any more. What a clock wrote
 * that was ahead does not hold: nothing would count until then.
 */
export async function resumedAt(db: Kysely<Tables>, now: number): Promise<Date | undefined> {
  const memo = await db.selectFrom('memo').select('value').where('name', '=', MEMO).executeTakeFirst();
  const at = new Date((memo?.value as { readonly at?: string } | undefined)?.at ?? Number.NaN);
  return at.getTime() <= now + AHEAD ? at : undefined;
}

export async function keepResumed(db: Kysely<Tables>, now: number): Promise<void> {
  const value = JSON.stringify({ at: new Date(now) });
  await db
    .insertInto('memo')
    .values({ name: MEMO, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
