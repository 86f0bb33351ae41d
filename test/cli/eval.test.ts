import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { type Ran, runCli } from './run-cli.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agentsmd-eval-cli-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const PACKAGE = (manager: string, test: string) =>
  `${JSON.stringify({ name: 'x', packageManager: manager, scripts: { test } }, null, 2)}\n`;

/** A change that makes a line of AGENTS.md false, which is computed, and one that does not. */
function putSet(): void {
  const defect = 'id: stale, path: AGENTS.md, lines: 3, category: agents-md, severity: warning, what: It is pnpm now.';
  put('set/switch/case.yaml', `title: Use pnpm\ndeleted: [yarn.lock]\nrepository: web\ndefects:\n  - { ${defect} }\n`);
  put('set/switch/after/package.json', PACKAGE('pnpm@9.0.0', 'vitest run'));
  put('set/switch/after/pnpm-lock.yaml', "lockfileVersion: '9.0'\n");
  put('set/words/case.yaml', 'title: More words\nrepository: web\nclean: true\n');
  put('set/words/after/README.md', '# Web\n');
  put('set/repositories/web/package.json', PACKAGE('yarn@4.0.0', 'vitest run'));
  put('set/repositories/web/yarn.lock', '');
  put('set/repositories/web/AGENTS.md', '# x\n\n- Test: `yarn test`\n');
}

const run = (...args: string[]): Ran =>
  runCli(['eval', ...args], { cwd: dir, env: { AGENTSMD_STATE_DIR: join(dir, 'state') } });
const runs = () =>
  readdirSync(join(dir, 'state/eval'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
interface Told {
  readonly run: { readonly id: string; readonly reused: number };
  readonly scores: {
    readonly all: { readonly recall: { readonly hits: number; readonly of: number }; readonly perClean: number };
  };
  readonly against: { readonly run: string; readonly newlyFound: string[]; readonly lost: string[] } | null;
}
const told = (...args: string[]) => JSON.parse(run('set', '--json', ...args).stdout) as Told;

describe('agentsmd eval', { timeout: 120_000 }, () => {
  it('reviews what is stored, counts what is found, and asks for nothing twice', () => {
    putSet();
    const first = run('set');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('2 merge requests, 1 of them clean; 2 reviewed, 0 known');
    expect(first.stdout).toContain('No model was asked');
    expect(first.stdout).toMatch(/recall +1\.00 \(1 of 1; 95 %: 0\.21 to 1\.00\)/);
    expect(first.stdout).toMatch(/findings for each clean one +0\.00/);
    const again = run('set');
    expect(again.stdout).toContain('0 reviewed, 2 known');
    expect(again.stderr).toContain('nothing was asked');
    expect(runs()).toHaveLength(1);
    expect(run('set', '--fresh').stdout).toContain('2 reviewed, 0 known');
    expect(runs()).toHaveLength(2);
  });

  it('goes on where a run was cut off, and asks again for what came to no decision', () => {
    putSet();
    run('set');
    const [name] = runs();
    const file = join(dir, 'state/eval', name!);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { ended: null; results: { decision: null }[] };
    const cut = {
      ...kept,
      ended: null,
      results: kept.results.map((one, at) => (at === 0 ? { ...one, decision: null } : one)),
    };
    writeFileSync(file, JSON.stringify(cut));
    expect(run('set', '--dry-run').stdout).toMatch(/switch +would be reviewed\nwords +known/);
    expect(told()).toMatchObject({ run: { reused: 1 }, scores: { all: { recall: { hits: 1, of: 1 } } } });
    expect(told().run.reused).toBe(2);
  });

  it('says what is newly found and lost beside another run', () => {
    putSet();
    const { id } = told().run;
    const file = join(dir, 'state/eval', runs()[0]!);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { results: { findings: object[] }[] };
    writeFileSync(
      file,
      JSON.stringify({
        ...kept,
        key: 'earlier',
        results: kept.results.map((one) => ({ ...one, findings: [], key: 'earlier' })),
      }),
    );
    expect(told().against).toMatchObject({ run: id, newlyFound: ['switch/stale'], lost: [] });
    const text = run('set', '--against', id);
    expect(text.stdout).toContain(`against run ${id}`);
    expect(text.stdout).toContain('newly found: switch/stale');
    expect(run('set', '--against', 'nothing')).toMatchObject({ code: 2 });
  });

  it.each([
    ['recall=1,precision=1,clean=0', 0],
    ['clean=0', 0],
  ])('passes the gate %s with %i', (gate, code) => {
    putSet();
    expect(run('set', '--gate', gate).code).toBe(code);
  });

  it('exits with 1 where the gate is missed, and not for nothing where nothing could be measured', () => {
    putSet();
    const missed = run('set', '--only', 'words', '--gate', 'recall=0');
    expect(missed).toMatchObject({ code: 1 });
    expect(missed.stderr).toContain('gate recall: nothing to measure it by');
  });

  it.each([
    [['set', '--gate', 'recall=2'], '--gate: recall is a share'],
    [['set', '--gate', 'speed=1'], 'is none of recall=NUMBER'],
    [['set', '--gate', 'recall=0.1,recall=0.2'], 'given twice'],
    [['set', '--limit', '0'], '--limit: expected a number'],
    [['set', '--only', 'gone'], 'no merge request is called gone'],
    [['set', '--repos', '.'], '--repos goes with --format martian'],
    [['nowhere'], 'nowhere: cannot be read'],
    [['golden.json', '--format', 'martian'], 'needs --repos'],
  ])('%j is refused', (args, problem) => {
    putSet();
    const { code, stderr } = run(...args);
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });

  it('warns of a run that it cannot read, and does without', () => {
    putSet();
    run('set');
    writeFileSync(join(dir, 'state/eval', runs()[0]!), '{');
    const { code, stderr, stdout } = run('set');
    expect(code).toBe(0);
    expect(stderr).toContain('no run that this version can read');
    expect(stdout).toContain('2 reviewed, 0 known');
  });
});

describe('agentsmd eval --format martian', { timeout: 120_000 }, () => {
  it('prints candidates of what it can review, and says what it cannot', async () => {
    const before = {
      'package.json': PACKAGE('yarn@4.0.0', 'vitest run'),
      'yarn.lock': '',
      'AGENTS.md': '# x\n\n- Test: `yarn test`\n',
    };
    const after = { 'package.json': PACKAGE('pnpm@9.0.0', 'vitest run'), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
    const commits = [{ files: before }, { files: after, deleted: ['yarn.lock'] }];
    const { root, git, cleanup } = await makeRepository({ commits }, { name: 'web' });
    onTestFinished(cleanup);
    await git('update-ref', 'refs/pull/7/head', 'main');
    await git('update-ref', 'refs/pull/7/base', 'main~1');
    await git('update-ref', 'refs/pull/8/head', 'main');
    const url = 'https://github.com/acme/web/pull';
    const pull = (number: number) => ({
      ...{ pr_title: 'Use pnpm', url: `${url}/${number}` },
      comments: [{ comment: 'The documents still say yarn.', severity: 'Low' }],
    });
    put('golden.json', JSON.stringify([pull(7), pull(8), { ...pull(1), url: 'https://github.com/acme/gone/pull/1' }]));
    const { code, stdout, stderr } = run('golden.json', '--format', 'martian', '--repos', root);
    const candidates = JSON.parse(stdout) as Record<string, { agentsmd: { text: string }[] }>;
    expect(Object.keys(candidates)).toEqual([`${url}/7`]);
    expect(candidates[`${url}/7`]!.agentsmd).toEqual([
      { text: expect.stringContaining('yarn'), path: 'AGENTS.md', line: 3, source: 'inline' },
    ]);
    expect(stderr).toContain('refs/pull/8/base');
    expect(stderr).toContain('no clone at');
    expect(stderr).toContain('3 golden comments in 3 pull requests');
    expect(code).toBe(3);
  });

  it('refuses what is no file of golden comments, and a gate', () => {
    put('golden.json', '[{ "pr_title": "x", "url": "nowhere", "comments": [] }]');
    expect(run('golden.json', '--format', 'martian', '--repos', '.').stderr).toContain(
      '0.url: expected the address of a pull request',
    );
    expect(run('golden.json', '--format', 'martian', '--repos', '.', '--gate', 'recall=1').stderr).toContain(
      'without a judge',
    );
  });
});
