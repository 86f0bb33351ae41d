import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** What rules ask for, as audits of the fleet kept it, by `ID@rev`: another revision may ask for something else. */
export async function ruleTitles(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('audit')
    .distinctOn(['rule', 'rev'])
    .select(['rule', 'rev', 'title'])
    .where('rule', 'in', ids)
    .where('title', 'is not', null)
    .orderBy('rule')
    .orderBy('rev')
    .orderBy('at', 'desc')
    .execute();
  return new Map(rows.map(({ rule, rev, title }) => [`${rule}@${rev}`, title!]));
}
