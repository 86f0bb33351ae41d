import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import type { Ran } from '../cli/run-cli.ts';
import { asking } from '../gitlab/asking.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { component, rendered, type Value } from './component.ts';
import { type Checkout, jobOf, runScript } from './run-job.ts';

const PACKAGE = (manager: string) =>
  `${JSON.stringify({ name: 'pay', packageManager: manager, scripts: { test: 'node --test' } })}\n`;
const AGENTS = '# pay\n\n- Test: `yarn test`\n';
const FILES = { 'package.json': PACKAGE('yarn@4.0.0'), 'yarn.lock': '# yarn\n', 'AGENTS.md': AGENTS };
const SWITCH = {
  'package.json': PACKAGE('pnpm@9.0.0'),
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'yarn.lock': null,
};
/** What agents read, and people do not see: critical. */
const HIDDEN = { 'AGENTS.md': `${AGENTS}- Be kind\u{e0041}\u{e0042}\n` };

let gitlab: GitlabSimulator;
let history: TestRepository;
let folder = '';
let counter = 0;
let project = { id: 0, path: '' };
let ask: ReturnType<typeof asking>;

beforeAll(async () => {
  gitlab = await startGitlab();
  history = await makeRepository({
    commits: [{ files: FILES }, ...Array.from({ length: 30 }, (_, at) => ({ files: { [`${at}.txt`]: `${at}\n` } }))],
  });
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-review-component-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await history.cleanup();
  await gitlab.close();
});

const push = (branch: string, files: Readonly<Record<string, string | null>>, from = 'main') =>
  gitlab.push(project.path, { branch, user: 'ada', message: 'Change', files, from });

beforeEach(async () => {
  const path = `shop/pay-${++counter}`;
  const from = { gitDir: join(history.dir, '.git'), commit: history.commit };
  const { id } = await gitlab.addProject({ path, from, members: { ada: 'maintainer' } });
  project = { id, path };
  ask = asking(gitlab, gitlab.addToken({ user: 'ada' }));
});

/** Opens a merge request of these files, and does what a runner does before the script. */
async function checkedOut(
  files: Readonly<Record<string, string | null>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Checkout> {
  await push('change', files);
  await push('main', { 'theirs.txt': '' });
  const wish = { title: 'Switch to pnpm', source_branch: 'change', target_branch: 'main' };
  expect((await ask('POST', `/projects/${project.id}/merge_requests`, wish)).status).toBe(201);
  const jobToken = gitlab.addToken({ user: 'ada', kind: 'job', project: project.path });
  const dir = join(folder, `builds-${counter}`);
  const url = `${gitlab.url.replace('://', `://gitlab-ci-token:${jobToken}@`)}/${project.path}.git`;
  await testGit(folder, ['init', '-q', dir]);
  await testGit(dir, ['fetch', '-q', '--depth=20', url, '+refs/merge-requests/1/head:refs/pipelines/1']);
  await testGit(dir, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
  gitlab.forget();
  return {
    ...{ dir, folder: join(folder, `home-${counter}`) },
    env: {
      ...{ GITLAB_CI: 'true', CI_SERVER_URL: gitlab.url, CI_API_V4_URL: `${gitlab.url}/api/v4` },
      ...{ CI_JOB_TOKEN: jobToken, CI_PROJECT_PATH: project.path, CI_MERGE_REQUEST_PROJECT_PATH: project.path },
      ...{ CI_COMMIT_SHA: await testGit(dir, ['rev-parse', 'HEAD']), CI_MERGE_REQUEST_IID: '1' },
      CI_MERGE_REQUEST_PROJECT_ID: String(project.id),
      ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'change', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      ...{ CI_MERGE_REQUEST_TITLE: 'Switch to pnpm', TMPDIR: folder, ...more },
    },
  };
}

/** The script of the component's job, as an include with these inputs has it. */
async function run(checkout: Checkout, inputs: Readonly<Record<string, Value>> = {}): Promise<Ran> {
  const job = jobOf(rendered(component('review'), inputs), 'agentsmd-review');
  const before = readdirSync(folder);
  const ran = await runScript(job, job.script, checkout);
  expect(readdirSync(folder).filter((name) => !before.includes(name) && name.startsWith('tmp.'))).toEqual([]);
  return ran;
}

/** What the job leaves as artifacts; a report that is missing or broken throws. */
function reportsIn(dir: string) {
  const read = (name: string) => JSON.parse(readFileSync(join(dir, 'agentsmd-review', name), 'utf8'));
  const codeQuality = read('code-quality.json') as { check_name: string; severity: string; description: string }[];
  for (const issue of codeQuality)
    expect(issue).toEqual({
      description: expect.any(String),
      check_name: expect.any(String),
      fingerprint: expect.any(String),
      severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/),
      location: { path: expect.any(String), lines: { begin: expect.any(Number) } },
    });
  const sarif = read('review.sarif');
  expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'agentsmd' } } }] });
  const review = read('review.json');
  expect(review).toMatchObject({ schema: 'agentsmd/review/1' });
  return { review, codeQuality, ran: sarif.runs[0].invocations[0].executionSuccessful as boolean };
}

describe('the script of the review component', { timeout: 120_000 }, () => {
  it('reviews the merge request in one run, and leaves every report', async () => {
    const checkout = await checkedOut(SWITCH);
    const { code, stdout, stderr } = await run(checkout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^approved with comments: /m);
    const { review, codeQuality, ran } = reportsIn(checkout.dir);
    expect(review).toMatchObject({ decision: 'approved_with_comments', base: history.commit, files: 3 });
    expect(codeQuality).toMatchObject([{ severity: 'major', location: { path: 'AGENTS.md', lines: { begin: 3 } } }]);
    expect(ran).toBe(true);
    // Once: what a second run would fetch again is fetched once.
    expect(gitlab.requests.filter(({ path }) => path.includes('info/refs')).length).toBeLessThan(3);
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
  });

  it('ends with 1 where the decision is against it, and leaves every report', async () => {
    const checkout = await checkedOut(HIDDEN);
    expect(await run(checkout)).toMatchObject({ code: 1 });
    const { review, codeQuality } = reportsIn(checkout.dir);
    expect(review).toMatchObject({ decision: 'significant_concerns' });
    expect(codeQuality).toMatchObject([{ severity: 'critical' }]);
  });

  it('holds nothing up in advisory mode', async () => {
    const checkout = await checkedOut(HIDDEN);
    expect(await run(checkout, { mode: 'advisory' })).toMatchObject({ code: 0 });
    expect(reportsIn(checkout.dir).review).toMatchObject({
      decision: 'significant_concerns',
      effect: { kind: 'none' },
    });
  });

  it.each([
    ['', 3],
    ['block', 3],
    ['warn', 0],
  ])('on a draft that was started by hand, with on-failure "%s", ends with %d', async (onFailure, expected) => {
    const checkout = await checkedOut(SWITCH, { CI_MERGE_REQUEST_TITLE: 'Draft: Switch' });
    expect(await run(checkout, { 'on-failure': onFailure })).toMatchObject({ code: expected });
    const { review, codeQuality } = reportsIn(checkout.dir);
    expect(review).toMatchObject({ skipped: 'it is a draft', decision: null });
    expect(codeQuality).toMatchObject([{ check_name: 'not-reviewed' }]);
  });

  it('reviews a draft where that is wanted', async () => {
    const checkout = await checkedOut(SWITCH, { CI_MERGE_REQUEST_TITLE: 'Draft: Switch' });
    expect(await run(checkout, { drafts: 'review' })).toMatchObject({ code: 0 });
    expect(reportsIn(checkout.dir).review).toMatchObject({ skipped: null, decision: 'approved_with_comments' });
  });

  it('ends with 3 where nothing could be reviewed, says so in every report, and passes marked only with on-failure warn', async () => {
    const checkout = await checkedOut(SWITCH);
    await push('change', { 'more.txt': '' }, 'change');
    expect((await ask('GET', `/projects/${project.id}/merge_requests/1`)).status).toBe(200);
    for (const onFailure of ['block', 'warn']) {
      const { code, stderr } = await run(checkout, { 'on-failure': onFailure });
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('nothing is reviewed') });
      const { review, codeQuality, ran } = reportsIn(checkout.dir);
      expect(review).toMatchObject({ decision: null, complete: false, because: expect.stringContaining('is at') });
      expect(codeQuality).toMatchObject([{ check_name: 'not-reviewed', severity: 'blocker' }]);
      expect(ran).toBe(false);
    }
    const allowed = (onFailure: string) =>
      jobOf(rendered(component('review'), { 'on-failure': onFailure }), 'agentsmd-review').allow_failure;
    expect([allowed(''), allowed('block'), allowed('warn')]).toEqual([false, false, { exit_codes: [3] }]);
  });

  it('writes into nothing that the branch leads to', async () => {
    const checkout = await checkedOut(SWITCH);
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'review.json'), 'precious');
    symlinkSync('../elsewhere', join(checkout.dir, 'agentsmd-review'));
    expect(await run(checkout)).toMatchObject({ code: 0 });
    reportsIn(checkout.dir);
    expect(readFileSync(join(folder, 'elsewhere', 'review.json'), 'utf8')).toBe('precious');
  });

  it.runIf(process.getuid?.() === 0)('reads a clone that belongs to somebody else, as in a container', async () => {
    const checkout = await checkedOut(SWITCH);
    const all = readdirSync(checkout.dir, { recursive: true, encoding: 'utf8' });
    for (const path of ['.', ...all]) chownSync(join(checkout.dir, path), 4321, 4321);
    await expect(testGit(checkout.dir, ['rev-parse', 'HEAD'])).rejects.toThrow('dubious ownership');
    const own = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.proxy', GIT_CONFIG_VALUE_0: '' };
    expect(await run({ ...checkout, env: { ...checkout.env, ...own } })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the configuration of the review component', { timeout: 120_000 }, () => {
  const ADVISORY = 'review: { mode: advisory }\n';

  it('is read from an address of this GitLab with the token of the job', async () => {
    await push('main', { 'org/agentsmd.yaml': ADVISORY });
    const checkout = await checkedOut(HIDDEN);
    const file = `/api/v4/projects/${project.id}/repository/files/org%2Fagentsmd.yaml/raw?ref=main`;
    const { code, stderr } = await run(checkout, { config: `${gitlab.url}${file}` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'advisory: this holds nothing up\n' });
    expect(gitlab.requests.find(({ route }) => route.endsWith('/raw'))).toMatchObject({ status: 200 });
  });

  it('is not done without where it cannot be read', async () => {
    const checkout = await checkedOut(SWITCH);
    const file = `/api/v4/projects/${project.id}/repository/files/none/raw?ref=main`;
    const { code, stderr } = await run(checkout, { config: `${gitlab.url}${file}` });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('raw?ref=main: 404') });
    expect(stderr).not.toContain(checkout.env.CI_JOB_TOKEN);
  });

  it('is read from elsewhere without the token', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const server = createServer(({ headers }, answer) => {
      asked.push(headers);
      answer.end(ADVISORY);
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/agentsmd.yaml`;
      const checkout = await checkedOut(HIDDEN);
      expect(await run(checkout, { config: address })).toMatchObject({ code: 0 });
      expect(asked).toHaveLength(1);
      expect(JSON.stringify(asked)).not.toContain(checkout.env.CI_JOB_TOKEN);
    } finally {
      server.close();
    }
  });

  it('is a file outside of the repository', async () => {
    writeFileSync(join(folder, 'org.yaml'), ADVISORY);
    expect(await run(await checkedOut(HIDDEN), { config: join(folder, 'org.yaml') })).toMatchObject({ code: 0 });
  });

  it('is not taken from the branch that it judges', async () => {
    const checkout = await checkedOut({ ...HIDDEN, 'agentsmd.config.yaml': ADVISORY });
    const { code, stderr } = await run(checkout, { config: join(checkout.dir, 'agentsmd.config.yaml') });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('outside of the repository') });
    expect(existsSync(join(checkout.dir, 'agentsmd-review/review.json'))).toBe(false);
    const named = { ...checkout, env: { ...checkout.env, AGENTSMD_CONFIG: 'agentsmd.config.yaml' } };
    expect(await run(named)).toMatchObject({ code: 2 });
    expect(() => rendered(component('review'), { config: 'agentsmd.config.yaml' })).toThrow('regex');
    expect(await run(checkout)).toMatchObject({ code: 1 });
  });
});
