import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { begun } from './begun.ts';
import { type Ran, runCliBeside } from './run-cli.ts';

const LONG = 300_000;
const PATHS = ['shop/cart', 'shop/pay', 'shop/backend/api'];

let gitlab: GitlabSimulator;
let token = '';
const folder = mkdtempSync(join(tmpdir(), 'agentsmd-cli-sweep-gitlab-'));

beforeAll(async () => {
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  for (const path of ['shop', 'shop/backend', 'late'])
    gitlab.addGroup({ path, members: { 'agentsmd-bot': 'developer' } });
  token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'], expiresAt: '2027-06-01' });
  const files = (name: string) => ({
    'package.json': JSON.stringify({ name, scripts: { test: 'vitest run', build: 'tsc -b' } }),
    'package-lock.json': '{}',
  });
  for (const path of [...PATHS, 'late/a', 'late/b'])
    await gitlab.addProject({ path, files: files(path.split('/').at(-1)!) });
  await gitlab.addProject({ path: 'shop/old', archived: true, files: files('old') });
}, LONG);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gitlab.close();
});

const env = (state: string): Readonly<Record<string, string>> => ({
  GITLAB_URL: gitlab.url,
  GITLAB_TOKEN: token,
  AGENTSMD_STATE_DIR: join(folder, state),
  AGENTSMD_CACHE_DIR: join(folder, 'cache'),
});
const agentsmd = (args: readonly string[], state: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runCliBeside(args, { cwd: folder, env: { ...env(state), ...more } });
const linesOf = ({ stdout }: Pick<Ran, 'stdout'>) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const writes = () => gitlab.requests.filter(({ applied }) => applied);

describe('agentsmd sweep of a GitLab', { timeout: LONG }, () => {
  it('writes nothing with --dry-run', async () => {
    const ran = await agentsmd(['sweep', 'shop', '--dry-run', '--json'], 'dry');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const lines = linesOf(ran);
    expect(lines.at(-1)).toMatchObject({ repositories: 4, generated: 3, skipped: { archived: 1 } });
    for (const line of lines.filter(({ type }) => type === 'repository'))
      expect(line).toMatchObject({ outcome: 'generated', lines: { added: expect.any(Number), removed: 0 } });
    expect(writes()).toEqual([]);
  });

  it('opens a merge request for each, and tells where', async () => {
    const ran = await agentsmd(['sweep', 'shop'], 'state');
    expect(ran.code).toBe(0);
    for (const path of PATHS) {
      const url = `${gitlab.url}/${path}/-/merge_requests/1`;
      expect(ran.stdout).toMatch(new RegExp(`^generated +${path} +${url}$`, 'm'));
      expect(ran.stderr).not.toContain(url);
    }
    expect(ran.stdout).toMatch(/^skipped +1 +archived 1$/m);
    expect(ran.stdout).toMatch(/^requests +[1-9]\d*$/m);
    expect(ran.stdout).not.toContain('late/');
  });

  it('finds nothing to do the second time', async () => {
    gitlab.forget();
    const ran = await agentsmd(['sweep', 'shop', '--json'], 'state');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(ran).at(-1)).toMatchObject({
      repositories: 4,
      unchanged: 3,
      skipped: { archived: 1 },
      failed: {},
      requests: gitlab.requests.length,
    });
    expect(writes()).toEqual([]);
  });

  it('says what is wrong with a group that nobody knows, or that is a project, and ends with 2', async () => {
    const ran = await agentsmd(['sweep', 'nowhere', '--json'], 'nowhere');
    expect(ran.code).toBe(2);
    const lines = linesOf(ran);
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'warning', message: expect.stringContaining('nowhere: no such group') }),
    );
    expect(lines.at(-1)).toMatchObject({ repositories: 1, failed: { 'not-found': 1 } });
    const project = await agentsmd(['sweep', 'shop/cart'], 'nowhere');
    expect(project.code).toBe(2);
    expect(project.stderr).toContain('shop/cart: is a project');
    expect(project.stderr).toContain('agentsmd sweep shop ');
    const status = await agentsmd(['status'], 'nowhere');
    expect(status.stdout).toMatch(/^lists +nowhere could not be listed [\s\S]+ shop\/cart could not be listed/m);
  });

  it('ends with 2 where the token is wrong or missing, with 3 where nobody answers, and still with a summary', async () => {
    const ran = await agentsmd(['sweep', '--all', '--json'], 'away', { GITLAB_TOKEN: 'glpat-wrongwrongagcanary' });
    expect(ran.code).toBe(2);
    expect(linesOf(ran).at(-1)).toMatchObject({ generated: 0, failed: { unauthorized: 1 } });
    expect(`${ran.stdout}${ran.stderr}`).not.toContain('glpat-wrong');
    const none = await agentsmd(['sweep', '--all', '--json'], 'away', { GITLAB_TOKEN: '' });
    expect({ code: none.code, stderr: none.stderr }).toMatchObject({ code: 2 });
    expect(linesOf(none).at(-1)).toMatchObject({ failed: { unauthorized: expect.any(Number) } });
  });
});

describe('agentsmd schedule', { timeout: LONG }, () => {
  it('keeps schedules, shows when they begin, and forgets them', async () => {
    const args = ['schedule', 'add', 'nightly', '0 3 * * mon-fri', 'shop', '--time-zone', 'Europe/Berlin'];
    const added = await agentsmd([...args, '--json'], 'schedules');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const { schedules } = JSON.parse(added.stdout);
    expect(schedules).toEqual([
      {
        name: 'nightly',
        cron: '0 3 * * mon-fri',
        timeZone: 'Europe/Berlin',
        groups: ['shop'],
        next: expect.any(Array),
      },
    ]);
    expect(schedules[0].next).toHaveLength(3);
    const list = await agentsmd(['schedule', 'list'], 'schedules');
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toMatch(
      /^nightly\n {2}at +0 3 \* \* mon-fri, Europe\/Berlin\n {2}about +shop\n {2}next +(?:\w{3} \d{4}-\d\d-\d\d 03:00(?:, |\n)){3}$/,
    );
    expect(await agentsmd(['schedule', 'remove', 'nightly'], 'schedules')).toMatchObject({ code: 0 });
    const again = await agentsmd(['schedule', 'remove', 'nightly'], 'schedules');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('no schedule of that name; known: none') });
  });

  it('asks back about a group of which nothing is known, where others are', async () => {
    const ran = await agentsmd(['schedule', 'add', 'weekly', '0 3 * * 1', 'shop', 'shpo'], 'state');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('warning: shpo: no repository that is known so far is there; is it spelt right?\n');
  });

  it.each([
    [['nightly', '0 25 * * *'], 'field 2, hour'],
    [['nightly', '0', '3', '*', '*', '*'], 'in quotes'],
    [['night ly', '0 3 * * *'], 'no name for a schedule'],
    [['nightly', '0 3 * * *', '--time-zone', 'Mars'], '--time-zone Mars'],
    [['nightly', '0 3 31 2 *'], 'field 3, day of the month'],
  ])('refuses %j', async (args, message) => {
    const ran = await agentsmd(['schedule', 'add', ...args], 'refused');
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('agentsmd worker', { timeout: LONG }, () => {
  it('works on what is due, though a sweep left it, logs in JSON, and ends well with SIGTERM', async () => {
    const left = await agentsmd(['sweep', 'late', '--limit', '1', '--json'], 'worker');
    expect(linesOf(left).at(-1)).toMatchObject({ generated: 1, skipped: { 'beyond-limit': 1 } });
    // What was not chosen is nobody's work, until somebody wants it.
    expect(await agentsmd(['retry', 'late/a', 'late/b'], 'worker')).toMatchObject({ code: 0 });
    gitlab.forget();
    const worker = begun(['worker'], { cwd: folder, env: env('worker') });
    await worker.until(() =>
      writes().some(({ method, path }) => method === 'POST' && path.includes('/merge_requests')),
    );
    worker.process.kill('SIGTERM');
    const { code, stderr } = await worker.over();
    expect(code).toBe(0);
    const log = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(log.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['the worker has begun', 'the worker has ended']));
  });
});
