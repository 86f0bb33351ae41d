import type { Kysely } from 'kysely';
import type { MergeRequest } from '../../forge/port.ts';
import type { Tables } from '../store/tables.ts';

/** A merge request that a sweep opened, and that may be open still. */
export interface Opened {
  readonly key: string;
  readonly iid: number;
  readonly url: string;
  readonly source: string;
  readonly sweep: number;
  /** The project's, as it was last seen. */
  readonly path: string;
}

/** In the order of their projects. */
export async function openedBy(db: Kysely<Tables>, sweep: number): Promise<readonly Opened[]> {
  const memos = await db
    .selectFrom('memo')
    .select('name')
    .where('name', 'like', `${nameOf(sweep, '')}%`)
    .execute();
  const begun = new Set(memos.map(({ name }) => name));
  const rows = await db
    .selectFrom('merge_request as m')
    .leftJoin('repository as r', 'r.key', 'm.key')
    .select(['m.key', 'm.iid', 'm.url', 'm.source', 'm.state', 'r.path'])
    .where('m.sweep', '=', sweep)
    .where('m.purpose', '=', 'agents-md')
    .orderBy('r.path')
    .orderBy('m.iid')
    .execute();
  return rows.flatMap(({ key, iid, url, source, state, path }) => {
    // What an earlier rollback began with may be taken for closed by people since.
    if (state !== 'opened' && state !== 'locked' && !begun.has(nameOf(sweep, `${key} ${iid}`))) return [];
    return [{ key, iid, url, source, sweep, path: path ?? key }];
  });
}

/** Before anything is written to the forge: whoever reads it meanwhile may take it for closed by people. */
export async function begin(db: Kysely<Tables>, { sweep, key, iid }: Opened): Promise<void> {
  await db
    .insertInto('memo')
    .values({ name: nameOf(sweep, `${key} ${iid}`), value: '{}' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

/** What became of it; with that it is done. @param done `byUs`: it was rolled back. */
export async function record(
  db: Kysely<Tables>,
  { sweep, key, iid }: Opened,
  done: { readonly mergeRequest: MergeRequest; readonly at: number; readonly byUs?: true },
): Promise<void> {
  const { mergeRequest, byUs } = done;
  const { state, head, updatedAt } = mergeRequest;
  const at = new Date(done.at);
  const message = `sweep ${sweep} was rolled back`;
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('merge_request')
      .set((of) => ({
        state,
        tip: head,
        updated_at: updatedAt,
        ended_at: of.fn.coalesce('ended_at', of.val(at)),
        ended_by: state !== 'closed' ? null : byUs ? 'us' : of.fn.coalesce('ended_by', of.val('people')),
      }))
      .where('key', '=', key)
      .where('iid', '=', iid)
      .execute();
    await trx
      .deleteFrom('memo')
      .where('name', '=', nameOf(sweep, `${key} ${iid}`))
      .execute();
    if (!byUs) return;
    const result = { result: 'closed', reason: 'rolled-back', message };
    await trx.updateTable('repository').set(result).where('key', '=', key).execute();
    // Of no sweep: that one's own count stays as it was.
    await trx
      .insertInto('outcome')
      .values({ key, at, kind: 'closed', reason: 'rolled-back', message, iid, ms: 0, requests: 0 })
      .execute();
  });
}

function nameOf(sweep: number, what: string): string {
  return `rollback ${sweep} ${what}`;
}
