import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import type { GitlabSimulator, NewProject } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Ran, runCliBeside } from './run-cli.ts';

const LONG = 300_000;
const PROJECT = 'shop/pay';
const BOT = 'agentsmd-bot';

/** A rule of each kind of check, and of each way in which one can end. */
const CHECKS: Readonly<Record<string, string>> = {
  'T-AST-1':
    "check: { kind: ast-grep, language: [typescript], rule: { pattern: 'throw $TEXT' }, constraints: { TEXT: { kind: string } } }",
  'T-BAN-1': 'check: { kind: dependency-ban, packages: { npm: [request] } }',
  'T-CFG-1': "check: { kind: config-value, files: ['**/tsconfig.json'], path: '**.strict', expect: { equals: true } }",
  'T-FILE-1': "check: { kind: required-file, groups: [['SECURITY.md']] }",
  'T-LARGE-1': "check: { kind: file-content, files: ['big/*.txt'], forbid: 'TODO' }",
  'T-KEEP-1': "check: { kind: file-content, files: ['**/*.ts'], forbid: 'no such text' }",
  'T-LANG-1': 'applies-to: { languages: [go] }',
  'T-PROSE-1': '',
  'T-SECRET-1': "check: { kind: file-content, files: ['**/*.ts'], forbid: 'key = .*', secret: true }",
  'T-TODO-1': "check: { kind: file-content, files: ['**/*.ts', 'docs/**'], forbid: 'TODO.*' }",
  'T-WAIVED-1': "check: { kind: file-content, files: ['src/old.ts'], forbid: 'TODO.*' }",
};
const rule = (id: string, check: string): string =>
  `---\nid: ${id}\ntitle: Keep to ${id}\nlevel: MUST\nstatus: active\n${check}\n---\n\nBecause.\n`;
const waiver = (id: string): string =>
  `- rule: ${id}\n  paths: ['src/old.ts']\n  reason: it goes\n  until: '${inDays(200)}'\n  approved-by: ada@example.com\n`;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const FILES = {
  '.agentsmd/waivers.yaml': waiver('T-WAIVED-1') + waiver('T-TODO-1'),
  '.gitlab-ci.yml': 'test:\n  image: node:latest\n  script: [npm ci, npm test]\n',
  Dockerfile: 'FROM node:latest\nRUN apt-get update\nRUN apt-get install -y curl\n',
  'package.json': '{ "name": "pay", "dependencies": { "request": "2.88.0" }, "scripts": { "test": "vitest run" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
  'tsconfig.json': '{ "compilerOptions": { "strict": false } }\n',
  'packages/a/tsconfig.json': '{ "compilerOptions": { "strict": true } }\n',
  'src/index.ts': "export const key = 'hunter2';\nif (!key) throw 'no key';\n// TODO: more\n",
  'src/old.ts': '// TODO: goes\n',
  'src/Ünïcode näme.ts': '// TODO: a name\n',
  'big/a.txt': `${'x'.repeat(3 << 20)}\nTODO\n`,
  'docs/logo.png': Buffer.from([0x89, 0x50, 0, 1, 2, 255, 254]),
  'docs/link.md': { symlink: '../src/old.ts' },
};

let codex = '';
let folder = '';
let repo: TestRepository;
let gitlab: GitlabSimulator;
let token = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-audit-gitlab-'));
  codex = join(folder, 'codex');
  mkdirSync(codex);
  for (const [id, check] of Object.entries(CHECKS)) writeFileSync(join(codex, `${id}.md`), rule(id, check));
  repo = await makeRepository({
    commits: [{ files: { ...FILES, 'src/index.ts': 'export {};\n' } }, { files: FILES }],
  });
  gitlab = await startGitlab();
  gitlab.addUser({ username: BOT, bot: true });
  token = gitlab.addToken({ user: BOT, scopes: ['read_api'], expiresAt: inDays(100) });
  const from = { gitDir: repo.dir, commit: repo.commit };
  await gitlab.addProject({ path: PROJECT, from, members: { [BOT]: 'reporter' } });
}, LONG);
afterAll(async () => {
  await gitlab.close();
  await repo.cleanup();
  rmSync(folder, { recursive: true, force: true });
}, LONG);

function audit(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const env = {
    ...{ GITLAB_URL: gitlab.url, GITLAB_TOKEN: token },
    ...{ AGENTSMD_STATE_DIR: join(folder, 'state'), AGENTSMD_CACHE_DIR: join(folder, 'cache') },
  };
  return runCliBeside(['codex', 'audit', ...args], { cwd: folder, env: { ...env, ...more } });
}
const own = (...args: readonly string[]) => audit([...args, '--codex', codex]);

describe('agentsmd codex audit of a project of GitLab', { timeout: LONG }, () => {
  it.each([
    ['a small codex', () => codex],
    ['the starter', () => 'starter'],
  ])('says by %s what it says of the same repository on the disk, and writes nothing', async (_, by) => {
    gitlab.forget();
    const there = await audit([PROJECT, '--json', '--codex', by()]);
    const here = await audit([repo.dir, '--rev', 'HEAD', '--json', '--codex', by()]);
    expect([there.code, there.stderr]).toEqual([1, here.stderr]);
    const [far, near] = [JSON.parse(there.stdout), JSON.parse(here.stdout)];
    expect(new Set(far.rules.map(({ verdict }: { verdict: string }) => verdict)).size).toBeGreaterThan(3);
    expect(far).toEqual({ ...near, repository: PROJECT });
    expect(far).toMatchObject({ commit: repo.commit, worktree: false });
    expect(gitlab.requests.length).toBeLessThanOrEqual(8);
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
  });

  it('says of every rule what it should', async () => {
    const { rules } = JSON.parse((await own(PROJECT, '--json')).stdout);
    const told = rules.map(({ rule, verdict, evidence: [first] }: Told) =>
      [rule, verdict, ...(first && verdict !== 'COMPLIANT' ? [`${first.path}:${first.line}`] : [])].join(' '),
    );
    expect(told).toEqual([
      'T-AST-1 NON-COMPLIANT src/index.ts:2',
      'T-BAN-1 NON-COMPLIANT package.json:1',
      'T-CFG-1 NON-COMPLIANT tsconfig.json:1',
      'T-FILE-1 NON-COMPLIANT SECURITY.md:null',
      'T-KEEP-1 COMPLIANT',
      'T-LANG-1 NOT-APPLICABLE',
      'T-LARGE-1 NOT-CHECKED',
      'T-PROSE-1 NOT-CHECKED',
      'T-SECRET-1 NON-COMPLIANT src/index.ts:1',
      'T-TODO-1 NON-COMPLIANT src/index.ts:3',
      'T-WAIVED-1 PARTIAL src/old.ts:1',
    ]);
  });

  it('is the same by its address, as Markdown and as a page, which call it by its path', async () => {
    const text = await own(`${gitlab.url}/${PROJECT}/-/tree/main`);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("    src/index.ts:2  if (!key) throw 'no key';\n");
    expect(text.stdout).toContain(
      '    1 of 1 file could not be read: big/a.txt (3145734 bytes; the limit is 1048576)\n',
    );
    const file = join(folder, 'audit.html');
    expect((await own(PROJECT, '--format', 'html', '--out', file)).code).toBe(1);
    expect(readFileSync(file, 'utf8')).toContain(`<h1>Audit of ${PROJECT}</h1>`);
    const markdown = (await own(PROJECT, '--format', 'markdown')).stdout;
    expect(markdown).toMatch(/^## Audit of shop.{0,9}pay$/m);
    expect(markdown).toContain('`src/index.ts:2`');
  });

  it('says what changed since a baseline, whether that was taken there or of a clone', async () => {
    const files = [join(folder, 'there.json'), join(folder, 'clone.json')];
    await own(PROJECT, '--json', '--out', files[0]!);
    const clone = await repo.git('clone', '-q', repo.dir, join(folder, 'pay'));
    expect(clone).toBe('');
    await own(join(folder, 'pay'), '--json', '--out', files[1]!);
    const fixed = { 'tsconfig.json': '{ "compilerOptions": { "strict": true } }\n', 'SECURITY.md': 'Write to us.\n' };
    const broken = { 'src/late.ts': '// no such text\n' };
    await gitlab.push(PROJECT, { branch: 'main', user: 'ada', message: 'More', files: { ...fixed, ...broken } });
    for (const file of files) {
      const { code, stdout, stderr } = await own(PROJECT, '--baseline', file);
      expect([code, stderr]).toEqual([1, expect.stringContaining('since the baseline: 1 newly broken, 2 fixed\n')]);
      expect(stderr).not.toContain('the baseline is of');
      expect(stdout).toMatch(/^ {2}newly broken {2}T-KEEP-1 /m);
      expect(stdout).toMatch(/^ {2}fixed +T-CFG-1 /m);
    }
    const { code, stdout } = await own(PROJECT, '--rule', 'T-AST-1', '--baseline', files[0]!, '--json');
    expect([code, JSON.parse(stdout).changes]).toEqual([0, []]);
    const others = await audit([repo.dir, '--codex', codex, '--baseline', files[0]!]);
    expect(others.stderr).toContain(`the baseline is of ${PROJECT}, and this is repo`);
  });

  it('asks no model about what lies elsewhere, and says so', async () => {
    const config = join(folder, 'models.yaml');
    const models = { m: { context: 128_000, output: 4096 } };
    const tiers = { top: 'gw/m', standard: 'gw/m', light: 'gw/m' };
    const gw = { baseUrl: 'http://127.0.0.1:1/v1', models };
    writeFileSync(config, JSON.stringify({ models: { providers: { gw }, tiers } }));
    const { stdout, stderr } = await own(PROJECT, '--config', config, '--rule', 'T-PROSE-1');
    expect(stderr + stdout).toContain('models look at local repositories alone: clone it, and name its folder');
  });
});

describe('a project that cannot be audited, or should perhaps not be', { timeout: LONG }, () => {
  const made = async (path: string, more: Omit<NewProject, 'path'>) => {
    const from = { gitDir: repo.dir, commit: repo.commit };
    await gitlab.addProject({ path, from, members: { [BOT]: 'reporter' }, ...more });
    return path;
  };

  it('is audited though it is archived, which is said', async () => {
    const { code, stdout, stderr } = await own(await made('shop/old', { archived: true }));
    expect([code, stdout]).toEqual([1, expect.stringContaining('T-TODO-1')]);
    expect(stderr).toContain('shop/old is archived: nobody can mend what is broken there\n');
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'without a commit',
      async () => {
        await gitlab.addProject({ path: 'shop/empty', members: { [BOT]: 'reporter' } });
        return 'shop/empty';
      },
      'shop/empty: the repository has no commit\n',
    ],
    [
      'without a repository',
      () => made('shop/off', { repositoryEnabled: false }),
      ': its repository is switched off\n',
    ],
    ['that is not there', async () => 'shop/nowhere', "404 Project Not Found; it is gone, or hidden from the token's"],
    ['whose code it may not read', () => made('shop/dark', { members: { [BOT]: 'guest' } }), 'needs the role Reporter'],
    [
      'of another GitLab',
      async () => 'https://elsewhere.example/shop/pay',
      'no project of a configured GitLab instance',
    ],
  ])('is refused %s', async (_, project, message) => {
    const { code, stdout, stderr } = await own(await project());
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each<[string, readonly string[], string]>([
    ['no codex', ['--codex', 'none'], 'codex.from is "none": name a codex with --codex'],
    [
      'a codex that is not there',
      ['--codex', 'nowhere'],
      'nowhere: no such folder; give a folder, a git address, or starter',
    ],
    ['a commit', ['--rev', 'main'], '--rev is for local repositories: a project is read at its default branch'],
  ])('is refused with %s, and GitLab is not asked', async (_, args, message) => {
    gitlab.forget();
    const { code, stdout, stderr } = await audit([PROJECT, ...args]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    expect(gitlab.requests).toEqual([]);
  });
});

interface Told {
  readonly rule: string;
  readonly verdict: string;
  readonly evidence: readonly { readonly path: string; readonly line: number | null }[];
}
