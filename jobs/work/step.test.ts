import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Project } from '../../forge/port.ts';
import { generate } from '../../generator/index.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from '../../generator/publish/config.ts';
import { markerOf } from '../../generator/publish/marker.ts';
import { rolledBackMarker } from '../../generator/publish/notes.ts';
import { memoryForge } from '../../generator/publish/testing/memory-forge.ts';
import { alter, merge, push, type World as Repository, say } from '../../generator/publish/testing/memory-world.ts';
import { type DeadTask, TryAgain } from '../queue/port.ts';
import { retry } from '../retry.ts';
import type { Cause, Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { memoryState } from '../testing/state.ts';
import type { World } from '../world.ts';
import { workStep } from './step.ts';
import { addRepository, claimOf, emptied, NOW, TestGate, TestQueue, testWorld } from './testing/test-world.ts';

const manifest = (scripts: Record<string, string>): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'cart', scripts }, null, 2),
});
const SCRIPTS = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' };
const CART = { ...manifest(SCRIPTS), 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const CHANGED = manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' });
const AGAIN = manifest({ ...SCRIPTS, test: 'node tools/all.js' });
const BRANCH = PUBLISH_DEFAULTS.branch;
const IT = { path: 'shop/backend/cart', instance: 'https://gitlab.example.com' };

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(() => emptied(db));
afterAll(() => db.destroy());

interface Setting {
  readonly files?: Record<string, string>;
  readonly project?: Partial<Project>;
  readonly publish?: Partial<PublishConfig>;
  readonly due_sweep?: number;
  readonly world?: Partial<World>;
  readonly kind?: 'folder';
}

async function started({ files = CART, project = {}, publish = {}, due_sweep, world: more = {}, kind }: Setting = {}) {
  const { forge: plain, world: repository } = memoryForge(files, project);
  const forge = kind ? { ...plain, kind } : plain;
  const meanwhile: { run?: (() => unknown) | undefined } = {};
  const plainWorld = testWorld(forge, { ...more, publish });
  const world: World = {
    ...plainWorld,
    propose: async (...given) => {
      const { run } = meanwhile;
      meanwhile.run = undefined;
      await run?.();
      return await plainWorld.propose(...given);
    },
  };
  const gate = new TestGate();
  const events: SweepEvent[] = [];
  const key = await addRepository(db, repository.project, due_sweep === undefined ? {} : { due_sweep });
  const queue = new TestQueue();
  const step = workStep({ db, queue }, world, gate, (event) => void events.push(event));
  const due = (cause: string) =>
    db
      .updateTable('repository')
      .set({ due: cause, due_since: new Date(NOW) })
      .execute();
  const handle = async (change: Parameters<typeof claimOf>[1] & { readonly cause?: string } = {}) => {
    const { cause, ...claim } = change;
    if (cause !== undefined) await due(cause);
    await step.handle(claimOf(key, claim));
  };
  const row = () => db.selectFrom('repository').selectAll().executeTakeFirstOrThrow();
  const outcomes = () => db.selectFrom('outcome').selectAll().orderBy('id').execute();
  const mergeRequests = () => db.selectFrom('merge_request').selectAll().orderBy('iid').execute();
  const newest = async () => {
    const { kind: is, reason } = (await outcomes()).at(-1)!;
    return reason === null ? is : `${is} ${reason}`;
  };
  const dead = async (change: Partial<DeadTask> & { readonly cause?: Cause } = {}) => {
    const { cause = 'new', ...more } = change;
    const task = { key, cause, sweep: null };
    const said = { tries: 4, reason: 'error', message: 'a bug' };
    await step.bury({ task, ...said, complete: async () => true, ...more });
  };
  return {
    dead,
    queue,
    forge,
    repository,
    meanwhile,
    gate,
    events,
    key,
    step,
    due,
    handle,
    row,
    outcomes,
    mergeRequests,
    newest,
  };
}

const addSweep = async (started_at: Date): Promise<number> =>
  (
    await db
      .insertInto('sweep')
      .values({ started_at, state: 'running', options: JSON.stringify({ groups: [] }) })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id;

const head = (repository: Repository): string => repository.branches.get('main')!;

describe('a task', () => {
  it('ends with an outcome, what was seen, and the merge request, all in one', async () => {
    const { repository, handle, row, outcomes, mergeRequests, events } = await started({
      due_sweep: 5,
      world: { requests: { total: () => 9, count: async (run) => ({ value: await run(), requests: 9 }) } },
    });
    await handle({ task: { sweep: 4 } });
    expect(await outcomes()).toMatchObject([
      { sweep: 5, kind: 'created', reason: null, cause: 'new', iid: 1, head: head(repository), requests: 9 },
    ]);
    expect(await row()).toMatchObject({
      head: head(repository),
      facts: expect.stringMatching(/^[0-9a-f]{16}$/),
      generator: '1',
      codex: '',
      catalog: '',
      processed_at: new Date(NOW),
      result: 'created',
      due: null,
      due_since: null,
      due_sweep: null,
      ledger: null,
      proposed_ledger: null,
      reviewed: false,
    });
    expect(await mergeRequests()).toMatchObject([
      {
        iid: 1,
        state: 'opened',
        source: BRANCH,
        tip: repository.branches.get(BRANCH),
        sweep: 5,
        campaign: 'today',
        wave: 2,
        purpose: 'agents-md',
        ended_at: null,
        ended_by: null,
      },
    ]);
    const url = repository.mergeRequests[0]!.url;
    expect(events).toEqual([
      { type: 'begun', path: IT.path },
      {
        type: 'repository',
        ...IT,
        outcome: 'generated',
        opened: true,
        mergeRequest: { iid: 1, url },
        ms: expect.any(Number),
        sweep: 5,
      },
    ]);
  });

  it('is over at once where nothing is due any more, nobody knows the repository, or it is not ours to work on', async () => {
    const { handle, step, outcomes, repository, events } = await started();
    let completed = 0;
    const complete = async () => ++completed > 0;
    await db.updateTable('repository').set({ due: null }).execute();
    await handle({ complete });
    await step.handle(claimOf('https://gitlab.example.com#404', { complete }));
    await db.updateTable('repository').set({ due: 'new', instance: 'https://elsewhere.example.com' }).execute();
    await handle({ complete });
    expect(completed).toBe(3);
    expect(await outcomes()).toEqual([]);
    expect(repository.calls).toEqual([]);
    expect(events).toEqual([]);
  });

  it('tells what each outcome counts as', async () => {
    const { repository, handle, events, outcomes } = await started();
    await handle();
    await handle({ cause: 'moved' });
    push(repository, { files: CHANGED });
    await handle({ cause: 'moved' });
    merge(repository, 1);
    await handle({ cause: 'replied' });
    push(repository, { files: AGAIN });
    await handle({ cause: 'moved' });
    repository.project = { ...repository.project, archived: true };
    await handle({ cause: 'moved' });
    const told = events.flatMap((event) => (event.type === 'repository' ? [event] : []));
    expect(told.map(({ outcome, reason, opened }) => [outcome, reason, opened])).toEqual([
      ['generated', undefined, true],
      ['unchanged', undefined, undefined],
      ['refreshed', undefined, undefined],
      ['unchanged', undefined, undefined],
      ['refreshed', undefined, true],
      ['skipped', 'archived', undefined],
    ]);
    expect((await outcomes()).map(({ kind, reason, iid }) => [kind, reason, iid])).toContainEqual([
      'created',
      'refresh',
      2,
    ]);
  });

  it('follows a project that moved, and leaves it to the list whether one is gone or hidden', async () => {
    const policy = { generator: '1', codex: '', catalog: '' };
    let now = NOW;
    const { repository, forge, gate, handle, row, newest, outcomes, mergeRequests } = await started({
      world: { policy: async () => ({ ...policy }), now: () => now },
    });
    repository.project = { ...repository.project, path: 'store/cart', url: 'https://gitlab.example.com/store/cart' };
    await handle();
    expect(await row()).toMatchObject({
      path: 'store/cart',
      url: 'https://gitlab.example.com/store/cart',
      result: 'created',
    });
    expect(gate.asked).toMatchObject({ path: 'store/cart', key: (await row()).key });
    policy.generator = '2';
    now = NOW + 1000;
    forge.standing = async () => {
      throw new ForgeError('not-found', 'store/cart: 404');
    };
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('skipped gone');
    expect(await row()).toMatchObject({ gone_since: null, due: 'moved', generator: '1', reason: 'gone' });
    expect(await row()).toMatchObject({ processed_at: new Date(NOW), not_before: new Date(now + 6 * 3_600_000) });
    expect(await mergeRequests()).toMatchObject([{ state: 'opened' }]);
    const told = (await outcomes()).length;
    await handle({ cause: 'moved' });
    expect(await outcomes()).toHaveLength(told);
    // Taken out by a list meanwhile, or wanted by a person, it is left as it is.
    for (const change of [
      { due: null, due_since: null, gone_since: new Date(NOW) },
      { due: 'retry', gone_since: null },
    ]) {
      forge.standing = async () => {
        await db
          .updateTable('repository')
          .set({ ...change, not_before: null })
          .execute();
        throw new ForgeError('not-found', 'store/cart: 404');
      };
      await handle({ cause: 'moved' });
      expect(await row()).toMatchObject({ ...change, not_before: null, reason: 'gone' });
    }
  });

  it('keeps of the policy what nobody can tell today', async () => {
    const policy = { generator: '2', codex: null as string | null, catalog: null as string | null };
    const { handle, row } = await started({ world: { policy: async () => policy } });
    await db.updateTable('repository').set({ codex: 'c1', catalog: 'k1', generator: '1' }).execute();
    await handle();
    expect(await row()).toMatchObject({ generator: '2', codex: 'c1', catalog: 'k1' });
    policy.codex = 'c2';
    await handle({ cause: 'policy' });
    expect(await row()).toMatchObject({ codex: 'c2', catalog: 'k1' });
  });

  it('leaves due what came up meanwhile', async () => {
    const { repository, handle, row, meanwhile, outcomes } = await started({ due_sweep: 1 });
    const changed = (change: object) => {
      meanwhile.run = () => db.updateTable('repository').set(change).execute();
    };
    changed({ due: 'moved' });
    await handle();
    expect(await row()).toMatchObject({ due: 'moved', due_sweep: 1, head: head(repository) });
    changed({ seen_head: 'f'.repeat(40) });
    await handle();
    expect(await row()).toMatchObject({ due: 'moved' });
    changed({ due_sweep: 2 });
    await handle();
    expect(await row()).toMatchObject({ due: 'moved', due_sweep: 2 });
    changed({ due_since: new Date(NOW + 1) });
    await handle();
    expect(await row()).toMatchObject({ due: 'moved' });
    // A later sweep saw the very commit that was worked on.
    changed({ seen_head: head(repository) });
    await handle();
    expect(await row()).toMatchObject({ due: null, due_sweep: null });
    expect((await outcomes()).map(({ sweep }) => sweep)).toEqual([1, 1, 1, 2, 2]);
  });

  it('of a folder is due again where its default branch moved meanwhile', async () => {
    const { repository, handle, row, meanwhile } = await started({ kind: 'folder' });
    meanwhile.run = () => push(repository, { files: CHANGED });
    await handle();
    expect(await row()).toMatchObject({ due: 'moved', result: 'created' });
    await handle();
    expect(await row()).toMatchObject({ due: null, result: 'updated', head: head(repository) });
  });

  it('is not asked for what a list can tell', async () => {
    const { repository, handle, newest } = await started({ project: { archived: true } });
    await handle();
    expect(await newest()).toBe('skipped archived');
    expect(repository.calls).toEqual(['standing']);
  });

  it('notes whether merge requests are reviewed, where it looks into the repository', async () => {
    const ci = (component: string) => ({ '.gitlab-ci.yml': `include:\n  - component: ${component}\n` });
    const { repository, handle, row } = await started({
      files: { ...CART, ...ci('gitlab.example.com/platform/agentsmd/review@1') },
    });
    await handle();
    expect((await row()).reviewed).toBe(true);
    push(repository, { files: ci('gitlab.example.com/components/go/test@1') });
    await handle({ cause: 'moved' });
    expect((await row()).reviewed).toBe(false);
    alter(repository, 1, { state: 'closed' });
    await db.updateTable('repository').set({ reviewed: true }).execute();
    await handle({ cause: 'moved' });
    expect(await row()).toMatchObject({ reviewed: true, result: 'skipped' });
  });
});

describe('what a task is worked on with', () => {
  it('is what is to be seen of a repository, whenever it is opened', async () => {
    const names: string[] = [];
    const { repository, handle, newest } = await started({
      world: {
        narrowed: async (reader) => ({
          name: 'narrowed',
          commit: reader.commit,
          worktree: reader.worktree,
          paths: () => reader.paths(),
          read: (paths) => reader.read(paths),
          links: (paths) => reader.links(paths),
          close: () => reader.close(),
        }),
        propose: async (_project, reader, config) => {
          names.push(reader.name);
          return await generate(reader, { fresh: false, config, version: '1' });
        },
      },
    });
    // Somebody was faster: everything is looked at once more.
    repository.between = () => void push(repository, { branch: BRANCH, files: { a: 'a' } });
    await handle();
    expect(await newest()).toBe('skipped human-commits');
    expect(names).toEqual(['narrowed', 'narrowed']);
  });

  it('is whom the catalog names, and what it is not sure of', async () => {
    let uncertain = false;
    const people = { owners: [{ name: 'bob', kind: 'user' as const }] };
    const { repository, handle, newest } = await started({ world: { about: async () => ({ people, uncertain }) } });
    await handle();
    const { description } = repository.mergeRequests[0]!;
    expect(description).toMatch(/Asked to review: .*bob/);
    alter(repository, 1, { description: description.replace('"command.test"', '"catalog.owner"') });
    push(repository, { files: CHANGED });
    uncertain = true;
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('unchanged');
    uncertain = false;
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('updated');
  });

  it('is what was rolled back, where a person wants it tried again', async () => {
    const { repository, handle, newest } = await started();
    await handle();
    const { content } = (await markerOf(repository.mergeRequests[0]!))!;
    alter(repository, 1, { state: 'closed' });
    say(repository, 1, 'agentsmd-bot', `Taken back. <!-- agentsmd:${rolledBackMarker(content)} -->`);
    await db.updateTable('merge_request').set({ state: 'closed', ended_by: 'us' }).execute();
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('skipped closed-unmerged');
    await handle({ cause: 'retry' });
    expect(await newest()).toBe('created');
  });
});

describe('what the gate does not let through', () => {
  it('takes no request, and waits until then', async () => {
    const { repository, gate, handle, row, newest, outcomes, events } = await started({ due_sweep: 3 });
    gate.work = { reason: 'quiet-hours', message: 'until eight', until: NOW + 1000 };
    await handle();
    expect(await newest()).toBe('deferred quiet-hours');
    expect(await row()).toMatchObject({
      ...{ due: 'deferred', not_before: new Date(NOW + 1000), due_sweep: 3, processed_at: null, head: null },
      due_since: new Date(NOW - 60_000),
    });
    expect(repository.calls).toEqual([]);
    expect(events.at(-1)).toMatchObject({ outcome: 'skipped', reason: 'quiet-hours', message: 'until eight' });
    gate.work = undefined;
    gate.open = { reason: 'wave', message: 'not yet' };
    await handle();
    expect(await newest()).toBe('deferred wave');
    expect(await row()).toMatchObject({ due: 'deferred', not_before: null });
    expect(repository.calls).toEqual([]);
    gate.open = undefined;
    await handle();
    expect(await newest()).toBe('created');
    expect(await row()).toMatchObject({ due: null, not_before: null });
    expect(await outcomes()).toHaveLength(3);
  });

  it.each(['new', 'retry'])('does not lose what a person says meanwhile: %s', async (cause) => {
    const { gate, queue, handle, row, meanwhile, due } = await started({ due_sweep: 3 });
    if (cause !== 'new') await due(cause);
    gate.write = { reason: 'limit-open', message: 'full', until: NOW + 9_000 };
    const wish = { projects: [IT.path], failed: false, stale: false, now: NOW + 1 };
    meanwhile.run = () => retry({ db, queue }, wish);
    await handle();
    const is = { due_since: new Date(NOW + 1), due_sweep: null, not_before: null };
    expect(await row()).toMatchObject({ result: 'deferred', due: cause, ...is });
    // That was heard: now it waits.
    await handle();
    expect((await row()).not_before).toEqual(new Date(NOW + 9_000));
  });

  it('is not due again where that was dropped meanwhile', async () => {
    const { gate, handle, row, meanwhile } = await started({ due_sweep: 3 });
    gate.write = { reason: 'limit-open', message: 'full' };
    const dropped = { due: null, due_since: null, due_sweep: null, not_before: null };
    meanwhile.run = () => db.updateTable('repository').set(dropped).execute();
    await handle();
    expect(await row()).toMatchObject({ result: 'deferred', ...dropped });
  });

  it('is told once for each reason and sweep, however often it is asked', async () => {
    const { gate, handle, outcomes } = await started({ due_sweep: 3 });
    gate.open = { reason: 'limit-open', message: 'a thousand are open' };
    await handle();
    await handle();
    expect(await outcomes()).toHaveLength(1);
    gate.open = { reason: 'halted', message: 'halted' };
    await handle();
    await db.updateTable('repository').set({ due_sweep: 4 }).execute();
    await handle();
    expect((await outcomes()).map(({ reason, sweep }) => [reason, sweep])).toEqual([
      ['limit-open', 3],
      ['halted', 3],
      ['halted', 4],
    ]);
  });

  it.each(['retry', 'reported'])('stays the wish of a person: %s', async (cause) => {
    const { gate, handle, row } = await started();
    gate.open = { reason: 'limit-open', message: 'full' };
    await handle({ cause });
    expect(await row()).toMatchObject({ due: cause, not_before: new Date(NOW + 15 * 60_000) });
    gate.open = { reason: 'limit-new-per-hour', message: 'full', until: NOW + 7 };
    await handle();
    expect(await row()).toMatchObject({ due: cause, not_before: new Date(NOW + 7) });
  });

  it('is not asked for a new one where one is open, or somebody said something', async () => {
    const { gate, handle, newest, repository, key } = await started();
    await handle();
    gate.log.length = 0;
    gate.open = { reason: 'limit-open', message: 'full' };
    await handle({ cause: 'moved' });
    expect(gate.log).toEqual(['may work']);
    alter(repository, 1, { state: 'closed' });
    say(repository, 1, 'ada', 'agentsmd: stop');
    await db.updateTable('merge_request').set({ state: 'closed', ended_by: 'people' }).execute();
    await handle({ cause: 'replied' });
    expect(await newest()).toBe('skipped asked-to-stop');
    // One of another kind is open, which says nothing of ours.
    const other = { iid: 9, url: '', state: 'opened', source: 'agentsmd/review', purpose: 'adopt-review' };
    await db
      .insertInto('merge_request')
      .values({ key, opened_at: new Date(NOW), ...other })
      .execute();
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('deferred limit-open');
  });

  it('writes nothing, and pushes nothing to an open one', async () => {
    const { repository, gate, handle, newest, row, mergeRequests } = await started();
    gate.write = { reason: 'limit-new-per-hour', message: 'three of three', until: NOW + 5 };
    await handle();
    expect(gate.log).toEqual(['may work', 'may open', 'take open']);
    expect(await newest()).toBe('deferred limit-new-per-hour');
    expect(await row()).toMatchObject({ due: 'deferred', not_before: new Date(NOW + 5), processed_at: null });
    expect(repository.writes).toEqual([]);
    gate.write = undefined;
    await handle();
    expect(gate.log.slice(-2)).toEqual(['take open', 'used']);
    push(repository, { files: CHANGED });
    repository.writes.length = 0;
    gate.write = { reason: 'limit-pipelines-per-hour', message: 'enough' };
    await handle({ cause: 'moved' });
    expect(gate.log.at(-1)).toBe('take push');
    expect(await newest()).toBe('deferred limit-pipelines-per-hour');
    expect(repository.writes).toEqual([]);
    expect(await mergeRequests()).toMatchObject([{ state: 'opened' }]);
  });

  it('gets back what was not needed', async () => {
    const { repository, gate, handle } = await started();
    repository.refuse.set('ensureCommit', 'unavailable');
    await expect(handle()).rejects.toBeInstanceOf(TryAgain);
    expect(gate.log.slice(-2)).toEqual(['take open', 'given back']);
  });
});

describe('a task that fails', () => {
  it('is tried again with its reason, and leaves no trace', async () => {
    const { repository, handle, outcomes, row } = await started();
    repository.refuse.set('ensureCommit', 'timeout');
    const before = await row();
    await expect(handle()).rejects.toMatchObject({ name: 'TryAgain', reason: 'timeout' });
    expect(await outcomes()).toEqual([]);
    expect(await row()).toEqual(before);
  });

  it.each([
    ['unavailable', () => new ForgeError('unavailable', 'no answer'), 'no answer'],
    ['error', () => new TypeError('a bug'), 'a bug'],
  ])('is tried again where nobody could be asked: %s', async (reason, error, message) => {
    const { forge, handle } = await started();
    forge.standing = async () => {
      throw error();
    };
    await expect(handle()).rejects.toMatchObject({ name: 'TryAgain', reason, message });
  });

  it('because a person must change something waits for a day', async () => {
    const { repository, handle, newest, row, events } = await started();
    repository.refuse.set('ensureCommit', 'protected-branch');
    await handle();
    expect(await newest()).toBe('refused protected-branch');
    const tomorrow = new Date(NOW + 24 * 3_600_000);
    expect(await row()).toMatchObject({ due: 'deferred', not_before: tomorrow, processed_at: null, head: null });
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', reason: 'protected-branch' });
  });

  it('for good is set aside with its last words, and comes back once it works', async () => {
    const { step, key, row, outcomes, events, handle } = await started({ due_sweep: 7 });
    const dead = {
      task: { key, cause: 'new', sweep: 7 } as const,
      tries: 4,
      reason: 'error',
      message: 'no\0 answer',
    };
    await step.bury({ ...dead, complete: async () => true });
    expect(await outcomes()).toMatchObject([{ kind: 'failed', reason: 'error', message: 'no\uFFFD answer', sweep: 7 }]);
    expect(await row()).toMatchObject({ due: null, dead_since: new Date(NOW), result: 'failed', reason: 'error' });
    expect(events).toMatchObject([{ type: 'repository', outcome: 'failed', reason: 'error' }]);
    // With what it was tried.
    expect(await row()).toMatchObject({ generator: '1', codex: '', processed_at: null });
    await handle({ cause: 'retry' });
    expect(await row()).toMatchObject({ dead_since: null, result: 'created', reason: null, message: null });
  });

  it('by taking its process down says so', async () => {
    const { step, key, outcomes } = await started();
    const task = { key, cause: 'new', sweep: null } as const;
    await step.bury({ task, tries: 4, reason: '', message: '', complete: async () => true });
    expect(await outcomes()).toMatchObject([
      { kind: 'failed', reason: 'crashed', message: expect.stringContaining('4') },
    ]);
    // It is buried once.
    await step.bury({ task, tries: 4, reason: '', message: '', complete: async () => false });
    expect(await outcomes()).toHaveLength(1);
  });

  it.each([
    'unavailable',
    'rate-limited',
    'timeout',
    'unauthorized',
  ])('for an outage is not set aside: %s', async (reason) => {
    const { dead, due, row, outcomes, events } = await started({ due_sweep: 7 });
    await due('replied');
    await dead({ cause: 'replied', reason });
    const soon = new Date(NOW + 15 * 60_000);
    const state = { due: 'replied', not_before: soon, dead_since: null, result: 'failed', reason, generator: null };
    expect(await row()).toMatchObject(state);
    expect(events).toMatchObject([{ outcome: 'failed', reason, sweep: 7 }]);
    // An outage that lasts is told once.
    await dead({ cause: 'replied', reason });
    expect(await outcomes()).toMatchObject([{ kind: 'failed', reason, sweep: 7 }]);
  });

  it('does not overwrite that it was done meanwhile', async () => {
    const { dead, queue, handle, row, outcomes, events } = await started();
    await handle();
    const before = [await row(), await outcomes(), events.length];
    let completed = 0;
    await dead({ complete: async () => ++completed > 0 });
    expect([await row(), await outcomes(), events.length]).toEqual(before);
    expect([completed, queue.tasks]).toEqual([1, []]);
  });

  it('does not overwrite what a person wants again', async () => {
    const { dead, due, queue, row, outcomes } = await started();
    await due('retry');
    const before = await row();
    await dead();
    expect([await row(), await outcomes()]).toEqual([before, []]);
    expect(queue.tasks).toEqual([{ key: before.key, cause: 'retry', sweep: null }]);
    // The same cause, and put again since.
    await dead({ cause: 'retry' });
    expect([await row(), await outcomes()]).toEqual([before, []]);
    await queue.drop();
    await dead({ cause: 'retry' });
    expect(await row()).toMatchObject({ due: null, dead_since: new Date(NOW) });
  });

  it.each([
    'conflict',
    'forbidden',
    'not-understood',
    'invalid',
    'scope',
  ] as const)('for what another try would not mend waits for a day: %s', async (reason) => {
    const tomorrow = { due: 'deferred', not_before: new Date(NOW + 24 * 3_600_000), dead_since: null };
    const { repository, handle, row, newest, forge } = await started();
    repository.refuse.set('ensureCommit', reason);
    await handle();
    expect(await newest()).toBe(`refused ${reason}`);
    expect(await row()).toMatchObject(tomorrow);
    forge.standing = async () => {
      throw new ForgeError(reason, 'no');
    };
    await handle();
    expect(await newest()).toBe(`refused ${reason}`);
    expect(await row()).toMatchObject(tomorrow);
  });

  it('because the project became so is over', async () => {
    const { forge, handle, row, newest } = await started();
    forge.open = async () => {
      throw new ForgeError('empty', 'no commit');
    };
    await handle();
    expect(await newest()).toBe('skipped empty');
    expect(await row()).toMatchObject({ due: null, processed_at: new Date(NOW) });
  });

  it('for a token that is not accepted any more is not tried again at once', async () => {
    const { repository, handle, row, newest } = await started();
    repository.refuse.set('ensureCommit', 'unauthorized');
    await handle({ cause: 'reported' });
    expect(await newest()).toBe('refused unauthorized');
    expect(await row()).toMatchObject({ due: 'reported', not_before: new Date(NOW + 15 * 60_000) });
  });

  it('with a message that PostgreSQL does not take is recorded all the same', async () => {
    const { forge, handle, outcomes } = await started();
    forge.standing = async () => {
      throw new ForgeError('not-found', 'shop/\0\uD800cart: 404');
    };
    await handle();
    expect(await outcomes()).toMatchObject([{ reason: 'gone', message: 'shop/\uFFFD\uFFFDcart: 404' }]);
  });
});

describe('a process that dies', () => {
  it('between writing and recording leaves one merge request, and one outcome after the next run', async () => {
    const sweep = await addSweep(new Date(NOW - 5000));
    const { repository, handle, outcomes, mergeRequests, row, events } = await started({ due_sweep: sweep });
    const crash = () => Promise.reject(new Error('killed'));
    await expect(handle({ complete: crash })).rejects.toThrow('killed');
    expect(repository.mergeRequests).toHaveLength(1);
    expect(await outcomes()).toEqual([]);
    expect(await mergeRequests()).toEqual([]);
    expect(await row()).toMatchObject({ due: 'new', result: null });
    // What it had been allowed is all that is left of it.
    await db
      .insertInto('permit')
      .values({
        key: (await row()).key,
        ...IT,
        kind: 'open',
        at: new Date(NOW - 100),
        state: 'taken',
        campaign: 'one',
        wave: 3,
      })
      .execute();
    await db
      .updateTable('sweep')
      .set({ ended_at: new Date(NOW - 50), state: 'interrupted' })
      .execute();
    const next = await addSweep(new Date(NOW - 10));
    await db.updateTable('repository').set({ due_sweep: next }).execute();
    await handle();
    expect(repository.mergeRequests).toHaveLength(1);
    // Nobody told of it yet.
    expect(await outcomes()).toMatchObject([{ kind: 'created', iid: 1, sweep: next }]);
    expect(await row()).toMatchObject({ result: 'created', due: null });
    expect(events.at(-1)).toMatchObject({ outcome: 'generated', mergeRequest: { iid: 1 } });
    // It is still known which sweep opened it.
    expect(await mergeRequests()).toMatchObject([{ iid: 1, state: 'opened', sweep, campaign: 'one', wave: 3 }]);
    expect(events.map(({ type }) => type)).toEqual(['begun', 'begun', 'repository']);
    await handle({ cause: 'replied' });
    expect(await outcomes()).toMatchObject([{ kind: 'created' }, { kind: 'unchanged' }]);
  });

  it('leaves what it opened to the sweep that wanted it, however long that is over', async () => {
    const first = await addSweep(new Date(NOW - 9000));
    const other = await addSweep(new Date(NOW - 8000));
    const over = { ended_at: new Date(NOW - 7000), state: 'done' };
    await db.updateTable('sweep').set(over).where('id', '=', first).execute();
    const { handle, mergeRequests, row } = await started({ due_sweep: first });
    await expect(handle({ complete: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
    const permit = { key: (await row()).key, ...IT, kind: 'open', at: new Date(NOW - 100), state: 'used' };
    await db
      .insertInto('permit')
      .values({ ...permit, campaign: 'one', wave: 0 })
      .execute();
    await handle();
    expect(await mergeRequests()).toMatchObject([{ sweep: first, campaign: 'one' }]);
    // What was there before the one that wants it now is not that one's.
    await db.deleteFrom('merge_request').execute();
    const late = await addSweep(new Date(NOW - 50));
    await db.updateTable('repository').set({ due_sweep: late }).execute();
    await handle({ cause: 'moved' });
    expect(await mergeRequests()).toMatchObject([{ sweep: other }]);
  });

  it('leaves the wave of what it opened also where no sweep was under way', async () => {
    const { handle, mergeRequests, row } = await started();
    await expect(handle({ complete: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
    const permit = { key: (await row()).key, ...IT, kind: 'open', at: new Date(NOW - 100), state: 'used' };
    await db
      .insertInto('permit')
      .values({ ...permit, campaign: 'one', wave: 0 })
      .execute();
    await handle();
    expect(await mergeRequests()).toMatchObject([{ state: 'opened', sweep: null, campaign: 'one', wave: 0 }]);
    // Another permit says nothing about it.
    await db.updateTable('permit').set({ campaign: 'two', wave: 1 }).execute();
    await handle({ cause: 'replied' });
    expect(await mergeRequests()).toMatchObject([{ campaign: 'one', wave: 0 }]);
  });

  it('and whose task another one has taken over records nothing', async () => {
    const { handle, outcomes, row, events, mergeRequests } = await started();
    const before = await row();
    await handle({ complete: async () => false });
    expect(await outcomes()).toEqual([]);
    expect(await mergeRequests()).toEqual([]);
    expect(await row()).toEqual(before);
    expect(events.map(({ type }) => type)).toEqual(['begun']);
  });

  it('stops at once where its claim is lost, and writes nothing any more', async () => {
    const { repository, handle, meanwhile, outcomes } = await started();
    const lost = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    meanwhile.run = () => {
      lost.abort(new Error('lost'));
      // Far longer than anybody waits.
      return promise;
    };
    await expect(handle({ signal: lost.signal })).rejects.toMatchObject({ reason: 'interrupted', message: 'lost' });
    resolve();
    await new Promise((done) => setTimeout(done, 50));
    expect(repository.writes).toEqual([]);
    expect(await outcomes()).toEqual([]);
    await expect(handle({ signal: lost.signal })).rejects.toMatchObject({ reason: 'interrupted' });
    expect(repository.calls.filter((call) => call === 'standing')).toHaveLength(1);
  });
});

describe('merge requests', () => {
  it('that we close are not called people’s', async () => {
    const { repository, handle, newest, mergeRequests } = await started();
    await handle();
    const proposed = repository.commits.get(repository.branches.get(BRANCH)!)!.files;
    const files = ['AGENTS.md', '.agentsmd/ledger.json'].map((path) => [path, proposed[path]!]);
    push(repository, { files: Object.fromEntries(files) });
    await handle({ cause: 'moved' });
    expect(await newest()).toBe('closed pointless');
    expect(await mergeRequests()).toMatchObject([{ state: 'closed', ended_by: 'us', ended_at: new Date(NOW) }]);
    // Whoever saw it closed without knowing better.
    await db
      .updateTable('merge_request')
      .set({ ended_by: 'people', ended_at: new Date(NOW - 7) })
      .execute();
    await handle({ cause: 'replied' });
    expect(await mergeRequests()).toMatchObject([{ state: 'closed', ended_by: 'us', ended_at: new Date(NOW - 7) }]);
  });

  it('that people close, reopen and merge are kept as they stand', async () => {
    const { repository, handle, mergeRequests } = await started({ due_sweep: 2 });
    await handle();
    alter(repository, 1, { state: 'closed', updatedAt: '2026-11-20T08:00:00Z' });
    await handle({ cause: 'replied' });
    const ended_at = new Date('2026-11-20T08:00:00Z');
    const opened = { sweep: 2, campaign: 'today', wave: 2 };
    expect(await mergeRequests()).toMatchObject([{ state: 'closed', ended_by: 'people', ended_at, ...opened }]);
    alter(repository, 1, { state: 'opened' });
    // Whatever was allowed since: it is known who opened it.
    await addSweep(new Date(NOW - 5000));
    await db
      .insertInto('permit')
      .values({ key: (await mergeRequests())[0]!.key, ...IT, kind: 'open', at: new Date(NOW), state: 'used' })
      .execute();
    await handle({ cause: 'replied' });
    expect(await mergeRequests()).toMatchObject([{ state: 'opened', ended_by: null, ended_at: null, ...opened }]);
    merge(repository, 1);
    push(repository, { files: CHANGED });
    await handle({ cause: 'replied' });
    expect(await mergeRequests()).toMatchObject([
      { iid: 1, state: 'merged', ended_by: null, ended_at, ...opened },
      { iid: 2, state: 'opened', ended_by: null },
    ]);
  });

  it('that were there before are nobody’s sweep', async () => {
    const { repository, handle, mergeRequests } = await started();
    await handle();
    await db.deleteFrom('merge_request').execute();
    alter(repository, 1, { updatedAt: new Date(NOW - 90_000).toISOString() });
    await addSweep(new Date(NOW - 5000));
    await handle({ cause: 'moved' });
    expect(await mergeRequests()).toMatchObject([{ iid: 1, sweep: null, opened_at: new Date(NOW - 90_000) }]);
    merge(repository, 1);
    push(repository, { files: CHANGED });
    const { key } = (await mergeRequests())[0]!;
    await db
      .insertInto('permit')
      .values({ key, ...IT, kind: 'open', at: new Date(NOW), state: 'taken' })
      .execute();
    await handle({ cause: 'moved' });
    expect(await mergeRequests()).toMatchObject([
      { iid: 1, state: 'merged', sweep: null },
      { iid: 2, state: 'opened', campaign: 'today' },
    ]);
  });
});

describe('a ledger in the store', () => {
  it('goes from proposed to merged, and keeps what people changed', async () => {
    const { repository, handle, row } = await started({ publish: { ledger: 'store' } });
    await handle();
    expect(await row()).toMatchObject({ ledger: null, proposed_ledger: { iid: 1, ledger: { files: {} } } });
    merge(repository, 1);
    const at = (branch: string) => repository.commits.get(repository.branches.get(branch)!)!.files['AGENTS.md']!;
    await handle({ cause: 'replied' });
    expect((await row()).ledger).toMatchObject({ schema: 'agentsmd/ledger/1' });
    const edited = at('main').replace('- Lint: `npm run lint`', '- Lint: `npm run lint` (slow; ask Ada)');
    push(repository, { files: { ...CHANGED, 'AGENTS.md': edited.replace('- Build: `npm run build`\n', '') } });
    await handle({ cause: 'moved' });
    expect(await row()).toMatchObject({ result: 'created', proposed_ledger: { iid: 2 } });
    expect(at(BRANCH)).toContain('(slow; ask Ada)');
    expect(at(BRANCH)).toContain('typecheck');
    expect(at(BRANCH)).not.toContain('npm run build');
    expect(Object.keys(repository.commits.get(repository.branches.get(BRANCH)!)!.files)).not.toContain(
      '.agentsmd/ledger.json',
    );
  });

  it('is understood where somebody else saw the merge first', async () => {
    const { repository, handle, row } = await started({ publish: { ledger: 'store' } });
    await handle();
    merge(repository, 1);
    const { proposed_ledger } = await row();
    await db
      .updateTable('repository')
      .set({ ledger: JSON.stringify(proposed_ledger), proposed_ledger: null })
      .execute();
    push(repository, { files: manifest({ test: 'node tools/test.js', lint: 'eslint .' }) });
    await handle({ cause: 'moved' });
    const proposed = repository.commits.get(repository.branches.get(BRANCH)!)!.files['AGENTS.md']!;
    expect(proposed).not.toContain('npm run build');
  });
});
