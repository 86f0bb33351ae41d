import type { Engine } from './engine.ts';
import { FleetError } from './errors.ts';
import { type Findings, findingsOf } from './report/findings.ts';
import { type Groups, groupsBelow } from './report/groups.ts';
import { type Items, itemsOf } from './report/items.ts';
import { type OurMergeRequests, ourMergeRequests } from './report/merge-requests.ts';
import { type OverTime, overTime } from './report/over-time.ts';
import { type StaleRepository, type Standing, staleOf, standingOf } from './report/repositories.ts';
import { type Reviews, reviewsOf } from './report/reviews.ts';
import { type Rules, rulesOf } from './report/rules.ts';
import { inScope, type ReportScope } from './report/scope.ts';
import { nearScopes } from './status/find.ts';

/** How the fleet fares. What is not known is null, never 0. */
export interface FleetReport {
  readonly at: Date;
  readonly since: Date;
  readonly group: string | null;
  readonly repositories: Standing;
  readonly stale: readonly StaleRepository[];
  readonly overTime: OverTime;
  readonly mergeRequests: OurMergeRequests;
  readonly reviews: Reviews;
  readonly findings: Findings;
  readonly rules: Rules;
  readonly items: Items;
  readonly groups: Groups;
}

/**
 * Reckoned by the database, in a handful of queries however large the fleet is.
 *
 * @param scope what happened before `from` is left out; how repositories stand is told as of `to`, which is now.
 * @throws {FleetError} for a group in which nothing is known.
 */
export async function fleetReport({ db }: Pick<Engine, 'db'>, scope: ReportScope): Promise<FleetReport> {
  const { group, from, to } = scope;
  if (group !== null) await mustBeKnown(db, group);
  const [repositories, stale, time, mergeRequests, reviews, findings, rules, items, groups] = await Promise.all([
    standingOf(db, scope),
    staleOf(db, scope),
    overTime(db, scope),
    ourMergeRequests(db, scope),
    reviewsOf(db, scope),
    findingsOf(db, scope),
    rulesOf(db, scope),
    itemsOf(db, scope),
    groupsBelow(db, scope),
  ]);
  return {
    ...{ at: to, since: from, group, repositories, stale },
    ...{ overTime: time, mergeRequests, reviews, findings, rules, items, groups },
  };
}

async function mustBeKnown(db: Engine['db'], group: string): Promise<void> {
  const found = await inScope(db, group).select('key').limit(1).executeTakeFirst();
  if (found) return;
  const near = await nearScopes(db, group);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  throw new FleetError(`--group ${group}: no repository in scope is known there${hint}`);
}
