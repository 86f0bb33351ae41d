import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { folderForge } from '../forge/folder/forge.ts';
import { makeRepository, type TestRepository } from '../forge/git/testing/make-repo.ts';
import { gitlabForge } from '../forge/gitlab/index.ts';
import type { Forge, Project } from '../forge/port.ts';
import { GENERATE_DEFAULTS } from '../generator/config.ts';
import { type GenerateResult, generate } from '../generator/index.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from '../generator/publish/config.ts';
import { type PublishResult, publish } from '../generator/publish/index.ts';
import { type Ask, asking } from './gitlab/asking.ts';
import type { GitlabSimulator, NewProject } from './gitlab/port.ts';
import { startGitlab } from './gitlab/start.ts';

/** Publishing over the real forges: GitLab's API as the simulator gives it, and a folder of repositories. */

const manifest = (scripts: Record<string, string>): string =>
  JSON.stringify({ name: 'cart', scripts, devDependencies: { eslint: '9.0.0' } }, null, 2);
const SCRIPTS = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' };
const CART: Record<string, string> = {
  'package.json': manifest(SCRIPTS),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'tools/test.js': 'run();\n',
};
const CHANGED = manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' });
const BRANCH = PUBLISH_DEFAULTS.branch;
const NOTHING: Record<string, string> = {};
const NO_AUDIT = { audit: { append: () => {} } };

const forges: Forge[] = [];
afterEach(async () => {
  for (const forge of forges.splice(0)) await forge.close();
});

/** One run as a sweep does it: facts first, then everything that `publish` asks and writes. */
async function run(
  forge: Forge,
  listed: Project,
  config: Partial<PublishConfig> = {},
  afterFacts: () => void = () => {},
): Promise<PublishResult> {
  const standing = await forge.standing(listed, { branch: BRANCH, files: [] });
  if (standing.head === null) return publish(forge, standing.project, inputOf(config));
  const reader = await forge.open(standing.project, standing.head);
  try {
    const result = await generate(reader, { fresh: false, version: '1' });
    afterFacts();
    return await publish(forge, standing.project, { ...inputOf(config, result), reader });
  } finally {
    await reader.close();
  }
}

const inputOf = (config: Partial<PublishConfig>, result?: GenerateResult) => ({
  config: { ...PUBLISH_DEFAULTS, ...config },
  generate: GENERATE_DEFAULTS,
  propose: () => result ?? expect.unreachable(),
});
const kindOf = (result: PublishResult): string =>
  'reason' in result ? `${result.kind} ${result.reason}` : result.kind;

describe('publishing to GitLab', () => {
  let gitlab: GitlabSimulator;
  let ada: Ask;
  let token: string;
  let made = 0;

  beforeAll(async () => {
    gitlab = await startGitlab({ edition: 'premium' });
    await gitlab.addProject({ path: 'shop/upstream', files: CART });
    for (const username of ['bot', 'ada', 'carl', 'outsider'])
      gitlab.addUser({ username, email: `${username}@example.com` });
    gitlab.addGroup({ path: 'shop', members: { bot: 'developer', ada: 'maintainer' } });
    gitlab.addGroup({ path: 'shop/owners', members: { carl: 'developer' } });
    token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
    ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
  });
  afterAll(() => gitlab.close());

  function connect(secret = token): Forge {
    const instance = { url: gitlab.url, token: { env: 'TOKEN' } };
    const forge = gitlabForge({ instance, env: { TOKEN: secret }, ...NO_AUDIT });
    forges.push(forge);
    return forge;
  }

  async function added(project: Partial<NewProject> = {}) {
    const path = `shop/cart${++made}`;
    const { id } = await gitlab.addProject({ path, ...(project.files === NOTHING ? {} : { files: CART, ...project }) });
    const at = `/projects/${id}/merge_requests`;
    const listed = await connect().project(String(id));
    return {
      path,
      id,
      listed,
      run: (config?: Partial<PublishConfig>) => run(connect(), listed, config),
      push: (files: Record<string, string | null>, branch = 'main') =>
        gitlab.push(path, { branch, user: 'ada', message: 'Work', files }),
      all: async () => (await ada('GET', `${at}?state=all&order_by=created_at&sort=asc`)).body,
      change: (iid: number, body: object) => ada('PUT', `${at}/${iid}`, body),
      say: (iid: number, body: string) => ada('POST', `${at}/${iid}/notes`, { body }),
      notes: async (iid: number): Promise<string[]> =>
        (await ada('GET', `${at}/${iid}/notes?sort=asc&order_by=created_at`)).body
          .filter(({ system }: { system: boolean }) => !system)
          .map(({ body }: { body: string }) => body),
      file: async (name = 'AGENTS.md', ref = BRANCH): Promise<string> =>
        Buffer.from(
          (
            await ada(
              'GET',
              `/projects/${id}/repository/files/${encodeURIComponent(name)}?ref=${encodeURIComponent(ref)}`,
            )
          ).body.content,
          'base64',
        ).toString(),
    };
  }

  it('takes five requests for a new merge request, and four at most where nothing changed', async () => {
    const { listed, all } = await added({ files: { ...CART, CODEOWNERS: '* @ada @nobody @outsider @bot\n' } });
    // What an instance is asked once, however many projects follow: who we are.
    const forge = connect();
    await forge.self(listed.path);
    expect(kindOf(await run(forge, listed, {}, () => gitlab.forget()))).toBe('created');
    expect(gitlab.requests.map(({ method, route }) => `${method} ${route}`)).toEqual([
      'POST /api/graphql',
      'GET /projects/:id/members/all',
      'POST /projects/:id/repository/commits',
      'POST /projects/:id/merge_requests',
    ]);
    const opened = [{ labels: ['agentsmd'], reviewers: [{ username: 'ada' }], title: 'Add AGENTS.md' }];
    expect(await all()).toMatchObject(opened);
    expect((await all())[0].description).toContain('Asked to review: `ada`, because `CODEOWNERS:1` makes them owners.');
    expect(kindOf(await run(forge, listed, {}, () => gitlab.forget()))).toBe('unchanged');
    expect(gitlab.requests.length).toBeLessThanOrEqual(4);
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
  });

  it('asks recent authors where no code owner is a member, within the same five requests', async () => {
    const { listed, all, push } = await added({ files: { ...CART, CODEOWNERS: '* @nobody @outsider\n' } });
    await push({ 'README.md': '# Cart\n' });
    const forge = connect();
    await forge.self(listed.path);
    expect(await run(forge, listed, {}, () => gitlab.forget())).toMatchObject({ kind: 'created', unknownUsers: [] });
    expect(gitlab.requests.map(({ method, route }) => `${method} ${route}`)).toEqual([
      'POST /api/graphql',
      'GET /projects/:id/members/all',
      'GET /projects/:id/repository/commits',
      'POST /projects/:id/repository/commits',
      'POST /projects/:id/merge_requests',
    ]);
    expect(await all()).toMatchObject([{ reviewers: [{ username: 'ada' }] }]);
    expect((await all())[0].description).toContain(
      'Asked to review: `ada`, because they committed to the default branch lately.',
    );
  });

  it('finds out what a mirror is before it writes, where nobody said so', async () => {
    const { id, path, all } = await added({ mirror: true });
    const untold = { id: String(id), path } as Project;
    expect(kindOf(await run(connect(), untold))).toBe('skipped mirror');
    expect(await all()).toEqual([]);
    expect(kindOf(await run(connect(), untold, { mirrors: true }))).toBe('created');
  });

  it('follows facts in place, and opens another one after the merge', async () => {
    const { run, push, all, file, change, id } = await added();
    await run();
    expect(await file()).toContain('- Test: `npm test`');
    await push({ 'README.md': '# Cart\n' });
    expect(kindOf(await run())).toBe('unchanged');
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('updated');
    expect(await file()).toContain('typecheck');
    expect(await all()).toHaveLength(1);
    await change(1, { title: 'Docs for robots', add_labels: 'docs' });
    await push({ 'package.json': manifest(SCRIPTS) });
    expect(kindOf(await run())).toBe('updated');
    expect(await all()).toMatchObject([{ title: 'Docs for robots', labels: ['agentsmd', 'docs'] }]);
    await ada('PUT', `/projects/${id}/merge_requests/1/merge`, {});
    expect(await all()).toMatchObject([{ state: 'merged' }]);
    expect(kindOf(await run())).toBe('skipped up-to-date');
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('created');
    expect(await all()).toMatchObject([{}, { title: 'Refresh AGENTS.md: typecheck command' }]);
  });

  it('closes what has become pointless, with a word', async () => {
    const { run, push, all, file, notes } = await added();
    await run();
    await push({ 'AGENTS.md': await file(), '.agentsmd/ledger.json': await file('.agentsmd/ledger.json') });
    expect(kindOf(await run())).toBe('closed pointless');
    expect(await all()).toMatchObject([{ state: 'closed' }]);
    expect((await notes(1)).join()).toContain('nothing left to merge');
    expect(kindOf(await run())).toBe('skipped up-to-date');
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('created');
  });

  it('heeds what the team replies, and answers once', async () => {
    const { run, say, file, notes, all } = await added();
    await run();
    const { description } = (await all())[0];
    const number = /- (\d+) · Lint/.exec(description)![1];
    await say(1, `Who needs this?\n\nagentsmd: drop ${number}`);
    await say(1, 'agentsmd: wrong "Test: npm test" `make verify`');
    await say(1, '> agentsmd: stop');
    expect(await run()).toMatchObject({ kind: 'updated', answered: 2 });
    expect((await notes(1)).join('\n')).toContain(`\`agentsmd: drop ${number}\`: Left out: Lint`);
    expect((await all())[0].description).toContain('Test: `make verify` (as a member said)');
    expect(await file()).not.toContain('Lint');
    expect(await file()).toContain('- Test: `make verify`\n');
    expect(await notes(1)).toHaveLength(5);
    expect(await run()).toMatchObject({ kind: 'unchanged', answered: 0 });
    await say(1, 'agentsmd: stop');
    expect(await run()).toMatchObject({ kind: 'closed', reason: 'asked-to-stop', answered: 1 });
    expect(kindOf(await run())).toBe('skipped asked-to-stop');
    await say(1, 'agentsmd: try again');
    expect(kindOf(await run())).toBe('created');
    expect(await file()).not.toContain('Lint');
  });

  it('remembers one that was closed, until facts change that matter', async () => {
    const { run, push, change } = await added();
    await run();
    await change(1, { state_event: 'close' });
    expect(kindOf(await run())).toBe('skipped closed-unmerged');
    await push({ 'README.md': '# Cart\n' });
    expect(kindOf(await run())).toBe('skipped closed-unmerged');
    const { build: _, ...others } = SCRIPTS;
    await push({ 'package.json': manifest(others) });
    expect(kindOf(await run())).toBe('created');
  });

  it('takes a reopened one up again', async () => {
    const { run, change } = await added();
    await run();
    await change(1, { state_event: 'close' });
    await run();
    await change(1, { state_event: 'reopen' });
    expect(kindOf(await run())).toBe('unchanged');
  });

  it('never pushes over people’s commits, and says so once', async () => {
    const { run, push, notes, file } = await added();
    await run();
    await push({ 'AGENTS.md': '# Ours\n' }, BRANCH);
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('skipped human-commits');
    expect(kindOf(await run())).toBe('skipped human-commits');
    expect(await file()).toBe('# Ours\n');
    expect(await notes(1)).toHaveLength(1);
  });

  it('deletes no branch of people’s, whatever the description says of its tip', async () => {
    const { run, push, say, change, all, file } = await added();
    await run();
    const { description, sha } = (await all())[0];
    await push({ 'AGENTS.md': '# Ours\n' }, BRANCH);
    const tip = (await all())[0].sha;
    expect(tip).not.toBe(sha);
    await change(1, { description: description.replace(`"tip":"${sha}"`, `"tip":"${tip}"`) });
    await say(1, 'agentsmd: stop');
    expect(kindOf(await run())).toBe('closed asked-to-stop');
    expect(await file()).toBe('# Ours\n');
  });

  it('never touches the default branch, nor one that merely stands behind it', async () => {
    const { id, run, push, all } = await added();
    const tipOf = async (branch: string) =>
      (await ada('GET', `/projects/${id}/repository/branches/${branch}`)).body.commit.id;
    const before = await tipOf('main');
    expect(kindOf(await run({ branch: 'Main' }))).toBe('skipped branch-is-default');
    await ada('POST', `/projects/${id}/repository/branches`, { branch: 'production', ref: 'main' });
    await push({ 'README.md': '# Cart\n' });
    expect(kindOf(await run({ branch: 'production' }))).toBe('skipped branch-taken');
    expect(await tipOf('production')).toBe(before);
    expect(await all()).toEqual([]);
  });

  it('remembers what was asked for where somebody replaced the description, and keeps that text', async () => {
    const { run, say, change, push, all, file } = await added();
    await run();
    await say(1, 'agentsmd: drop 1');
    expect(kindOf(await run())).toBe('updated');
    const dropped = await file();
    await change(1, { description: 'I explain it better.' });
    expect(kindOf(await run())).toBe('updated');
    expect(await file()).toBe(dropped);
    expect((await all())[0].description).toMatch(/^I explain it better\.\n\n<!-- agentsmd:begin/);
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('updated');
    expect(await file()).not.toContain('Install');
    expect((await all())[0].description).toMatch(/^I explain it better\./);
    expect(kindOf(await run())).toBe('unchanged');
  });

  it('stays where people retargeted it', async () => {
    const { id, run, push, change, all } = await added();
    await run();
    await ada('POST', `/projects/${id}/repository/branches`, { branch: 'develop', ref: 'main' });
    await change(1, { target_branch: 'develop' });
    expect(kindOf(await run())).toBe('unchanged');
    await push({ 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('updated');
    expect(await all()).toMatchObject([{ target_branch: 'develop' }]);
  });

  it('heeds what is said right before the merge, and answers where people took the branch over', async () => {
    const { id, run, say, push, notes, file } = await added();
    await run();
    await say(1, 'agentsmd: drop 1');
    await ada('PUT', `/projects/${id}/merge_requests/1/merge`, {});
    expect(await run()).toMatchObject({ kind: 'created', answered: 1 });
    expect(await file()).not.toContain('Install');
    await push({ 'AGENTS.md': '# Ours\n' }, BRANCH);
    await say(2, 'agentsmd: drop 2');
    expect(await run()).toMatchObject({ reason: 'human-commits', answered: 1 });
    expect(await run()).toMatchObject({ reason: 'human-commits', answered: 0 });
    expect((await notes(2)).join('\n')).toContain('Not done: people committed');
  });

  it('remembers what was dropped where the ledger is deleted after the merge', async () => {
    const { id, run, say, push, file } = await added();
    await run();
    await say(1, 'agentsmd: drop 1');
    await run();
    await ada('PUT', `/projects/${id}/merge_requests/1/merge`, {});
    await push({ '.agentsmd/ledger.json': null, 'package.json': CHANGED });
    expect(kindOf(await run())).toBe('created');
    expect(await file()).toContain('typecheck');
    expect(await file()).not.toContain('Install');
  });

  it.each<[string, Partial<NewProject>]>([
    ['skipped archived', { archived: true }],
    ['skipped pending-delete', { pendingDelete: true }],
    ['skipped empty', { files: NOTHING }],
    ['skipped fork', { forkOf: 'shop/upstream' }],
    ['skipped mirror', { mirror: true }],
    ['skipped merge-requests-disabled', { mergeRequestsEnabled: false }],
    ['skipped opted-out', { topics: ['no-agentsmd'] }],
    ['skipped opted-out', { files: { ...CART, '.agentsmd.yaml': 'enabled: false\n' } }],
    ['refused protected-branch', { protectedBranches: ['agentsmd/*'] }],
    ['refused push-rule', { pushRules: { commitMessageRegex: '^JIRA' } }],
    ['refused signed-commits', { pushRules: { rejectUnsignedCommits: true } }],
  ])('%s: nothing is left behind', async (result, project) => {
    const { run, id, all } = await added(project);
    expect(kindOf(await run())).toBe(result);
    if (project.mergeRequestsEnabled !== false) expect(await all()).toEqual([]);
    expect((await ada('GET', `/projects/${id}/repository/branches/${encodeURIComponent(BRANCH)}`)).status).toBe(404);
  });

  it('is opted out by a group above', async () => {
    const { run } = await added();
    expect(kindOf(await run({ groups: { shop: { enabled: false } } }))).toBe('skipped opted-out');
  });

  it('says which scope is missing, and which role', async () => {
    const { listed } = await added();
    const reading = connect(gitlab.addToken({ user: 'bot', scopes: ['read_api', 'read_repository'] }));
    expect(await run(reading, listed)).toMatchObject({
      kind: 'refused',
      reason: 'scope',
      message: expect.stringContaining('api'),
    });
    gitlab.addGroup({ path: 'shop', members: { rita: 'reporter' } });
    const reporter = connect(gitlab.addToken({ user: 'rita', scopes: ['api'] }));
    expect(kindOf(await run(reporter, await reporter.project(listed.path)))).toBe('skipped read-only');
  });

  it('follows a project that moved, and a default branch that was renamed', async () => {
    const { listed, path, all } = await added();
    await run(connect(), listed);
    gitlab.moveProject(path, `shop/moved${made}`);
    expect(await run(connect(), listed)).toMatchObject({ kind: 'unchanged', project: `shop/moved${made}` });
    await gitlab.push(`shop/moved${made}`, {
      branch: 'trunk',
      user: 'ada',
      message: 'x',
      files: { 'package.json': CHANGED },
      from: 'main',
    });
    gitlab.changeProject(`shop/moved${made}`, { defaultBranch: 'trunk' });
    expect(kindOf(await run(connect(), listed))).toBe('updated');
    expect(await all()).toMatchObject([{ target_branch: 'trunk' }]);
  });

  it('finds a project deleted meanwhile', async () => {
    const { listed, path } = await added();
    const forge = connect();
    const result = await run(forge, listed, {}, () => gitlab.deleteProject(path));
    expect(kindOf(result)).toBe('refused not-found');
  });

  it('writes nothing in a dry run, and asks as it would', async () => {
    const { listed, all } = await added();
    const sent: string[] = [];
    const instance = { url: gitlab.url, token: { env: 'TOKEN' } };
    const forge = gitlabForge({
      instance,
      env: { TOKEN: token },
      ...NO_AUDIT,
      record: ({ method, path }) => void sent.push(`${method} ${path.replace(/\d+/, ':id')}`),
    });
    forges.push(forge);
    expect(kindOf(await run(forge, listed))).toBe('created');
    expect(sent).toEqual(['POST /projects/:id/repository/commits', 'POST /projects/:id/merge_requests']);
    expect(await all()).toEqual([]);
  });
});

describe('publishing to a folder of repositories', () => {
  const made: TestRepository[] = [];
  afterEach(async () => {
    for (const repository of made.splice(0)) await repository.cleanup();
  });

  it('keeps a branch and a description for each, and the working tree as it is', async () => {
    const repository = await makeRepository({ files: CART }, { name: 'cart' });
    made.push(repository);
    const forge = await folderForge(repository.root, NO_AUDIT);
    forges.push(forge);
    const project = await forge.project('cart');
    expect(kindOf(await run(forge, project))).toBe('created');
    const { mergeRequests, branchTip } = await forge.standing(project, { branch: BRANCH, files: [] });
    expect(mergeRequests).toMatchObject([{ state: 'opened', title: 'Add AGENTS.md', head: branchTip }]);
    expect(kindOf(await run(forge, project))).toBe('unchanged');
  });
});
