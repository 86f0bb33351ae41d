import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Ran, runCli, runCliBeside } from './run-cli.ts';
import { makeFleet } from './sweep-folder.ts';

const REF = 'gitlab.example.com/platform/agentsmd/review@1';

let gitlab: GitlabSimulator;
let folder = '';
let token = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-adopt-'));
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  gitlab.addGroup({ path: 'shop', members: { 'agentsmd-bot': 'developer' } });
  token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'] });
  await gitlab.addProject({ path: 'shop/cart', files: { '.gitlab-ci.yml': 'include:\n  - a\n' } });
  await gitlab.addProject({ path: 'shop/pay', files: { '.gitlab-ci.yml': 'a: [\n' } });
  await gitlab.addProject({ path: 'shop/old', files: { a: 'a' }, archived: true });
});
afterAll(async () => {
  await gitlab?.close();
  rmSync(folder, { recursive: true, force: true });
});

function adopt(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = {
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: token,
    AGENTSMD_STATE_DIR: join(folder, 'state'),
    AGENTSMD_CACHE_DIR: join(folder, 'cache'),
  };
  return runCliBeside(['adopt-review', ...args], { cwd: folder, env: { ...own, ...env } });
}

const writes = () => gitlab.requests.filter(({ applied }) => applied);

describe('agentsmd adopt-review', () => {
  it.each([
    [[], 'name projects (group/name) or groups, --all for every one in fleet.groups, or --dir FOLDER'],
    [['--all', 'shop/cart', '--component', REF], 'exclude each other'],
    [['--all'], 'which component?'],
    [['--all', '--component', 'review'], '--component: "review" names no component'],
    [['--all', '--component', REF, '--limit', '0'], '--limit 0'],
  ])('refuses %j', (args, message) => {
    const { code, stderr, stdout } = runCli(['adopt-review', ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('shows with --dry-run what it would send, and makes no state', async () => {
    const ran = await adopt(['--all', '--component', REF, '--dry-run', '--json']);
    expect(ran.code).toBe(1);
    const { schema, component, results, requests } = JSON.parse(ran.stdout);
    expect({ schema, component }).toEqual({ schema: 'agentsmd/adopt-review/1', component: REF });
    const kinds = results.map(({ project, kind }: { project: string; kind: string }) => `${project} ${kind}`);
    expect(kinds).toEqual(['shop/cart created', 'shop/pay refused']);
    expect(requests).toHaveLength(2);
    expect(writes()).toEqual([]);
    expect(() => readFileSync(join(folder, 'state/fleet/lock.db'))).toThrow();
  });

  it('takes groups, and says how many have to wait and for what', async () => {
    const config = join(folder, 'none.config.yaml');
    writeFileSync(config, `fleet: { reviewComponent: "${REF}", limits: { newPerHour: 0 } }\n`);
    const args = ['--config', config, '--state', join(folder, 'none')];
    const ran = await adopt(['shop', 'shop/nowhere', 'shop/pay', ...args]);
    expect(ran.stdout.split('\n')).toEqual([
      expect.stringMatching(/^refused {7}shop\/pay: ci-file: /),
      expect.stringMatching(/^refused {7}shop\/nowhere: not-found: /),
      'deferred      1 project: limit-new-per-hour: new merge requests: at most 0 an hour in all groups',
      '',
    ]);
    expect(ran.stderr).toContain('3 projects: 1 deferred, 2 refused');
    expect(writes()).toEqual([]);
  });

  it('opens merge requests, says what stood in the way, and finds nothing to do the next time', async () => {
    const first = await adopt(['shop/cart', 'shop/pay', 'shop/nowhere', '--component', REF]);
    expect(first.code).toBe(1);
    expect(first.stdout.split('\n')).toEqual([
      expect.stringMatching(/^opened +shop\/cart!1 +http/),
      expect.stringMatching(/^refused +shop\/pay: ci-file: \.gitlab-ci\.yml: it is not valid YAML/),
      expect.stringMatching(/^refused +shop\/nowhere: not-found/),
      '',
    ]);
    expect(first.stderr).toContain('3 projects: 1 opened, 2 refused');
    const sent = writes().length;
    const again = await adopt(['shop/cart', '--component', REF]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^unchanged +shop\/cart!1\n$/) });
    expect(writes()).toHaveLength(sent);
  });

  it('works in a folder of repositories, and touches no working tree', { timeout: 120_000 }, async () => {
    const fleet = join(folder, 'fleet');
    await makeFleet(fleet, ['cart', 'pay']);
    const cart = join(fleet, 'cart');
    mkdirSync(join(folder, 'config'));
    const config = join(folder, 'config/agentsmd.config.yaml');
    writeFileSync(config, `fleet: { reviewComponent: "${REF}" }\n`);
    const args = ['--dir', fleet, '--config', config, '--state', join(folder, 'other')];
    const rehearsed = await adopt([...args, '--dry-run']);
    expect(rehearsed.stdout).toBe(
      'would open    cart: its first .gitlab-ci.yml\nwould open    pay: its first .gitlab-ci.yml\n',
    );
    expect(rehearsed.stderr).toContain('-v prints what would be sent');
    expect((await adopt([...args, '--dry-run', '-v'])).stdout).toContain(`component: ${REF}`);
    const ran = await adopt(args);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('2 projects: 2 opened');
    const file = await testGit(cart, ['show', 'agentsmd/adopt-review:.gitlab-ci.yml']);
    expect(file).toBe(`include:\n  - component: ${REF}`);
    expect(await testGit(cart, ['status', '--porcelain'])).toBe('');
  });
});
