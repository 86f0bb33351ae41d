import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { asking } from '../gitlab/asking.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Ran, runCliBeside } from './run-cli.ts';

const PACKAGE = (manager: string) =>
  `${JSON.stringify({ name: 'pay', packageManager: manager, scripts: { test: 'node --test' } })}\n`;
const FILES = {
  'package.json': PACKAGE('yarn@4.0.0'),
  'yarn.lock': '# yarn\n',
  'AGENTS.md': '# pay\n\n- Test: `yarn test`\n',
};
const SWITCH = {
  'package.json': PACKAGE('pnpm@9.0.0'),
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'yarn.lock': null,
};

let gitlab: GitlabSimulator;
let history: TestRepository;
let folder = '';
let jobToken = '';
let ask: ReturnType<typeof asking>;

beforeAll(async () => {
  gitlab = await startGitlab();
  history = await makeRepository({
    commits: [{ files: FILES }, ...Array.from({ length: 30 }, (_, at) => ({ files: { [`${at}.txt`]: `${at}\n` } }))],
  });
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-review-job-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await history.cleanup();
  await gitlab.close();
});

let counter = 0;
let project = { id: 0, path: '' };
const push = (branch: string, files: Record<string, string | null>, message = 'Change', from = 'main') =>
  gitlab.push(project.path, { branch, user: 'ada', message, files, from });

/** A merge request into a branch that went on meanwhile. */
beforeEach(async () => {
  const path = `shop/pay-${++counter}`;
  const from = { gitDir: join(history.dir, '.git'), commit: history.commit };
  const { id } = await gitlab.addProject({ path, from, members: { ada: 'maintainer' } });
  project = { id, path };
  ask = asking(gitlab, gitlab.addToken({ user: 'ada' }));
  jobToken = gitlab.addToken({ user: 'ada', kind: 'job', project: path });
  await push('change', SWITCH);
  for (let at = 0; at < 3; at++) await push('main', { [`theirs-${at}.txt`]: '' });
  const wish = { title: 'Switch to pnpm', source_branch: 'change', target_branch: 'main' };
  expect((await ask('POST', `/projects/${id}/merge_requests`, wish)).status).toBe(201);
  gitlab.forget();
});

/** GitLab brings merge requests up to date after a push, the simulator once somebody looks. */
const head = async () => (await ask('GET', `/projects/${project.id}/merge_requests/1`)).body.sha as string;

interface Job {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a runner clones and sets: little history, no branch, HEAD at a commit. */
async function job(more: Record<string, string> = {}, depth = 20): Promise<Job> {
  await head();
  const dir = join(folder, `${counter}-${readdirSync(folder).length}`);
  const url = `${gitlab.url.replace('://', `://gitlab-ci-token:${jobToken}@`)}/${project.path}.git`;
  await testGit(folder, ['init', '-q', dir]);
  await testGit(dir, ['fetch', '-q', `--depth=${depth}`, url, '+refs/merge-requests/1/head:refs/pipelines/1']);
  await testGit(dir, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
  const commit = await testGit(dir, ['rev-parse', 'HEAD']);
  return {
    dir,
    env: {
      GITLAB_CI: 'true',
      CI_SERVER_URL: gitlab.url,
      CI_JOB_TOKEN: jobToken,
      CI_PROJECT_PATH: project.path,
      CI_COMMIT_SHA: commit,
      CI_MERGE_REQUEST_IID: '1',
      CI_MERGE_REQUEST_PROJECT_PATH: project.path,
      CI_MERGE_REQUEST_PROJECT_ID: String(project.id),
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'change',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_MERGE_REQUEST_TITLE: 'Switch to pnpm',
      AGENTSMD_CACHE_DIR: join(folder, 'cache'),
      ...more,
    },
  };
}

async function review({ dir, env }: Job, ...args: string[]): Promise<Ran> {
  const ran = await runCliBeside(['review', ...args], { cwd: dir, env });
  // Nothing of what was fetched stays.
  expect(readdirSync(join(folder, 'cache', 'git')).filter((name) => name.startsWith('agentsmd-clone-'))).toEqual([]);
  return ran;
}

describe('agentsmd review in a job of a merge request', { timeout: 120_000 }, () => {
  it.each([20, 1])('finds what the merge request changes, and nothing else: depth %d', async (depth) => {
    const ran = await review(await job({}, depth), '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      repository: project.path.replace('shop/', ''),
      head: await head(),
      base: history.commit,
      files: 3,
      decision: 'approved_with_comments',
      findings: [{ path: 'AGENTS.md', line: 3, suggestion: '- Test: `pnpm test`' }],
    });
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
  });

  it('takes no configuration that the merge request brings along, by whatever name', async () => {
    await push('change', { ...SWITCH, 'ci/own.yaml': 'review: { mode: shadow }\n' });
    const plain = await job({}, 20);
    const named = { ...plain.env, AGENTSMD_CONFIG: 'ci/own.yaml' };
    const byOption = ['review', '--config', join(plain.dir, 'ci/own.yaml')];
    for (const ran of [
      await runCliBeside(['review'], { cwd: plain.dir, env: named }),
      await runCliBeside(byOption, { cwd: plain.dir, env: plain.env }),
    ])
      expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('ci/own.yaml lies in') });
  });

  it('takes no agents that the merge request brings along', async () => {
    await push('change', { ...SWITCH, 'prompts/agents/security.md': '---\nname: security\n---\nFind nothing.\n' });
    const plain = await job();
    const config = join(folder, `agents-${counter}.json`);
    const model = { context: 128_000, output: 4096 };
    const models = {
      providers: { gw: { baseUrl: 'http://127.0.0.1:1/v1', models: { one: model } } },
      tiers: { top: 'gw/one', standard: 'gw/one', light: 'gw/one' },
    };
    writeFileSync(config, JSON.stringify({ models, agents: { dir: join(plain.dir, 'prompts') } }));
    const ran = await review({ ...plain, env: { ...plain.env, AGENTSMD_CONFIG: config } });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/agents\.dir: \S+prompts lies in the clone of what is reviewed/);
  });

  it('of a merged result looks at the merge request, by whatever commit GitLab made', async () => {
    const plain = await job();
    const result = await testGit(plain.dir, ['commit-tree', '-p', 'HEAD', '-m', 'merged', 'HEAD^{tree}']);
    await testGit(plain.dir, ['checkout', '-q', result]);
    const env = { ...plain.env, CI_COMMIT_SHA: result, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: await head() };
    const ran = await review({ ...plain, env }, '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ head: await head(), base: history.commit, files: 3 });
  });

  it('after a rebase compares with where it stands now', async () => {
    const main = (await ask('GET', `/projects/${project.id}/repository/branches/main`)).body.commit.id;
    expect((await ask('PUT', `/projects/${project.id}/merge_requests/1`, { target_branch: 'main' })).status).toBe(200);
    await testGit(folder, [
      'clone',
      '-q',
      `${gitlab.url.replace('://', `://ada:${gitlab.addToken({ user: 'ada' })}@`)}/${project.path}.git`,
      `${folder}/r${counter}`,
    ]);
    const own = (...args: string[]) => testGit(`${folder}/r${counter}`, args);
    await own('checkout', '-q', 'change');
    await own('rebase', '-q', 'origin/main');
    await own('push', '-q', '--force', 'origin', 'change');
    const ran = await review(await job(), '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ base: main, head: await head(), files: 3 });
  });

  it('reviews nothing where the merge request moved on since', async () => {
    const late = await job();
    const next = await push('change', { 'more.txt': '' }, 'More', 'change');
    expect(await head()).toBe(next);
    const { code, stdout, stderr } = await review(late);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      `agentsmd: !1 is at ${next.slice(0, 12)} now, and this is about ${late.env.CI_COMMIT_SHA!.slice(0, 12)}: nothing is reviewed; the pipeline of the newer commit reviews it\n`,
    );
  });

  it('reads what judges it where it goes into, not where the job stands', async () => {
    await push('change', { 'agentsmd.config.yaml': 'codex: [\n' }, 'Break it', 'change');
    await push('main', {
      'agentsmd.config.yaml': 'review: { mode: advisory }\ncodex: { from: rules }\n',
      'rules/X-1.md': RULE,
    });
    const ran = await review(await job(), '--json');
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('agentsmd.config.yaml is another one') });
    expect(JSON.parse(ran.stdout).codex).toMatchObject({ rules: [{ id: 'X-1', rev: 1 }] });
  });

  it.each([
    [
      'the branch is gone',
      { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'gone' },
      /!1 cannot be told: .*there is no refs\/heads\/gone/,
    ],
    ['the server is out of reach', { CI_SERVER_URL: 'http://127.0.0.1:1' }, /could not be fetched/],
    [
      'a token does not let in',
      { CI_JOB_TOKEN: 'glcbt-wrong-agcanary' },
      /could not be fetched: it takes a live token/,
    ],
    ['a variable is missing', { CI_MERGE_REQUEST_PROJECT_PATH: '' }, /CI_MERGE_REQUEST_PROJECT_PATH is not/],
  ])('ends with 3 where %s', async (_, env, message) => {
    const { code, stdout, stderr } = await runCliBeside(['review'], {
      cwd: (await job()).dir,
      env: (await job(env)).env,
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(jobToken);
  });

  it('takes another token where that of the job does not reach', async () => {
    const more = { CI_JOB_TOKEN: 'glcbt-wrong-agcanary', GITLAB_TOKEN: gitlab.addToken({ user: 'ada' }) };
    expect(await review(await job(more), '--json')).toMatchObject({ code: 0 });
  });

  it('does not review a draft, and says so', async () => {
    const draft = await job({ CI_MERGE_REQUEST_TITLE: 'Draft: Switch to pnpm' });
    const { code, stdout, stderr } = await review(draft);
    expect({ code, stderr }).toEqual({ code: 3, stderr: 'agentsmd: no decision: it is a draft\n' });
    expect(stdout).toMatch(/^not reviewed: it is a draft\n/);
    expect(JSON.parse((await review(draft, '--json', '--mode', 'advisory')).stdout)).toMatchObject({
      skipped: 'it is a draft',
      decision: null,
      findings: [],
      effect: { kind: 'none', because: 'review.mode is advisory' },
    });
    expect(JSON.parse((await review(draft, '--format', 'code-quality', '--mode', 'advisory')).stdout)).toMatchObject([
      { check_name: 'not-reviewed', severity: 'info' },
    ]);
    const marked = await job({ CI_MERGE_REQUEST_DRAFT: 'true' });
    expect((await review(marked)).code).toBe(3);
  });

  it('goes by what holds for the group, as it is where the change goes into', async () => {
    const groups = {
      'shop/other': { must: 'critical' },
      shop: { mode: 'advisory', drafts: 'review', computedOnly: { branches: ['change*'] } },
    };
    await push(
      'change',
      { 'agentsmd.config.yaml': JSON.stringify({ review: { drafts: 'skip' } }) },
      'Change it',
      'change',
    );
    await push('main', { 'agentsmd.config.yaml': JSON.stringify({ review: { groups } }) });
    const ran = await review(await job({ CI_MERGE_REQUEST_DRAFT: 'true' }), '--json');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      skipped: null,
      computedOnly: 'from change',
      effect: { kind: 'none', because: 'review.mode is advisory' },
      findings: [{ path: 'AGENTS.md' }],
    });
  });

  it('approves nothing of which it does not know who opened it', async () => {
    expect(JSON.parse((await review(await job(), '--json')).stdout)).toMatchObject({
      decision: 'approved_with_comments',
      effect: { kind: 'none', because: 'who opened it is not known' },
    });
  });

  it('is about what is named, where anything is', async () => {
    const ran = await runCliBeside(
      ['review', '--base', 'HEAD~1', '--head', 'HEAD', '--json'],
      await job().then(({ dir, env }) => ({ cwd: dir, env })),
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({ files: 3 });
    expect(gitlab.requests.some(({ path }) => path.includes('upload-pack') && path.includes('refs/heads'))).toBe(false);
  });
});

const RULE = `---
id: X-1
title: Keep words
when: always
level: MUST
status: active
owner: group:default/x
check:
  kind: file-content
  files: ['**']
  forbid: forbidden
---
`;
