import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { push } from '../../generator/publish/testing/memory-world.ts';
import type { RepositoryTable, Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { emptied, NOW, testWorld } from '../work/testing/test-world.ts';
import type { World } from '../world.ts';
import { discover } from './discover.ts';
import { byUrgency, findMoved } from './moved.ts';
import { Fleet } from './testing/fleet.ts';

let db: Kysely<Tables>;
let fleet: Fleet;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(async () => {
  fleet = new Fleet();
  await emptied(db);
});
afterAll(() => db.destroy());

const signal = new AbortController().signal;

async function find(change: Parameters<typeof testWorld>[1] = {}) {
  const forge = fleet.forge();
  const world: World = testWorld(forge, change);
  const options = { groups: undefined, acceptShrunk: false, signal };
  const listing = await discover(db, world, forge, options, () => {});
  const found = await findMoved(db, world, forge, listing, { signal });
  return {
    ...found,
    listing,
    due: found.due.toSorted(byUrgency).map(({ path, cause }) => `${path} ${cause}`),
    rest: found.rest.summary({ requests: 0, ms: 0 }),
  };
}

/** All are as a worker leaves them that had nothing to do. */
async function worked(path?: string): Promise<void> {
  for (const { key, branch, seen_head } of await rows(path))
    await db
      .updateTable('repository')
      .set({ head: seen_head, processed_at: new Date(NOW), result: 'unchanged', due: null, due_since: null })
      .set({ branch, generator: '1', codex: '', catalog: '' })
      .where('key', '=', key)
      .execute();
}

const rows = async (path?: string) =>
  (await db.selectFrom('repository').selectAll().orderBy('path').execute()).filter((row) => !path || row.path === path);
const row = async (path: string) => (await rows(path))[0]!;
const set = (path: string, change: Partial<Record<keyof RepositoryTable, unknown>>) =>
  db
    .updateTable('repository')
    .set(change as object)
    .where('path', '=', path)
    .execute();
const move = (path: string) => push(fleet.at(path), { files: { 'x.md': String(fleet.at(path).commits.size) } });

describe('what is to be done', () => {
  it('is everything in a fleet that nobody ever looked at', async () => {
    fleet.addMany(3);
    fleet.add('shop/old', { archived: true });
    const { due, rest, inScope } = await find();
    expect(due).toEqual(['shop/p0 new', 'shop/p1 new', 'shop/p2 new']);
    expect(rest).toMatchObject({ repositories: 1, skipped: { archived: 1 } });
    expect(inScope).toBe(3);
    expect(await row('shop/p0')).toMatchObject({
      due: 'new',
      due_since: new Date(NOW),
      seen_head: fleet.at('shop/p0').branches.get('main'),
      head: null,
    });
    expect(await row('shop/old')).toMatchObject({ due: null, seen_head: null });
  });

  it('is of its own instance, whatever the folder is called', async () => {
    fleet = new Fleet('/srv/c# and f#');
    fleet.add('shop/c#');
    const forge = fleet.forge();
    const world = testWorld(forge);
    const listing = await discover(db, world, forge, { groups: undefined, acceptShrunk: false, signal }, () => {});
    expect((await findMoved(db, world, forge, listing, { signal })).due).toMatchObject([
      { instance: '/srv/c# and f#', path: 'shop/c#' },
    ]);
  });

  it('is nothing once it was done', async () => {
    fleet.addMany(3);
    await find();
    await worked();
    const { due, rest } = await find();
    expect(due).toEqual([]);
    expect(rest).toMatchObject({ repositories: 3, unchanged: 3 });
  });

  it('is found for all that moved, whatever their activity says', async () => {
    const quiet = { lastActivityAt: '2020-01-01T00:00:00Z' };
    for (let at = 0; at < 60; at++) fleet.add(`shop/p${at}`, quiet);
    await find();
    await worked();
    const moved = Array.from({ length: 25 }, (_, at) => `shop/p${at * 2}`);
    for (const path of moved) move(path);
    const { due, rest } = await find();
    expect(due.toSorted()).toEqual(moved.map((path) => `${path} moved`).toSorted());
    expect(rest.unchanged).toBe(35);
  });

  it('is asked of heads a page at a time, and of none that is ruled out', async () => {
    for (let at = 0; at < 1100; at++) fleet.add(`shop/p${at}`, at < 50 ? { archived: true } : {}, { 'a.md': '' });
    const { due } = await find();
    expect(due).toHaveLength(1050);
    expect(fleet.calls.filter(({ verb }) => verb === 'heads').map(({ told }) => told)).toHaveLength(2);
    expect(fleet.calls.reduce((sum, { verb, told }) => sum + (verb === 'heads' ? told : 0), 0)).toBe(1050);
  });

  it('comes by urgency, and what was due first comes first', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) fleet.add(`shop/${name}`);
    await find();
    for (const name of ['b', 'c', 'd', 'e']) await worked(`shop/${name}`);
    move('shop/b');
    await find();
    move('shop/c');
    await find();
    await set('shop/c', { due_since: new Date(NOW - 1) });
    await set('shop/d', { due: 'reported', due_since: new Date(NOW) });
    expect((await find({ policy: async () => ({ generator: '2', codex: null, catalog: null }) })).due).toEqual([
      'shop/a new',
      'shop/d reported',
      'shop/c moved',
      'shop/b moved',
      'shop/e policy',
    ]);
  });

  it('says what of codex, generator and catalog is new', async () => {
    fleet.addMany(3);
    await find();
    await worked();
    const policy = async ({ path }: { readonly path: string }) => ({
      generator: '1',
      codex: path === 'shop/p1' ? 'new' : '',
      catalog: null,
    });
    const found = await find({ policy });
    expect([found.due, [...found.policy]]).toEqual([['shop/p1 policy'], ['codex']]);
  });

  it('waits where it is to wait, though its head moved', async () => {
    fleet.addMany(3);
    await find();
    await worked();
    for (const [path, result, reason] of [
      ['shop/p0', 'deferred', 'limit-open'],
      ['shop/p1', 'refused', 'protected-branch'],
    ] as const)
      await set(path, { due: 'deferred', not_before: new Date(NOW + 1), result, reason });
    move('shop/p0');
    const { due, rest } = await find();
    expect(due).toEqual([]);
    expect(rest).toMatchObject({ skipped: { 'limit-open': 1 }, failed: { 'protected-branch': 1 }, unchanged: 1 });
    expect(await row('shop/p0')).toMatchObject({ due: 'deferred', not_before: new Date(NOW + 1) });
    expect((await find({ now: () => NOW + 1 })).due).toEqual(['shop/p0 moved', 'shop/p1 deferred']);
  });

  it('is nothing for what was set aside, until it moved', async () => {
    fleet.add('shop/cart');
    await find();
    const tried = { generator: '1', codex: '' };
    await set('shop/cart', { ...tried, dead_since: new Date(NOW), due: null, due_since: null, result: 'failed' });
    expect((await find()).rest).toMatchObject({ skipped: { 'set-aside': 1 } });
    move('shop/cart');
    expect((await find()).due).toEqual(['shop/cart moved']);
    expect(await row('shop/cart')).toMatchObject({ dead_since: null, due: 'moved' });
  });

  it('ends for what the list rules out', async () => {
    fleet.add('shop/cart');
    await find();
    fleet.change('shop/cart', { archived: true });
    await set('shop/cart', { not_before: new Date(NOW + 1), due_sweep: 3 });
    await find();
    expect(await row('shop/cart')).toMatchObject({ due: null, due_since: null, due_sweep: null, not_before: null });
  });

  it('is not about what the list does not hold', async () => {
    fleet.addMany(10);
    await find();
    fleet.remove('shop/p1');
    fleet.remove('shop/p2');
    const { due, rest } = await find();
    expect([due.length, rest.repositories]).toEqual([8, 0]);
  });
});

describe('a team that may opt in', () => {
  const publish = { enabled: false };
  it('is asked once, and again when its branch moved', async () => {
    fleet.add('shop/cart');
    expect((await find({ publish })).due).toEqual(['shop/cart new']);
    await worked();
    await set('shop/cart', { result: 'skipped', reason: 'opted-out' });
    expect((await find({ publish })).rest).toMatchObject({ skipped: { 'opted-out': 1 } });
    move('shop/cart');
    expect((await find({ publish })).due).toEqual(['shop/cart moved']);
  });

  it('does not matter where the project itself opts out', async () => {
    fleet.add('shop/cart', { topics: ['no'] });
    expect((await find({ publish: { optOutTopics: ['no'] } })).rest).toMatchObject({ skipped: { 'opted-out': 1 } });
  });
});

it('leaves alone what a worker did meanwhile', async () => {
  fleet.addMany(2);
  await find();
  await worked();
  move('shop/p0');
  move('shop/p1');
  const forge = fleet.forge();
  const world = testWorld(forge, {
    // Between reading and writing.
    policy: async ({ path }) => {
      if (path === 'shop/p0') await set(path, { head: fleet.at(path).branches.get('main') });
      return { generator: '1', codex: '', catalog: '' };
    },
  });
  await findMoved(db, world, forge, { instance: fleet.instance, seen: new Set(['1', '2']) }, { signal });
  expect((await rows()).map(({ due }) => due)).toEqual([null, 'moved']);
});

it('makes nothing due where the heads broke off', async () => {
  fleet.addMany(2);
  await find();
  await worked();
  fleet.fails = { verb: 'heads', after: 1, reason: 'timeout' };
  await expect(find()).rejects.toMatchObject({ reason: 'timeout' });
  expect((await rows()).map(({ due }) => due)).toEqual([null, null]);
});
