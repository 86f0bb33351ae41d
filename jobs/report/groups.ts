import { type Kysely, sql } from 'kysely';
import { type Rate, rateOf } from '../../reviewer/eval/rate.ts';
import { scopesOf } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';
import { fixedOf } from './findings.ts';
import { HAS_FILE, WAITING } from './repositories.ts';
import { isInGroup, type ReportScope } from './scope.ts';

/** A group and all below it, beside its neighbours. */
export interface GroupReport {
  readonly instance: string;
  /** Null: repositories that are in no group further down. */
  readonly group: string | null;
  readonly inScope: number;
  readonly withFile: number;
  readonly reviewed: number;
  /** Their file may be out of date. */
  readonly waiting: number;
  /** Merged, of our merge requests that people decided on in the time that is looked at. */
  readonly accepted: Rate;
  /** Merge requests of people that were reviewed in it; their findings, and the share of these that were fixed. */
  readonly mergeRequests: number;
  readonly findings: number;
  readonly fixed: Rate;
  /** Null: not known. */
  readonly cost: number | null;
}

export interface Groups {
  readonly count: number;
  /** The largest first. */
  readonly top: readonly GroupReport[];
}

/** So many are listed. */
const SHOWN = 20;

/** The groups one level below the one that is looked at; those at the top where none is. */
export async function groupsBelow(db: Kysely<Tables>, { group, from }: ReportScope): Promise<Groups> {
  const depth = group === null ? 1 : scopesOf(group).length + 1;
  const parts = sql`string_to_array(path, '/')`;
  const name = sql<
    string | null
  >`case when cardinality(${parts}) > ${sql.lit(depth)} then array_to_string((${parts})[1:${sql.lit(depth)}], '/') end`;
  const named = db
    .selectFrom('repository')
    .select(['key as of', 'instance', name.as('group')])
    .$if(group !== null, (query) => query.where(isInGroup(group!)));
  const count = (wanted: string) => sql<string>`count(*) filter (where ${sql.raw(wanted)})`;
  const [repositories, ours, reviews, findings] = await Promise.all([
    db
      .selectFrom('repository')
      .select([
        'instance',
        name.as('group'),
        sql<string>`count(*)`.as('inScope'),
        sql<string>`count(*) filter (where ${HAS_FILE})`.as('withFile'),
        count('reviewed').as('reviewed'),
        sql<string>`count(*) filter (where ${WAITING})`.as('waiting'),
      ])
      .where('gone_since', 'is', null)
      .where('excluded', 'is', null)
      .$if(group !== null, (query) => query.where(isInGroup(group!)))
      .groupBy((of) => [of.lit(1), of.lit(2)])
      .execute(),
    db
      .selectFrom(named.as('n'))
      .innerJoin('merge_request', 'merge_request.key', 'n.of')
      .select([
        'n.instance',
        'n.group',
        count("state = 'merged'").as('merged'),
        count("state = 'closed' and coalesce(ended_by, '') <> 'us'").as('closed'),
      ])
      .where(sql<boolean>`purpose = 'agents-md' and ended_at >= ${from}`)
      .groupBy(['n.instance', 'n.group'])
      .execute(),
    db
      .selectFrom(named.as('n'))
      .innerJoin('reviewed', 'reviewed.key', 'n.of')
      .select(['n.instance', 'n.group', sql<string>`count(*)`.as('count'), sql<number | null>`sum(cost)`.as('cost')])
      .where(sql<boolean>`ended_at >= ${from} and reviews > 0`)
      .groupBy(['n.instance', 'n.group'])
      .execute(),
    db
      .selectFrom(named.as('n'))
      .innerJoin('finding', 'finding.key', 'n.of')
      .select([
        'n.instance',
        'n.group',
        sql<string>`count(*)`.as('count'),
        count("outcome = 'fixed'").as('fixed'),
        count("outcome in ('dismissed', 'waived', 'ignored')").as('left'),
      ])
      .where(sql<boolean>`at >= ${from}`)
      .groupBy(['n.instance', 'n.group'])
      .execute(),
  ]);
  const all = repositories.map((row): GroupReport => {
    const isSame = (other: { instance: string; group: string | null }): boolean =>
      other.instance === row.instance && other.group === row.group;
    const [own, review, found] = [ours.find(isSame), reviews.find(isSame), findings.find(isSame)];
    const merged = Number(own?.merged ?? 0);
    return {
      instance: row.instance,
      group: row.group,
      inScope: Number(row.inScope),
      withFile: Number(row.withFile),
      reviewed: Number(row.reviewed),
      waiting: Number(row.waiting),
      accepted: rateOf(merged, merged + Number(own?.closed ?? 0)),
      mergeRequests: Number(review?.count ?? 0),
      findings: Number(found?.count ?? 0),
      fixed: fixedOf({ fixed: Number(found?.fixed ?? 0), ignored: Number(found?.left ?? 0) }),
      cost: review?.cost ?? null,
    };
  });
  const nameOf = ({ instance, group: own }: GroupReport): string => `${own ?? ''} ${instance}`;
  all.sort((a, b) => b.inScope - a.inScope || (nameOf(a) < nameOf(b) ? -1 : 1));
  return { count: all.length, top: all.slice(0, SHOWN) };
}
