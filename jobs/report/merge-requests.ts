import { type Kysely, sql } from 'kysely';
import { type Rate, rateOf } from '../../reviewer/eval/rate.ts';
import type { Tables } from '../store/tables.ts';
import { isInGroup, ofGroup, type Percentiles, percentilesOf, type ReportScope, readPercentiles } from './scope.ts';

/** Merge requests of ours about AGENTS.md. */
export interface OurMergeRequests {
  /** Opened in the time that is looked at. */
  readonly opened: number;
  /** Ended in it. */
  readonly merged: number;
  readonly closedByPeople: number;
  readonly closedByUs: number;
  /** Of those that people decided on. */
  readonly accepted: Rate;
  /** Hours from opening to merge; null: none was merged. */
  readonly hoursToMerge: Percentiles | null;
  readonly open: number;
  /** Days since they were opened; null: none is open. */
  readonly daysOpen: Percentiles | null;
  /** The oldest first. */
  readonly oldest: readonly OpenMergeRequest[];
}

export interface OpenMergeRequest {
  readonly path: string;
  readonly iid: number;
  readonly url: string;
  readonly openedAt: Date;
}

/** So many are listed. */
const SHOWN = 10;

export async function ourMergeRequests(db: Kysely<Tables>, scope: ReportScope): Promise<OurMergeRequests> {
  const { group, from, to } = scope;
  const ours = () => ofGroup(db.selectFrom('merge_request'), db, group).where('purpose', '=', 'agents-md');
  const isOpen = sql<boolean>`state in ('opened', 'locked')`;
  const [counts, ended, open, oldest] = await Promise.all([
    ours()
      .select(({ fn }) => fn.countAll().as('opened'))
      .where('opened_at', '>=', from)
      .executeTakeFirstOrThrow(),
    ours()
      .select(({ fn }) => [
        'state',
        sql<boolean>`coalesce(ended_by, '') = 'us'`.as('by_us'),
        fn.countAll().as('count'),
        percentilesOf(sql`extract(epoch from ended_at - opened_at) / 3600`).as('hours'),
      ])
      .where('state', 'in', ['merged', 'closed'])
      .where('ended_at', '>=', from)
      // Whoever merged it, it is merged.
      .groupBy((of) => [of.lit(1), of.lit(2)])
      .execute(),
    ours()
      .select(({ fn }) => [
        fn.countAll().as('count'),
        percentilesOf(sql`extract(epoch from ${to}::timestamptz - opened_at) / 86400`).as('days'),
      ])
      .where(isOpen)
      .executeTakeFirstOrThrow(),
    oldestOf(db, group),
  ]);
  const count = (wanted: (row: (typeof ended)[number]) => boolean): number =>
    ended.filter(wanted).reduce((sum, row) => sum + Number(row.count), 0);
  const merged = count(({ state }) => state === 'merged');
  const closedByPeople = count(({ state, by_us }) => state === 'closed' && !by_us);
  return {
    opened: Number(counts.opened),
    merged,
    closedByPeople,
    closedByUs: count(({ state, by_us }) => state === 'closed' && by_us),
    accepted: rateOf(merged, merged + closedByPeople),
    hoursToMerge: readPercentiles(ended.find(({ state }) => state === 'merged')?.hours ?? null),
    open: Number(open.count),
    daysOpen: readPercentiles(open.days),
    oldest,
  };
}

async function oldestOf(db: Kysely<Tables>, group: string | null): Promise<readonly OpenMergeRequest[]> {
  const rows = await db
    .selectFrom('merge_request as m')
    .innerJoin('repository as r', 'r.key', 'm.key')
    .select(['r.path', 'm.iid', 'm.url', 'm.opened_at'])
    .where('m.state', 'in', ['opened', 'locked'])
    .where('m.purpose', '=', 'agents-md')
    .$if(group !== null, (query) => query.where(isInGroup(group!)))
    .orderBy('m.opened_at')
    .orderBy('m.key')
    .limit(SHOWN)
    .execute();
  return rows.map(({ path, iid, url, opened_at }) => ({ path, iid, url, openedAt: opened_at }));
}
