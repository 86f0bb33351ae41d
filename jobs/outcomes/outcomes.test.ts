import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge } from '../../forge/port.ts';
import type { Unnamed } from '../../reviewer/findings/fingerprint.ts';
import { askedToBreakGlass, BREAK_GLASS } from '../../reviewer/publish/break-glass.ts';
import { answerMark, findingMark, summaryMarks } from '../../reviewer/publish/marks.ts';
import { publishOverruled } from '../../reviewer/publish/publish.ts';
import { type Tally, tallyMarks } from '../../reviewer/publish/tally.ts';
import {
  found,
  openPublishPlace,
  type PublishPlace,
  type ShownThread,
} from '../../reviewer/publish/testing/gitlab-place.ts';
import { canary } from '../../test/canary/canary.ts';
import { FLEET_DEFAULTS, type FleetConfig } from '../config.ts';
import { keyOf } from '../key.ts';
import { reviewsOf } from '../report/reviews.ts';
import { rulesOf } from '../report/rules.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { sweep } from '../sweep/index.ts';
import { rehearse } from '../sweep/rehearse.ts';
import { testEngine } from '../testing/engine.ts';
import { TestGate, testWorld } from '../work/testing/test-world.ts';
import type { FleetCodex, World } from '../world.ts';
import { judgedRules } from './effects/judged.ts';
import { harvest } from './index.ts';

/** Reviews on a simulator, what people do with them, and what is learned of that. */

const DAY = 24 * 3_600_000;
const NAMES = 'ABCDEFGH'.split('');
const LINES = NAMES.map((name) => `line ${name}\n`).join('');

let place: PublishPlace;
let forge: Forge;
let engine: Awaited<ReturnType<typeof testEngine>>;
let key = '';
const iids = { merged: 0, closed: 0, stale: 0 };

const api = (iid: number) => `${place.project}/merge_requests/${iid}`;
const finding = (name: string, more: Partial<Unnamed> = {}): Partial<Unnamed> => {
  const line = NAMES.indexOf(name) + 1;
  return {
    path: 'new.ts',
    line,
    endLine: line,
    quote: `line ${name}`,
    title: `Finding ${name}`,
    category: 'codex',
    ...more,
  };
};

beforeAll(async () => {
  place = await openPublishPlace();
  const { gitlab, project } = place;
  const instance = { url: gitlab.url, token: { env: 'TOKEN' }, requestsPerMinute: 1e9 };
  const env = { TOKEN: gitlab.addToken({ user: 'bot', scopes: ['api'] }) };
  const clock = { now: Date.now, random: () => 0.5, sleep: async () => {} };
  forge = gitlabForge({ instance, env, audit: { append: () => {} }, clock });
  engine = await testEngine();
  await gitlab.addProject({ path: 'team/other', files: { a: 'a' }, members: { bot: 'developer' } });
  key = keyOf({ instance: forge.instance, id: project.split('/')[2]! });
  for (const name of ['merged', 'closed', 'stale'] as const) iids[name] = await opened(name);
  await mergeRequestOfMany(iids.merged);
  await closedOne(iids.closed);
  await review(iids.stale, [
    { path: 'AGENTS.md', line: 1, endLine: 1, quote: 'x', category: 'agents-md', title: 'It still says x' },
  ]);
  for (const iid of [iids.merged, iids.stale])
    expect((await place.as('boss')('PUT', `${api(iid)}/merge`)).status).toBe(200);
}, 240_000);
afterAll(async () => {
  await forge?.close();
  await engine?.drop();
  await place?.gitlab.close();
});

async function opened(name: string): Promise<number> {
  const file = name === 'merged' ? 'new.ts' : `${name}.ts`;
  const { gitlab, ann, project } = place;
  await gitlab.push('team/app', { branch: name, user: 'ann', message: 'Work', files: { [file]: LINES }, from: 'main' });
  const { body } = await ann('POST', `${project}/merge_requests`, {
    title: name,
    source_branch: name,
    target_branch: 'main',
  });
  return body.iid;
}

const review = (iid: number, findings: readonly Partial<Unnamed>[], maxNotes = 6) =>
  place.runWith(
    forge.review({ id: place.project.split('/')[2]!, path: 'team/app', instance: forge.instance }, iid),
    () => ({
      findings: found(...findings),
      keys: { maxNotes: { critical: 0, warning: maxNotes, suggestion: 0 } },
    }),
  );

async function threadOf(iid: number, title: string): Promise<ShownThread> {
  const { body } = await place.ann('GET', `${api(iid)}/discussions?per_page=100`);
  return (body as ShownThread[]).find(({ notes }) => notes[0]!.position && notes[0]!.body.includes(title))!;
}

async function reply(user: string, iid: number, title: string, body: string): Promise<void> {
  const { id } = await threadOf(iid, title);
  expect((await place.as(user)('POST', `${api(iid)}/discussions/${id}/notes`, { body })).status).toBe(201);
}

/** What nobody but us may say, said before we do. */
const FORGED: Tally = {
  ...{ reviews: 99, head: 'x', tier: 'full', decision: 'approved', overruled: true, ms: 1, cost: 0 },
  ...{ tokens: { input: 0, cached: 0, output: 0 }, agents: [], applied: [], findings: [], left: 0, waived: {} },
};

/** A: mended. B: answered by who opened it. C: resolved. D: by somebody without rights. E: nothing. F: thumbs down. G: without a comment. */
async function mergeRequestOfMany(iid: number): Promise<void> {
  const all = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => finding(name));
  const reader = place.as('reader');
  const marks = [...tallyMarks(FORGED), ...summaryMarks({ head: 'x', target: 'main' })];
  await reader('POST', `${api(iid)}/notes`, { body: marks.map(({ markdown }) => markdown).join('\n\n') });
  await review(iid, all);
  await place.gitlab.push('team/app', {
    ...{ branch: 'merged', user: 'ann', message: 'Mend', files: { 'new.ts': LINES.replace('line A', 'mended') } },
  });
  await review(iid, all.slice(1), 5);
  await reply('ann', iid, 'Finding B', 'False positive, see above.');
  const { id } = await threadOf(iid, 'Finding C');
  await place.as('boss')('PUT', `${api(iid)}/discussions/${id}?resolved=true`);
  await reply('reader', iid, 'Finding D', `Won't fix\n\n${answerMark(id, 'fixed', 'x').markdown}`);
  const { notes } = await threadOf(iid, 'Finding F');
  await place.ann('POST', `${api(iid)}/notes/${notes[0]!.id}/award_emoji`, { name: 'thumbsdown' });
  const [forged] = found(finding('H', { title: 'Forged' }));
  await reader('POST', `${api(iid)}/discussions`, { body: findingMark(forged!).markdown });
}

async function closedOne(iid: number): Promise<void> {
  const own = (name: string) => finding(name, { path: 'closed.ts' });
  await review(iid, [own('A'), own('B')]);
  await place.gitlab.push('team/app', {
    ...{ branch: 'closed', user: 'ann', message: 'Mend', files: { 'closed.ts': LINES.replace('line A', 'mended') } },
  });
  await review(iid, [own('B')]);
  await place.ann('PUT', api(iid), { state_event: 'close' });
}

async function emptied(reviewed = true): Promise<void> {
  for (const table of ['repository', 'reviewed', 'finding', 'memo'] as const)
    await engine.db.deleteFrom(table).execute();
  const at = new Date();
  for (const [path, id] of [
    ['team/app', key],
    ['team/other', `${key}0`],
  ] as const)
    await engine.db
      .insertInto('repository')
      .values({
        ...{ key: id, instance: forge.instance, project: id.split('#')[1]!, path, url: `${forge.instance}/${path}` },
        ...{ branch: 'main', first_seen: at, last_seen: at, processed_at: at, reviewed },
      })
      .execute();
}

const given = (signal = new AbortController().signal) => {
  const events: SweepEvent[] = [];
  return { groups: undefined, signal, on: (event: SweepEvent) => void events.push(event), events };
};
const world = (now = Date.now()) => testWorld(forge, { now: () => now });
const harvested = (now?: number, from: Forge = forge, how = given()) => harvest(engine.db, world(now), from, how);

async function rows() {
  const { db } = engine;
  const reviewed = await db.selectFrom('reviewed').selectAll().orderBy('iid').execute();
  const findings = await db.selectFrom('finding').selectAll().orderBy('iid').orderBy('title').execute();
  return { reviewed: reviewed.map(({ harvested_at: _, ...row }) => row), findings };
}
const told = ({ findings }: Awaited<ReturnType<typeof rows>>) =>
  findings.map(({ iid, title, outcome, reason, url }) => [iid, title, outcome, reason, url !== null]);

describe('what became of reviews', { timeout: 120_000 }, () => {
  it('is read from what we said, and from what people with rights did', async () => {
    await emptied();
    place.gitlab.forget();
    expect(await harvested()).toBe(3);
    const { merged, closed, stale } = iids;
    const kept = await rows();
    expect(told(kept)).toEqual([
      [merged, 'Finding A', 'fixed', null, true],
      [merged, 'Finding B', 'dismissed', 'false-positive', true],
      [merged, 'Finding C', 'dismissed', null, true],
      [merged, 'Finding D', 'argued', null, true],
      [merged, 'Finding E', 'ignored', null, true],
      [merged, 'Finding F', 'dismissed', 'thumbs-down', true],
      [merged, 'Finding G', 'ignored', null, false],
      [closed, 'Finding A', 'fixed', null, true],
      [stale, 'It still says x', 'ignored', null, false],
    ]);
    expect(kept.reviewed).toMatchObject([
      { iid: merged, state: 'merged', reviews: 2, tier: 'lite', overruled: false, stale: false, cost: 0 },
      { iid: closed, state: 'closed', reviews: 2, stale: false },
      { iid: stale, state: 'merged', reviews: 1, stale: true },
    ]);
    const url = `${place.gitlab.url}/team/app/-/merge_requests/${stale}`;
    const row = await engine.db.selectFrom('repository').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ due: 'reported', stale_by: [{ iid: stale, url }] });
    const routes = place.gitlab.requests.map(({ route }) => route);
    expect(routes.filter((route) => route === '/groups/:id/merge_requests')).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toMatch(/"(?:ann|boss|reader)"/);

    // Nothing is new.
    place.gitlab.forget();
    expect(await harvested()).toBe(0);
    expect(place.gitlab.requests.map(({ route }) => route)).toEqual(['/groups/:id/merge_requests']);
    expect(await rows()).toEqual(kept);
  });

  it('comes to the same where it broke off between two pages', async () => {
    await emptied();
    await harvested();
    const whole = await rows();
    await emptied();
    const stop = new AbortController();
    let pages = 0;
    const single: Forge = {
      ...forge,
      async *changedMergeRequests(scope, after) {
        for await (const page of forge.changedMergeRequests(scope, after))
          for (const one of page) {
            if (++pages === 3) stop.abort(new Error('stopped'));
            yield [one];
          }
      },
    };
    await expect(harvested(undefined, single, given(stop.signal))).rejects.toThrow('stopped');
    expect((await rows()).reviewed.length).toBeLessThan(3);
    await harvested();
    expect(await rows()).toEqual(whole);
  });

  it('goes on where one cannot be looked at, and tries that one again', async () => {
    await emptied();
    const path = `/projects/*/merge_requests/${iids.merged}/discussions`;
    place.gitlab.faults.add({ path, action: { kind: 'status', status: 500 } });
    const how = given();
    expect(await harvested(undefined, forge, how)).toBe(2);
    place.gitlab.faults.clear();
    // Though nothing is told of it any more.
    expect(await harvested(undefined, { ...forge, async *changedMergeRequests() {} })).toBe(1);
    expect((await rows()).reviewed.map(({ iid }) => iid)).toEqual(Object.values(iids));
    place.gitlab.faults.add({ path: '/groups/*/merge_requests', action: { kind: 'status', status: 500 } });
    expect(await harvested(undefined, forge, how)).toBe(0);
    place.gitlab.faults.clear();
    expect(how.events).toMatchObject([{ type: 'warning', message: expect.stringContaining('could not be read') }]);
  });

  it('asks for each project where a namespace is no group', async () => {
    await emptied();
    place.gitlab.forget();
    const personal: Forge = {
      ...forge,
      changedMergeRequests(scope, after) {
        if (scope.group === undefined) return forge.changedMergeRequests(scope, after);
        throw new ForgeError('not-found', 'no such group');
      },
    };
    const how = given();
    expect(await harvested(undefined, personal, how)).toBe(3);
    expect((await rows()).reviewed).toHaveLength(3);
    // The other one is not there.
    expect(how.events).toMatchObject([{ type: 'warning' }]);
  });

  it('asks nothing where nobody reviews, unless all are to be asked', async () => {
    await emptied(false);
    place.gitlab.forget();
    expect(await harvested()).toBe(0);
    expect(place.gitlab.requests).toEqual([]);
    const all = testWorld(forge, { now: Date.now, fleet: { outcomes: { from: 'all', days: 7 } } });
    expect(await harvest(engine.db, all, forge, given())).toBe(3);
    const none = testWorld(forge, { now: Date.now, fleet: { outcomes: { from: 'none', days: 7 } } });
    expect(await harvest(engine.db, none, forge, given())).toBe(0);
  });

  it('hears late answers for some days, and no longer', async () => {
    await emptied();
    await harvested();
    await reply('boss', iids.merged, 'Finding E', 'By design.');
    expect(await harvested(Date.now() + 8 * DAY)).toBe(0);
    expect(await harvested()).toBe(1);
    const [late] = (await rows()).findings.filter(({ title }) => title === 'Finding E');
    expect(late).toMatchObject({ outcome: 'dismissed', reason: 'by-design' });
  });

  it('is part of a sweep, which proposes a stale file anew and names the culprit; a rehearsal keeps nothing', async () => {
    await emptied();
    const run = { concurrency: 2, stop: new AbortController().signal, work: true };
    await rehearse(engine.db, world(), { groups: [] }, run, () => {});
    expect((await rows()).reviewed).toEqual([]);
    await place.push(
      { 'package.json': '{"scripts":{"test":"vitest run","build":"tsc -b"}}', 'package-lock.json': '{}' },
      'main',
    );
    const { summary } = await sweep(engine, world(), new TestGate(), { groups: [] }, run, () => {});
    expect(summary).toMatchObject({ harvested: 3, generated: 1 });
    const own = (await place.ann('GET', `${place.project}/merge_requests?state=opened&labels=agentsmd`)).body;
    expect(own[0].description).toContain(`\n\nMerged while it still said what they made false: !${iids.stale}\n\n`);
    const row = await engine.db.selectFrom('repository').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ due: null, stale_by: null, result: 'created' });
    // Said once, it stays said.
    await sweep(engine, world(), new TestGate(), { groups: [] }, run, () => {});
    const [still] = (await place.ann('GET', `${place.project}/merge_requests?state=opened&labels=agentsmd`)).body;
    expect(still.description).toBe(own[0].description);
  });

  it('keeps the lines of wrong findings that may be shown, wherever they stand by now', async () => {
    const lines = NAMES.map((name) => `line ${name}`);
    lines[1] = '\tline("B") // # - `@all`\r';
    lines[2] = `line("C ${canary('glpat-')}")`;
    lines[3] = "const password = 'hunter2'";
    lines[4] = `line("${'E'.repeat(300)}")`;
    lines[5] = 'line("\u202eF")';
    await place.gitlab.push('team/app', {
      ...{ branch: 'wrong', user: 'ann', message: 'Work', files: { 'wrong.ts': lines.join('\n') }, from: 'main' },
    });
    const wish = { title: 'wrong', source_branch: 'wrong', target_branch: 'main' };
    const { iid } = (await place.ann('POST', `${place.project}/merge_requests`, wish)).body;
    const all = NAMES.map((name, at) => {
      const rules = [{ id: name === 'G' ? 'ACME-SEC-001' : 'ACME-LOG-001', rev: 1 }];
      return finding(name, { path: 'wrong.ts', quote: lines[at]!, rules, computed: name !== 'H' });
    });
    await review(iid, all, 20);
    for (const name of NAMES) await reply('ann', iid, `Finding ${name}`, name === 'A' ? "Won't fix" : 'False positive');
    await review(iid, all, 20);
    // They stand two lines further down, and are found no more.
    const later = { 'wrong.ts': `new\nnew\n${lines.join('\n')}` };
    await place.gitlab.push('team/app', { branch: 'wrong', user: 'ann', message: 'More', files: later });
    await review(iid, [], 20);
    expect((await place.as('boss')('PUT', `${api(iid)}/merge`)).status).toBe(200);
    const secret = { kind: 'file-content', files: ['**'], forbid: 'x', secret: true };
    const rules = [{ id: 'ACME-LOG-001' }, { id: 'ACME-SEC-001', check: secret }];
    const known = { codex: async () => ({ codex: { rules } }) as unknown as FleetCodex };
    const quotes = async (of: World) => {
      await emptied();
      await harvest(engine.db, of, forge, given());
      const { findings } = await rows();
      return findings.flatMap((row) => (row.iid === iid && row.quote !== null ? [[row.title, row.quote]] : []));
    };
    const of = (which: FleetConfig['learning']['quotes']) =>
      testWorld(forge, { fleet: { learning: { ...FLEET_DEFAULTS.learning, quotes: which } } });
    expect(await quotes({ ...of('all'), ...known })).toEqual([
      ['Finding B', 'line("B") // # - `@all`'],
      ['Finding H', 'line H'],
    ]);
    expect(await quotes({ ...of('none'), ...known })).toEqual([]);
    // The project is private.
    expect(FLEET_DEFAULTS.learning.quotes).toBe('internal');
    expect(await quotes({ ...of('internal'), ...known })).toEqual([]);
    expect(await quotes(of('all'))).toEqual([]);
    // Without the file it counts all the same.
    place.gitlab.faults.add({ path: '/api/graphql', action: { kind: 'status', status: 403 } });
    place.gitlab.faults.add({ path: '/projects/*/repository/**', action: { kind: 'status', status: 403 } });
    expect(await quotes({ ...of('all'), ...known })).toEqual([]);
    place.gitlab.faults.clear();
    expect((await rows()).findings.filter((row) => row.iid === iid)).toHaveLength(NAMES.length);
  });

  it('counts what a waiver let off from the first review on, by its rule', async () => {
    await emptied();
    await harvested();
    const iid = await opened('waived');
    const codex = {
      ...{ rules: [{ id: 'ACME-TST-001', rev: 3 }], unchecked: [], failed: [], unread: [], muted: [], waived: 2 },
      letOff: ['a.ts', 'b.ts'].map((path) => ({ rule: 'ACME-TST-001', path })),
    };
    const own = forge.review({ id: place.project.split('/')[2]!, path: 'team/app', instance: forge.instance }, iid);
    await place.runWith(own, () => ({ review: { codex } }));
    expect((await place.as('boss')('PUT', `${api(iid)}/merge`)).status).toBe(200);
    expect(await harvested()).toBe(1);
    const now = Date.now();
    const scope = { from: new Date(now - DAY), to: new Date(now), group: null };
    const { top } = await rulesOf(engine.db, scope);
    expect(top.find(({ rule }) => rule === 'ACME-TST-001')).toMatchObject({
      ...{ rev: 3, findings: 2, repositories: 1, outcomes: { waived: 2, fixed: 0 } },
    });
    expect((await rulesOf(engine.db, { ...scope, group: 'elsewhere' })).top).toEqual([]);
    // A waiver is said once: it does not speak for the rule with each merge request.
    const learning = { ...FLEET_DEFAULTS.learning, windowDays: 30 };
    expect((await judgedRules(engine.db, learning, now)).filter(({ rule }) => rule === 'ACME-TST-001')).toEqual([]);
  });

  it('counts one that was overruled before its first review, and nothing else of it', async () => {
    await emptied();
    await harvested();
    const iid = await opened('overruled');
    const own = forge.review({ id: place.project.split('/')[2]!, path: 'team/app', instance: forge.instance }, iid);
    const { keys, ...around } = place.inputs(await own.look());
    const { body } = await place.as('boss')('POST', `${api(iid)}/notes`, { body: BREAK_GLASS });
    const state = await own.look();
    const asked = await askedToBreakGlass(state, own, keys);
    expect(asked.granted).toMatchObject({ note: String(body.id), by: { username: 'boss' } });
    await publishOverruled(asked.granted!, { ...around, state, keys }, own);
    await place.ann('PUT', api(iid), { state_event: 'close' });
    expect(await harvested()).toBe(1);
    const { reviewed, findings } = await rows();
    expect(reviewed.find((row) => row.iid === iid)).toMatchObject({
      reviews: 0,
      tier: 'none',
      overruled: true,
      cost: 0,
    });
    expect(findings.filter((row) => row.iid === iid)).toEqual([]);
    const at = new Date();
    const scope = { from: new Date(at.getTime() - DAY), to: at, group: null };
    expect(await reviewsOf(engine.db, scope)).toMatchObject({ mergeRequests: 5, overruled: { hits: 1, of: 6 } });
  });
});
