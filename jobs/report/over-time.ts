import { type Kysely, sql } from 'kysely';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { inScope, ofGroup, type ReportScope } from './scope.ts';

/** A week, month or year, by UTC. */
export interface Slice {
  readonly from: Date;
  /** At its end, of the repositories that are in scope today: those known, with ours merged, with a merge request reviewed. */
  readonly known: number;
  readonly merged: number;
  readonly reviewed: number;
  /** What happened in it. */
  readonly mergeRequests: { readonly opened: number; readonly merged: number; readonly closed: number };
  readonly reviews: number;
  readonly findings: number;
  /** In the currency of the price list; null: none is known. */
  readonly cost: number | null;
}

export interface OverTime {
  readonly unit: 'week' | 'month' | 'year';
  readonly slices: readonly Slice[];
}

const DAY = 86_400_000;

/** Slices from the first that something is known of to now. */
export async function overTime(db: Kysely<Tables>, scope: ReportScope): Promise<OverTime> {
  const { group, from, to } = scope;
  const begin = await beginning(db, scope);
  if (begin === null) return { unit: 'week', slices: [] };
  const days = (to.getTime() - begin.getTime()) / DAY;
  const unit = days < 7 * 110 ? 'week' : days < 30 * 110 ? 'month' : 'year';
  const slice = (moment: ReturnType<typeof sql>) => sql<Date>`date_trunc(${sql.lit(unit)}, ${moment}, 'UTC')`;
  const [known, merged, reviewed, opened, ended, reviews, findings] = await Promise.all([
    firsts(db, sql`first_seen`, group, slice),
    firsts(db, sql`(select min(ended_at) from ${MINE} m where ${OURS} and m.state = 'merged')`, group, slice),
    firsts(
      db,
      sql`(select min(ended_at) from ${REVIEWED} v where v.key = repository.key and v.reviews > 0)`,
      group,
      slice,
    ),
    ofGroup(db.selectFrom('merge_request'), db, group)
      .select(({ fn }) => [slice(sql`opened_at`).as('at'), fn.countAll().as('count')])
      .where('purpose', '=', 'agents-md')
      .where('opened_at', '>=', from)
      .groupBy((of) => of.lit(1))
      .execute(),
    ofGroup(db.selectFrom('merge_request'), db, group)
      .select(({ fn }) => [slice(sql`ended_at`).as('at'), 'state', fn.countAll().as('count')])
      .where('purpose', '=', 'agents-md')
      .where('ended_at', '>=', from)
      .groupBy((of) => [of.lit(1), of.lit(2)])
      .execute(),
    ofGroup(db.selectFrom('reviewed'), db, group)
      .select(({ fn }) => [slice(sql`ended_at`).as('at'), fn.sum('reviews').as('count'), fn.sum('cost').as('cost')])
      .where('ended_at', '>=', from)
      .groupBy((of) => of.lit(1))
      .execute(),
    ofGroup(db.selectFrom('finding'), db, group)
      .select(({ fn }) => [slice(sql`at`).as('at'), fn.countAll().as('count')])
      .where('at', '>=', from)
      .groupBy((of) => of.lit(1))
      .execute(),
  ]);
  const starts = startsOf(unit, begin, to);
  const slices = starts.map((start, n): Slice => {
    const end = starts[n + 1]?.getTime() ?? Number.POSITIVE_INFINITY;
    const isIn = ({ at }: { at: Date }): boolean => at.getTime() === start.getTime();
    const ends = ended.filter(isIn);
    const until = (rows: typeof known): number => sum(rows.filter(({ at }) => at.getTime() < end));
    const cost = reviews.find(isIn)?.cost ?? null;
    return {
      from: start,
      known: until(known),
      merged: until(merged),
      reviewed: until(reviewed),
      mergeRequests: {
        opened: sum(opened.filter(isIn)),
        merged: sum(ends.filter(({ state }) => state === 'merged')),
        closed: sum(ends.filter(({ state }) => state === 'closed')),
      },
      reviews: sum(reviews.filter(isIn)),
      findings: sum(findings.filter(isIn)),
      cost: cost === null ? null : Number(cost),
    };
  });
  return { unit, slices };
}

const MINE = sql.id(STATE_SCHEMA, 'merge_request');
const REVIEWED = sql.id(STATE_SCHEMA, 'reviewed');
const OURS = sql`m.key = repository.key and m.purpose = 'agents-md'`;

function sum(rows: readonly { readonly count: string | number | bigint }[]): number {
  return rows.reduce((all, { count }) => all + Number(count), 0);
}

/** When something happened to each repository for the first time. */
async function firsts(
  db: Kysely<Tables>,
  moment: ReturnType<typeof sql>,
  group: string | null,
  slice: (moment: ReturnType<typeof sql>) => ReturnType<typeof sql<Date>>,
): Promise<readonly { readonly at: Date; readonly count: string | number | bigint }[]> {
  return await inScope(db, group)
    .select(({ fn }) => [slice(moment).as('at'), fn.countAll().as('count')])
    .where(moment, 'is not', null)
    .groupBy((of) => of.lit(1))
    .execute();
}

/** Not before anything is known: then the first slices would be empty. */
async function beginning(db: Kysely<Tables>, { group, from, to }: ReportScope): Promise<Date | null> {
  const first = await inScope(db, group)
    .select([
      sql<Date | null>`least(min(first_seen), min((select min(opened_at) from ${MINE} m where ${OURS})), min((select min(ended_at) from ${REVIEWED} v where v.key = repository.key)))`.as(
        'at',
      ),
    ])
    .executeTakeFirst();
  if (!first?.at) return null;
  return new Date(Math.min(to.getTime(), Math.max(from.getTime(), first.at.getTime())));
}

/** The beginnings of all slices, the one that `begin` is in to the one that `end` is in. */
function startsOf(unit: OverTime['unit'], begin: Date, end: Date): readonly Date[] {
  const starts: Date[] = [];
  let at = startOf(unit, begin);
  while (at <= end) {
    starts.push(at);
    const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
    at = new Date(
      unit === 'week'
        ? Date.UTC(year, month, day + 7)
        : unit === 'month'
          ? Date.UTC(year, month + 1, 1)
          : Date.UTC(year + 1, 0, 1),
    );
  }
  return starts;
}

function startOf(unit: OverTime['unit'], date: Date): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (unit === 'year') return new Date(Date.UTC(year, 0, 1));
  if (unit === 'month') return new Date(Date.UTC(year, month, 1));
  // A week begins on Monday, for PostgreSQL too.
  return new Date(Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)));
}
