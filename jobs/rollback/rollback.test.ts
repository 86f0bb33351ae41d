import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import { folderForge } from '../../forge/folder/forge.ts';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge, Publisher } from '../../forge/port.ts';
import { GENERATE_DEFAULTS } from '../../generator/config.ts';
import { generate } from '../../generator/index.ts';
import { PUBLISH_DEFAULTS } from '../../generator/publish/config.ts';
import { type PublishResult, publish } from '../../generator/publish/index.ts';
import { type Ask, asking } from '../../test/gitlab/asking.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import type { Engine } from '../engine.ts';
import { keyOf } from '../key.ts';
import type { TaskQueue } from '../queue/port.ts';
import { addRepository, clockWorld, START, asking as subject } from '../rollout/testing/place.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import type { World } from '../world.ts';
import { type RollbackOptions, type RolledBack, rollback } from './index.ts';

const manifest = (scripts: Record<string, string>): string => JSON.stringify({ name: 'cart', scripts }, null, 2);
const CART = {
  'package.json': manifest({ test: 'node --test', lint: 'eslint .', build: 'tsc -b' }),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};
const CHANGED = { 'package.json': manifest({ test: 'node --test', typecheck: 'tsc --noEmit', build: 'tsc -b' }) };
const BRANCH = PUBLISH_DEFAULTS.branch;
const NO_AUDIT = { audit: { append: () => {} } };

let db: Kysely<Tables>;
/** Taken out of the queue. */
let unqueued: string[] = [];
let engine: Pick<Engine, 'db' | 'kind' | 'queue'>;
const forges: Forge[] = [];
beforeAll(async () => {
  db = await memoryState();
  const drop = async (keys: readonly string[] = []) => unqueued.push(...keys);
  engine = { db, kind: 'postgres', queue: { drop, inHand: async () => [] } as unknown as TaskQueue };
});
afterEach(async () => {
  for (const forge of forges.splice(0)) await forge.close();
  unqueued = [];
  for (const table of ['memo', 'outcome', 'merge_request', 'repository', 'sweep'] as const)
    await db.deleteFrom(table).execute();
});
afterAll(() => db.destroy());

function worldOf(connect: () => Forge | Promise<Forge>): World {
  const world = clockWorld({ concurrency: 3 });
  return {
    ...world,
    now: () => START,
    forge: async () => {
      const forge = await connect();
      forges.push(forge);
      return forge;
    },
  };
}

/** As a worker does it; what was opened is kept. */
async function run(forge: Forge, id: string, sweep: number | null, again = false): Promise<PublishResult> {
  const project = await forge.project(id);
  const result = await publish(forge, project, {
    config: PUBLISH_DEFAULTS,
    generate: GENERATE_DEFAULTS,
    propose: (reader) => generate(reader, { fresh: false, version: '1' }),
    again,
  });
  if (result.kind !== 'created') return result;
  const { iid, url, state, source, head } = result.mergeRequest;
  const key = keyOf(project);
  const { instance, path } = project;
  const at = new Date(START);
  await db
    .insertInto('repository')
    .values({
      key,
      instance,
      project: project.id,
      path,
      url: project.url,
      first_seen: at,
      last_seen: at,
      result: 'created',
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  await db
    .insertInto('merge_request')
    .values({ key, iid, url, state, source, tip: head, opened_at: at, sweep, purpose: 'agents-md' })
    .execute();
  return result;
}

async function addSweep(): Promise<number> {
  const values = { started_at: new Date(START), state: 'done', options: JSON.stringify({ groups: [] }) };
  return (await db.insertInto('sweep').values(values).returning('id').executeTakeFirstOrThrow()).id;
}

async function rolledBack(world: World, sweep: number, options: RollbackOptions = {}) {
  const items: RolledBack[] = [];
  const result = await rollback(engine, world, sweep, options, (item) => items.push(item));
  const told = items
    .toSorted((a, b) => a.path.localeCompare(b.path))
    .map(
      ({ path, outcome, reason }) => `${path.split('/').at(-1)} ${outcome}${reason === undefined ? '' : ` ${reason}`}`,
    );
  return { ...result, items, told };
}
const kindOf = (result: PublishResult): string =>
  'reason' in result ? `${result.kind} ${result.reason}` : result.kind;

describe('a rollback on GitLab', () => {
  let gitlab: GitlabSimulator;
  let ada: Ask;
  let token: string;
  let made = 0;

  beforeAll(async () => {
    gitlab = await startGitlab({ edition: 'premium' });
    for (const username of ['bot', 'ada', 'project_7_bot_1a2b'])
      gitlab.addUser({ username, email: `${username}@example.com` });
    gitlab.addGroup({
      path: 'shop',
      members: { bot: 'developer', ada: 'maintainer', project_7_bot_1a2b: 'developer' },
    });
    token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
    ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
  });
  afterAll(() => gitlab.close());

  const connect = (): Forge =>
    gitlabForge({ instance: { url: gitlab.url, token: { env: 'TOKEN' } }, env: { TOKEN: token }, ...NO_AUDIT });

  /** Projects with a merge request each, of one sweep. */
  async function swept(...names: string[]) {
    const sweep = await addSweep();
    const group = `shop/s${++made}`;
    const forge = connect();
    forges.push(forge);
    const all = await Promise.all(
      names.map(async (name) => {
        const path = `${group}/${name}`;
        const { id } = await gitlab.addProject({ path, files: CART });
        expect(kindOf(await run(forge, String(id), sweep))).toBe('created');
        const at = `/projects/${id}/merge_requests`;
        return {
          path,
          id: String(id),
          run: (again?: boolean) => run(forge, String(id), null, again),
          push: (files: Record<string, string | null>, branch = 'main', user = 'ada') =>
            gitlab.push(path, { branch, user, message: 'Work', files }),
          say: (body: string, by: Ask = ada) => by('POST', `${at}/1/notes`, { body }),
          change: (body: object) => ada('PUT', `${at}/1`, body),
          merge: () => ada('PUT', `${at}/1/merge`, {}),
          state: async (iid = 1): Promise<string> => (await ada('GET', `${at}/${iid}`)).body.state,
          count: async (): Promise<number> => (await ada('GET', `${at}?state=all`)).body.length,
          notes: async (): Promise<string[]> =>
            (await ada('GET', `${at}/1/notes`)).body
              .filter(({ system }: { system: boolean }) => !system)
              .map(({ body }: { body: string }) => body),
          hasBranch: async (): Promise<boolean> =>
            (await ada('GET', `/projects/${id}/repository/branches/${encodeURIComponent(BRANCH)}`)).status === 200,
          row: () =>
            db
              .selectFrom('merge_request as m')
              .innerJoin('repository as r', 'r.key', 'm.key')
              .select(['m.state', 'm.ended_by', 'm.ended_at', 'r.result', 'r.reason'])
              .where('r.project', '=', String(id))
              .executeTakeFirstOrThrow(),
        };
      }),
    );
    gitlab.forget();
    return { sweep, world: worldOf(connect), all: Object.fromEntries(names.map((name, at) => [name, all[at]!])) };
  }
  const writes = (): number => gitlab.requests.filter(({ applied }) => applied).length;

  it('closes what nobody touched and deletes its branch, says why, and leaves the rest alone', async () => {
    const names = ['quiet', 'commented', 'committed', 'edited', 'merged', 'closed', 'deleted', 'machine', 'emptied'];
    const { sweep, world, all } = await swept(...names);
    const bot = asking(gitlab, gitlab.addToken({ user: 'project_7_bot_1a2b', scopes: ['api'] }));
    await all.machine!.say('Coverage: 93 %', bot);
    await all.commented!.say('Nice!');
    await all.committed!.push({ 'AGENTS.md': 'Mine.\n' }, BRANCH);
    await all.edited!.change({ target_branch: 'main', description: 'Better.' });
    await all.merged!.merge();
    await all.closed!.change({ state_event: 'close' });
    gitlab.deleteProject(all.deleted!.path);
    await all.emptied!.change({ title: 'Mine' });
    gitlab.forget();

    const expected = [
      'closed over closed',
      'commented kept comment',
      'committed kept commits',
      'deleted over gone',
      'edited kept text',
      'emptied kept text',
      'machine closable',
      'merged over merged',
      'quiet closable',
    ];
    const rehearsed = await rolledBack(world, sweep, { dryRun: true });
    expect(rehearsed.told).toEqual(expected);
    expect(rehearsed.counts).toEqual({ closed: 0, closable: 2, kept: 4, over: 3, failed: 0 });
    expect(writes()).toBe(0);
    expect(await all.closed!.row()).toMatchObject({ state: 'opened' });

    const done = await rolledBack(world, sweep);
    expect(done.told).toEqual(expected.map((line) => line.replace('closable', 'closed')));
    expect(done).toMatchObject({ sweep, interrupted: false });
    for (const name of ['quiet', 'machine']) {
      expect(await all[name]!.state()).toBe('closed');
      expect(await all[name]!.hasBranch()).toBe(false);
      expect(await all[name]!.notes()).toContainEqual(
        expect.stringMatching(
          /^This came with a run that was taken back as a whole, so I close it.*agentsmd: try again/s,
        ),
      );
      expect(await all[name]!.row()).toMatchObject({
        state: 'closed',
        ended_by: 'us',
        ended_at: new Date(START),
        result: 'closed',
        reason: 'rolled-back',
      });
    }
    for (const name of ['commented', 'committed', 'edited', 'emptied']) {
      expect(await all[name]!.state()).toBe('opened');
      expect(await all[name]!.hasBranch()).toBe(true);
      expect(await all[name]!.row()).toMatchObject({ state: 'opened', result: 'created' });
    }
    expect(await all.closed!.row()).toMatchObject({ state: 'closed', ended_by: 'people', result: 'created' });
    expect(await all.merged!.row()).toMatchObject({ state: 'merged', ended_by: null });
    // A note, a closing and a branch for each of the two.
    expect(writes()).toBe(6);
    expect(await db.selectFrom('outcome').select(['kind', 'reason', 'sweep']).execute()).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'closed', reason: 'rolled-back', sweep: null })),
    );

    gitlab.forget();
    const again = await rolledBack(world, sweep);
    expect(again.told).toEqual(expected.filter((line) => line.includes('kept') || line.includes('gone')));
    expect(writes()).toBe(0);
  }, 60_000);

  it('is not followed by the same merge request the next morning', async () => {
    const { sweep, world, all } = await swept('a', 'b', 'c');
    const { a, b, c } = all as Record<string, NonNullable<(typeof all)[string]>>;
    expect((await rolledBack(world, sweep)).told).toEqual(['a closed', 'b closed', 'c closed']);
    const night = await a!.run();
    expect(kindOf(night)).toBe('skipped closed-unmerged');
    expect(night.seen!.mergeRequests).toMatchObject([{ closedBy: 'us' }]);
    await a!.push({ 'README.md': '# Cart\n' });
    expect(kindOf(await a!.run())).toBe('skipped closed-unmerged');
    expect(await a!.count()).toBe(1);
    // What it would say is another thing now.
    await a!.push(CHANGED);
    expect(kindOf(await a!.run())).toBe('created');
    // Somebody on our side wants it again.
    expect(kindOf(await b!.run(true))).toBe('created');
    // Somebody of the team does.
    await c!.say('agentsmd: try again');
    expect(kindOf(await c!.run())).toBe('created');
  }, 60_000);

  it('goes on where one that died had stopped, even where it was taken for closed by people since', async () => {
    const { sweep, world, all } = await swept('a', 'b');
    const dying: World = {
      ...world,
      forge: async (instance) => dyingAt('ensureBranchGone', await world.forge(instance)),
    };
    await expect(rolledBack(dying, sweep)).rejects.toThrow('died');
    expect(await all.a!.state()).toBe('closed');
    expect(await all.a!.hasBranch()).toBe(true);
    await db
      .updateTable('merge_request')
      .set({ state: 'closed', ended_by: 'people' })
      .where('url', 'like', '%/a/%')
      .execute();
    expect((await rolledBack(world, sweep)).told).toEqual(['a closed', 'b closed']);
    for (const each of [all.a!, all.b!]) {
      expect(await each.hasBranch()).toBe(false);
      expect((await each.notes()).length).toBe(1);
      expect(await each.row()).toMatchObject({ state: 'closed', ended_by: 'us' });
    }
    expect(await db.selectFrom('memo').selectAll().execute()).toEqual([]);
  }, 60_000);

  it('does not take for its own what people closed after one that died', async () => {
    const { sweep, world, all } = await swept('a');
    const dying: World = { ...world, forge: async (instance) => dyingAt('ensureNote', await world.forge(instance)) };
    await expect(rolledBack(dying, sweep)).rejects.toThrow('died');
    await all.a!.change({ state_event: 'close' });
    expect((await rolledBack(world, sweep)).told).toEqual(['a over closed']);
    expect(await all.a!.hasBranch()).toBe(true);
    expect(await all.a!.row()).toMatchObject({ state: 'closed', ended_by: 'people' });
  });

  it('keeps a branch that somebody writes to meanwhile', async () => {
    const { sweep, world, all } = await swept('a');
    const racing: World = {
      ...world,
      forge: async (instance) =>
        beforeCall('ensureBranchGone', await world.forge(instance), async () => {
          await all.a!.push({ 'AGENTS.md': 'Mine.\n' }, BRANCH);
        }),
    };
    const { items } = await rolledBack(racing, sweep);
    expect(items).toMatchObject([{ outcome: 'closed', message: expect.stringContaining('its branch stays') }]);
    expect(await all.a!.hasBranch()).toBe(true);
  });

  it('goes on with the others where one fails, and with the failed one the next time', async () => {
    const { sweep, world, all } = await swept('a', 'b');
    const failing: World = {
      ...world,
      forge: async (instance) =>
        beforeCall('ensureClosed', await world.forge(instance), async (path) => {
          if (path === all.a!.path) throw new ForgeError('unavailable', 'down');
        }),
    };
    const failed = await rolledBack(failing, sweep);
    expect(failed.told).toEqual(['a failed unavailable', 'b closed']);
    expect(failed.counts).toMatchObject({ failed: 1, closed: 1 });
    expect((await rolledBack(world, sweep)).told).toEqual(['a closed']);
  }, 60_000);

  it('stops when it is told to', async () => {
    const { sweep, world } = await swept('a', 'b');
    const stop = AbortSignal.abort();
    expect(await rolledBack(world, sweep, { stop })).toMatchObject({ told: [], interrupted: true });
  });

  it('knows only what that sweep opened', async () => {
    const first = await swept('a');
    const second = await swept('b');
    expect((await rolledBack(second.world, second.sweep)).told).toEqual(['b closed']);
    expect(await first.all.a!.state()).toBe('opened');
    await expect(rolledBack(first.world, 4711)).rejects.toThrow('sweep 4711: there is none; agentsmd status lists');
  });
});

describe('a rollback in a folder', () => {
  it('closes, deletes the branch, and is not followed by the same', async () => {
    const repository = await makeRepository({ files: CART }, { name: 'cart' });
    try {
      const connect = () => folderForge(repository.root, NO_AUDIT);
      const sweep = await addSweep();
      const forge = await connect();
      expect(kindOf(await run(forge, 'cart', sweep))).toBe('created');
      expect((await rolledBack(worldOf(connect), sweep)).told).toEqual(['cart closed']);
      expect(await forge.standing({ id: 'cart', path: 'cart' }, { branch: BRANCH, files: [] })).toMatchObject({
        branchTip: null,
        mergeRequests: [{ state: 'closed' }],
      });
      expect(kindOf(await run(forge, 'cart', sweep))).toBe('skipped closed-unmerged');
    } finally {
      await repository.cleanup();
    }
  });
});

/** A forge whose process dies right before a write. */
function dyingAt(verb: keyof Publisher, forge: Forge): Forge {
  return beforeCall(verb, forge, () => Promise.reject(new Error('died')));
}

function beforeCall(verb: keyof Publisher, forge: Forge, act: (path: string) => Promise<void>): Forge {
  return {
    ...forge,
    publisher: (project) => {
      const publisher = forge.publisher(project);
      const original = publisher[verb] as (...args: unknown[]) => Promise<unknown>;
      return {
        ...publisher,
        [verb]: async (...args: unknown[]) => {
          await act(project.path);
          return original(...args);
        },
      };
    },
  };
}

describe('a rollback of a sweep that has not come to everything', () => {
  const world = () => worldOf(() => expect.unreachable());
  const due = async () => {
    const rows = await db.selectFrom('repository').select(['path', 'due', 'due_sweep']).orderBy('path').execute();
    return rows.map((row) => `${row.path} ${row.due} ${row.due_sweep}`);
  };

  it('is refused while that is at work', async () => {
    const sweep = await addSweep();
    await db.updateTable('sweep').set({ state: 'running' }).execute();
    await addRepository(db, 'shop/a', { due: 'new', due_sweep: sweep });
    await expect(rolledBack(world(), sweep)).rejects.toMatchObject({
      name: 'FleetError',
      exitCode: 2,
      message: expect.stringContaining(`sweep ${sweep} is still at work`),
    });
    expect(await due()).toEqual([`shop/a new ${sweep}`]);
    // In a store of one process nobody else can be at it.
    engine = { ...engine, kind: 'embedded' };
    expect(await rolledBack(world(), sweep)).toMatchObject({ dropped: 1 });
    expect(await db.selectFrom('sweep').select('state').execute()).toEqual([{ state: 'interrupted' }]);
    engine = { ...engine, kind: 'postgres' };
  });

  it('takes from it what would be opened, and nothing that is open or that a person wants', async () => {
    const [other, sweep] = [await addSweep(), await addSweep()];
    await addRepository(db, 'shop/new', { due: 'new', due_sweep: sweep, not_before: new Date(START) });
    await addRepository(db, 'shop/held', { due: 'deferred', due_sweep: sweep });
    await addRepository(db, 'shop/open', { due: 'moved', due_sweep: sweep });
    await addRepository(db, 'shop/wish', { due: 'retry', due_sweep: sweep });
    await addRepository(db, 'shop/else', { due: 'new', due_sweep: other });
    const { key } = subject('shop/open');
    const open = { key, iid: 1, url: '', state: 'opened', source: BRANCH, purpose: 'agents-md' };
    await db
      .insertInto('merge_request')
      .values({ ...open, opened_at: new Date(START), sweep: other })
      .execute();
    const before = await due();
    expect(await rolledBack(world(), sweep, { dryRun: true })).toMatchObject({ dropped: 3 });
    expect(await due()).toEqual(before);
    expect(unqueued).toEqual([]);
    expect(await rolledBack(world(), sweep)).toMatchObject({ dropped: 3, counts: { closed: 0 } });
    expect(await due()).toEqual([
      `shop/else new ${other}`,
      'shop/held null null',
      'shop/new null null',
      `shop/open moved ${sweep}`,
      'shop/wish retry null',
    ]);
    expect(unqueued.toSorted()).toEqual(['shop/held', 'shop/new', 'shop/wish'].map((path) => subject(path).key));
    expect(await rolledBack(world(), sweep)).toMatchObject({ dropped: 0 });
  });
});
