import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { GITLAB, insertAll, repository } from '../../jobs/status/testing/seed.ts';
import { lockFolder } from '../../jobs/store/lock.ts';
import { openEngine } from '../../jobs/store/open.ts';
import { MAIN, ROOT, runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentsmd-fleet-state-'));
const state = join(folder, 'state');
const cli = (...args: string[]) => runCli([...args, '--state', state], { cwd: folder });
/** Some start the program several times, on a machine that does other things, too. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const engine = await openEngine({ folder: state, retries: 3 });
  const at = new Date('2026-11-20T12:00:00Z');
  const failed = { result: 'failed', reason: 'timeout', message: 'no answer \u001b[2Jin 60 s', dead_since: at };
  await insertAll(engine.db, 'repository', [
    repository('shop/cart', failed),
    repository('shop/api', { ...failed, reviewed: true }),
    repository('infra/dns', { result: 'unchanged', reviewed: false }),
  ]);
  await insertAll(engine.db, 'outcome', [
    { key: `${GITLAB}#shop/cart`, at, kind: 'failed', reason: 'timeout', message: failed.message, ms: 5, requests: 1 },
  ]);
  await engine.close();
});

/** The process has nothing to say beside its result. */
function json(...args: string[]): Record<string, unknown> {
  const { code, stdout, stderr } = cli(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('agentsmd status', () => {
  it('prints the fleet', () => {
    const { code, stdout, stderr } = cli('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`store      embedded, ${state}\n`);
    expect(stdout).toContain('fleet      3 repositories known, 3 in scope\n');
    expect(stdout).toMatch(/\n {4}shop\/\w+: no answer in 60 s\n/);
    expect(stdout).toContain('  timeout  2 repositories, 2 set aside\n');
    expect(stdout).not.toContain('\u001b');
  });

  it('prints it as JSON, with the projects that are reviewed', () => {
    expect(json('status')).toEqual({
      schema: 'agentsmd/status/1',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      store: { kind: 'embedded', where: state },
      repositories: {
        known: 3,
        gone: 0,
        inScope: 3,
        excluded: {},
        results: { failed: 2, unchanged: 1 },
        due: {},
        later: 0,
        next: null,
        held: {},
        setAside: 2,
      },
      mergeRequests: { open: 0, merged: 0, closedByPeople: 0, closedByUs: 0, medianHoursToMerge: null },
      adoptReview: { open: 0, merged: 0, closedByPeople: 0, closedByUs: 0, medianHoursToMerge: null },
      queue: { ready: 0, waiting: 0, active: 0 },
      rollout: null,
      hours: { quiet: false, writing: true, until: null },
      pauses: [],
      limits: [
        {
          instance: GITLAB,
          group: null,
          openMergeRequests: { used: 0, most: 1000, left: 1000 },
          newPerHour: { used: 0, most: 100, left: 100 },
          pipelinesPerHour: { used: 0, most: 200, left: 200 },
        },
      ],
      unlisted: [],
      sweeps: [],
      failures: [
        {
          reason: 'timeout',
          repositories: 2,
          setAside: 2,
          example: {
            project: expect.stringMatching(/^shop\//),
            message: 'no answer \u001b[2Jin 60 s',
            at: '2026-11-20T12:00:00.000Z',
          },
          advice: expect.stringContaining('agentsmd retry'),
        },
      ],
      review: {
        component: '',
        with: 1,
        without: 1,
        unknown: 1,
        projects: { with: ['shop/api'], without: ['infra/dns'], unknown: ['shop/cart'] },
      },
      rules: [],
      schedules: [],
    });
  });

  it('prints one project', () => {
    const { code, stdout } = cli('status', 'Shop/Cart');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^project {4}shop\/cart \(https:\/\/gitlab\.example\.com\/shop\/cart\)\n/);
    expect(stdout).toMatch(/history\n {2}2026-11-20 \d\d:\d\d {2}failed {2}-/);
  });

  it.each([
    ['a picture without a terminal', ['status', '--watch'], '--watch draws on a terminal'],
    ['a picture as JSON', ['status', '--watch', '--json'], '--watch and --json exclude each other'],
  ])('refuses %s', (_, args, message) => {
    const { code, stdout, stderr } = cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('makes no state where there is none', () => {
    const nowhere = join(folder, 'nowhere');
    for (const args of [['status'], ['retry'], ['state', 'export']]) {
      const { code, stderr } = runCli([...args, '--state', nowhere], { cwd: folder });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `agentsmd: ${nowhere}: no state of a fleet; agentsmd sweep begins one (--state DIR or DATABASE_URL say where it is)\n`,
      });
    }
    expect(readdirSync(folder)).not.toContain('nowhere');
  });

  it('says who has the state, and how to share it', async () => {
    const unlock = await lockFolder(state);
    const { code, stderr } = cli('status');
    unlock();
    expect(code).toBe(2);
    expect(stderr).toMatch(/is in use by another agentsmd; .*DATABASE_URL/);
  });
});

describe.runIf(process.platform === 'linux')('agentsmd status --watch', () => {
  it('draws on a terminal, and ends with Ctrl-C', async () => {
    const command = `stty rows 12 cols 80; exec ${[process.execPath, MAIN, 'status', '--watch', '--state', state].join(' ')}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, TERM: 'xterm' },
    });
    let drawn = '';
    const seen = new Promise<void>((resolve) => {
      child.stdout.on('data', (part: Buffer) => {
        drawn += part.toString();
        if (drawn.includes('Ctrl-C ends')) resolve();
      });
    });
    const ended = once(child, 'exit');
    await Promise.race([seen, ended]);
    child.stdin.write('\u0003');
    expect((await ended)[0]).toBe(0);
    expect(drawn).toContain('3 repositories known');
    expect(drawn.split('\n').length).toBeLessThanOrEqual(14);
  });
});

describe('agentsmd retry', () => {
  it('makes due again, says how many, and the queue has them', () => {
    expect(cli('retry', 'shop/cart')).toEqual({
      code: 0,
      stdout: '1 repository due again\n',
      stderr: 'the next sweep, or a worker, takes them up\n',
    });
    expect(json('retry')).toEqual({ schema: 'agentsmd/retry/1', repositories: 1, queued: 1, left: [] });
    expect(cli('retry')).toEqual({ code: 0, stdout: '0 repositories due again\n', stderr: '' });
    expect(json('retry', 'infra/dns', '--stale')).toMatchObject({ repositories: 1 });
    expect(json('status')).toMatchObject({
      queue: { ready: 3 },
      repositories: { setAside: 0, due: { retry: 2, reported: 1 } },
    });
  });

  it('refuses what nobody knows', () => {
    expect(cli('retry', 'shop/crat')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'agentsmd: shop/crat: no project that was ever swept; did you mean shop/cart?\n',
    });
  });
});

describe('agentsmd state', () => {
  const file = join(folder, 'state.jsonl');
  const other = ['--state', join(folder, 'other')];

  it('goes from one store to another', () => {
    expect(json('state', 'export', file)).toEqual({ schema: 'agentsmd/state-export/1', file, rows: 4 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const piped = cli('state', 'export');
    expect(piped).toEqual({ code: 0, stdout: readFileSync(file, 'utf8'), stderr: 'wrote 4 rows\n' });
    const imported = runCli(['state', 'import', file, '--json', ...other], { cwd: folder });
    expect(JSON.parse(imported.stdout)).toEqual({ schema: 'agentsmd/state-import/1', file, rows: 4 });
    const copy = runCli(['state', 'export', ...other], { cwd: folder });
    expect(copy.stdout).toBe(piped.stdout);
    const again = runCli(['state', 'import', file, ...other], { cwd: folder });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('the state is not empty');
  });

  it('takes nothing of what was cut off', () => {
    const cut = join(folder, 'cut.jsonl');
    writeFileSync(cut, readFileSync(file, 'utf8').slice(0, -20));
    const { code, stderr } = runCli(['state', 'import', cut, '--replace', ...other], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cut\.jsonl: .*(?:cut off|line \d: no JSON)/);
    expect(runCli(['state', 'export', ...other], { cwd: folder }).stdout).toBe(readFileSync(file, 'utf8'));
  });

  it('never writes over what people wrote', () => {
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'mine');
    const { code, stderr } = cli('state', 'export', notes);
    expect({ code, text: readFileSync(notes, 'utf8') }).toEqual({ code: 2, text: 'mine' });
    expect(stderr).toContain('no export of ours wrote what is there');
  });

  it('is learnt anew from a folder', async () => {
    const repo = await makeRepository({ files: { 'package.json': '{}' } });
    const args = ['state', 'rebuild', '--dir', repo.root, '--state', join(folder, 'new')];
    const { code, stdout } = runCli(args, { cwd: folder });
    await repo.cleanup();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '1 repository to look at; found 0 open, 0 merged and 0 closed merge requests of ours\n',
    });
  });

  it('prints no document beside an export on stdout', () => {
    expect(cli('state', 'export', '--json').stderr).toContain('--json and an export on stdout exclude each other');
  });
});

it('help loads neither store nor queue', () => {
  const hook = join(folder, 'log-modules.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
     registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`,
  );
  for (const command of [['status'], ['retry'], ['state', 'export']]) {
    const { code, stderr } = runCli([...command, '--help'], { node: ['--import', hook], cwd: ROOT });
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((url) => /pglite|pg-boss|kysely|pino|opentelemetry/.test(url))).toEqual([]);
  }
});
