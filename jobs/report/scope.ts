import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { plainPath } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';

/** What a report is about. */
export interface ReportScope {
  /** Things that happened from here on count. */
  readonly from: Date;
  readonly to: Date;
  /** Only repositories of this group and what is below it; null: all. */
  readonly group: string | null;
}

/** Of rows with a `path`: whether that repository is in the group. */
export function isInGroup(group: string): RawBuilder<boolean> {
  const plain = plainPath(group);
  return sql<boolean>`(lower(path) = ${plain} or starts_with(lower(path), ${`${plain}/`}))`;
}

/** Rows that name a repository by its `key`: only those of the group. */
export function ofGroup<T extends 'reviewed' | 'finding' | 'item' | 'merge_request', Row>(
  query: SelectQueryBuilder<Tables, T, Row>,
  db: Kysely<Tables>,
  group: string | null,
): SelectQueryBuilder<Tables, T, Row> {
  if (group === null) return query;
  const keys = db.selectFrom('repository').select('key').where(isInGroup(group));
  return query.where(sql<boolean>`key in (${keys})`);
}

/** Repositories that a sweep works on, of the group. */
export function inScope(db: Kysely<Tables>, group: string | null) {
  const query = db.selectFrom('repository').where('gone_since', 'is', null).where('excluded', 'is', null);
  return group === null ? query : query.where(isInGroup(group));
}

/** What is known of how numbers lie: null where there are none. */
export interface Percentiles {
  readonly median: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

/** Of a number; rows where it is null do not count. */
export function percentilesOf(value: RawBuilder<unknown>): RawBuilder<number[] | null> {
  return sql<number[] | null>`percentile_cont(array[0.5, 0.9, 0.95, 0.99]) within group (order by ${value})`;
}

export function readPercentiles(values: number[] | null): Percentiles | null {
  const [median, p90, p95, p99] = (values ?? []).map(Number);
  if (median === undefined || p90 === undefined || p95 === undefined || p99 === undefined) return null;
  return { median, p90, p95, p99 };
}
