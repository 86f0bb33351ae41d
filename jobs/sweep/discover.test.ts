import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Forge } from '../../forge/port.ts';
import { testProject } from '../../forge/testing/project.ts';
import type { PublishConfig } from '../../generator/publish/config.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { emptied, NOW, testWorld } from '../work/testing/test-world.ts';
import { type DiscoverOptions, discover, shrinkage } from './discover.ts';
import type { SweepEvent } from './events.ts';
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

const HOUR = 3_600_000;

async function list(
  change: Partial<DiscoverOptions> & { readonly publish?: Partial<PublishConfig>; readonly now?: number } = {},
) {
  const { publish = {}, now = NOW, ...options } = change;
  const events: SweepEvent[] = [];
  const forge = fleet.forge();
  const world = testWorld(forge, { publish, now: () => now });
  const signal = new AbortController().signal;
  const all = { groups: undefined, acceptShrunk: false, signal, ...options };
  const listing = await discover(db, world, forge, all, (event) => void events.push(event));
  return { ...listing, warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])), events };
}

const rows = () => db.selectFrom('repository').selectAll().orderBy('path').execute();
const told = async (): Promise<readonly string[]> =>
  (await rows()).map(({ path, excluded, gone_since }) =>
    [path, excluded, gone_since && 'gone'].filter(Boolean).join(' '),
  );
const worked = () =>
  db
    .updateTable('repository')
    .set({ processed_at: new Date(NOW), head: 'a' })
    .execute();
const due = async () => (await rows()).map(({ path, due }) => `${path} ${due}`);

describe('the list of an instance', () => {
  it('is kept, with why a project is out of scope', async () => {
    fleet.add('shop/cart', { defaultBranch: 'trunk' });
    fleet.add('shop/old', { archived: true });
    fleet.add('shop/copy', { forkOf: 'shop/cart' });
    fleet.add('shop/nothing', { empty: true, defaultBranch: null });
    fleet.add('shop/quiet', { topics: ['agentsmd-ignore'] });
    const { seen, events } = await list({ publish: { optOutTopics: ['agentsmd-ignore'] } });
    expect(seen.size).toBe(5);
    expect(await told()).toEqual([
      'shop/cart',
      'shop/copy fork',
      'shop/nothing empty',
      'shop/old archived',
      'shop/quiet opted-out',
    ]);
    expect((await rows())[0]).toMatchObject({
      key: 'https://gitlab.example.com#1',
      instance: 'https://gitlab.example.com',
      project: '1',
      url: 'https://gitlab.example.com/shop/cart',
      branch: 'trunk',
      first_seen: new Date(NOW),
      last_seen: new Date(NOW),
      due: null,
    });
    const { instance } = fleet;
    expect(events).toEqual([
      { type: 'listed', instance, projects: 5, done: false },
      { type: 'listed', instance, projects: 5, done: true },
    ]);
  });

  it('is brought up to date: who moved keeps its row', async () => {
    fleet.add('shop/cart');
    await list();
    fleet.change('shop/cart', { path: 'store/cart', url: 'https://gitlab.example.com/store/cart', archived: true });
    await list({ now: NOW + HOUR });
    expect(await rows()).toMatchObject([
      { key: 'https://gitlab.example.com#1', path: 'store/cart', excluded: 'archived', first_seen: new Date(NOW) },
    ]);
  });

  it('writes nothing where nothing changed, but that it was seen, once a day', async () => {
    fleet.addMany(3);
    await list();
    await list({ now: NOW + HOUR });
    for (const { last_seen } of await rows()) expect(last_seen).toEqual(new Date(NOW));
    await list({ now: NOW + 25 * HOUR });
    for (const { last_seen } of await rows()) expect(last_seen).toEqual(new Date(NOW + 25 * HOUR));
  });

  it('takes out what is missing, with whatever was to be done there', async () => {
    fleet.addMany(20);
    await list();
    await db
      .updateTable('repository')
      .set({ due: 'moved', due_since: new Date(NOW), due_sweep: 1 })
      .execute();
    fleet.remove('shop/p7');
    expect((await list({ now: NOW + HOUR })).warnings).toEqual([]);
    const gone = (await rows()).filter(({ gone_since }) => gone_since !== null);
    expect(gone).toMatchObject([{ path: 'shop/p7', gone_since: new Date(NOW + HOUR), due: null, due_sweep: null }]);
    expect((await rows()).filter(({ due }) => due === 'moved')).toHaveLength(19);
  });

  it('knows a project again that was gone', async () => {
    fleet.addMany(20);
    await list();
    await db
      .updateTable('repository')
      .set({ gone_since: new Date(NOW) })
      .where('path', '=', 'shop/p7')
      .execute();
    await list();
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual([]);
    // What happened there meanwhile nobody heard.
    expect((await due()).filter((each) => !each.endsWith('null'))).toEqual(['shop/p7 replied']);
  });

  it.each([
    ['was not found when it was to be worked on', {}, { due: 'replied', not_before: null }],
    ['is due for more', { due: 'new' }, { due: 'new', not_before: null }],
    ['was something else', { reason: 'empty' }, { due: 'deferred', not_before: new Date(NOW + HOUR) }],
    ['is not due', { due: null, not_before: null }, { due: null }],
    ['is set aside', { dead_since: new Date(NOW) }, { due: 'deferred' }],
  ])('has that looked at now that %s', async (_, change, then) => {
    fleet.add('shop/cart');
    await list();
    const hidden = { result: 'skipped', reason: 'gone', due: 'deferred', not_before: new Date(NOW + HOUR) };
    await db
      .updateTable('repository')
      .set({ ...hidden, ...change })
      .execute();
    await list();
    expect(await rows()).toMatchObject([then]);
  });

  it('tells one that was made anew under the same path from the one before it', async () => {
    fleet.addMany(20);
    await list();
    fleet.remove('shop/p7');
    fleet.add('shop/p7');
    await list();
    const found = (await rows()).filter(({ path }) => path === 'shop/p7');
    expect(found.map(({ project, gone_since }) => [project, gone_since === null]).toSorted()).toEqual([
      ['21', true],
      ['8', false],
    ]);
  });

  it('tells each project once, though more come while it is read', async () => {
    fleet.addMany(5);
    fleet.between = { verb: 'projects', after: 3, run: () => void fleet.add('shop/late') };
    expect((await list()).seen.size).toBe(6);
    expect(await told()).toContain('shop/late');
  });

  it('tells each project once, though its pages overlap', async () => {
    const { project } = fleet.add('shop/cart');
    const forge: Forge = {
      ...fleet.forge(),
      async *projects() {
        yield* [project, project];
      },
    };
    const options = { groups: ['shop', 'shop/cart'], acceptShrunk: false, signal: new AbortController().signal };
    await discover(db, testWorld(forge), forge, options, () => {});
    expect(await rows()).toHaveLength(1);
  });

  it('is read in batches', async () => {
    fleet.addMany(1201);
    const { events } = await list();
    expect(events.map((event) => event.type === 'listed' && event.projects)).toEqual([500, 1000, 1201, 1201]);
    expect(await rows()).toHaveLength(1201);
    const { seen } = await list();
    expect(seen.size).toBe(1201);
    expect(await rows()).toHaveLength(1201);
  });
});

describe('a list that shrank', () => {
  const without = (count: number) => {
    for (let at = 0; at < count; at++) fleet.remove(`shop/p${at}`);
  };

  it.each([
    [2, 2, 0],
    [3, 0, 1],
  ])('by %i of 20 takes %i out', async (missing, gone, warnings) => {
    fleet.addMany(20);
    await list();
    without(missing);
    const listed = await list();
    expect(listed.warnings).toHaveLength(warnings);
    expect((await rows()).filter(({ gone_since }) => gone_since !== null)).toHaveLength(gone);
    // Not believed tomorrow either.
    expect((await list()).warnings).toHaveLength(warnings);
  });

  it('says how much, and what to do', async () => {
    fleet.addMany(20);
    await list();
    without(19);
    expect((await list()).warnings).toEqual([
      'https://gitlab.example.com: its list has 1 project, where 20 were known; 19 are missing, among them shop/p0, shop/p9, shop/p10, shop/p11, shop/p12; none is taken out. See what the token’s user is a member of; --accept-shrunk believes the list',
    ]);
  });

  it('of a folder is not one of a token', () => {
    const missing = ['a', 'b', 'c d'].map((path) => ({ key: path, path }));
    expect(shrinkage('/srv/repos', { now: 1, before: 4, missing })).toBe(
      '3 of 4 repositories are missing from /srv/repos: a, b, c d; none is taken out. See whether all of the folder is there; --accept-shrunk believes that it is',
    );
  });

  it('is believed where a person says so', async () => {
    fleet.addMany(20);
    await list();
    without(10);
    expect((await list({ acceptShrunk: true })).warnings).toEqual([]);
    expect((await told()).filter((each) => each.endsWith('gone'))).toHaveLength(10);
    expect((await list()).warnings).toEqual([]);
  });

  it.each([
    [19, 6, 6, 0],
    [19, 7, 0, 1],
    [12, 2, 2, 0],
    [6, 2, 2, 0],
    [6, 3, 0, 1],
    [3, 2, 2, 0],
    [2, 1, 1, 0],
    [3, 3, 0, 1],
    [1, 1, 0, 1],
  ])('of %i by %i takes %i out, as it is a small one', async (known, missing, gone, warnings) => {
    fleet.addMany(known);
    await list();
    without(missing);
    expect((await list()).warnings).toHaveLength(warnings);
    expect((await rows()).filter(({ gone_since }) => gone_since !== null)).toHaveLength(gone);
  });

  it('is not one that was empty before', async () => {
    expect((await list()).warnings).toEqual([]);
  });

  it.each([
    [20, 10, 7],
    [20, 10, 10],
    [20, 3, 50],
    [2, 2, 3],
  ])('is one, however much is new: of %i, without %i, with %i others', async (known, missing, others) => {
    fleet.addMany(known);
    await list();
    without(missing);
    fleet.addMany(others, 'tools');
    expect((await list()).warnings).toHaveLength(1);
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual([]);
  });

  it('has those looked at where our merge request may change unheard', async () => {
    const ours = { purpose: 'agents-md', state: 'opened' };
    const kept: Readonly<Record<string, readonly object[]>> = {
      'shop/p0': [ours],
      'shop/p1': [],
      'shop/p2': [{ ...ours, state: 'merged' }],
      'shop/p3': [{ ...ours, purpose: 'adopt-review' }],
      'shop/p4': [
        { ...ours, state: 'merged' },
        { ...ours, state: 'closed' },
      ],
      'shop/p5': [ours],
      'shop/p6': [ours],
    };
    fleet.addMany(7);
    await list();
    for (const { key, path } of await rows())
      for (const [iid, change] of kept[path]!.entries())
        await db
          .insertInto('merge_request')
          .values({ key, iid, url: '', source: '', state: '', purpose: '', opened_at: new Date(NOW), ...change })
          .execute();
    await db
      .updateTable('repository')
      .set({ due: 'deferred', not_before: new Date(NOW + HOUR) })
      .where('path', '=', 'shop/p5')
      .execute();
    without(6);
    expect((await list()).warnings).toHaveLength(1);
    expect((await rows()).map(({ path, due, not_before }) => [path, due, not_before])).toEqual([
      ['shop/p0', 'replied', null],
      ['shop/p1', null, null],
      ['shop/p2', null, null],
      ['shop/p3', null, null],
      ['shop/p4', 'replied', null],
      ['shop/p5', 'deferred', new Date(NOW + HOUR)],
      ['shop/p6', null, null],
    ]);
  });

  it('takes nothing out where it broke off', async () => {
    fleet.addMany(20);
    await list();
    fleet.remove('shop/p19');
    fleet.fails = { verb: 'projects', after: 15, reason: 'unavailable' };
    await expect(list()).rejects.toMatchObject({ reason: 'unavailable' });
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual([]);
  });

  it('takes nothing out where only active ones were asked for', async () => {
    fleet.addMany(19);
    fleet.add('shop/busy', { lastActivityAt: '2026-11-20T00:00:00Z' });
    await list();
    const { seen, warnings } = await list({ since: '2026-11-19T00:00:00Z' });
    expect([seen.size, warnings]).toEqual([1, []]);
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual([]);
  });
});

describe('a list beside that of another sweep', () => {
  /** What another sweep keeps of a fleet while this one reads its list. */
  const beside = async (other: Fleet, at: number) => {
    const forge = fleet.forge();
    let now = NOW;
    const world = testWorld(forge, { now: () => now });
    const listing: Forge = {
      ...forge,
      async *projects(scope) {
        yield* forge.projects(scope);
        const others = { groups: undefined, acceptShrunk: true, signal: new AbortController().signal };
        const theirs = other.forge();
        await discover(db, testWorld(theirs, { now: () => at }), theirs, others, () => {});
        now = NOW + 60_000;
      },
    };
    const options = { groups: undefined, acceptShrunk: false, signal: new AbortController().signal };
    const warnings: SweepEvent[] = [];
    await discover(db, world, listing, options, (event) => void (event.type === 'warning' && warnings.push(event)));
    expect(warnings).toEqual([]);
    return (await told()).filter((each) => each.endsWith('gone'));
  };
  const withNew = (count: number): Fleet => {
    const other = new Fleet();
    other.addMany(20);
    other.addMany(count, 'late');
    return other;
  };

  it('takes out nothing that the other found meanwhile, nor takes it for lost', async () => {
    fleet.addMany(20);
    await list({ now: NOW - HOUR });
    expect(await beside(withNew(10), NOW + 1000)).toEqual([]);
    expect(await rows()).toHaveLength(30);
  });

  it('takes out what the other found before it', async () => {
    fleet.addMany(20);
    await list({ now: NOW - HOUR });
    expect(await beside(withNew(1), NOW - 1000)).toEqual(['late/p0 gone']);
  });

  it('takes out nothing that was gone, and that the other knew again meanwhile', async () => {
    fleet.addMany(20);
    await list({ now: NOW - HOUR });
    await db
      .updateTable('repository')
      .set({ gone_since: new Date(NOW - HOUR) })
      .where('path', '=', 'shop/p19')
      .execute();
    fleet.remove('shop/p19');
    expect(await beside(withNew(0), NOW + 1000)).toEqual([]);
  });

  it('takes out nothing that the other sees at the last moment', async () => {
    fleet.addMany(20);
    await list({ now: NOW - HOUR });
    fleet.remove('shop/p19');
    const forge = fleet.forge();
    const others: Promise<unknown>[] = [];
    let asked = 0;
    const now = () => {
      // When the list begins, when it is kept, and when what is missing is to be taken out.
      asked += 1;
      if (asked === 3)
        others.push(
          db
            .updateTable('repository')
            .set({ last_seen: new Date(NOW + 1000) })
            .where('path', '=', 'shop/p19')
            .execute(),
        );
      return NOW;
    };
    const options = { groups: undefined, acceptShrunk: false, signal: new AbortController().signal };
    await discover(db, testWorld(forge, { now }), forge, options, () => {});
    await Promise.all(others);
    expect(others).toHaveLength(1);
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual([]);
  });

  it('does not believe a clock that ran ahead', async () => {
    fleet.addMany(20);
    await list({ now: NOW + 1000 * HOUR });
    fleet.remove('shop/p7');
    await list();
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual(['shop/p7 gone']);
  });
});

describe('the list of groups', () => {
  it('takes out nothing of other groups', async () => {
    fleet.addMany(20, 'shop');
    fleet.addMany(20, 'tools');
    await list();
    fleet.remove('shop/p1');
    fleet.remove('tools/p1');
    await list({ groups: ['shop'] });
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual(['shop/p1 gone']);
  });

  it('is not shrunk for being shorter than the list of all', async () => {
    fleet.addMany(20, 'shop');
    fleet.addMany(20, 'tools');
    await list();
    expect((await list({ groups: ['tools'] })).warnings).toEqual([]);
  });

  it('goes on beside one that is unknown, of which nothing is taken out', async () => {
    fleet.addMany(20, 'shop');
    fleet.addMany(20, 'tools');
    await list();
    fleet.remove('shop/p1');
    fleet.groups = ['shop'];
    const { seen, unknown } = await list({ groups: ['tools', 'shop'] });
    expect([seen.size, [...unknown.keys()]]).toEqual([19, ['tools']]);
    expect((await told()).filter((each) => each.endsWith('gone'))).toEqual(['shop/p1 gone']);
  });
});

describe('what a list changes', () => {
  it.each([
    ['a renamed default branch', {}, { defaultBranch: 'trunk' }, 'moved'],
    ['a project that is archived', {}, { archived: true }, 'null'],
    ['a project that is not archived any more', { archived: true }, {}, 'moved'],
    ['a project that opted out', {}, { topics: ['agentsmd-ignore'] }, 'moved'],
  ])('makes %s due as it should', async (_, before, after, cause) => {
    const optOut = { publish: { optOutTopics: ['agentsmd-ignore'] } };
    fleet.add('shop/cart', before);
    fleet.add('shop/other');
    await list(optOut);
    await worked();
    fleet.change('shop/cart', { archived: false, ...after });
    await list(optOut);
    expect(await due()).toEqual([`shop/cart ${cause}`, 'shop/other null']);
  });

  it('leaves what is due for more as it is', async () => {
    fleet.add('shop/cart');
    await list();
    await worked();
    const since = new Date(NOW - HOUR);
    for (const [branch, before, after] of [
      ['trunk', 'replied', 'replied'],
      ['develop', 'policy', 'moved'],
    ]) {
      await db.updateTable('repository').set({ due: before!, due_since: since }).execute();
      fleet.change('shop/cart', { defaultBranch: branch! });
      await list();
      expect(await rows()).toMatchObject([{ branch, due: after, due_since: since }]);
    }
  });
});

it('keeps 10,000 projects in seconds', { timeout: 120_000 }, async () => {
  const projects = Array.from({ length: 10_000 }, (_, at) => testProject({ id: String(at), path: `shop/p${at}` }));
  const forge = {
    ...fleet.forge(),
    async *projects() {
      yield* projects;
    },
  };
  const signal = new AbortController().signal;
  const options = { groups: undefined, acceptShrunk: false, signal };
  await discover(db, testWorld(forge), forge, options, () => {});
  expect(await db.selectFrom('repository').select('key').execute()).toHaveLength(10_000);
});
