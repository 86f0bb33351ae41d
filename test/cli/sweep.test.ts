import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { begun } from './begun.ts';
import { type Ran, runCliBeside } from './run-cli.ts';
import { leaveWorkIn, makeFleet, stateOf } from './sweep-folder.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-cli-sweep-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LONG = 300_000;
const NAMES = ['cart', 'pay', 'team/api', 'team/web'];
/** Nothing of the user's own: an empty home, and the state where the program puts it by itself. */
const home = (name: string) => ({ HOME: join(root, 'homes', name) });
const stateIn = (name: string) => ({ AGENTSMD_STATE_DIR: join(root, 'states', name) });

function agentsmd(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return runCliBeside(args, { cwd: root, env });
}

const linesOf = ({ stdout }: Pick<Ran, 'stdout'>) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const SUMMARY = ['repositories', 'generated', 'refreshed', 'unchanged', 'skipped', 'failed', 'requests', 'ms'];

const branchIn = (dir: string) =>
  testGit(dir, ['for-each-ref', '--format=%(objectname)', 'refs/heads/agentsmd/refresh']);

describe('agentsmd sweep --dir', { timeout: LONG }, () => {
  const folder = join(root, 'first');
  const env = home('first');
  const dirs = NAMES.map((name) => join(folder, name));
  let before: readonly object[] = [];

  beforeAll(async () => {
    mkdirSync(env.HOME, { recursive: true });
    await makeFleet(folder, NAMES);
    mkdirSync(join(folder, 'no-repository'));
    for (const dir of dirs) await leaveWorkIn(dir);
    before = await Promise.all(dirs.map(stateOf));
  });

  it('writes nothing at all with --dry-run, and says what would become of each', async () => {
    const ran = await agentsmd(['sweep', '--dir', folder, '--dry-run'], env);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^would be generated +4$/m);
    expect(ran.stderr).not.toContain('git merge');
    for (const name of NAMES) expect(ran.stdout).toMatch(new RegExp(`^generated +${name} +\\+\\d+ -0`, 'm'));
    expect(await Promise.all(dirs.map(stateOf))).toEqual(before);
    expect(await Promise.all(dirs.map(branchIn))).toEqual(NAMES.map(() => ''));
    expect(
      readdirSync(join(env.HOME), { recursive: true }).filter((name) => /state|audit|fleet/.test(String(name))),
    ).toEqual([]);
  });

  it('puts a branch and a description beside each repository, and touches nothing of people', async () => {
    const ran = await agentsmd(['sweep', '--dir', folder], env);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(`${folder}: 4 repositories`);
    expect(ran.stderr).toContain('4 repositories in scope, 4 to work on: 4 never seen');
    expect(ran.stderr).toContain(
      'git show agentsmd/refresh shows what is proposed, git merge agentsmd/refresh takes it',
    );
    expect(ran.stdout).toMatch(/^generated +4$/m);
    expect(ran.stdout).toMatch(/^failed +0$/m);
    for (const dir of dirs) {
      const description = join(dir, '.git/agentsmd/merge-requests/1.md');
      expect(ran.stdout).toContain(`branch agentsmd/refresh, ${description}`);
      expect(readFileSync(description, 'utf8')).toContain('state: opened');
      expect(await testGit(dir, ['show', 'agentsmd/refresh:AGENTS.md'])).toContain('- Test: `npm test`');
    }
    expect(await Promise.all(dirs.map(stateOf))).toEqual(before);
    expect(existsSync(join(env.HOME, '.local/state/agentsmd/fleet'))).toBe(true);
  });

  it('finds everything unchanged the second time', async () => {
    const tips = await Promise.all(dirs.map(branchIn));
    const ran = await agentsmd(['sweep', '--dir', folder, '--json'], env);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const summary = linesOf(ran).at(-1);
    expect(Object.keys(summary)).toEqual(SUMMARY);
    expect(summary).toMatchObject({
      repositories: 4,
      generated: 0,
      refreshed: 0,
      unchanged: 4,
      skipped: {},
      failed: {},
    });
    expect(await Promise.all(dirs.map(branchIn))).toEqual(tips);
    expect(await Promise.all(dirs.map(stateOf))).toEqual(before);
  });

  it('works on what moved alone', async () => {
    const [dir = ''] = dirs;
    await testGit(
      dir,
      ['fast-import', '--quiet', '--done', '--force'],
      [
        'commit refs/heads/main\ncommitter A <a@example.com> 1800000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n',
        'M 100644 inline package.json\ndata <<END\n{"name":"cart","scripts":{"test":"vitest run","typecheck":"tsc"}}\nEND\n\ndone\n',
      ],
    );
    const ran = await agentsmd(['sweep', '--dir', folder, '--json'], env);
    expect(ran.code).toBe(0);
    const lines = linesOf(ran);
    expect(lines.at(-1)).toMatchObject({ repositories: 4, refreshed: 1, unchanged: 3 });
    expect(lines.filter(({ type }) => type === 'repository')).toEqual([
      expect.objectContaining({
        path: 'cart',
        instance: folder,
        outcome: 'refreshed',
        mergeRequest: expect.anything(),
      }),
    ]);
    expect(lines.find(({ type }) => type === 'preview')).toMatchObject({ preview: { due: { moved: 1 } } });
  });
});

describe('a sweep with a repository that fails', { timeout: LONG }, () => {
  it('goes on with the others, says what was wrong, and ends with 1', async () => {
    const folder = join(root, 'broken');
    await makeFleet(folder, ['a', 'b', 'c']);
    // A description that a person broke: what stands there must not be overwritten.
    mkdirSync(join(folder, 'b/.git/agentsmd/merge-requests'), { recursive: true });
    writeFileSync(join(folder, 'b/.git/agentsmd/merge-requests/1.md'), 'no front matter\n');
    const env = { ...stateIn('broken'), AGENTSMD_FLEET_RETRIES: '0' };
    const ran = await agentsmd(['sweep', '--dir', folder], env);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^generated +2$/m);
    expect(ran.stdout).toMatch(/^failed +1 +\S+ 1$/m);
    expect(ran.stdout).toMatch(/^failed +b +\(\S+\) .*1\.md.*mend the file/m);
    expect(ran.stdout).toContain('agentsmd retry b');
  });
});

describe('a sweep that is interrupted', { timeout: LONG }, () => {
  const names = Array.from({ length: 24 }, (_, at) => `service-${String(at).padStart(2, '0')}`);

  it('finishes what is in hand, and the next one goes on', async () => {
    const folder = join(root, 'many');
    await makeFleet(folder, names);
    const env = stateIn('many');
    const child = begun(['sweep', '--dir', folder, '--json', '--concurrency', '1'], { cwd: root, env });
    const first = await child.line((line) => line.type === 'repository');
    expect(first).toMatchObject({ outcome: 'generated' });
    // Held still, with the state in hand.
    child.process.kill('SIGSTOP');
    const second = await agentsmd(['sweep', '--dir', folder], env);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/in use|another/);
    child.process.kill('SIGCONT');
    child.process.kill('SIGINT');
    const { code, lines, stderr } = await child.over();
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('finishing what is in hand') });
    const summary = lines.at(-1)!;
    expect(Object.keys(summary)).toEqual(SUMMARY);
    const done = Number(summary.generated);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(names.length);
    const rest = await agentsmd(['sweep', '--dir', folder, '--json'], env);
    expect(rest.code).toBe(0);
    expect(linesOf(rest).at(-1)).toMatchObject({
      repositories: names.length,
      generated: names.length - done,
      unchanged: done,
      failed: {},
    });
    for (const name of names) {
      expect(await branchIn(join(folder, name))).toMatch(/^[0-9a-f]{40}$/);
      expect(readdirSync(join(folder, name, '.git/agentsmd/merge-requests'))).toEqual(['1.md']);
    }
  });
});

describe('a command line that asks for what does not go', { timeout: LONG }, () => {
  it.each([
    [['shop', '--dir', '.'], '--dir sweeps a folder'],
    [[], 'name what to sweep'],
    [['--all', '--limit', '0'], '--limit 0'],
    [['--all', '--concurrency', 'many'], '--concurrency many'],
    [['--all', '--since', 'tomorrow'], '--since tomorrow'],
    [['--dir', '/nowhere/at/all'], '/nowhere/at/all'],
    [['--all'], 'no GitLab instance is known'],
  ])('is refused with 2: %j', async (args, message) => {
    const ran = await agentsmd(['sweep', ...args], stateIn('usage'));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).toMatch(/^agentsmd: [^\n]+\n$/);
    expect(existsSync(stateIn('usage').AGENTSMD_STATE_DIR)).toBe(false);
  });

  it.each([
    [['--all', '--limit', 'x'], '', '--limit x'],
    [['--all', '--nope'], '', '--nope'],
    [['--all'], 'fleet:\n  concurrency: many\n', 'fleet.concurrency'],
    [['--all'], 'fleet: [\n', 'not valid YAML'],
  ])('is told with --json in one line on stderr, and nothing on stdout: %j %j', async (args, config, message) => {
    const file = join(root, 'told.yaml');
    writeFileSync(file, config);
    const ran = await agentsmd(['sweep', ...args, '--json', '--config', file], stateIn('told'));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(ran.stderr).error).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });

  it('is refused with 3 where the state cannot be had, with a summary as the last line', async () => {
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
    const folder = join(root, 'one');
    await makeFleet(folder, ['a']);
    const ran = await agentsmd(['sweep', '--dir', folder, '--json'], env);
    expect(ran.code).toBe(3);
    expect(linesOf(ran)).toEqual([expect.objectContaining({ repositories: 0, requests: 0 })]);
    expect(Object.keys(linesOf(ran)[0])).toEqual(SUMMARY);
    expect(JSON.parse(ran.stderr).error.exitCode).toBe(3);
  });
});
