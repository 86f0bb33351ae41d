import { type Kysely, sql } from 'kysely';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { inScope, type ReportScope } from './scope.ts';

/** How far the repositories in scope are, now. */
export interface Standing {
  readonly inScope: number;
  readonly agentsMd: {
    /** Ours is merged, or what stands there needs nothing. */
    readonly with: number;
    /** Not yet; a merge request is open. */
    readonly proposed: number;
    readonly without: number;
    /** Never worked on. */
    readonly unknown: number;
  };
  /** Whether merge requests are reviewed. */
  readonly review: { readonly with: number; readonly without: number; readonly unknown: number };
  /** By the time since they were last worked on. */
  readonly looked: Ages;
  /** Those whose file may be out of date: by the time since then. */
  readonly waiting: Ages;
}

/** Counts by age, the youngest first. */
export interface Ages {
  readonly day: number;
  readonly week: number;
  readonly month: number;
  readonly quarter: number;
  readonly older: number;
  /** It never happened. */
  readonly never: number;
}

/** Something happened since the file was last made sure of. */
export const WAITING = sql<boolean>`(due in ('reported', 'retry', 'moved', 'policy', 'deferred') or dead_since is not null)`;
/** Since when; what is held back was due before. */
const WAITING_SINCE = sql<Date | null>`coalesce(least(due_since, dead_since), processed_at)`;

/** Whether a merge request of ours about AGENTS.md has one of these states. */
const hasOurs = (...states: readonly string[]) =>
  sql<boolean>`exists (select from ${sql.id(STATE_SCHEMA, 'merge_request')} m where m.key = repository.key and m.purpose = 'agents-md' and m.state in (${sql.join(states)}))`;

/** Of rows of `repository`. */
export const HAS_FILE = sql<boolean>`(ledger is not null or (result = 'skipped' and reason = 'up-to-date') or ${hasOurs('merged')})`;

export async function standingOf(db: Kysely<Tables>, { group, to }: ReportScope): Promise<Standing> {
  const rows = await inScope(db, group)
    .select(({ fn }) => [
      sql<string>`case when ${HAS_FILE} then 'with' when ${hasOurs('opened', 'locked')} then 'proposed' when processed_at is null then 'unknown' else 'without' end`.as(
        'file',
      ),
      'reviewed',
      ageOf(sql`processed_at`, to).as('looked'),
      sql<keyof Ages | null>`case when ${WAITING} then ${ageOf(WAITING_SINCE, to)} end`.as('waiting'),
      fn.countAll().as('count'),
    ])
    .groupBy((of) => [1, 2, 3, 4].map((at) => of.lit(at)))
    .execute();
  const count = (wanted: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(wanted).reduce((sum, row) => sum + Number(row.count), 0);
  const file = (name: string): number => count((row) => row.file === name);
  const ages = (which: 'looked' | 'waiting'): Ages => {
    const of = (age: keyof Ages): number => count((row) => row[which] === age);
    return {
      day: of('day'),
      week: of('week'),
      month: of('month'),
      quarter: of('quarter'),
      older: of('older'),
      never: of('never'),
    };
  };
  return {
    inScope: count(() => true),
    agentsMd: {
      with: file('with'),
      proposed: file('proposed'),
      without: file('without'),
      unknown: file('unknown'),
    },
    review: {
      with: count(({ reviewed }) => reviewed === true),
      without: count(({ reviewed }) => reviewed === false),
      unknown: count(({ reviewed }) => reviewed === null),
    },
    looked: ages('looked'),
    waiting: ages('waiting'),
  };
}

function ageOf(moment: ReturnType<typeof sql>, now: Date) {
  const days = (count: number) => sql`${moment} > ${now}::timestamptz - make_interval(days => ${count})`;
  return sql<
    keyof Ages
  >`case when ${moment} is null then 'never' when ${days(1)} then 'day' when ${days(7)} then 'week' when ${days(30)} then 'month' when ${days(90)} then 'quarter' else 'older' end`;
}

/** A repository whose file may be out of date. */
export interface StaleRepository {
  readonly path: string;
  readonly instance: string;
  readonly url: string;
  /** A cause as the queue names it, or `set-aside`. */
  readonly why: string;
  /** What holds it back, or made it fail; null: nothing known. */
  readonly reason: string | null;
  readonly since: Date | null;
  /** Merge requests that made lines of its file false. */
  readonly staleBy: readonly string[];
}

/** So many are listed. */
const SHOWN = 20;

/** Those that have waited longest come first. */
export async function staleOf(db: Kysely<Tables>, { group }: ReportScope): Promise<readonly StaleRepository[]> {
  const rows = await inScope(db, group)
    .select(['path', 'instance', 'url', 'due', 'reason', 'result', 'dead_since', 'stale_by'])
    .select(WAITING_SINCE.as('since'))
    .where(WAITING)
    .orderBy('since', (by) => by.asc().nullsLast())
    .orderBy('key')
    .limit(SHOWN)
    .execute();
  return rows.map(({ due, reason, result, dead_since, stale_by, ...row }) => ({
    ...row,
    why: dead_since === null ? (due ?? 'unknown') : 'set-aside',
    reason: dead_since !== null || result === 'deferred' || result === 'refused' ? reason : null,
    staleBy: addressesIn(stale_by),
  }));
}

function addressesIn(staleBy: unknown): readonly string[] {
  if (!Array.isArray(staleBy)) return [];
  return staleBy.flatMap((each: unknown) =>
    typeof each === 'object' && each !== null && 'url' in each && typeof each.url === 'string' ? [each.url] : [],
  );
}
