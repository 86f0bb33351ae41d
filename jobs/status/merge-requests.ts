import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** What became of merge requests of ours. */
export interface Fates {
  readonly open: number;
  readonly merged: number;
  /** Without a merge. */
  readonly closedByPeople: number;
  readonly closedByUs: number;
  /** Null where none was merged. */
  readonly medianHoursToMerge: number | null;
}

export async function fatesOf(
  db: Kysely<Tables>,
): Promise<{ readonly mergeRequests: Fates; readonly adoptReview: Fates }> {
  const rows = await db
    .selectFrom('merge_request')
    .select(({ fn }) => [
      'purpose',
      'state',
      sql<boolean>`state = 'closed' and coalesce(ended_by, '') = 'us'`.as('by_us'),
      fn.countAll().as('count'),
      sql<number | null>`percentile_cont(0.5) within group (order by extract(epoch from ended_at - opened_at))`.as(
        'seconds',
      ),
    ])
    .groupBy((of) => [1, 2, 3].map((at) => of.lit(at)))
    .execute();
  const of = (purpose: string): Fates => {
    const ours = rows.filter((row) => row.purpose === purpose);
    const count = (wanted: (row: (typeof rows)[number]) => boolean): number =>
      ours.filter(wanted).reduce((sum, row) => sum + Number(row.count), 0);
    const isMerged = ({ state }: { state: string }): boolean => state === 'merged';
    const merged = ours.find((row) => isMerged(row) && row.seconds !== null);
    return {
      open: count(({ state }) => state === 'opened' || state === 'locked'),
      merged: count(isMerged),
      closedByPeople: count(({ state, by_us }) => state === 'closed' && !by_us),
      closedByUs: count(({ by_us }) => by_us),
      medianHoursToMerge: merged ? Math.round(Number(merged.seconds) / 360) / 10 : null,
    };
  };
  return { mergeRequests: of('agents-md'), adoptReview: of('adopt-review') };
}
