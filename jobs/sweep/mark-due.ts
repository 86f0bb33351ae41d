import { type Kysely, sql } from 'kysely';
import { CAUSES, type Cause, type Tables } from '../store/tables.ts';
import { OPTED_OUT } from './due.ts';

/** What people said: it is heard at once, whatever else has to wait. */
const SAID: readonly Cause[] = ['reported', 'retry', 'replied'];

/** Makes repositories due, where they are not already for something more urgent, nor set aside, gone or out of scope. */
export async function markDue(db: Kysely<Tables>, keys: readonly string[], cause: Cause, at: Date): Promise<void> {
  if (keys.length === 0) return;
  const urgent = CAUSES.slice(0, CAUSES.indexOf(cause) + 1);
  const isSaid = SAID.includes(cause);
  await db
    .updateTable('repository')
    .set({
      due: (of) => of.case().when('due', 'in', urgent).then(of.ref('due')).else(cause).end(),
      due_since: sql`coalesce(due_since, ${at})`,
      ...(isSaid && { not_before: null }),
    })
    .where('key', 'in', keys)
    .where((eb) => eb.or([eb('excluded', 'is', null), eb('excluded', '=', OPTED_OUT)]))
    .where('gone_since', 'is', null)
    .where('dead_since', 'is', null)
    .where((eb) =>
      eb.or([
        eb('due', 'is', null),
        eb('due', 'not in', urgent),
        ...(isSaid ? [eb('not_before', 'is not', null)] : []),
      ]),
    )
    .execute();
}
