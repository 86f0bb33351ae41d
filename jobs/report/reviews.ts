import { type Kysely, sql } from 'kysely';
import { type Rate, rateOf } from '../../reviewer/eval/rate.ts';
import type { Tables } from '../store/tables.ts';
import { ofGroup, type Percentiles, percentilesOf, type ReportScope, readPercentiles } from './scope.ts';

/** Merge requests of people that were reviewed, and merged or closed in the time that is looked at. */
export interface Reviews {
  readonly mergeRequests: number;
  readonly repositories: number;
  readonly reviews: number;
  /** How often a merge request was reviewed; null: none was. */
  readonly perMergeRequest: (Percentiles & { readonly mean: number }) | null;
  /** `trivial`, `lite`, `full`. */
  readonly tiers: readonly Tier[];
  readonly whole: Tier | null;
  /** How many merge requests ended with which decision, the most frequent first. */
  readonly decisions: readonly { readonly decision: string; readonly count: number }[];
  /** Those where a person overruled it, of all of them and of those where that came before the first review. */
  readonly overruled: Rate;
  /** Those that left lines of AGENTS.md false. */
  readonly stale: Rate;
  /** Input tokens that came from a cache; the value is null where no model was asked. */
  readonly cached: { readonly input: number; readonly cached: number; readonly share: number | null };
  readonly outputTokens: number;
}

/** Of a merge request all reviews together. */
export interface Tier {
  readonly tier: string;
  readonly mergeRequests: number;
  readonly reviews: number;
  /** In ms. */
  readonly duration: Percentiles | null;
  /** Null: of none the cost is known. */
  readonly cost: (Percentiles & { readonly total: number }) | null;
  /** Merge requests whose cost is not known. */
  readonly costUnknown: number;
}

const ORDER = ['trivial', 'lite', 'full'];

export async function reviewsOf(db: Kysely<Tables>, { group, from }: ReportScope): Promise<Reviews> {
  const all = () => ofGroup(db.selectFrom('reviewed'), db, group).where('ended_at', '>=', from);
  const reviewed = () => all().where('reviews', '>', 0);
  const [tiers, decisions, sums, overruled] = await Promise.all([
    reviewed()
      .select(({ fn }) => [
        'tier',
        sql<number>`grouping(tier)`.as('is_whole'),
        fn.countAll().as('count'),
        fn.sum('reviews').as('reviews'),
        percentilesOf(sql`ms`).as('duration'),
        percentilesOf(sql`cost`).as('cost'),
        fn.sum('cost').as('total'),
        fn.count('cost').as('known'),
      ])
      .groupBy(sql`grouping sets ((tier), ())`)
      .execute(),
    reviewed()
      .select(({ fn }) => ['decision', fn.countAll().as('count')])
      .groupBy('decision')
      .orderBy('count', 'desc')
      .orderBy('decision')
      .execute(),
    reviewed()
      .select(({ fn }) => [
        fn.countAll().as('count'),
        fn.count('key').distinct().as('repositories'),
        sql<string>`count(*) filter (where stale)`.as('stale'),
        fn.sum('input_tokens').as('input'),
        fn.sum('cached_tokens').as('cached'),
        fn.sum('output_tokens').as('output'),
        fn.avg('reviews').as('mean'),
        percentilesOf(sql`reviews`).as('per'),
      ])
      .executeTakeFirstOrThrow(),
    all()
      .select(({ fn }) => [fn.countAll().as('of'), sql<string>`count(*) filter (where overruled)`.as('hits')])
      .executeTakeFirstOrThrow(),
  ]);
  const count = Number(sums.count);
  const byTier = tiers.map((row) => ({ isWhole: Number(row.is_whole) === 1, tier: tierOf(row) }));
  const whole = byTier.find(({ isWhole }) => isWhole)?.tier ?? null;
  const per = readPercentiles(sums.per);
  const [input, cached] = [Number(sums.input ?? 0), Number(sums.cached ?? 0)];
  const place = ({ tier }: Tier): number => (ORDER.includes(tier) ? ORDER.indexOf(tier) : ORDER.length);
  return {
    mergeRequests: count,
    repositories: Number(sums.repositories),
    reviews: whole?.reviews ?? 0,
    perMergeRequest: per && { ...per, mean: Number(sums.mean) },
    tiers: byTier
      .flatMap(({ isWhole, tier }) => (isWhole ? [] : [tier]))
      .sort((a, b) => place(a) - place(b) || (a.tier < b.tier ? -1 : 1)),
    whole: count === 0 ? null : whole,
    decisions: decisions.map((row) => ({ decision: row.decision, count: Number(row.count) })),
    overruled: rateOf(Number(overruled.hits), Number(overruled.of)),
    stale: rateOf(Number(sums.stale), count),
    cached: { input, cached, share: input === 0 ? null : cached / input },
    outputTokens: Number(sums.output ?? 0),
  };
}

function tierOf(row: {
  readonly tier: string | null;
  readonly count: string | number | bigint;
  readonly reviews: string | number | bigint | null;
  readonly duration: number[] | null;
  readonly cost: number[] | null;
  readonly total: string | number | bigint | null;
  readonly known: string | number | bigint;
}): Tier {
  const cost = readPercentiles(row.cost);
  return {
    tier: row.tier ?? 'all',
    mergeRequests: Number(row.count),
    reviews: Number(row.reviews ?? 0),
    duration: readPercentiles(row.duration),
    cost: cost && { ...cost, total: Number(row.total) },
    costUnknown: Number(row.count) - Number(row.known),
  };
}
