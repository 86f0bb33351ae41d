import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project } from '../../forge/port.ts';
import { DEFAULT_READ_LIMITS } from '../../forge/reader.ts';
import { assertSafe } from '../../forge/render/index.ts';
import type { WriteRequest } from '../../forge/write-request.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from '../../generator/publish/config.ts';
import { git } from '../../test/gitlab/git.ts';
import { pause } from '../pause.ts';
import { openGate } from '../rollout/gate.ts';
import { clockWorld, type FleetPart } from '../rollout/testing/place.ts';
import { type BotPlace, openBotPlace } from '../testing/bot-place.ts';
import { ADOPT_BRANCH, type AdoptOptions, type AdoptResult, adoptReview, parseComponent } from './index.ts';

const COMPONENT = parseComponent('gitlab.example.com/platform/agentsmd/review@1', '--component');
const ITEM = '- component: gitlab.example.com/platform/agentsmd/review@1';
const FILE = '.gitlab-ci.yml';

let place: BotPlace;
let gitlab: BotPlace['gitlab'];
let forge: Forge;
let db: BotPlace['db'];

beforeAll(async () => {
  place = await openBotPlace('shop');
  ({ gitlab, forge, db } = place);
});
afterAll(() => place?.close());

let count = 0;
async function project(files: Readonly<Record<string, string>>): Promise<Project & { readonly gitDir: string }> {
  const path = `shop/p-${++count}`;
  const { id, gitDir } = await gitlab.addProject({ path, files: { 'README.md': 'x\n', ...files } });
  await db
    .insertInto('repository')
    .values({
      key: `${gitlab.url}#${id}`,
      instance: gitlab.url,
      project: `${id}`,
      path,
      url: '',
      first_seen: new Date(),
      last_seen: new Date(),
    })
    .execute();
  const listed = await forge.project(path);
  gitlab.forget();
  return { ...listed, gitDir };
}

interface Run extends Partial<AdoptOptions> {
  readonly fleet?: FleetPart;
  readonly publish?: Partial<PublishConfig>;
  readonly through?: Forge;
}

function worldOf({ fleet, publish }: Pick<Run, 'fleet' | 'publish'> = {}) {
  const clock = clockWorld(fleet);
  return {
    ...clock,
    config: { ...clock.config, publish: { ...PUBLISH_DEFAULTS, ...publish }, limits: DEFAULT_READ_LIMITS },
    about: async () => ({ uncertain: false }),
  };
}

async function run(projects: readonly Project[], { fleet, publish, through = forge, ...options }: Run = {}) {
  const world = worldOf({ ...(fleet ? { fleet } : {}), ...(publish ? { publish } : {}) });
  const results: AdoptResult[] = [];
  async function* candidates() {
    for (const each of projects) yield { forge: through, project: each };
  }
  await adoptReview(
    world,
    openGate(db, world),
    db,
    candidates(),
    { component: COMPONENT, concurrency: 2, dryRun: false, stop: new AbortController().signal, ...options },
    (result) => results.push(result),
  );
  return results;
}

async function one(of: Project, options: Run = {}): Promise<AdoptResult> {
  const [result] = await run([of], options);
  return result!;
}

const show = async ({ gitDir }: { readonly gitDir: string }, ref = ADOPT_BRANCH) =>
  (await git(gitDir, ['show', `${ref}:${FILE}`])).toString('utf8');
const tipOf = async ({ gitDir }: { readonly gitDir: string }) =>
  (await git(gitDir, ['for-each-ref', '--format=%(objectname)', `refs/heads/${ADOPT_BRANCH}`])).toString().trim();
const mergeRequests = async (of: Project) =>
  (await forge.standing(of, { branch: ADOPT_BRANCH, files: [] })).mergeRequests;
const writes = () => gitlab.requests.filter(({ applied }) => applied).map(({ method, route }) => `${method} ${route}`);
const asAda: BotPlace['asAda'] = (...asked) => place.asAda(...asked);

describe('adoptReview', () => {
  it('opens one merge request that adds the include and keeps every other byte', async () => {
    const ci = '\uFEFFinclude:\r\n  - local: a.yml # ours\r\n\r\nstages: [ test ]\r\n';
    const at = await project({ [FILE]: ci, CODEOWNERS: '* @ada\n' });
    const result = await one(at);
    expect(result).toMatchObject({
      kind: 'created',
      how: 'item',
      mergeRequest: { source: ADOPT_BRANCH, target: 'main' },
    });
    expect(await show(at)).toBe(ci.replace('# ours\r\n', `# ours\r\n  ${ITEM}\r\n`));
    const [mergeRequest] = await mergeRequests(at);
    expect(mergeRequest).toMatchObject({ title: 'Review merge requests with agentsmd', labels: ['agentsmd'] });
    expect(mergeRequest!.description).toContain('one more item');
    expect(mergeRequest!.description).not.toContain('Auto DevOps');
    expect(() => assertSafe(mergeRequest!.description, { instance: gitlab.url, hosts: [], meant: [] })).not.toThrow();
    expect(writes()).toEqual(['POST /projects/:id/repository/commits', 'POST /projects/:id/merge_requests']);
    const opened = gitlab.requests.find(({ route, method }) => method === 'POST' && route.endsWith('/merge_requests'));
    expect((opened!.body as { reviewer_ids: number[] }).reviewer_ids).toHaveLength(1);
    const row = await db
      .selectFrom('merge_request')
      .selectAll()
      .where('key', '=', `${gitlab.url}#${at.id}`)
      .executeTakeFirst();
    expect(row).toMatchObject({
      iid: 1,
      state: 'opened',
      purpose: 'adopt-review',
      source: ADOPT_BRANCH,
      campaign: 'one',
      wave: 0,
    });

    gitlab.forget();
    expect(await one(at)).toMatchObject({ kind: 'unchanged', mergeRequest: { iid: 1 } });
    expect(writes()).toEqual([]);
  });

  it('makes the file where there is none, and says what that starts', async () => {
    const at = await project({});
    expect(await one(at)).toMatchObject({ kind: 'created', how: 'file' });
    expect(await show(at)).toBe(`include:\n  ${ITEM}\n`);
    expect((await mergeRequests(at))[0]!.description).toContain('Auto DevOps');
  });

  it('leaves alone what includes it, in whatever version, and remembers that', async () => {
    const at = await project({ [FILE]: 'include: { component: $CI_SERVER_FQDN/platform/agentsmd/review@0.1 }\n' });
    expect(await one(at)).toEqual({ kind: 'unchanged', project: at.path, version: '0.1' });
    const row = await db.selectFrom('repository').select('reviewed').where('path', '=', at.path).executeTakeFirst();
    expect(row).toEqual({ reviewed: true });
  });

  it('refuses what it cannot change safely, and says why', async () => {
    const bad = await project({ [FILE]: 'a: [\n' });
    const twice = await project({ [FILE]: 'include: a\ninclude: b\n' });
    expect(await run([bad, twice], { concurrency: 1 })).toEqual([
      {
        kind: 'refused',
        project: bad.path,
        reason: 'ci-file',
        message: expect.stringContaining(`${FILE}: it is not valid YAML (line 2`),
      },
      {
        kind: 'refused',
        project: twice.path,
        reason: 'ci-file',
        message: expect.stringContaining('stands there twice'),
      },
    ]);
    expect(writes()).toEqual([]);
  });

  it('follows another version in place', async () => {
    const at = await project({ [FILE]: 'x: { script: a }\n' });
    await one(at);
    await one(at, { component: parseComponent('gitlab.example.com/platform/agentsmd/review@2', '') });
    expect(await mergeRequests(at)).toHaveLength(1);
    expect(await show(at)).toContain('review@2');
    expect((await mergeRequests(at))[0]!.description).toContain('review@2');
  });

  it('follows the default branch only where there are conflicts', async () => {
    const at = await project({ [FILE]: 'include:\n  - a\n\nx: { script: a }\n' });
    await one(at);
    const before = await tipOf(at);
    await gitlab.push(at.path, { branch: 'main', user: 'ada', message: 'y', files: { 'README.md': 'y\n' } });
    expect(await one(at)).toMatchObject({ kind: 'unchanged' });
    expect(await tipOf(at)).toBe(before);
    await gitlab.push(at.path, {
      branch: 'main',
      user: 'ada',
      message: 'b',
      files: { [FILE]: 'include:\n  - a\n  - b\n' },
    });
    expect(await one(at)).toMatchObject({ kind: 'updated', mergeRequest: { iid: 1 } });
    expect(await show(at)).toBe(`include:\n  - a\n  - b\n  ${ITEM}\n`);
  });

  it('closes its merge request with a word once the include is there, and may come back', async () => {
    const at = await project({ [FILE]: 'x: { script: a }\n' });
    await one(at);
    await gitlab.push(at.path, {
      branch: 'main',
      user: 'ada',
      message: 'by hand',
      files: { [FILE]: `include:\n  ${ITEM}\n` },
    });
    expect(await one(at)).toMatchObject({
      kind: 'closed',
      reason: 'pointless',
      mergeRequest: { iid: 1, state: 'closed' },
    });
    expect(await tipOf(at)).toBe('');
    expect((await forge.notes(at, 1)).filter(({ system }) => !system)).toHaveLength(1);
    await gitlab.push(at.path, {
      branch: 'main',
      user: 'ada',
      message: 'out',
      files: { [FILE]: 'x: { script: a }\n' },
    });
    expect(await one(at)).toMatchObject({ kind: 'created', mergeRequest: { iid: 2 } });
  });

  it('takes no for an answer, until somebody asks again', async () => {
    const at = await project({ [FILE]: 'x: { script: a }\n' });
    await one(at);
    await asAda(`/projects/${at.id}/merge_requests/1`, 'PUT', { state_event: 'close' });
    gitlab.forget();
    expect(await one(at)).toMatchObject({ kind: 'skipped', reason: 'closed-unmerged' });
    expect(writes()).toEqual([]);
    await asAda(`/projects/${at.id}/merge_requests/1/notes`, 'POST', { body: 'agentsmd: try again' });
    expect(await one(at)).toMatchObject({ kind: 'created', mergeRequest: { iid: 2 } });
  });

  it('does not bring back what was merged and taken out again', async () => {
    const at = await project({ [FILE]: 'x: { script: a }\n' });
    await one(at);
    await asAda(`/projects/${at.id}/merge_requests/1/merge`, 'PUT', {});
    expect(await one(at)).toMatchObject({ kind: 'unchanged', version: '1' });
    await gitlab.push(at.path, {
      branch: 'main',
      user: 'ada',
      message: 'out',
      files: { [FILE]: 'x: { script: a }\n' },
    });
    expect(await one(at)).toMatchObject({ kind: 'skipped', reason: 'taken-out' });
    const moved = parseComponent('gitlab.example.com/tools/agentsmd/review@1', '');
    expect(await one(at, { component: moved })).toMatchObject({ kind: 'created', mergeRequest: { iid: 2 } });
  });

  it('never writes over what people committed to its branch, and says so once', async () => {
    const at = await project({ [FILE]: 'include:\n  - a\n' });
    await one(at);
    await gitlab.push(at.path, { branch: ADOPT_BRANCH, user: 'ada', message: 'mine', files: { [FILE]: 'x: 1\n' } });
    const tip = await tipOf(at);
    for (let round = 0; round < 2; round++)
      expect(await one(at)).toMatchObject({
        kind: 'skipped',
        reason: 'human-commits',
        message: expect.stringContaining('!1'),
      });
    expect(await tipOf(at)).toBe(tip);
    expect((await forge.notes(at, 1)).filter(({ system }) => !system)).toHaveLength(1);
  });

  it('leaves a branch of that name alone that somebody else made, and a merge request from it', async () => {
    const at = await project({ [FILE]: 'x: 1\n' });
    await gitlab.push(at.path, { branch: ADOPT_BRANCH, user: 'ada', message: 'mine', files: { 'a.txt': 'x' } });
    expect(await one(at)).toMatchObject({ kind: 'skipped', reason: 'human-commits' });
    await asAda(`/projects/${at.id}/merge_requests`, 'POST', {
      source_branch: ADOPT_BRANCH,
      target_branch: 'main',
      title: 'x',
    });
    expect(await one(at)).toMatchObject({ kind: 'skipped', reason: 'not-ours' });
  });

  it('goes on where a run died between commit and merge request', async () => {
    const at = await project({ [FILE]: 'x: 1\n' });
    const dying: Forge = {
      ...forge,
      publisher: (of) => ({
        ...forge.publisher(of),
        ensureMergeRequest: async () => {
          throw new ForgeError('unavailable', 'no answer');
        },
      }),
    };
    await db.deleteFrom('permit').execute();
    expect(await one(at, { through: dying })).toMatchObject({ kind: 'failed', reason: 'unavailable' });
    // Nobody knows whether it is there.
    expect(await db.selectFrom('permit').select('state').execute()).toEqual([{ state: 'taken' }]);
    const tip = await tipOf(at);
    expect(tip).not.toBe('');
    expect(await one(at)).toMatchObject({ kind: 'created', mergeRequest: { iid: 1 } });
    expect(await tipOf(at)).toBe(tip);
    expect(await mergeRequests(at)).toHaveLength(1);
  });

  it('closes its merge request where the team opts out', async () => {
    const at = await project({ [FILE]: 'x: 1\n' });
    await one(at);
    await gitlab.push(at.path, {
      branch: 'main',
      user: 'ada',
      message: 'no',
      files: { '.agentsmd.yaml': 'enabled: false\n' },
    });
    expect(await one(at)).toMatchObject({ kind: 'closed', reason: 'opted-out' });
    expect(await one(at)).toMatchObject({ kind: 'skipped', reason: 'opted-out' });
  });

  it('opens no more than limits and --limit allow, and none that is paused', async () => {
    const [a, b, c, d] = [await project({}), await project({}), await project({}), await project({})];
    await db.deleteFrom('permit').execute();
    await pause(db, a.path, 'release week', 'ada', Date.now());
    const fleet = { limits: { newPerHour: 2 } };
    const kinds = (results: readonly AdoptResult[]) =>
      results.map((each) => `${each.kind} ${'reason' in each ? each.reason : ''}`);
    expect(kinds(await run([a, b, c, d], { limit: 1, fleet, concurrency: 1 }))).toEqual([
      'deferred paused',
      'created ',
    ]);
    expect(kinds(await run([b, c, d], { fleet, concurrency: 1 }))).toEqual([
      'unchanged ',
      'created ',
      'deferred limit-new-per-hour',
    ]);
    expect(await db.selectFrom('permit').select('state').execute()).toEqual([{ state: 'used' }, { state: 'used' }]);
  });

  it('says of each result which one of the list it is of, whichever is done first', async () => {
    const [slow, quick] = [await project({}), await project({})];
    let isQuickDone = (): void => {};
    const quickDone = new Promise<void>((done) => {
      isQuickDone = done;
    });
    const through = new Proxy(forge, {
      get: (of, name) =>
        name === 'standing'
          ? async (...args: Parameters<Forge['standing']>) => {
              if (args[0].path === slow.path) await quickDone;
              return await of.standing(...args);
            }
          : Reflect.get(of, name),
    });
    const world = worldOf();
    const settled = { result: { kind: 'refused', project: 'shop/none', reason: 'not-found', message: '' } } as const;
    async function* candidates() {
      yield { forge: through, project: slow };
      yield settled;
      yield { forge: through, project: quick };
    }
    const told: (readonly [string, number])[] = [];
    const options = { component: COMPONENT, concurrency: 2, dryRun: true, stop: new AbortController().signal };
    await adoptReview(world, openGate(db, world), undefined, candidates(), options, (result, _, position) => {
      told.push([result.project, position]);
      if (result.project === quick.path) isQuickDone();
    });
    expect(told).toEqual([
      ['shop/none', 1],
      [quick.path, 2],
      [slow.path, 0],
    ]);
  });

  it('asks nothing of what its list rules out', async () => {
    const at = await project({});
    const results = await run([
      { ...at, archived: true },
      { ...at, access: 'reporter' },
    ]);
    expect(results.map((each) => 'reason' in each && each.reason).sort()).toEqual(['archived', 'read-only']);
    expect(gitlab.requests).toEqual([]);
  });

  it('sends nothing in a dry run, and keeps nothing', async () => {
    const at = await project({ [FILE]: 'x: 1\n' });
    const requests: WriteRequest[] = [];
    const through = place.open((request) => requests.push(request));
    await db.deleteFrom('permit').execute();
    expect(await one(at, { through, dryRun: true })).toMatchObject({ kind: 'created' });
    await through.close();
    expect(writes()).toEqual([]);
    expect(requests.map(({ method, path }) => `${method} ${path.replace(/\d+/, ':id')}`)).toEqual([
      'POST /projects/:id/repository/commits',
      'POST /projects/:id/merge_requests',
    ]);
    expect(await db.selectFrom('permit').selectAll().execute()).toEqual([]);
    expect(
      await db.selectFrom('merge_request').where('key', '=', `${gitlab.url}#${at.id}`).selectAll().execute(),
    ).toEqual([]);
  });
});
