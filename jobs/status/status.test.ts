import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FLEET_DEFAULTS, type FleetConfig } from '../config.ts';
import type { Engine } from '../engine.ts';
import { refusalOf } from '../rollout/limits.ts';
import { fleetStatus } from '../status.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { adviceFor } from './advice.ts';
import { coverageLists } from './coverage.ts';
import { findRepositories } from './find.ts';
import { projectStatus } from './project.ts';
import { reasonsOf, repositoriesBy } from './reason.ts';
import { emptied, GITLAB, insertAll, repository, seedLargeFleet } from './testing/seed.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const hours = (ago: number): Date => new Date(NOW - ago * 3_600_000);

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
afterAll(() => db.destroy());
afterEach(() => emptied(db));

const engine = (): Engine =>
  ({
    db,
    kind: 'embedded',
    where: '/srv/state',
    queue: { counts: async () => ({ ready: 1, waiting: 2, active: 3 }), queued: async () => undefined },
    scheduler: {
      list: async () => [
        { name: 'weekly', cron: '0 3 * * 0', timeZone: 'UTC', options: { groups: ['shop'] } },
        { name: 'never', cron: '0 0 30 2 *', timeZone: 'UTC', options: { groups: [] } },
        { name: 'nightly', cron: '0 3 * * *', timeZone: 'Europe/Berlin', options: { groups: [] } },
      ],
      preview: (cron: string) => (cron.includes('30 2') ? [] : [hours(cron.endsWith('0') ? -15 : -14)]),
    },
  }) as unknown as Engine;

const status = (fleet: Partial<FleetConfig> = {}) => fleetStatus(engine(), { ...FLEET_DEFAULTS, ...fleet }, NOW);

const mergeRequest = (path: string, iid: number, state: string, row: object = {}) => ({
  key: `${GITLAB}#${path}`,
  iid,
  url: `${GITLAB}/${path}/-/merge_requests/${iid}`,
  state,
  source: 'agentsmd/refresh',
  opened_at: hours(200),
  purpose: 'agents-md',
  ...row,
});

describe('the status of a fleet', () => {
  it('of nothing is nothing', async () => {
    const none = { open: 0, merged: 0, closedByPeople: 0, closedByUs: 0, medianHoursToMerge: null };
    expect(await status()).toMatchObject({
      repositories: { known: 0, gone: 0, inScope: 0, excluded: {}, results: {}, due: {}, held: {}, setAside: 0 },
      mergeRequests: none,
      adoptReview: none,
      queue: { ready: 1, waiting: 2, active: 3 },
      rollout: null,
      hours: { quiet: false, writing: true, until: null },
      pauses: [],
      limits: [],
      sweeps: [],
      failures: [],
      review: { component: '', with: 0, without: 0, unknown: 0 },
    });
  });

  it('counts repositories, each where it belongs', async () => {
    await insertAll(db, 'repository', [
      repository('a/new', { due: 'new' }),
      repository('a/done', { result: 'unchanged' }),
      repository('a/moved', { result: 'unchanged', due: 'moved' }),
      repository('a/held', { result: 'deferred', reason: 'limit-open', due: 'deferred' }),
      repository('a/later', { result: 'deferred', reason: 'quiet-hours', due: 'deferred', not_before: hours(-1) }),
      repository('a/past', { result: 'deferred', reason: 'quiet-hours', due: 'deferred', not_before: hours(1) }),
      repository('a/refused', { result: 'refused', reason: 'role', due: 'deferred', not_before: hours(-20) }),
      repository('a/dead', { result: 'failed', reason: 'timeout', dead_since: hours(2) }),
      repository('a/gone', {
        result: 'failed',
        reason: 'timeout',
        dead_since: hours(2),
        gone_since: hours(1),
        due: 'new',
      }),
      repository('a/archived', { excluded: 'archived' }),
      repository('a/fork', { excluded: 'fork', result: 'failed', reason: 'timeout' }),
      repository('a/fork-2', { excluded: 'fork', gone_since: hours(1) }),
    ]);
    const { repositories } = await status();
    expect(repositories).toEqual({
      known: 12,
      gone: 2,
      inScope: 8,
      excluded: { archived: 1, fork: 1 },
      results: { deferred: 3, unchanged: 2, failed: 1, never: 1, refused: 1 },
      due: { deferred: 4, moved: 1, new: 1 },
      later: 2,
      next: hours(-1),
      held: { 'quiet-hours': 2, 'limit-open': 1 },
      setAside: 1,
    });
    expect(Object.keys(repositories.results)[0]).toBe('deferred');
  });

  it('tells the fates of merge requests, and how long half of the merged ones took', async () => {
    const merged = (iid: number, took: number, row: object = {}) =>
      mergeRequest('a/b', iid, 'merged', { ended_at: hours(200 - took), ...row });
    await insertAll(db, 'merge_request', [
      merged(1, 1),
      merged(2, 3.25, { ended_by: 'people' }),
      merged(3, 100),
      mergeRequest('a/b', 4, 'opened'),
      mergeRequest('a/b', 5, 'locked'),
      mergeRequest('a/b', 6, 'closed', { ended_by: 'people' }),
      mergeRequest('a/b', 7, 'closed'),
      mergeRequest('a/b', 8, 'closed', { ended_by: 'us' }),
      mergeRequest('a/b', 9, 'opened', { purpose: 'adopt-review' }),
    ]);
    const { mergeRequests, adoptReview } = await status();
    expect(mergeRequests).toEqual({ open: 2, merged: 3, closedByPeople: 2, closedByUs: 1, medianHoursToMerge: 3.3 });
    expect(adoptReview).toMatchObject({ open: 1, merged: 0, medianHoursToMerge: null });
  });

  it('tells the newest rollout, what became of its wave, and why it halted', async () => {
    await insertAll(db, 'rollout', [
      { campaign: 'old', wave: 3, wave_since: hours(90), started_at: hours(100) },
      {
        campaign: 'new',
        wave: 1,
        wave_since: hours(5),
        started_at: hours(50),
        halted_at: hours(1),
        halt_reason: '4 of 10 were closed',
      },
    ]);
    await insertAll(db, 'merge_request', [
      mergeRequest('a/b', 1, 'opened', { campaign: 'new', wave: 1 }),
      mergeRequest('a/b', 2, 'closed', { campaign: 'new', wave: 1, ended_by: 'people' }),
      mergeRequest('a/b', 3, 'merged', { campaign: 'new', wave: 0 }),
    ]);
    const rollout = { ...FLEET_DEFAULTS.rollout, waves: [{ percent: 5 }, { percent: 50 }] };
    expect((await status({ rollout })).rollout).toEqual({
      campaign: 'new',
      startedAt: hours(50),
      wave: 2,
      waves: 2,
      waveSince: hours(5),
      mergeRequests: { open: 1, merged: 0, closed: 1 },
      waitsFor: [],
      halted: { since: hours(1), reason: '4 of 10 were closed' },
    });
  });

  it('tells the rollout of what spread last, whichever began its wave last', async () => {
    await insertAll(db, 'rollout', [
      { campaign: 'today', wave: 0, wave_since: hours(90), started_at: hours(90) },
      { campaign: 'other', wave: 1, wave_since: hours(5), started_at: hours(100) },
      {
        campaign: 'bad',
        wave: 0,
        wave_since: hours(95),
        started_at: hours(95),
        halted_at: hours(91),
        halt_reason: '4 of 10 were closed',
      },
    ]);
    await insertAll(db, 'memo', [{ name: 'campaign', value: JSON.stringify({ campaign: 'today' }) }]);
    const rollout = { ...FLEET_DEFAULTS.rollout, waves: [{ groups: ['Pilot', 'shop'] }] };
    await insertAll(db, 'repository', [
      repository('shop/cart'),
      repository('pilot/a', { instance: '/srv/repos', key: '/srv/repos#pilot/a' }),
    ]);
    expect((await status({ rollout })).rollout).toMatchObject({
      campaign: 'today',
      wave: 1,
      waitsFor: ['Pilot'],
      // People said no to another one: this one waits, too.
      halted: { since: hours(91), reason: '4 of 10 were closed' },
    });
  });

  it('tells what the clock allows', async () => {
    const at = (from: string, to: string) => [{ days: ['sat', 'sun'] as const, from, to }];
    const quiet = (await status({ quiet: at('11:00', '12:30') })).hours;
    expect(quiet).toEqual({ quiet: true, writing: false, until: new Date('2026-11-21T12:30:00Z') });
    const closed = (await status({ windows: at('13:00', '18:00'), quiet: at('22:00', '23:00') })).hours;
    expect(closed).toEqual({ quiet: false, writing: false, until: new Date('2026-11-21T13:00:00Z') });
    expect((await status({ windows: at('08:00', '18:00'), timeZone: 'Asia/Tokyo' })).hours.writing).toBe(false);
  });

  it('tells what the limits leave, as the gate sees it', async () => {
    const folder = '/srv/repos';
    await insertAll(db, 'repository', [
      ...['shop/cart', 'shop/api', 'infra/dns'].map((path) => repository(path)),
      repository('shop/x', { instance: 'https://other.example.com' }),
      repository('shop/local', { instance: folder }),
    ]);
    const permit = (path: string, kind: string, ago: number, instance = GITLAB) => ({
      key: `${instance}#${path}`,
      path,
      instance,
      kind,
      at: hours(ago),
      state: 'used',
    });
    await insertAll(db, 'merge_request', [
      mergeRequest('shop/cart', 1, 'opened', { opened_at: hours(0.4) }),
      mergeRequest('infra/dns', 1, 'opened'),
      mergeRequest('infra/dns', 2, 'merged'),
    ]);
    await insertAll(db, 'permit', [
      permit('shop/cart', 'open', 0.5),
      permit('shop/api', 'open', 0.1),
      permit('shop/api', 'pipeline', 0.9),
      permit('infra/dns', 'pipeline', 1.1),
      permit('infra/dns', 'open', 1),
      permit('infra/dns', 'open', 0.05),
      // What a clock wrote that was ahead.
      permit('shop/api', 'open', -2),
    ]);
    const limits = {
      openMergeRequests: 10,
      newPerHour: null,
      pipelinesPerHour: 3,
      groups: { SHOP: { openMergeRequests: 2, newPerHour: 2 } },
    };
    const all = { openMergeRequests: { used: 4, most: 10, left: 6 }, newPerHour: { used: 3, most: null, left: null } };
    const { limits: left } = await status({ limits });
    expect(left.filter(({ instance }) => instance === GITLAB)).toEqual([
      { instance: GITLAB, group: null, ...all, pipelinesPerHour: { used: 4, most: 3, left: 0 } },
      {
        instance: GITLAB,
        group: 'SHOP',
        openMergeRequests: { used: 2, most: 2, left: 0 },
        newPerHour: { used: 2, most: 2, left: 0 },
        pipelinesPerHour: { used: 3, most: null, left: null },
      },
    ]);
    expect(left.map(({ instance }) => instance)).toEqual([
      GITLAB,
      GITLAB,
      ...Array(2).fill('https://other.example.com'),
    ]);
    expect(left.at(-1)).toMatchObject({ openMergeRequests: { used: 0, left: 2 } });
    const refused = async (path: string) =>
      (await refusalOf(db, limits, { key: 'other', instance: GITLAB, path }, 'open', NOW))?.reason;
    expect([await refused('shop/new'), await refused('infra/new')]).toEqual(['limit-open', 'limit-pipelines-per-hour']);
  });

  it('tells the last sweeps, and how far one is that runs', async () => {
    const options = JSON.stringify({ groups: ['shop'] });
    const summary = {
      repositories: 3,
      generated: 1,
      refreshed: 0,
      unchanged: 1,
      skipped: { fork: 1 },
      failed: {},
      requests: 9,
      ms: 5,
    };
    for (let at = 1; at <= 6; at++)
      await db
        .insertInto('sweep')
        .values({
          started_at: hours(10 - at),
          state: 'done',
          options,
          summary: JSON.stringify(summary),
          ended_at: hours(9.5 - at),
        })
        .execute();
    await db
      .insertInto('sweep')
      .values({ started_at: hours(0), state: 'running', options })
      .execute();
    const outcome = (path: string, sweep: number) => ({
      sweep,
      key: `${GITLAB}#${path}`,
      at: hours(0),
      kind: 'created',
      ms: 1,
      requests: 1,
    });
    await insertAll(db, 'outcome', [outcome('a', 7), outcome('a', 7), outcome('b', 7), outcome('c', 6)]);
    await insertAll(db, 'repository', [
      repository('c', { due: 'moved', due_sweep: 7 }),
      repository('d', { due: 'deferred', due_sweep: 7 }),
      repository('e', { due: 'moved', due_sweep: 6 }),
    ]);
    const { sweeps } = await status();
    expect(sweeps.map(({ id }) => id)).toEqual([7, 6, 5, 4, 3]);
    expect(sweeps[0]).toMatchObject({ state: 'running', endedAt: null, summary: null, progress: { done: 2, left: 1 } });
    expect(sweeps[1]).toMatchObject({ state: 'done', options: { groups: ['shop'] }, summary, progress: null });
  });

  it('tells why repositories fail, with an example and what to do', async () => {
    const failed = (path: string, reason: string | null, ago: number, row: object = {}) =>
      repository(path, { result: 'failed', reason, message: `${path} did not work`, dead_since: hours(ago), ...row });
    await insertAll(db, 'repository', [
      failed('a/1', 'timeout', 5),
      failed('a/2', 'timeout', 1),
      failed('a/3', 'timeout', 3),
      failed('a/4', 'timeout', 0, { gone_since: hours(0) }),
      failed('a/5', 'timeout', 0, { excluded: 'archived' }),
      failed('a/6', 'push-rule', 0, { result: 'refused', dead_since: null, processed_at: null }),
      failed('a/7', null, 2),
      failed('a/8', 'unheard-of', 2),
      repository('a/9', { result: 'deferred', reason: 'timeout' }),
    ]);
    const { failures } = await status();
    expect(failures.map(({ reason, repositories, setAside }) => [reason, repositories, setAside])).toEqual([
      ['timeout', 3, 3],
      ['push-rule', 1, 0],
      ['unheard-of', 1, 1],
      ['unknown', 1, 1],
    ]);
    expect(failures[0]).toMatchObject({
      example: { project: 'a/2', message: 'a/2 did not work', at: hours(1) },
      advice: expect.stringContaining('agentsmd retry'),
    });
    expect(failures[1]!.example).toEqual({ project: 'a/6', message: 'a/6 did not work', at: null });
    for (const { advice } of failures) expect(advice).not.toBe('');
    expect(adviceFor('push-rule')).not.toBe(adviceFor('unheard-of'));
    expect(adviceFor('constructor')).toBe(adviceFor('unheard-of'));
  });

  it('lists the repositories of a reason, and which reasons there are', async () => {
    const deferred = { result: 'deferred', due: 'deferred' };
    await insertAll(db, 'repository', [
      repository('b/fork', { excluded: 'fork', result: 'failed', reason: 'timeout' }),
      repository('a/fork', { excluded: 'fork', message: 'of an earlier time' }),
      repository('c/fork', { excluded: 'fork', gone_since: hours(1) }),
      repository('a/held', { ...deferred, reason: 'paused', message: 'shop is paused', not_before: hours(-1) }),
      repository('a/dead', { result: 'failed', reason: 'timeout', dead_since: hours(2) }),
      repository('a/refused', { result: 'refused', reason: 'role' }),
      repository('a/fine', { result: 'created', reason: 'role' }),
      repository('a/same', { result: 'skipped', reason: 'up-to-date' }),
      repository('a/new'),
    ]);
    const listed = async (reason: string) =>
      (await repositoriesBy(db, reason)).map(({ project, outcome }) => `${project} ${outcome}`);
    expect(await listed('fork')).toEqual(['a/fork skipped', 'b/fork skipped']);
    expect(await listed('timeout')).toEqual(['a/dead failed']);
    expect(await listed('set-aside')).toEqual(['a/dead failed']);
    expect(await listed('gone')).toEqual(['c/fork gone']);
    expect(await listed('role')).toEqual(['a/refused refused']);
    expect(await listed('nonsense')).toEqual([]);
    expect(await repositoriesBy(db, 'paused')).toEqual([
      {
        key: `${GITLAB}#a/held`,
        instance: GITLAB,
        project: 'a/held',
        url: `${GITLAB}/a/held`,
        outcome: 'deferred',
        message: 'shop is paused',
        setAsideSince: null,
        notBefore: hours(-1),
      },
    ]);
    expect(await reasonsOf(db, NOW)).toEqual({ gone: 1, 'set-aside': 1, fork: 2, paused: 1, role: 1, timeout: 1 });
  });

  it('tells which merge requests are reviewed', async () => {
    await insertAll(db, 'repository', [
      repository('b/yes', { reviewed: true }),
      repository('a/yes', { reviewed: true }),
      repository('a/no', { reviewed: false }),
      repository('a/unknown'),
      repository('a/gone', { reviewed: true, gone_since: hours(1) }),
      repository('a/fork', { reviewed: false, excluded: 'fork' }),
    ]);
    const component = 'gitlab.example.com/platform/agentsmd/review@1';
    expect((await status({ reviewComponent: component })).review).toEqual({
      component,
      with: 2,
      without: 1,
      unknown: 1,
    });
    expect(await coverageLists(db)).toEqual({ with: ['a/yes', 'b/yes'], without: ['a/no'], unknown: ['a/unknown'] });
  });

  it('tells which sweeps begin next, and who paused what', async () => {
    await insertAll(db, 'pause', [
      { scope: 'shop', reason: 'release', by: 'ann', since: hours(1) },
      { scope: '*', reason: '', by: 'bob', since: hours(2) },
    ]);
    const { schedules, pauses } = await status();
    expect(schedules).toEqual([
      { name: 'nightly', cron: '0 3 * * *', timeZone: 'Europe/Berlin', groups: [], next: hours(-14) },
      { name: 'weekly', cron: '0 3 * * 0', timeZone: 'UTC', groups: ['shop'], next: hours(-15) },
      { name: 'never', cron: '0 0 30 2 *', timeZone: 'UTC', groups: [], next: null },
    ]);
    expect(pauses.map(({ scope, by }) => [scope, by])).toEqual([
      ['*', 'bob'],
      ['shop', 'ann'],
    ]);
  });

  it('names rules that are lowered, with what an audit of that revision said of them', async () => {
    const rule = { since: hours(9), settled: 9, unwanted: 5, lower: 0.3, updated_at: hours(1) };
    await insertAll(db, 'rule', [
      { ...rule, rule: 'T-A-1', rev: 1, state: 'past' },
      { ...rule, rule: 'T-A-1', rev: 2, state: 'probation' },
      { ...rule, rule: 'T-B-1', rev: 2, state: 'muted' },
    ]);
    const verdict = { level: 'MUST', status: 'active', verdict: 'COMPLIANT', evidence: '[]', head: 'c', at: hours(1) };
    await insertAll(db, 'audit', [
      { ...verdict, key: 'a', rule: 'T-A-1', rev: 2, title: 'Keep it' },
      { ...verdict, key: 'a', rule: 'T-B-1', rev: 1, title: 'Of before' },
    ]);
    const { rules } = await status();
    expect(rules.map(({ rule, rev, title, state }) => [rule, rev, title, state])).toEqual([
      ['T-B-1', 2, null, 'muted'],
      ['T-A-1', 2, 'Keep it', 'probation'],
    ]);
  });

  it('asks little, however large the fleet', async () => {
    await seedLargeFleet(db, 5000, NOW);
    const asked: string[] = [];
    const counting = db.withPlugin({
      transformQuery: ({ node }) => {
        asked.push(node.kind);
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const { repositories, failures, mergeRequests } = await fleetStatus(
      { ...engine(), db: counting },
      FLEET_DEFAULTS,
      NOW,
    );
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(repositories).toMatchObject({ known: 5000, setAside: 25, results: { failed: 500 } });
    expect(failures).toHaveLength(3);
    expect(mergeRequests.open + mergeRequests.merged + mergeRequests.closedByPeople).toBe(2500);
  });
});

describe('a project', () => {
  beforeEach(async () => {
    await insertAll(db, 'repository', [
      repository('shop/cart', { result: 'failed', reason: 'timeout', dead_since: hours(1) }),
      repository('shop/card'),
      repository('other/cart'),
      repository('Infra/DNS'),
      repository('shop/cart', { instance: 'https://other.example.com' }),
      repository('local/tool', { instance: '/srv/repos' }),
      repository('my c++ Tool', { instance: '/srv/repos', url: '/srv/repos/my c++ Tool' }),
      repository('my c++ tool', { instance: '/srv/repos', url: '/srv/repos/my c++ tool' }),
    ]);
  });

  it.each([
    ['shop/cart', ['https://gitlab.example.com#shop/cart', 'https://other.example.com#shop/cart']],
    ['Shop/Cart/', ['https://gitlab.example.com#shop/cart', 'https://other.example.com#shop/cart']],
    ['infra/dns', ['https://gitlab.example.com#Infra/DNS']],
    ['https://other.example.com/shop/cart', ['https://other.example.com#shop/cart']],
    ['https://gitlab.example.com/infra/dns.git', ['https://gitlab.example.com#Infra/DNS']],
    ['https://gitlab.example.com#shop/card', ['https://gitlab.example.com#shop/card']],
    ['https://gitlab.example.com/shop/cart/-/merge_requests/5?tab=1', ['https://gitlab.example.com#shop/cart']],
    ['other/cart!12', ['https://gitlab.example.com#other/cart']],
    ['/srv/repos#local/tool', ['/srv/repos#local/tool']],
    ['/srv/repos/local/tool.git/', ['/srv/repos#local/tool']],
    ['my c++ Tool', ['/srv/repos#my c++ Tool']],
    ['MY C++ tool', ['/srv/repos#my c++ Tool', '/srv/repos#my c++ tool']],
    ['/srv/repos/my c++ tool', ['/srv/repos#my c++ tool']],
    ['/srv/repos/my c++ tool/src/../lib', ['/srv/repos#my c++ tool']],
    ['/srv/repos', ['/srv/repos#local/tool', '/srv/repos#my c++ Tool', '/srv/repos#my c++ tool']],
  ])('is found as %s', async (name, keys) => {
    expect((await findRepositories(db, name)).map(({ key }) => key)).toEqual(keys);
  });

  it('is found by where it lies, from the current folder on', async () => {
    const here = process.cwd();
    const at = (path: string, url: string) => repository(path, { instance: dirname(here), url });
    await insertAll(db, 'repository', [at('here', here), at('jobs', `${here}/jobs`)]);
    const found = async (name: string) => (await findRepositories(db, name)).map(({ path }) => path);
    expect(await Promise.all(['.', './docs', './jobs/status', '..', 'jobs'].map(found))).toEqual([
      ['here'],
      ['here'],
      ['jobs'],
      ['here', 'jobs'],
      ['jobs'],
    ]);
    // It might be meant as the name of something else.
    await expect(found('docs')).rejects.toThrow('docs: no project that was ever swept');
  });

  it.each([
    [
      '/srv/repos/local/tol.git',
      '/srv/repos/local/tol.git: no project that was ever swept; did you mean /srv/repos/local/tool.git?',
    ],
    ['shop/crat', 'shop/crat: no project that was ever swept; did you mean shop/cart or shop/card?'],
    ['cart', 'cart: no project that was ever swept; did you mean other/cart or shop/cart?'],
    ['nothing/like/it', 'nothing/like/it: no project that was ever swept; agentsmd sweep makes projects known'],
    ["'; drop table repository; --", "'; drop table repository; --: no project that was ever swept"],
  ])('%s is none, with names near it', async (name, message) => {
    await expect(findRepositories(db, name)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });

  it('has its row, its merge requests and its history, the newest first', async () => {
    const key = `${GITLAB}#shop/cart`;
    const outcome = (at: number) => ({
      key,
      at: hours(100 - at),
      kind: 'created',
      message: String(at),
      ms: 1,
      requests: 1,
    });
    await insertAll(
      db,
      'outcome',
      Array.from({ length: 60 }, (_, at) => outcome(at)),
    );
    await insertAll(db, 'outcome', [{ ...outcome(0), key: `${GITLAB}#shop/card` }]);
    await insertAll(
      db,
      'merge_request',
      [1, 3, 2].map((iid) => mergeRequest('shop/cart', iid, 'closed')),
    );
    const [found, ...others] = await projectStatus(engine(), 'https://gitlab.example.com/shop/cart');
    expect(others).toEqual([]);
    expect(found!.repository).toMatchObject({ key, dead_since: hours(1) });
    expect(found!.mergeRequests.map(({ iid }) => iid)).toEqual([3, 2, 1]);
    expect(found!.history.map(({ message }) => message)).toEqual(
      Array.from({ length: 50 }, (_, at) => String(59 - at)),
    );
  });
});
