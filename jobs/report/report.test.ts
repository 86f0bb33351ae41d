import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fleetReport } from '../report.ts';
import { emptied, GITLAB, insertAll, repository } from '../status/testing/seed.ts';
import type { Tables } from '../store/tables.ts';
import { onBothStores } from '../testing/engines.ts';
import { memoryState } from '../testing/state.ts';
import { seedReviewedFleet } from './testing/seed.ts';

/** A Saturday. */
const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const days = (ago: number): Date => new Date(NOW - ago * DAY);

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
}, 120_000);
afterEach(() => emptied(db));
afterAll(() => db.destroy());

const report = (since = 30, group: string | null = null) =>
  fleetReport({ db }, { from: days(since), to: new Date(NOW), group });

const ours = (path: string, iid: number, state: string, row: object = {}) => ({
  key: `${GITLAB}#${path}`,
  iid,
  url: `${GITLAB}/${path}/-/merge_requests/${iid}`,
  state,
  source: 'agentsmd/refresh',
  opened_at: days(20),
  purpose: 'agents-md',
  ...row,
});

const reviewed = (path: string, iid: number, row: object = {}) => ({
  key: `${GITLAB}#${path}`,
  iid,
  url: `${GITLAB}/${path}/-/merge_requests/${iid}`,
  state: 'merged',
  opened_at: days(5),
  ended_at: days(4),
  harvested_at: days(4),
  reviews: 1,
  tier: 'lite',
  decision: 'approved',
  overruled: false,
  stale: false,
  ms: 60_000,
  cost: 1,
  input_tokens: 1000,
  cached_tokens: 800,
  output_tokens: 10,
  agents: '[]',
  applied: '[]',
  ...row,
});

const finding = (path: string, iid: number, fingerprint: string, row: object = {}) => ({
  key: `${GITLAB}#${path}`,
  iid,
  fingerprint,
  agent: 'codex',
  computed: true,
  severity: 'warning',
  category: 'rules',
  rules: '["TS-ERR-003@1"]',
  path: 'src/a.ts',
  line: 1,
  title: 'x',
  outcome: 'fixed',
  at: days(4),
  ...row,
});

describe('the report of a fleet', () => {
  it('of nothing knows nothing: no share and no percentile is 0', async () => {
    const { repositories, overTime, mergeRequests, reviews, findings, rules, groups } = await report();
    expect(repositories).toMatchObject({ inScope: 0, agentsMd: { with: 0 }, review: { with: 0 } });
    expect(overTime.slices).toEqual([]);
    expect(mergeRequests).toMatchObject({ accepted: { value: null }, hoursToMerge: null, daysOpen: null, oldest: [] });
    expect(reviews).toMatchObject({ whole: null, perMergeRequest: null, tiers: [], overruled: { value: null } });
    expect(reviews.cached.share).toBeNull();
    expect(findings).toMatchObject({ total: 0, fixed: { value: null } });
    expect([rules, groups]).toEqual([
      { broken: 0, revisions: 0, top: [], states: {} },
      { count: 0, top: [] },
    ]);
  });

  it('tells which repositories have their file, and since when others wait', async () => {
    await insertAll(db, 'repository', [
      repository('a/merged', { result: 'unchanged', processed_at: days(0.5) }),
      repository('a/fine', { result: 'skipped', reason: 'up-to-date', processed_at: days(3), reviewed: true }),
      repository('a/ledger', {
        ledger: '{}',
        processed_at: days(40),
        due: 'moved',
        due_since: days(10),
        reviewed: false,
      }),
      repository('a/open', { result: 'created', processed_at: days(20) }),
      repository('a/nothing', { result: 'skipped', reason: 'nothing-to-say', processed_at: days(200) }),
      repository('a/new', { due: 'new', due_since: days(300) }),
      repository('a/dead', { dead_since: days(100), reason: 'role', result: 'failed', processed_at: days(150) }),
      repository('a/said', {
        ledger: '{}',
        due: 'reported',
        due_since: days(2),
        stale_by: '[{"iid":5,"url":"https://x/5"}]',
      }),
      repository('a/gone', { ledger: '{}', gone_since: days(1), due: 'moved' }),
      repository('a/fork', { ledger: '{}', excluded: 'fork' }),
    ]);
    await insertAll(db, 'merge_request', [
      ours('a/merged', 1, 'merged', { ended_at: days(12) }),
      ours('a/open', 1, 'locked'),
      ours('a/dead', 1, 'opened', { purpose: 'adopt-review' }),
    ]);
    const { repositories, stale } = await report();
    expect(repositories).toEqual({
      inScope: 8,
      agentsMd: { with: 4, proposed: 1, without: 2, unknown: 1 },
      review: { with: 1, without: 1, unknown: 6 },
      looked: { day: 1, week: 1, month: 1, quarter: 1, older: 2, never: 2 },
      waiting: { day: 0, week: 1, month: 1, quarter: 0, older: 1, never: 0 },
    });
    expect(stale.map(({ path, why, reason, since, staleBy }) => [path, why, reason, since, staleBy])).toEqual([
      ['a/dead', 'set-aside', 'role', days(100), []],
      ['a/ledger', 'moved', null, days(10), []],
      ['a/said', 'reported', null, days(2), ['https://x/5']],
    ]);
  });

  it.each([
    ['reported', 'deferred', null],
    ['retry', 'failed', null],
    ['moved', 'deferred', 'the limit of open merge requests'],
    ['policy', 'refused', 'people committed to it'],
    ['deferred', 'unchanged', null],
    ['new', null, undefined],
    [null, 'unchanged', undefined],
  ])('counts a repository that is due because of %s, after a result %s', async (due, result, told) => {
    const row = { due, due_since: due === null ? null : days(2), result, reason: told ?? 'no matter', ledger: '{}' };
    await insertAll(db, 'repository', [repository('a/one', { ...row, processed_at: days(3) })]);
    const { repositories, stale } = await report();
    expect(repositories.waiting.week).toBe(told === undefined ? 0 : 1);
    const reason = result === 'deferred' || result === 'refused' ? (told ?? 'no matter') : null;
    expect(stale.map((each) => [each.why, each.reason])).toEqual(told === undefined ? [] : [[due, reason]]);
  });

  it('tells week by week, from Monday on, how far the fleet was and what happened', async () => {
    await insertAll(db, 'repository', [
      repository('a/one', { first_seen: days(18) }),
      repository('a/two', { first_seen: days(1) }),
    ]);
    await insertAll(db, 'merge_request', [
      ours('a/one', 1, 'merged', { opened_at: days(17), ended_at: days(13) }),
      ours('a/one', 2, 'merged', { opened_at: days(6), ended_at: days(5) }),
      ours('a/two', 1, 'closed', { opened_at: days(1), ended_at: days(0.5) }),
      // About something else.
      ours('a/two', 2, 'merged', { opened_at: days(1), ended_at: days(0.5), purpose: 'adopt-review' }),
    ]);
    await insertAll(db, 'reviewed', [reviewed('a/one', 9, { ended_at: days(6), cost: null, reviews: 3 })]);
    await insertAll(db, 'finding', [finding('a/one', 9, 'f', { at: days(6) })]);
    const { unit, slices } = (await report()).overTime;
    expect(unit).toBe('week');
    expect(slices.map(({ from, known, merged, reviewed: seen }) => [from.toISOString(), known, merged, seen])).toEqual([
      ['2026-11-02T00:00:00.000Z', 1, 1, 0],
      ['2026-11-09T00:00:00.000Z', 1, 1, 1],
      ['2026-11-16T00:00:00.000Z', 2, 1, 1],
    ]);
    expect(slices.map(({ mergeRequests }) => Object.values(mergeRequests))).toEqual([
      [1, 1, 0],
      [1, 0, 0],
      [1, 1, 1],
    ]);
    expect(slices.map(({ reviews, findings, cost }) => [reviews, findings, cost])).toEqual([
      [0, 0, null],
      [3, 1, null],
      [0, 0, null],
    ]);
  });

  it('takes months for years, and does not begin before anything is known', async () => {
    await insertAll(db, 'repository', [repository('a/one', { first_seen: days(1000) })]);
    const { unit, slices } = (await report(99_999)).overTime;
    expect([unit, slices.length, slices[0]?.from.toISOString()]).toEqual(['month', 34, '2024-02-01T00:00:00.000Z']);
  });

  it('tells what became of our merge requests, and how old those are that are open', async () => {
    await insertAll(db, 'repository', [repository('a/one'), repository('b/two')]);
    await insertAll(db, 'merge_request', [
      ours('a/one', 1, 'merged', { opened_at: days(3), ended_at: days(2) }),
      ours('a/one', 2, 'merged', { opened_at: days(40), ended_at: days(35) }),
      ours('a/one', 3, 'closed', { ended_at: days(1), ended_by: 'people' }),
      ours('a/one', 4, 'closed', { ended_at: days(1), ended_by: 'us' }),
      ours('b/two', 5, 'opened', { opened_at: days(50) }),
      ours('a/one', 6, 'opened', { opened_at: days(10) }),
      ours('a/one', 7, 'merged', { ended_at: days(1), purpose: 'adopt-review' }),
    ]);
    const { mergeRequests } = await report();
    expect(mergeRequests).toMatchObject({
      opened: 4,
      merged: 1,
      closedByPeople: 1,
      closedByUs: 1,
      accepted: { hits: 1, of: 2, value: 0.5 },
      hoursToMerge: { median: 24, p99: 24 },
      open: 2,
      daysOpen: { median: 30 },
    });
    expect(mergeRequests.oldest.map(({ path, iid }) => [path, iid])).toEqual([
      ['b/two', 5],
      ['a/one', 6],
    ]);
    expect((await report(30, 'B')).mergeRequests).toMatchObject({ open: 1, merged: 0, oldest: [{ path: 'b/two' }] });
  });

  it('has durations and costs of reviews by tier; a cost that is not known is none', async () => {
    await insertAll(db, 'repository', [repository('a/one')]);
    await insertAll(db, 'reviewed', [
      ...[1, 2, 3].map((n) => reviewed('a/one', n, { ms: n * 1000, cost: n, reviews: n })),
      reviewed('a/one', 4, { tier: 'full', cost: null, overruled: true, decision: 'minor_issues', stale: true }),
      reviewed('a/one', 5, { tier: 'trivial', cost: null, input_tokens: 0, cached_tokens: 0 }),
      reviewed('a/one', 6, { ended_at: days(31), ms: 1e9 }),
      // Overruled before anybody looked.
      reviewed('b/two', 7, { reviews: 0, tier: 'none', decision: 'none', overruled: true, ms: 0, cost: 0 }),
    ]);
    const { reviews } = await report();
    expect(reviews).toMatchObject({
      mergeRequests: 5,
      repositories: 1,
      reviews: 8,
      perMergeRequest: { mean: 1.6, median: 1 },
      decisions: [
        { decision: 'approved', count: 4 },
        { decision: 'minor_issues', count: 1 },
      ],
      overruled: { hits: 2, of: 6 },
      stale: { hits: 1, of: 5 },
      cached: { input: 4000, cached: 3200, share: 0.8 },
      whole: { mergeRequests: 5, costUnknown: 2, cost: { total: 6, median: 2 } },
    });
    expect(reviews.tiers.map(({ tier }) => tier)).toEqual(['trivial', 'lite', 'full']);
    expect(reviews.tiers[1]).toMatchObject({
      reviews: 6,
      duration: { median: 2000, p90: 2800, p95: 2900, p99: 2980 },
      cost: { total: 6, median: 2 },
      costUnknown: 0,
    });
    expect(reviews.tiers[2]).toMatchObject({ cost: null, costUnknown: 1 });
  });

  it('counts findings by what they are and how they ended', async () => {
    await insertAll(db, 'repository', [repository('a/one'), repository('b/two')]);
    await insertAll(db, 'finding', [
      finding('a/one', 1, 'a'),
      finding('a/one', 1, 'b', { outcome: 'dismissed', severity: 'critical', agent: 'security', computed: false }),
      finding('b/two', 2, 'c', { outcome: 'argued', rules: '["TS-ERR-003@1","A-1"]' }),
      finding('b/two', 2, 'd', { outcome: 'ignored', category: 'docs', rules: '["TS-ERR-003@2"]' }),
      finding('b/two', 2, 'old', { at: days(31) }),
    ]);
    const rule = { rule: 'TS-ERR-003', state: 'probation', since: days(1), updated_at: days(1) };
    const counts = { settled: 9, unwanted: 5, lower: 0.3 };
    await insertAll(db, 'rule', [
      { ...rule, rev: 1, ...counts, state: 'past' },
      { ...rule, rev: 2, ...counts },
    ]);
    const verdict = { rule: 'TS-ERR-003', level: 'MUST', status: 'active', verdict: 'COMPLIANT', evidence: '[]' };
    const audited = { ...verdict, head: 'c', at: days(1) };
    await insertAll(db, 'audit', [
      { ...audited, key: 'a', rev: 1, title: 'Throw errors' },
      { ...audited, key: 'b', rev: 2, title: 'Keep the cause' },
      { ...audited, key: 'c', rev: 2, title: null },
    ]);
    const { findings, rules } = await report();
    expect(findings).toMatchObject({ total: 4, mergeRequests: 2, fixed: { hits: 1, of: 3 } });
    expect(findings.bySeverity.map(({ name, count, outcomes }) => [name, count, outcomes])).toEqual([
      ['critical', 1, { dismissed: 1 }],
      ['warning', 3, { fixed: 1, argued: 1, ignored: 1 }],
    ]);
    expect(findings.byCategory.map(({ name, count }) => [name, count])).toEqual([
      ['rules', 3],
      ['docs', 1],
    ]);
    expect(findings.byAgent.map(({ name, computed, severities }) => [name, computed, severities])).toEqual([
      ['codex', true, { warning: 3 }],
      ['security', false, { critical: 1 }],
    ]);
    // A revision that another one took the place of has no state any more.
    expect(rules).toMatchObject({ broken: 2, revisions: 3, states: { probation: 1 } });
    expect(rules.top.map((each) => [each.rule, each.rev, each.findings, each.repositories, each.state])).toEqual([
      ['TS-ERR-003', 1, 3, 2, 'past'],
      ['A-1', null, 1, 1, null],
      ['TS-ERR-003', 2, 1, 1, 'probation'],
    ]);
    expect(rules.top.map(({ title }) => title)).toEqual(['Throw errors', null, 'Keep the cause']);
    expect(rules.top[0]).toMatchObject({ fixed: { hits: 1, of: 2 }, outcomes: { fixed: 1, dismissed: 1, argued: 1 } });
    expect((await report(30, 'a')).findings.total).toBe(2);
  });

  it('tells which bullets people kept', async () => {
    const item = (text: string, outcome: string, kind = 'command.test', section = 'Repository') => ({
      ...{ key: `${GITLAB}#a/one`, file: 'AGENTS.md', item: kind, text, section, outcome, stack: '[]', at: days(1) },
    });
    await insertAll(db, 'repository', [repository('a/one')]);
    await insertAll(db, 'item', [
      ...[item('a', 'kept'), item('b', 'kept'), item('c', 'edited'), item('d', 'deleted', 'generated', 'Boundaries')],
      { ...item('e', 'deleted'), at: days(31) },
    ]);
    expect((await report()).items).toEqual({
      ...{ kept: 2, edited: 1, deleted: 1 },
      bySection: [
        { section: 'Repository', kept: 2, edited: 1, deleted: 0 },
        { section: 'Boundaries', kept: 0, edited: 0, deleted: 1 },
      ],
      byKind: [
        { kind: 'command.test', kept: 2, edited: 1, deleted: 0 },
        { kind: 'generated', kept: 0, edited: 0, deleted: 1 },
      ],
    });
  });

  it('compares groups, and those below a group where one is named', async () => {
    await insertAll(db, 'repository', [
      repository('shop/web/cart', { ledger: '{}', reviewed: true }),
      repository('shop/web/till', { due: 'moved', due_since: days(3) }),
      repository('shop/api'),
      repository('pay/one'),
      repository('shopping/one'),
      repository('alone', { instance: '/srv/repos' }),
    ]);
    await insertAll(db, 'merge_request', [
      ours('shop/web/cart', 1, 'merged', { ended_at: days(1) }),
      ours('shop/web/cart', 2, 'closed', { ended_at: days(1), ended_by: 'people' }),
      ours('shop/web/cart', 3, 'closed', { ended_at: days(1), ended_by: 'us' }),
      ours('shop/web/cart', 4, 'merged', { ended_at: days(1), purpose: 'adopt-review' }),
      ours('shop/web/cart', 5, 'merged', { ended_at: days(31) }),
    ]);
    await insertAll(db, 'reviewed', [
      ...[reviewed('shop/web/cart', 2), reviewed('shop/api', 3, { cost: null })],
      reviewed('shop/api', 4, { ended_at: days(31) }),
    ]);
    await insertAll(db, 'finding', [
      ...['dismissed', 'waived', 'ignored', 'argued', 'fixed'].map((outcome) =>
        finding('shop/api', 3, outcome, { outcome }),
      ),
      finding('shop/api', 4, 'old', { at: days(31) }),
    ]);
    const { groups } = await report();
    expect(groups.count).toBe(4);
    expect(groups.top.map(({ group, inScope }) => [group, inScope])).toEqual([
      ['shop', 3],
      [null, 1],
      ['pay', 1],
      ['shopping', 1],
    ]);
    expect(groups.top[0]).toMatchObject({
      ...{ withFile: 1, reviewed: 1, waiting: 1, mergeRequests: 2, findings: 5, cost: 1 },
      accepted: { hits: 1, of: 2 },
      fixed: { hits: 1, of: 4 },
    });
    expect(groups.top[2]).toMatchObject({ mergeRequests: 0, cost: null, fixed: { value: null } });
    const below = await report(30, 'Shop');
    expect(below.repositories.inScope).toBe(3);
    expect(below.groups.top.map(({ group, inScope }) => [group, inScope])).toEqual([
      ['shop/web', 2],
      [null, 1],
    ]);
  });

  it('refuses a group that nobody knows, with what is much like it', async () => {
    await insertAll(db, 'repository', [repository('shop/cart')]);
    await expect(report(30, 'shpo')).rejects.toThrow(
      '--group shpo: no repository in scope is known there; did you mean shop?',
    );
    await expect(report(30, '%')).rejects.toThrow('--group %: no repository');
  });
});

onBothStores((engine) => {
  it('is the same of either store', { timeout: 120_000 }, async () => {
    const { db: store } = engine();
    await seedReviewedFleet(store, { repositories: 200, mergeRequests: 600, findings: 1200 }, NOW);
    const { overTime, reviews, findings, rules, groups, items } = await fleetReport(
      { db: store },
      { from: days(400), to: new Date(NOW), group: null },
    );
    expect(reviews).toMatchObject({ mergeRequests: 600, repositories: 200, overruled: { hits: 3 } });
    expect(findings.total).toBe(1200);
    expect(overTime.slices.reduce((sum, slice) => sum + slice.findings, 0)).toBe(1200);
    expect(overTime.slices.at(-1)).toMatchObject({ known: 200, reviewed: 200 });
    expect(rules.top.reduce((sum, rule) => sum + rule.findings, 0)).toBe(800);
    expect(groups).toMatchObject({ count: 100, top: { length: 20 } });
    expect(items.kept + items.edited + items.deleted).toBe(600);
    expect(typeof groups.top[0]!.cost).toBe('number');
  });
});
