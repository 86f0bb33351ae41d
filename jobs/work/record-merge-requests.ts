import { sql, type Transaction } from 'kysely';
import type { MergeRequest } from '../../forge/port.ts';
import type { Seen } from '../../generator/publish/index.ts';
import type { Tables } from '../store/tables.ts';
import { PURPOSE } from './state.ts';
import type { Worked } from './worked.ts';

/** Which sweep opened a merge request, and what it belongs to. */
interface Origin {
  readonly sweep: number | null;
  readonly campaign?: string | null;
  readonly wave?: number | null;
  readonly isUntold?: boolean;
}

/**
 * Keeps our merge requests of a repository as they stand.
 *
 * @returns the number of one that a process opened that died before it could say so, where what it was allowed shows that.
 */
export async function recordMergeRequests(
  trx: Transaction<Tables>,
  worked: Worked,
  seen: Seen,
): Promise<{ readonly untold: number | undefined }> {
  const { row, now } = worked;
  const rows = await trx.selectFrom('merge_request').selectAll().where('key', '=', row.key).execute();
  const known = new Map(rows.map((each) => [each.iid, each]));
  let untold: number | undefined;
  for (const { mergeRequest, closedBy } of seen.mergeRequests) {
    const { iid, url, state, source, head: tip, createdAt, updatedAt: updated_at, endedAt } = mergeRequest;
    const before = known.get(iid);
    const isClosed = state === 'closed';
    const ended = isClosed || state === 'merged';
    const standing = {
      url,
      state,
      source,
      tip,
      updated_at,
      ended_at: ended ? (before?.ended_at ?? dateOf(endedAt ?? updated_at) ?? new Date(now)) : null,
      ended_by: isClosed ? (closedBy ?? before?.ended_by ?? 'people') : null,
    };
    const { isUntold, ...origin } = (await originOf(trx, worked, mergeRequest, before)) ?? {};
    if (isUntold) untold = iid;
    const opened_at = dateOf(createdAt ?? updated_at) ?? new Date(now);
    const purpose = PURPOSE;
    await trx
      .insertInto('merge_request')
      .values({ key: row.key, iid, opened_at, purpose, ...standing, ...origin })
      .onConflict((conflict) => conflict.columns(['key', 'iid']).doUpdateSet({ ...standing, ...origin }))
      .execute();
  }
  return { untold };
}

/** Of one that is open and of which nobody knows yet: a process that opened it may have died before it could say so. */
async function originOf(
  trx: Transaction<Tables>,
  { row, sweep, attempt }: Worked,
  mergeRequest: MergeRequest,
  before: { readonly sweep: number | null; readonly campaign: string | null } | undefined,
): Promise<Origin | undefined> {
  const { result, opened } = attempt;
  if (result.kind === 'created' && result.mergeRequest.iid === mergeRequest.iid) return { sweep, ...opened };
  if (mergeRequest.state !== 'opened' || (before && before.sweep !== null)) return undefined;
  const permit = await trx
    .selectFrom('permit')
    .select(['at', 'campaign', 'wave'])
    .where('key', '=', row.key)
    .where('kind', '=', 'open')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isNew = typeof before?.campaign !== 'string' && typeof permit?.campaign === 'string';
  const of = isNew ? { campaign: permit.campaign, wave: permit.wave } : undefined;
  const at = permit?.at ?? dateOf(mergeRequest.createdAt);
  if (at === undefined) return undefined;
  // The one that wants the repository, however long it is over: what it held back is worked on for it. Otherwise one that
  // ran then: what wants it now may have begun since.
  const origin = await trx
    .selectFrom('sweep')
    .select('id')
    .where('started_at', '<=', at)
    .where((eb) =>
      eb.or([...(sweep === null ? [] : [eb('id', '=', sweep)]), eb('ended_at', 'is', null), eb('ended_at', '>=', at)]),
    )
    .orderBy(sql`id is not distinct from ${sweep}::integer`, 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return origin || of ? { sweep: origin?.id ?? null, ...of, isUntold: of !== undefined } : undefined;
}

function dateOf(text: string | null): Date | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
