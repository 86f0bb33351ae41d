import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Ran, runCliBeside } from './run-cli.ts';

let gitlab: GitlabSimulator;
let token = '';
let folder = '';

beforeAll(async () => {
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'ada' });
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  gitlab.addGroup({ path: 'shop', members: { ada: 'maintainer', 'agentsmd-bot': 'developer' } });
  token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'], expiresAt: '2027-06-01' });
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-cli-gitlab-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gitlab.close();
});

let counter = 0;
let path = '';
beforeEach(async () => {
  path = `shop/pay-${++counter}`;
  await gitlab.addProject({
    path,
    files: {
      'package.json': '{"name":"pay","scripts":{"test":"vitest run","build":"tsc -b"}}',
      'package-lock.json': '{}',
      CODEOWNERS: '* @ada\n',
    },
  });
  gitlab.forget();
});

function agentsmd(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = {
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: token,
    AGENTSMD_STATE_DIR: join(folder, 'state'),
    AGENTSMD_CACHE_DIR: join(folder, `cache-${counter}`),
  };
  return runCliBeside(args, { cwd: folder, env: { ...own, ...env } });
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const writes = () => gitlab.requests.filter(({ applied }) => applied);

describe('agentsmd generate group/project', () => {
  it('prints the file in at most four requests, and writes nothing', async () => {
    const ran = await agentsmd(['generate', path]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('- Test: `npm test`');
    expect(gitlab.requests.length).toBeLessThanOrEqual(4);
    expect(writes()).toEqual([]);
    expect(await agentsmd(['generate', `${gitlab.url}/${path}/-/tree/main`])).toMatchObject({ stdout: ran.stdout });
  });

  it('sends with --publish exactly what --dry-run shows, and then nothing more', async () => {
    const dry = JSON.parse((await agentsmd(['generate', path, '--dry-run', '--json'])).stdout);
    expect(writes()).toEqual([]);
    gitlab.forget();
    const ran = await agentsmd(['generate', path, '--publish']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(`${path}: created !1, AGENTS.md, .agentsmd/ledger.json`);
    expect(ran.stdout).toContain('reviewers: ada (code-owners)');
    const sent = writes().map(({ method, path: at, body }) => ({ method, path: at.replace('/api/v4', ''), body }));
    const tip = /\\?"tip\\?":\\?"([0-9a-f]{40})/;
    const plain = (value: unknown) => JSON.stringify(value).replace(tip, '"tip":"');
    expect(
      dry.requests.map(({ method, path: at, body }: (typeof sent)[0]) => plain({ method, path: at, body })),
    ).toEqual(sent.map(plain));
    gitlab.forget();
    expect(await agentsmd(['generate', path, '--publish'])).toMatchObject({ code: 0 });
    expect(gitlab.requests.length).toBeLessThanOrEqual(4);
    expect(writes()).toEqual([]);
  });

  it('says what was wrong in a line, and never a token', async () => {
    const nowhere = await agentsmd(['generate', 'shop/nowhere', '--publish']);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/shop.+nowhere.*404/);
    const small = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['read_api'] });
    const refused = await agentsmd(['generate', path, '--publish'], { GITLAB_TOKEN: small });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/scope.*api/);
    const none = await agentsmd(['generate', path], { GITLAB_TOKEN: 'glpat-wrongwrongagcanary' });
    expect(none.code).toBe(2);
    for (const { stdout, stderr } of [nowhere, refused, none])
      expect(`${stdout}${stderr}`).not.toMatch(new RegExp(`${token}|${small}|glpat-wrong`));
    expect(readFileSync(join(folder, 'state/audit.jsonl'), 'utf8')).not.toContain(token);
  });

  it.each([
    [['--write'], 'working tree'],
    [['--rev', 'main'], '--rev'],
    [['--publish', '--fresh'], '--fresh'],
    [['--publish', '--diff'], 'exclude each other'],
    [['--dry-run', '--explain'], '--dry-run is about --publish'],
  ])('refuses %j', async (options, message) => {
    const ran = await agentsmd(['generate', path, ...options]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
    expect(gitlab.requests).toEqual([]);
  });

  it('shows the fleet, a project of it, and what works', async () => {
    await gitlab.addProject({ path: `old/${counter}`, archived: true, members: { 'agentsmd-bot': 'developer' } });
    const list = await agentsmd(['fleet', 'list', '--json']);
    expect(list.code).toBe(0);
    const { projects, inScope, total } = JSON.parse(list.stdout);
    expect(total).toBeGreaterThan(inScope);
    const named = (name: string) => projects.find(({ project }: { project: string }) => project === name);
    expect(named(path)).toEqual({ instance: gitlab.url, project: path, inScope: true, entities: [] });
    expect(named(`old/${counter}`)).toMatchObject({ inScope: false, reason: 'archived' });
    expect((await agentsmd(['generate', path, '--publish'])).code).toBe(0);
    const lines = (await agentsmd(['fleet', 'list', 'shop', '--in-scope'])).stdout;
    expect(lines).toMatch(new RegExp(`^${path} +in scope +- +!1 opened$`, 'm'));
    expect(lines).not.toContain('old/');
    const show = await agentsmd(['fleet', 'show', path]);
    expect(show.stdout).toMatch(/scope +in scope[\s\S]*!1 +opened: Add AGENTS.md/);
    const doctor = await agentsmd(['doctor']);
    expect(doctor).toMatchObject({ code: 0 });
    expect(doctor.stdout).toMatch(/token +from \$GITLAB_TOKEN, of agentsmd-bot, scopes api, until 2027-06-01/);
    expect(doctor.stdout).not.toContain(token);
  });

  it('has a doctor that names what is missing', async () => {
    const reader = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['read_api'], expiresAt: inDays(3) });
    const ran = await agentsmd(['doctor', '--json'], { GITLAB_TOKEN: reader });
    expect(ran.code).toBe(1);
    const { checks } = JSON.parse(ran.stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({ about: 'opening merge requests', mark: 'fails', says: 'needs the scope api' }),
    );
    expect(checks).toContainEqual(expect.objectContaining({ about: 'token', mark: 'warns' }));
    const dead = await agentsmd(['doctor'], { GITLAB_URL: 'http://127.0.0.1:9' });
    expect(dead.code).toBe(1);
    expect(dead.stdout).toMatch(/FAILS +http:\/\/127.0.0.1:9/);
  });

  it('sends no token to a server that a configuration in a repository names', async () => {
    const cwd = join(folder, `clone-${counter}`);
    mkdirSync(join(cwd, '.git'), { recursive: true });
    writeFileSync(join(cwd, 'agentsmd.config.yaml'), `gitlab:\n  instances:\n    - url: ${gitlab.url}\n`);
    const ran = await runCliBeside(['generate', path], { cwd, env: { GITLAB_TOKEN: token } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--config agentsmd.config.yaml');
    expect(gitlab.requests).toEqual([]);
    const env = { GITLAB_TOKEN: token, AGENTSMD_CONFIG: 'agentsmd.config.yaml' };
    writeFileSync(
      join(cwd, 'agentsmd.config.yaml'),
      `gitlab:\n  instances:\n    - url: ${gitlab.url}\n      token: { env: GITLAB_TOKEN }\n`,
    );
    expect(await runCliBeside(['generate', path], { cwd, env })).toMatchObject({ code: 0 });
  });
});
