import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../forge/audit.ts';
import { gitlabForge } from '../forge/gitlab/index.ts';
import type { Forge, Project } from '../forge/port.ts';
import { GENERATE_DEFAULTS } from '../generator/config.ts';
import { generate } from '../generator/index.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from '../generator/publish/config.ts';
import { type PublishResult, publish } from '../generator/publish/index.ts';
import { type Ask, asking } from './gitlab/asking.ts';
import type { GitlabSimulator, NewProject, NewToken } from './gitlab/port.ts';
import { startGitlab } from './gitlab/start.ts';

/** What keeps us out of a project has a name, tells what to do, and leaves nothing behind: over GitLab's API, as it is simulated. */

const SCRIPTS = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' };
const CART = { 'package.json': manifest(SCRIPTS), 'tools/test.js': 'run();\n' };
const MATTERS = { 'package.json': manifest({ ...SCRIPTS, test: 'vitest run', typecheck: 'tsc --noEmit' }) };
const EMPTY: Partial<NewProject> = {};
const BRANCH = PUBLISH_DEFAULTS.branch;
const COMMIT = 'POST /projects/:id/repository/commits';
const NOTE = 'POST /projects/:id/merge_requests/:iid/notes';

let gitlab: GitlabSimulator;
let ada: Ask;
let made = 0;
const forges: Forge[] = [];

beforeAll(async () => {
  gitlab = await startGitlab({ edition: 'premium' });
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer', ada: 'maintainer', rita: 'reporter' } });
  await gitlab.addProject({ path: 'shop/upstream', files: CART });
  ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
});
afterEach(async () => {
  for (const forge of forges.splice(0)) await forge.close();
});
afterAll(() => gitlab.close());

interface Place {
  readonly path: string;
  readonly id: number;
  /** As the list told it, before anything happened. */
  readonly listed: Project;
  readonly audit: AuditEntry[];
}

interface How {
  readonly config?: Partial<PublishConfig>;
  readonly token?: Partial<NewToken>;
  readonly as?: Pick<Project, 'id' | 'path'>;
  /** Happens once the project was looked at, and before anything is written. */
  readonly meanwhile?: () => unknown;
}

async function add(project: Partial<NewProject> = {}): Promise<Place> {
  const path = `shop/cart${++made}`;
  const { id } = await gitlab.addProject({ path, ...(project === EMPTY ? {} : { files: CART, ...project }) });
  const listed = await connect({ user: 'ada' }, []).project(String(id));
  return { path, id, listed: { ...listed, access: 'developer' }, audit: [] };
}

function connect(token: Partial<NewToken>, audit: AuditEntry[]): Forge {
  const forge = gitlabForge({
    instance: { url: gitlab.url, token: { env: 'TOKEN' } },
    env: { TOKEN: gitlab.addToken({ user: 'bot', scopes: ['api'], ...token }) },
    audit: { append: (entry) => void audit.push(entry) },
  });
  forges.push(forge);
  return forge;
}

/** Forgets all requests before it. */
function run(place: Place, how: How = {}): Promise<PublishResult> {
  const { config, token = {}, meanwhile = () => {}, as } = how;
  gitlab.forget();
  return publish(
    connect(token, place.audit),
    { ...place.listed, ...as },
    {
      config: { ...PUBLISH_DEFAULTS, ...config },
      generate: GENERATE_DEFAULTS,
      propose: async (reader) => {
        const result = await generate(reader, { fresh: false, version: '1' });
        await meanwhile();
        return result;
      },
    },
  );
}

/** Writes since the last run began that reached GitLab, and whether they changed something. */
function writes(): readonly string[] {
  return gitlab.requests
    .filter(({ headers }) => headers['user-agent'] === 'agentsmd')
    .filter(({ method, route }) => method !== 'GET' && method !== 'HEAD' && !route.endsWith('/graphql'))
    .map(({ method, route, applied }) => `${method} ${route}${applied ? '' : ' refused'}`);
}

function told(result: PublishResult): string {
  if (!('message' in result)) return 'nothing';
  expect(result.message).not.toMatch(/[\n\r]|glpat-|\bat .*\.ts:\d/);
  return result.message;
}

const named = (result: PublishResult): string => ('reason' in result ? `${result.kind} ${result.reason}` : result.kind);
const push = ({ path }: Place, files: Record<string, string | null>, branch = 'main'): Promise<string> =>
  gitlab.push(path, { branch, user: 'ada', message: 'Work', files });
const say = ({ id }: Place, body: string, iid = 1) =>
  ada('POST', `/projects/${id}/merge_requests/${iid}/notes`, { body });
const change = ({ id }: Place, body: object) => ada('PUT', `/projects/${id}/merge_requests/1`, body);

interface Case {
  readonly what: string;
  readonly project?: Partial<NewProject>;
  readonly how?: How;
  /** Happens after the project was listed and before the run. */
  readonly before?: (place: Place) => unknown;
  readonly meanwhile?: (place: Place) => unknown;
  readonly named: string;
  readonly says: RegExp;
  /** Default: none. */
  readonly writes?: readonly string[];
}

describe('is named, says what to do, and writes nothing', () => {
  it.each<Case>([
    { what: 'archived', before: archive, named: 'skipped archived', says: /is archived/ },
    {
      what: 'archived meanwhile',
      meanwhile: archive,
      named: 'skipped archived',
      says: /archived; unarchive it, or leave it out/,
      writes: [`${COMMIT} refused`],
    },
    {
      what: 'about to be deleted',
      before: ({ path }) => gitlab.changeProject(path, { pendingDelete: true }),
      named: 'skipped pending-delete',
      says: /about to be deleted/,
    },
    { what: 'empty', project: EMPTY, named: 'skipped empty', says: /no commit/ },
    {
      what: 'a fork',
      project: { forkOf: 'shop/upstream' },
      named: 'skipped fork',
      says: /a fork of shop\/upstream \(publish\.forks lets it in\)/,
    },
    { what: 'a mirror', project: { mirror: true }, named: 'skipped mirror', says: /publish\.mirrors lets it in/ },
    {
      what: 'merge requests disabled',
      before: ({ path }) => gitlab.changeProject(path, { mergeRequestsEnabled: false }),
      named: 'skipped merge-requests-disabled',
      says: /takes no merge requests/,
    },
    {
      what: 'opted out by topic',
      before: ({ path }) => gitlab.changeProject(path, { topics: ['No-AgentsMD'] }),
      named: 'skipped opted-out',
      says: /the topic "No-AgentsMD"/,
    },
    {
      what: 'opted out by the team’s file',
      project: { files: { ...CART, '.agentsmd.yaml': 'enabled: false\n' } },
      named: 'skipped opted-out',
      says: /\.agentsmd\.yaml says so/,
    },
    {
      what: 'opted out by a group setting',
      how: { config: { groups: { shop: { enabled: false } } } },
      named: 'skipped opted-out',
      says: /publish\.groups\["shop"\] says so/,
    },
    {
      what: 'a protected branch that rejects pushes',
      project: { protectedBranches: ['agentsmd/*'] },
      named: 'refused protected-branch',
      says: /^shop\/cart\d+: commit on "agentsmd\/refresh" refused: .*Settings > Repository > Protected branches.*, or configure another branch name/,
      writes: [`${COMMIT} refused`],
    },
    {
      what: 'a push rule',
      project: { pushRules: { commitMessageRegex: '^JIRA' } },
      named: 'refused push-rule',
      says: /fit the branch name, commit message or author .*Push rules.*GitLab: .*\^JIRA/,
      writes: [`${COMMIT} refused`],
    },
    {
      what: 'a demand for signed commits',
      project: { pushRules: { rejectUnsignedCommits: true } },
      named: 'refused signed-commits',
      says: /only signed commits; let GitLab sign the commits of its API/,
      writes: [`${COMMIT} refused`],
    },
    {
      what: 'a revoked token (401)',
      how: { token: { revoked: true } },
      named: 'refused unauthorized',
      says: /token from .*TOKEN.* is not accepted: expired, revoked.*Make a new one/,
    },
    {
      what: 'an expired token (401)',
      how: { token: { expiresAt: '2020-01-01' } },
      named: 'refused unauthorized',
      says: /Make a new one/,
    },
    {
      what: 'too small a scope (403)',
      how: { token: { scopes: ['read_api', 'read_repository'] } },
      named: 'refused scope',
      says: /the token from .*TOKEN.* needs the scope api$/,
      writes: [`${COMMIT} refused`],
    },
    {
      what: 'a role too low',
      how: { token: { user: 'rita' } },
      named: 'skipped read-only',
      says: /our access is reporter, and writing takes developer/,
    },
    {
      what: 'no member at all',
      how: { token: { user: 'mallory' } },
      named: 'refused not-found',
      says: /it is gone, or hidden from the token's user; make that user a member/,
    },
    {
      what: 'deleted after it was listed',
      before: ({ path }) => gitlab.deleteProject(path),
      named: 'refused not-found',
      says: /it is gone, or hidden from the token's user; make that user a member/,
    },
    {
      what: 'deleted before the write',
      meanwhile: ({ path }) => gitlab.deleteProject(path),
      named: 'refused not-found',
      says: /the project is gone, or out of reach of this token/,
      writes: [`${COMMIT} refused`],
    },
  ])('$what', async ({ project, how, before, meanwhile, named: name, says, writes: sent = [] }) => {
    const place = await add(project);
    await before?.(place);
    const result = await run(place, { ...how, meanwhile: () => meanwhile?.(place) });
    expect(named(result)).toBe(name);
    expect(told(result)).toMatch(says);
    expect(writes()).toEqual(sent);
    expect(place.audit.map((entry) => entry.result)).toEqual(sent.flatMap(() => ['sent', 'refused']));
  });
});

describe('an open merge request', () => {
  it('with a person’s commit on its branch gets one comment, and then nothing', async () => {
    const place = await add();
    await run(place);
    const theirs = await push(place, { 'AGENTS.md': '# Ours\n' }, BRANCH);
    await push(place, MATTERS);
    const result = await run(place);
    expect(named(result)).toBe('skipped human-commits');
    expect(told(result)).toMatch(/people committed to agentsmd\/refresh; delete that branch once/);
    expect(writes()).toEqual([NOTE]);
    expect(named(await run(place))).toBe('skipped human-commits');
    expect(writes()).toEqual([]);
    expect((await ada('GET', `/projects/${place.id}/merge_requests/1`)).body.sha).toBe(theirs);
  });

  it.each<[string, (place: Place) => unknown, How]>([
    ['a topic', ({ path }) => gitlab.changeProject(path, { topics: ['no-agentsmd'] }), {}],
    ['the team’s file', (place) => push(place, { '.agentsmd.yaml': 'enabled: false\n' }), {}],
    ['a group setting', () => {}, { config: { groups: { shop: { enabled: false } } } }],
  ])('is closed with a word where the project opts out by %s', async (_, optOut, how) => {
    const place = await add();
    await run(place);
    await optOut(place);
    expect(named(await run(place, how))).toBe('closed opted-out');
    expect(writes()).toEqual([
      NOTE,
      'PUT /projects/:id/merge_requests/:iid',
      'DELETE /projects/:id/repository/branches/:branch',
    ]);
    expect(named(await run(place, how))).toBe('skipped opted-out');
    expect(writes()).toEqual([]);
  });

  it('that people closed stays closed, until facts change that matter', async () => {
    const place = await add();
    await run(place);
    await change(place, { state_event: 'close' });
    for (const files of [{}, { 'README.md': '# Cart\n' }]) {
      await push(place, files);
      const result = await run(place);
      expect(named(result)).toBe('skipped closed-unmerged');
      expect(told(result)).toMatch(/^!1 was closed unmerged/);
      expect(writes()).toEqual([]);
    }
    await push(place, MATTERS);
    expect(named(await run(place))).toBe('created');
  });

  it('that people closed comes back where a member asks, and nobody else', async () => {
    const place = await add();
    await run(place);
    await change(place, { state_event: 'close' });
    expect(told(await run(place))).toContain('"agentsmd: try again" on it asks for another one');
    const rita = asking(gitlab, gitlab.addToken({ user: 'rita', scopes: ['api'] }));
    await rita('POST', `/projects/${place.id}/merge_requests/1/notes`, { body: 'agentsmd: try again' });
    expect(named(await run(place))).toBe('skipped closed-unmerged');
    expect(writes()).toEqual([]);
    await say(place, 'agentsmd: try again');
    const result = await run(place);
    expect(result).toMatchObject({ kind: 'created', mergeRequest: { iid: 2 }, answered: 1 });
    expect(named(await run(place))).toBe('unchanged');
    expect(writes()).toEqual([]);
  });

  it('follows a default branch that was renamed', async () => {
    const place = await add();
    await run(place);
    gitlab.changeProject(place.path, { defaultBranch: 'trunk' });
    expect(named(await run(place))).toBe('updated');
    const { body } = await ada('GET', `/projects/${place.id}/merge_requests?state=all`);
    expect(body).toMatchObject([{ target_branch: 'trunk', state: 'opened' }]);
    expect(named(await run(place))).toBe('unchanged');
    expect(writes()).toEqual([]);
  });

  it.each<[string, (place: Place) => Pick<Project, 'id' | 'path'>]>([
    ['its number', ({ listed }) => listed],
    ['its old path', ({ path }) => ({ id: '', path })],
  ])('is found by %s after the project moved', async (_, asked) => {
    const place = await add();
    await run(place);
    gitlab.moveProject(place.path, `${place.path}-moved`);
    const result = await run(place, { as: asked(place) });
    expect(result).toMatchObject({ kind: 'unchanged', project: `${place.path}-moved` });
    expect(writes()).toEqual([]);
  });
});

it('writes to a project that moved between the look and the write', async () => {
  const place = await add();
  const result = await run(place, { meanwhile: () => gitlab.moveProject(place.path, `${place.path}-moved`) });
  expect(named(result)).toBe('created');
  expect(writes()).toEqual([COMMIT, 'POST /projects/:id/merge_requests']);
});

function archive({ path }: Place): void {
  gitlab.changeProject(path, { archived: true });
}

function manifest(scripts: Record<string, string>): string {
  return JSON.stringify({ name: 'cart', scripts, devDependencies: { eslint: '9.0.0' } }, null, 2);
}
