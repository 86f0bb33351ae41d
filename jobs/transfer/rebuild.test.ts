import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { folderForge } from '../../forge/folder/forge.ts';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge } from '../../forge/port.ts';
import { LABEL, markerOf } from '../../generator/publish/marker.ts';
import { asking } from '../../test/gitlab/asking.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { memoryState } from '../testing/state.ts';
import { workStep } from '../work/step.ts';
import { claimOf, emptied, TestGate, TestQueue, testWorld } from '../work/testing/test-world.ts';
import type { World } from '../world.ts';
import { rebuild } from './rebuild.ts';

vi.setConfig({ testTimeout: 120_000 });

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const manifest = (scripts: Record<string, string>) => JSON.stringify({ name: 'cart', scripts }, null, 2);
const SCRIPTS = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' };
const FILES = { 'package.json': manifest(SCRIPTS), 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const CHANGED = { 'package.json': manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }) };
const HOUR = 3_600_000;

let database: Kysely<Tables>;
beforeAll(async () => {
  database = await memoryState();
}, 60_000);
afterAll(() => database.destroy());

/** Nothing is left of the one before. */
async function state(): Promise<Kysely<Tables>> {
  await emptied(database);
  return database;
}

/** A GitLab with a fleet whose developer is `bot`. */
async function fleet() {
  const gitlab = await startGitlab();
  closing.push(() => gitlab.close());
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer', ada: 'maintainer' } });
  const env = { T: gitlab.addToken({ user: 'bot' }) };
  const instance = { url: gitlab.url, token: { env: 'T' }, requestsPerMinute: 1e6 };
  const forge = gitlabForge({ instance, env, audit: { append: () => {} } });
  closing.push(() => forge.close());
  const ada = asking(gitlab, gitlab.addToken({ user: 'ada' }));
  const ids = new Map<string, number>();
  const add = async (path: string, more: object = {}) => {
    const { id } = await gitlab.addProject({ path, files: FILES, ...more });
    ids.set(path, id);
    return id;
  };
  const end = (path: string, iid: number, how: 'close' | 'merge') =>
    how === 'close'
      ? ada('PUT', `/projects/${ids.get(path)}/merge_requests/${iid}`, { state_event: 'close' })
      : ada('PUT', `/projects/${ids.get(path)}/merge_requests/${iid}/merge`);
  return { gitlab, forge, ada, ids, add, end, key: (path: string) => `${gitlab.url}#${ids.get(path)}` };
}

/** Works on everything that is due, as a worker does. @returns what became of each, by path. */
async function workOff(db: Kysely<Tables>, world: World): Promise<Record<string, string>> {
  const due = await db.selectFrom('repository').select(['key', 'due']).where('due', 'is not', null).execute();
  const events: SweepEvent[] = [];
  const step = workStep({ db, queue: new TestQueue() }, world, new TestGate(), (event) => void events.push(event));
  for (const { key } of due) await step.handle(claimOf(key));
  const rows = await db
    .selectFrom('repository')
    .select(['path', 'result', 'reason'])
    .where('result', 'is not', null)
    .execute();
  return Object.fromEntries(rows.map(({ path, result, reason }) => [path, reason ? `${result} ${reason}` : result!]));
}

/** Each merge request of ours in GitLab, whoever knows of it. */
async function mergeRequestsOf(gitlab: GitlabSimulator): Promise<readonly string[]> {
  const root = asking(gitlab, gitlab.rootToken);
  const { body } = await root('GET', '/merge_requests?scope=all&per_page=100');
  const told = body as unknown as readonly {
    project_id: number;
    iid: number;
    state: string;
    author: { username: string };
  }[];
  return told
    .map(({ project_id, iid, state, author }) => `${project_id}!${iid} ${state} ${author.username}`)
    .toSorted();
}

const worldOf = (forge: Forge, more: Partial<World> = {}): World =>
  testWorld(forge, { now: () => Date.now(), ...more });

it('builds a lost state from GitLab alone, and no merge request is opened twice', async () => {
  const { gitlab, forge, ada, ids, add, end, key } = await fleet();
  const names = ['same', 'moved', 'declined', 'declined-moved', 'merged', 'asked-again', 'left'];
  for (const name of names) await add(`shop/${name}`);
  const world = worldOf(forge);

  const first = await state();
  expect(await rebuild(first, world)).toEqual({ due: 7, mergeRequests: { opened: 0, closed: 0, merged: 0 } });
  await first.updateTable('repository').set({ due: null }).where('path', '=', 'shop/left').execute();
  const created = await workOff(first, world);
  expect(Object.values(created)).toEqual(Array(6).fill('created'));

  for (const path of ['shop/declined', 'shop/declined-moved', 'shop/asked-again']) await end(path, 1, 'close');
  expect((await end('shop/merged', 1, 'merge')).status).toBe(200);
  await ada('POST', `/projects/${ids.get('shop/asked-again')}/merge_requests/1/notes`, { body: 'agentsmd: try again' });
  await gitlab.push('shop/moved', { branch: 'main', user: 'ada', message: 'x', files: CHANGED });
  await gitlab.push('shop/declined-moved', { branch: 'main', user: 'ada', message: 'x', files: { 'src/a.txt': 'a' } });

  // A person's copies of ours: on our branch of another project, and on another branch of one of them.
  const { body: ours } = await ada('GET', `/projects/${ids.get('shop/same')}/merge_requests/1`);
  const { description } = ours as unknown as { description: string };
  const copy = { title: 'Copy', description, target_branch: 'main', labels: LABEL };
  await add('shop/copied');
  for (const [path, branch] of [
    ['shop/copied', 'agentsmd/refresh'],
    ['shop/same', 'other'],
  ] as const) {
    await gitlab.push(path, { branch, user: 'ada', message: 'x', files: { x: 'x' }, from: 'main' });
    const opened = await ada('POST', `/projects/${ids.get(path)}/merge_requests`, { ...copy, source_branch: branch });
    expect(opened.status).toBe(201);
  }
  await add('shop/old', { archived: true });
  const before = await mergeRequestsOf(gitlab);

  const db = await state();
  const lost = await rebuild(db, world);
  expect(lost).toEqual({ due: 8, mergeRequests: { opened: 2, closed: 3, merged: 1 } });
  const rows = await db.selectFrom('merge_request').selectAll().orderBy('key').execute();
  expect(rows.map((row) => `${row.key} ${row.iid} ${row.state} ${row.ended_by}`).toSorted()).toEqual(
    [
      `${key('shop/same')} 1 opened null`,
      `${key('shop/moved')} 1 opened null`,
      `${key('shop/declined')} 1 closed people`,
      `${key('shop/declined-moved')} 1 closed people`,
      `${key('shop/asked-again')} 1 closed people`,
      `${key('shop/merged')} 1 merged null`,
    ].toSorted(),
  );
  for (const row of rows) {
    expect(Math.abs(Date.now() - row.opened_at.getTime())).toBeLessThan(HOUR);
    expect(row.ended_at === null).toBe(row.state === 'opened');
    expect(row).toMatchObject({ purpose: 'agents-md', source: 'agentsmd/refresh', campaign: null });
  }
  const project = await forge.project('shop/same');
  const standing = await forge.standing(project, { branch: 'agentsmd/refresh', files: [] });
  const marker = await markerOf(standing.mergeRequests[0]!);
  const same = await db
    .selectFrom('repository')
    .selectAll()
    .where('key', '=', key('shop/same'))
    .executeTakeFirstOrThrow();
  expect(same).toMatchObject({
    due: 'new',
    processed_at: null,
    head: marker?.base,
    facts: marker?.facts,
    excluded: null,
  });
  expect(rows.find((row) => row.key === key('shop/same'))?.tip).toBe(standing.branchTip);
  const old = await db.selectFrom('repository').selectAll().where('path', '=', 'shop/old').executeTakeFirstOrThrow();
  expect(old).toMatchObject({ due: null, excluded: 'archived' });
  const permits = await db.selectFrom('permit').selectAll().orderBy('at').execute();
  expect(permits).toHaveLength(6);
  expect(permits.map(({ key }) => key).toSorted()).toEqual(rows.map(({ key }) => key).toSorted());
  expect(permits[0]).toMatchObject({ kind: 'open', state: 'used', instance: gitlab.url });
  expect(permits[0]?.path).toMatch(/^shop\//);

  await db.updateTable('repository').set({ due: null }).where('path', '=', 'shop/left').execute();
  expect(await workOff(db, world)).toMatchObject({
    'shop/same': 'unchanged',
    'shop/moved': 'updated',
    'shop/declined': 'skipped closed-unmerged',
    'shop/declined-moved': 'skipped closed-unmerged',
    'shop/merged': 'skipped up-to-date',
    'shop/asked-again': 'created',
  });
  const after = await mergeRequestsOf(gitlab);
  const asked = `${ids.get('shop/asked-again')}!2 opened bot`;
  expect(after.filter((one) => one !== asked)).toEqual(before);
  expect(after).toContain(asked);
});

it('says again what it said, and leaves what is known as it is', async () => {
  const { forge, add, end, gitlab } = await fleet();
  await add('shop/a');
  await add('shop/b');
  const world = worldOf(forge);
  const db = await state();
  await rebuild(db, world);
  await workOff(db, world);
  await end('shop/b', 1, 'close');
  await gitlab.push('shop/a', { branch: 'main', user: 'ada', message: 'x', files: CHANGED });
  await db
    .updateTable('repository')
    .set({ head: 'b'.repeat(40), facts: 'other' })
    .execute();
  await db.updateTable('merge_request').set({ sweep: 7, ended_by: 'us', wave: 1, campaign: 'x' }).execute();
  const all = async () => ({
    repositories: await db.selectFrom('repository').selectAll().orderBy('key').execute(),
    mergeRequests: await db.selectFrom('merge_request').selectAll().orderBy('key').execute(),
    permits: await db.selectFrom('permit').selectAll().execute(),
  });
  const before = await all();
  expect(await rebuild(db, world)).toEqual({ due: 0, mergeRequests: { opened: 0, closed: 0, merged: 0 } });
  expect(await all()).toEqual(before);
});

it('counts what was opened in the last two hours as allowed, and nothing older', async () => {
  const { forge, add } = await fleet();
  await add('shop/a');
  const db = await state();
  await rebuild(db, worldOf(forge));
  await workOff(db, worldOf(forge));
  for (const [hours, permits] of [
    [1.9, 1],
    [2.1, 0],
  ] as const) {
    const later = await state();
    await rebuild(later, worldOf(forge, { now: () => Date.now() + hours * HOUR }));
    expect(await later.selectFrom('permit').select('kind').execute()).toHaveLength(permits);
  }
});

it('takes the newest one that counts for what a repository was worked out from', async () => {
  const { forge, add, ada, end, ids } = await fleet();
  await add('shop/a');
  const first = await state();
  await rebuild(first, worldOf(forge));
  await workOff(first, worldOf(forge));
  await end('shop/a', 1, 'close');
  await ada('POST', `/projects/${ids.get('shop/a')}/merge_requests/1/notes`, { body: 'agentsmd: try again' });
  await first.updateTable('repository').set({ due: 'replied' }).execute();
  expect(await workOff(first, worldOf(forge))).toEqual({ 'shop/a': 'created' });
  const { body } = await ada('GET', `/projects/${ids.get('shop/a')}/merge_requests/1`);
  const broken = (body as unknown as { description: string }).description.replaceAll(
    /"base":"\w{40}"/g,
    `"base":"${'0'.repeat(40)}"`,
  );
  await ada('PUT', `/projects/${ids.get('shop/a')}/merge_requests/1`, { description: broken });
  const project = await forge.project('shop/a');
  const { mergeRequests } = await forge.standing(project, { branch: 'agentsmd/refresh', files: [] });
  const markers = await Promise.all(mergeRequests.map(markerOf));
  expect(markers[1]?.base).toBe('0'.repeat(40));
  // Whichever something happened on last.
  for (const iid of [1, 2]) {
    await ada('POST', `/projects/${ids.get('shop/a')}/merge_requests/${iid}/notes`, { body: 'Thanks' });
    const db = await state();
    await rebuild(db, worldOf(forge));
    const row = await db.selectFrom('repository').select('head').executeTakeFirst();
    expect(row?.head).toBe(markers[0]?.base);
  }
});

it('takes the merge request of the review component for what it is', async () => {
  const { forge, add, gitlab, ids } = await fleet();
  await add('shop/a');
  const bot = asking(gitlab, gitlab.addToken({ user: 'bot' }));
  const branch = 'agentsmd/adopt-review';
  await gitlab.push('shop/a', { branch, user: 'bot', message: 'x', files: { x: 'x' }, from: 'main' });
  const wish = { title: 'Review', source_branch: branch, target_branch: 'main', labels: LABEL };
  await bot('POST', `/projects/${ids.get('shop/a')}/merge_requests`, wish);
  const db = await state();
  await rebuild(db, worldOf(forge));
  expect(await db.selectFrom('merge_request').select(['purpose', 'tip']).execute()).toEqual([
    { purpose: 'adopt-review', tip: null },
  ]);
});

it('stops where it is told to, before anything is due, and goes on when it is run again', async () => {
  const { forge, add } = await fleet();
  for (let at = 0; at < 3; at++) await add(`shop/p${at}`);
  const first = await state();
  await rebuild(first, worldOf(forge));
  await workOff(first, worldOf(forge));
  const db = await state();
  const stop = new AbortController();
  const stopping = {
    ...forge,
    async *labelledMergeRequests() {
      stop.abort(new Error('stopped'));
      yield* forge.labelledMergeRequests(LABEL);
    },
  };
  await expect(rebuild(db, worldOf(stopping), () => {}, stop.signal)).rejects.toThrow('stopped');
  const due = async () => (await db.selectFrom('repository').select('due').execute()).map((row) => row.due);
  expect(await due()).toEqual([null, null, null]);
  expect(await rebuild(db, worldOf(forge))).toMatchObject({ due: 3, mergeRequests: { opened: 3 } });
  expect(await due()).toEqual(['new', 'new', 'new']);
});

it('reads a folder of repositories, whose merge requests take nothing from any limit', async () => {
  const made = await makeRepository({ files: FILES }, { name: 'cart' });
  closing.push(made.cleanup);
  const forge = await folderForge(made.root, { audit: { append: () => {} } });
  const world = worldOf(forge);
  const first = await state();
  await rebuild(first, world);
  expect(await workOff(first, world)).toEqual({ cart: 'created' });
  const db = await state();
  expect(await rebuild(db, world)).toEqual({ due: 1, mergeRequests: { opened: 1, closed: 0, merged: 0 } });
  expect(await db.selectFrom('permit').selectAll().execute()).toEqual([]);
  expect(await workOff(db, world)).toEqual({ cart: 'unchanged' });
});
