import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** Repositories that are alike in all of this: one row for each kind of them, whatever the size of the fleet. */
export interface RepositoryGroup {
  readonly gone: boolean;
  readonly excluded: string | null;
  readonly result: string | null;
  readonly reason: string | null;
  readonly due: string | null;
  /** Due, but not before some time to come. */
  readonly later: boolean;
  readonly dead: boolean;
  readonly reviewed: boolean | null;
  /** Of those that are `later`: when the first of them may be worked on. */
  readonly next: Date | null;
  readonly count: number;
}

export async function groupsOf(db: Kysely<Tables>, now: number): Promise<readonly RepositoryGroup[]> {
  const rows = await db
    .selectFrom('repository')
    .select((of) => [
      of('gone_since', 'is not', null).as('gone'),
      'excluded',
      'result',
      'reason',
      'due',
      sql<boolean>`due is not null and coalesce(not_before > ${new Date(now)}, false)`.as('later'),
      of('dead_since', 'is not', null).as('dead'),
      'reviewed',
      sql<Date | null>`min(case when due is not null and not_before > ${new Date(now)} then not_before end)`.as('next'),
      of.fn.countAll().as('count'),
    ])
    .groupBy((of) => [1, 2, 3, 4, 5, 6, 7, 8].map((at) => of.lit(at)))
    .execute();
  return rows.map((row) => ({ ...row, gone: Boolean(row.gone), dead: Boolean(row.dead), count: Number(row.count) }));
}

/** How many repositories are how. All but `known` and `gone` leave out those that are gone. */
export interface RepositoryCounts {
  readonly known: number;
  /** Missing from the list. */
  readonly gone: number;
  readonly inScope: number;
  /** By the reason why the list rules them out. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Those in scope by what became of them the last time: `created`, `updated`, `unchanged` …, `never`. */
  readonly results: Readonly<Record<string, number>>;
  /** By cause, those that have to wait included. */
  readonly due: Readonly<Record<string, number>>;
  /** Of those that are due: not before some time to come. */
  readonly later: number;
  /** When the first of these may be worked on. */
  readonly next: Date | null;
  /** By what holds them back: a limit, a wave, a window, a pause. */
  readonly held: Readonly<Record<string, number>>;
  /** After so many tries. */
  readonly setAside: number;
}

export function repositoryCounts(groups: readonly RepositoryGroup[]): RepositoryCounts {
  const here = groups.filter(({ gone }) => !gone);
  const scoped = here.filter(({ excluded }) => excluded === null);
  const due = here.filter((group) => group.due !== null);
  return {
    known: total(groups),
    gone: total(groups.filter(({ gone }) => gone)),
    inScope: total(scoped),
    excluded: countBy(here, ({ excluded }) => excluded),
    results: countBy(scoped, ({ result }) => result ?? 'never'),
    due: countBy(due, (group) => group.due),
    later: total(due.filter(({ later }) => later)),
    next: due.reduce<Date | null>((first, { next }) => (first && (!next || first < next) ? first : next), null),
    held: countBy(due, ({ result, reason }) => (result === 'deferred' ? (reason ?? 'unknown') : null)),
    setAside: total(here.filter(({ dead }) => dead)),
  };
}

export function total(groups: readonly RepositoryGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The largest first. Those without a name count nowhere. */
export function countBy(
  groups: readonly RepositoryGroup[],
  nameOf: (group: RepositoryGroup) => string | null,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const group of groups) {
    const name = nameOf(group);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + group.count);
  }
  return Object.fromEntries([...counts].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1)));
}
