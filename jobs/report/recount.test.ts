import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetReport } from '../report.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { seedReviewedFleet } from './testing/seed.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const FROM = new Date(NOW - 90 * 86_400_000);

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
  await seedReviewedFleet(db, { repositories: 240, mergeRequests: 900, findings: 1500 }, NOW);
}, 120_000);
afterAll(() => db.destroy());

/** All rows that a report of a group is about, without any of its SQL. */
async function rowsOf(group: string | null) {
  const repositories = (await db.selectFrom('repository').selectAll().execute()).filter(
    ({ path }) => group === null || path.startsWith(`${group}/`),
  );
  const keys = new Set(repositories.map(({ key }) => key));
  const mine = <T extends { readonly key: string }>(rows: readonly T[]): readonly T[] =>
    rows.filter(({ key }) => keys.has(key));
  return {
    repositories,
    ours: mine(await db.selectFrom('merge_request').selectAll().execute()),
    reviewed: mine(await db.selectFrom('reviewed').selectAll().execute()).filter(({ ended_at }) => ended_at >= FROM),
    findings: mine(await db.selectFrom('finding').selectAll().execute()).filter(({ at }) => at >= FROM),
    items: mine(await db.selectFrom('item').selectAll().execute()).filter(({ at }) => at >= FROM),
  };
}

/** Between the two values that are nearest, as most people reckon a percentile. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const tally = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]));

describe.each([null, 'group-7'])('a recount by hand, row by row, of the group %s', (group) => {
  it('has the same numbers as the report', { timeout: 120_000 }, async () => {
    const told = await fleetReport({ db }, { from: FROM, to: new Date(NOW), group });
    const { repositories, ours, reviewed, findings, items } = await rowsOf(group);
    expect(reviewed.length).toBeGreaterThan(0);

    const of = (key: string, state: string): boolean => ours.some((each) => each.key === key && each.state === state);
    const withFile = repositories.filter(({ key, ledger, result, reason }) => {
      return ledger !== null || (result === 'skipped' && reason === 'up-to-date') || of(key, 'merged');
    });
    expect(told.repositories).toMatchObject({
      inScope: repositories.length,
      agentsMd: {
        with: withFile.length,
        proposed: repositories.filter((each) => !withFile.includes(each) && of(each.key, 'opened')).length,
      },
      review: { with: repositories.filter((each) => each.reviewed === true).length },
    });
    expect(sum(Object.values(told.repositories.waiting))).toBe(
      repositories.filter(({ due, dead_since }) => due !== null || dead_since !== null).length,
    );

    const ended = ours.filter(({ ended_at }) => ended_at !== null && ended_at >= FROM);
    const hours = ended
      .filter(({ state }) => state === 'merged')
      .map((each) => (each.ended_at!.getTime() - each.opened_at.getTime()) / 3_600_000);
    expect(told.mergeRequests).toMatchObject({
      opened: ours.filter(({ opened_at }) => opened_at >= FROM).length,
      merged: hours.length,
      closedByPeople: ended.filter(({ state, ended_by }) => state === 'closed' && ended_by === 'people').length,
      closedByUs: 0,
      open: ours.filter(({ state }) => state === 'opened').length,
    });
    if (hours.length > 0) expect(told.mergeRequests.hoursToMerge!.p90).toBeCloseTo(percentile(hours, 0.9), 3);

    const costs = reviewed.flatMap(({ cost }) => (cost === null ? [] : [cost]));
    const { whole, overruled, decisions, cached } = told.reviews;
    expect([whole!.mergeRequests, whole!.reviews, whole!.costUnknown]).toEqual([
      ...[reviewed.length, sum(reviewed.map(({ reviews }) => reviews)), reviewed.length - costs.length],
    ]);
    expect(whole!.cost!.total).toBeCloseTo(sum(costs), 6);
    expect(whole!.cost!.p95).toBeCloseTo(percentile(costs, 0.95), 6);
    expect(told.reviews.perMergeRequest!.mean).toBeCloseTo(whole!.reviews / reviewed.length, 6);
    expect(overruled.hits).toBe(reviewed.filter((each) => each.overruled).length);
    expect(cached.share).toBeCloseTo(
      sum(reviewed.map((each) => Number(each.cached_tokens))) / sum(reviewed.map((each) => Number(each.input_tokens))),
      6,
    );
    expect(Object.fromEntries(decisions.map(({ decision, count }) => [decision, count]))).toEqual(
      tally(reviewed.map(({ decision }) => decision)),
    );
    for (const tier of told.reviews.tiers) {
      const own = reviewed.filter((each) => each.tier === tier.tier).map(({ ms }) => Number(ms));
      expect(tier.mergeRequests).toBe(own.length);
      expect(tier.duration!.median).toBeCloseTo(percentile(own, 0.5), 3);
      expect(tier.duration!.p99).toBeCloseTo(percentile(own, 0.99), 3);
    }

    const count = (outcome: string): number => findings.filter((each) => each.outcome === outcome).length;
    expect(told.findings).toMatchObject({
      total: findings.length,
      mergeRequests: new Set(findings.map(({ key, iid }) => `${key}!${iid}`)).size,
      fixed: { hits: count('fixed'), of: findings.length - count('argued') },
    });
    for (const [by, nameOf] of [
      [told.findings.byAgent, (each: (typeof findings)[number]) => each.agent],
      [told.findings.bySeverity, (each: (typeof findings)[number]) => each.severity],
      [told.findings.byCategory, (each: (typeof findings)[number]) => each.category],
    ] as const)
      for (const { name, outcomes, severities } of by) {
        const own = findings.filter((each) => nameOf(each) === name);
        expect(outcomes).toEqual(tally(own.map(({ outcome }) => outcome)));
        expect(severities).toEqual(tally(own.map(({ severity }) => severity)));
      }

    const cited = findings.flatMap((each) => (each.rules as readonly string[]).map((rule) => ({ rule, of: each })));
    expect([told.rules.revisions, told.rules.top.length]).toEqual(
      [0, 0].map(() => new Set(cited.map(({ rule }) => rule)).size),
    );
    for (const { rule, rev, findings: named, repositories: where, outcomes } of told.rules.top) {
      const own = cited.filter((each) => each.rule === `${rule}@${rev}`);
      expect([named, where]).toEqual([own.length, new Set(own.map(({ of: { key } }) => key)).size]);
      expect(outcomes).toMatchObject(tally(own.map(({ of: { outcome } }) => outcome)));
    }
    expect({ kept: told.items.kept, edited: told.items.edited, deleted: told.items.deleted }).toEqual({
      ...{ kept: 0, edited: 0, deleted: 0 },
      ...tally(items.map(({ outcome }) => outcome)),
    });

    const { slices } = told.overTime;
    expect(sum(slices.map((slice) => slice.reviews))).toBe(whole!.reviews);
    expect(sum(slices.map((slice) => slice.findings))).toBe(findings.length);
    expect(sum(slices.map((slice) => slice.cost ?? 0))).toBeCloseTo(sum(costs), 6);
    expect(sum(slices.map((slice) => slice.mergeRequests.merged))).toBe(hours.length);
    expect(slices.at(-1)).toMatchObject({ known: repositories.length });
  });
});
