import type { Insertable, Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MergeRequest } from '../../forge/port.ts';
import { publish } from '../../generator/publish/index.ts';
import { alter } from '../../generator/publish/testing/memory-world.ts';
import type { MergeRequestTable, RepositoryTable, Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { addRepository, emptied, NOW, testWorld } from '../work/testing/test-world.ts';
import { readMergeRequests, repliedSince } from './merge-requests.ts';
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

const KEY = 'https://gitlab.example.com#1';
const iso = (ms: number) => new Date(ms).toISOString();
const MINUTE = 60_000;

/** A repository with our merge request, which is known unless told. */
async function opened(
  path = 'shop/cart',
  {
    known = {},
    due = null,
  }: { readonly known?: Partial<Insertable<MergeRequestTable>> | null; readonly due?: string | null } = {},
): Promise<string> {
  const repository = fleet.add(path);
  const forge = fleet.forge();
  const world = testWorld(forge);
  const { config } = world;
  const result = await publish(forge, repository.project, {
    config: config.publish,
    generate: config.generate,
    propose: (reader, generate, ledger) => world.propose(repository.project, reader, generate, { ledger }),
  });
  expect(result.kind).toBe('created');
  const mergeRequest = alter(repository, 1, { updatedAt: iso(NOW) });
  const key = await addRepository(db, repository.project, { due });
  if (known)
    await db
      .insertInto('merge_request')
      .values({
        ...{ key, iid: 1, url: mergeRequest.url, state: 'opened', source: mergeRequest.source, tip: mergeRequest.head },
        ...{ opened_at: new Date(NOW), updated_at: iso(NOW), purpose: 'agents-md', ...known },
      })
      .execute();
  return key;
}

const changed = (change: Partial<MergeRequest>, path = 'shop/cart') => alter(fleet.at(path), 1, change);
const read = (now = NOW) => {
  const forge = fleet.forge();
  return readMergeRequests(db, testWorld(forge, { now: () => now }), forge);
};
const row = () => db.selectFrom('merge_request').selectAll().executeTakeFirst();
const dueOf = async (key = KEY) =>
  (await db.selectFrom('repository').select('due').where('key', '=', key).executeTakeFirstOrThrow()).due;
const set = (change: Partial<Record<keyof RepositoryTable, unknown>>) =>
  db
    .updateTable('repository')
    .set(change as object)
    .execute();

describe('what becomes of merge requests', () => {
  it('takes a time for the same that one door of GitLab tells without its milliseconds', async () => {
    await opened();
    changed({ updatedAt: iso(NOW + 321) });
    await read();
    expect(await dueOf()).toBeNull();
    changed({ updatedAt: iso(NOW + 1321) });
    await read();
    expect(await dueOf()).toBe('replied');
    await set({ due: null });
    changed({ updatedAt: iso(NOW + 1322) });
    await read();
    expect(await dueOf()).toBe('replied');
  });

  it.each([
    ['deferred', 'replied'],
    ['moved', 'replied'],
    ['replied', 'replied'],
    ['reported', 'reported'],
  ])('is heard at once, though %s has to wait', async (due, then) => {
    await opened();
    await set({ due, due_since: new Date(NOW), not_before: new Date(NOW + 60 * MINUTE) });
    changed({ updatedAt: iso(NOW + 1000) });
    await read();
    const { due: is, not_before } = await db.selectFrom('repository').selectAll().executeTakeFirstOrThrow();
    expect([is, not_before]).toEqual([then, null]);
  });

  it('keeps when one was opened and ended, not when somebody last touched it', async () => {
    await opened('shop/cart', { known: null });
    const times = { createdAt: iso(NOW - 90 * MINUTE), endedAt: iso(NOW - 30 * MINUTE), updatedAt: iso(NOW) };
    changed({ state: 'closed', ...times });
    await read();
    expect(await row()).toMatchObject({
      opened_at: new Date(NOW - 90 * MINUTE),
      ended_at: new Date(NOW - 30 * MINUTE),
      ended_by: 'people',
    });
  });

  it('is asked for in one query, and nothing is due where nothing happened', async () => {
    for (let at = 0; at < 3; at++) await opened(`shop/p${at}`);
    await read();
    expect(fleet.asked('labelledMergeRequests')).toBe(1);
    expect(await dueOf()).toBeNull();
    expect(await db.selectFrom('merge_request').selectAll().execute()).toHaveLength(3);
  });

  it.each([
    ['a comment', { updatedAt: iso(NOW + MINUTE) }, { state: 'opened', ended_at: null, ended_by: null }],
    [
      'a merge',
      { state: 'merged', updatedAt: iso(NOW + MINUTE) },
      { ended_at: new Date(NOW + MINUTE), ended_by: null },
    ],
    [
      'a close',
      { state: 'closed', updatedAt: iso(NOW + MINUTE) },
      { ended_at: new Date(NOW + MINUTE), ended_by: 'people' },
    ],
    ['a close that the forge tells no time of', { state: 'closed', updatedAt: null }, { ended_at: new Date(NOW) }],
  ] as const)('is kept and makes the repository due: %s', async (_, change, kept) => {
    await opened();
    changed(change);
    await read();
    const { updatedAt: updated_at, ...changes } = change;
    expect(await row()).toMatchObject({ ...changes, updated_at, ...kept } as object);
    expect(await dueOf()).toBe('replied');
    await set({ due: null });
    await read();
    expect(await dueOf()).toBeNull();
  });

  it('is ours where we said that it was us', async () => {
    await opened('shop/cart', { known: { state: 'closed', ended_by: 'us', ended_at: new Date(NOW - MINUTE) } });
    changed({ state: 'closed', updatedAt: iso(NOW + MINUTE) });
    await read();
    expect(await row()).toMatchObject({ ended_by: 'us', ended_at: new Date(NOW - MINUTE) });
  });

  it('is open again where people reopened it', async () => {
    await opened('shop/cart', { known: { state: 'closed', ended_by: 'us', ended_at: new Date(NOW) } });
    changed({ updatedAt: iso(NOW + MINUTE) });
    await read();
    expect(await row()).toMatchObject({ state: 'opened', ended_by: null, ended_at: null });
  });

  it('keeps where it belongs to, and when it was opened', async () => {
    await opened('shop/cart', { known: { sweep: 3, campaign: 'c', wave: 2, opened_at: new Date(NOW - MINUTE) } });
    changed({ state: 'merged', updatedAt: iso(NOW + MINUTE) });
    await read();
    expect(await row()).toMatchObject({ sweep: 3, campaign: 'c', wave: 2, opened_at: new Date(NOW - MINUTE) });
  });

  it.each([
    ['takes what was proposed as merged', {}, 1, { ledger: { v: 1 }, proposed_ledger: null }],
    ['not where something else was merged', {}, 2, { ledger: null }],
    ['not where it went into another branch', { target: 'develop' }, 1, { ledger: null }],
  ] as const)('%s', async (_, change, iid, kept) => {
    await opened();
    await set({ proposed_ledger: JSON.stringify({ iid, ledger: { v: 1 } }) });
    changed({ state: 'merged', updatedAt: iso(NOW + MINUTE), ...change });
    await read();
    expect(await db.selectFrom('repository').selectAll().executeTakeFirst()).toMatchObject(kept);
  });

  it.each([
    ['new', 'new'],
    ['moved', 'replied'],
    ['deferred', 'replied'],
  ])('does not make less urgent what is due as %s', async (before, after) => {
    await opened('shop/cart', { due: before });
    changed({ updatedAt: iso(NOW + MINUTE) });
    await read();
    expect(await dueOf()).toBe(after);
  });

  it.each([
    ['out of scope', { excluded: 'archived' }],
    ['gone', { gone_since: new Date(NOW) }],
    ['set aside', { dead_since: new Date(NOW) }],
  ])('makes no repository due that is %s', async (_, change) => {
    await opened();
    await set(change);
    changed({ updatedAt: iso(NOW + MINUTE) });
    await read();
    expect(await dueOf()).toBeNull();
    expect(await row()).toMatchObject({ updated_at: iso(NOW + MINUTE) });
  });

  it('makes nothing due for one that is for something else', async () => {
    await opened('shop/cart', { known: { purpose: 'adopt-review' } });
    changed({ state: 'merged', updatedAt: iso(NOW + MINUTE) });
    await read();
    expect([await dueOf(), (await row())?.state]).toEqual([null, 'merged']);
  });
});

describe('a merge request that nobody knows of', () => {
  it('is taken up where it is ours by its mark', async () => {
    await opened('shop/cart', { known: null });
    await read();
    expect(await row()).toMatchObject({ key: KEY, iid: 1, state: 'opened', purpose: 'agents-md', campaign: null });
    expect(await dueOf()).toBe('replied');
  });

  it.each([
    ['has our label only', { description: 'Mine.' }],
    ['is from another branch', { source: 'feature' }],
  ])('is none of ours where it %s', async (_, change) => {
    await opened('shop/cart', { known: null });
    changed(change);
    await read();
    expect([await row(), await dueOf()]).toEqual([undefined, null]);
  });

  it('is none of ours in a project that is not in the fleet', async () => {
    await opened('shop/cart', { known: null });
    await db.deleteFrom('repository').execute();
    await read();
    expect(await row()).toBeUndefined();
  });
});

describe('how far it was read', () => {
  const asked = async (now = NOW): Promise<number> => {
    const before = fleet.calls.length;
    await read(now);
    return fleet.calls[before]!.told;
  };
  const cursor = (value?: unknown) =>
    value === undefined
      ? db.selectFrom('memo').select('value').executeTakeFirst()
      : db
          .updateTable('memo')
          .set({ value: JSON.stringify(value) })
          .execute();

  beforeEach(async () => {
    await opened('shop/old');
    changed({ updatedAt: iso(NOW - 60 * MINUTE) }, 'shop/old');
    await opened('shop/late');
    changed({ updatedAt: iso(NOW - 2 * MINUTE) }, 'shop/late');
    await opened('shop/cart');
  });

  it('is kept, and the next time begins a little before', async () => {
    expect(await asked()).toBe(3);
    expect(await cursor()).toEqual({ value: { until: iso(NOW) } });
    expect(await asked(NOW + 60 * MINUTE)).toBe(2);
  });

  it('stays where it was while nothing happens', async () => {
    await read();
    changed({ updatedAt: iso(NOW - 3 * MINUTE) });
    await read();
    expect(await cursor()).toEqual({ value: { until: iso(NOW) } });
  });

  it.each([
    ['lies in the future', { until: iso(NOW + 3 * 60 * MINUTE) }],
    ['is no time', { until: 'tomorrow' }],
    ['is something else', []],
  ])('counts for nothing where it %s', async (_, value) => {
    await read();
    await cursor(value);
    expect(await asked()).toBe(3);
    expect(await cursor()).toEqual({ value: { until: iso(NOW) } });
  });

  it('may be ahead of our clock by as much as clocks differ', async () => {
    await read();
    expect(await asked(NOW - 30 * MINUTE)).toBe(2);
  });

  it('does not move where the query broke off, and nothing is lost', async () => {
    await read();
    changed({ updatedAt: iso(NOW + 60 * MINUTE) });
    changed({ updatedAt: iso(NOW + 61 * MINUTE) }, 'shop/late');
    fleet.fails = { verb: 'labelledMergeRequests', after: 1, reason: 'unavailable' };
    await expect(read()).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await cursor()).toEqual({ value: { until: iso(NOW) } });
    fleet.fails = undefined;
    await read();
    const due = await db.selectFrom('repository').select('path').where('due', '=', 'replied').execute();
    expect(due.map(({ path }) => path).toSorted()).toEqual(['shop/cart', 'shop/late', 'shop/old']);
  });

  it('moves with the last of what was read, or neither does', async () => {
    await read();
    changed({ updatedAt: iso(NOW + 60 * MINUTE) });
    await db.schema.alterTable('repository').renameColumn('due_since', 'hidden').execute();
    await expect(read()).rejects.toThrow(/due_since/);
    await db.schema.alterTable('repository').renameColumn('hidden', 'due_since').execute();
    expect(await cursor()).toEqual({ value: { until: iso(NOW) } });
    const kept = await db.selectFrom('merge_request').select('updated_at').where('updated_at', '>', iso(NOW)).execute();
    expect(kept).toEqual([]);
  });

  it('is not used for a folder, whose merge requests have no time of their own', async () => {
    const forge = { ...fleet.forge(), kind: 'folder' as const };
    for (let at = 0; at < 2; at++) await readMergeRequests(db, testWorld(forge), forge);
    expect(fleet.calls.map(({ told }) => told)).toEqual([3, 3]);
  });
});

it('is read in batches', async () => {
  await opened();
  const mergeRequest = fleet.at('shop/cart').mergeRequests[0]!;
  for (let iid = 2; iid <= 1100; iid++)
    fleet.at('shop/cart').mergeRequests.push({ ...mergeRequest, iid, state: 'closed', updatedAt: iso(NOW + iid) });
  await read(NOW + MINUTE);
  expect(await db.selectFrom('merge_request').select('iid').execute()).toHaveLength(1100);
  expect(await db.selectFrom('memo').select('value').executeTakeFirst()).toEqual({ value: { until: iso(NOW + 1100) } });
});

it('tells of replies without keeping anything', async () => {
  await opened();
  await opened('shop/other');
  changed({ updatedAt: iso(NOW + MINUTE) });
  const forge = fleet.forge();
  expect([...(await repliedSince(db, testWorld(forge), forge))]).toEqual([KEY]);
  expect([await dueOf(), await db.selectFrom('memo').selectAll().execute()]).toEqual([null, []]);
  expect(await row()).toMatchObject({ updated_at: iso(NOW) });
});
