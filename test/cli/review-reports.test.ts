import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const PACKAGE = (manager: string) =>
  `${JSON.stringify({ name: 'pay', packageManager: manager, scripts: { test: 'node --test' } })}\n`;

let history: TestRepository;
let folder = '';

beforeAll(async () => {
  history = await makeRepository({
    commits: [
      {
        files: {
          'package.json': PACKAGE('yarn@4.0.0'),
          'yarn.lock': '# yarn\n',
          'AGENTS.md': '# pay\n\n- Test: `yarn test`\n',
        },
      },
      {
        files: {
          'package.json': PACKAGE('pnpm@9.0.0'),
          'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        },
      },
    ],
  });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-reports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(async () => await history.cleanup());

const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');
const review = (...args: string[]) =>
  runCli(['review', history.dir, '--base', 'HEAD~1', '--head', 'HEAD', ...args], { cwd: folder });
const untimed = (page: string): string => page.replace(/\d+ ms/g, 'ms');
const without = (document: string): object =>
  JSON.parse(document, (key, value) => (key === 'ms' ? undefined : value)) as object;

describe('agentsmd review --report', { timeout: 120_000 }, () => {
  it('writes each format as it would be printed, and prints what it prints without', () => {
    const reports = ['json=a.json', 'sarif=a.sarif', 'code-quality=q.json', 'markdown=a.md', 'text=a.txt'];
    const ran = review(...reports.flatMap((report) => ['--report', report]));
    expect(ran).toEqual(review());
    expect(without(text('a.json'))).toEqual(without(review('--json').stdout));
    expect(text('a.sarif')).toBe(review('--format', 'sarif').stdout);
    expect(text('q.json')).toBe(review('--format', 'code-quality').stdout);
    expect(untimed(text('a.md'))).toBe(untimed(review('--format', 'markdown').stdout));
    expect(text('a.txt')).toBe(review('--no-color').stdout);
    expect(JSON.parse(text('q.json'))).toMatchObject([{ location: { path: 'AGENTS.md', lines: { begin: 3 } } }]);
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'a.md', 'a.sarif', 'a.txt', 'q.json']);
  });

  it('replaces what an earlier run wrote, and keeps colours out of files', () => {
    writeFileSync(at('a.txt'), 'before');
    const env = { FORCE_COLOR: '1' };
    const args = ['review', history.dir, '--base', 'HEAD~1', '--report', 'text=a.txt'];
    expect(runCli(args, { cwd: folder, env }).stdout).toContain('\u001b[');
    expect(text('a.txt')).toMatch(/AGENTS\.md:3 {2}warning/);
    expect(text('a.txt')).not.toContain('\u001b[');
  });

  it('says in every report that nothing was reviewed, and why, where it ends before', () => {
    const ran = runCli(
      [
        ...['review', history.dir, '--base', 'gone', '--head', 'HEAD', '--report', 'json=a.json'],
        ...['--report', 'sarif=a.sarif', '--report', 'code-quality=q.json', '--report', 'markdown=a.md'],
      ],
      { cwd: folder },
    );
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/unknown revision "gone"; .*\n$/) });
    expect(JSON.parse(text('a.json'))).toMatchObject({
      schema: 'agentsmd/review/1',
      decision: null,
      complete: false,
      because: expect.stringContaining('unknown revision "gone"'),
      findings: [],
    });
    expect(JSON.parse(text('a.sarif')).runs[0].invocations).toMatchObject([{ executionSuccessful: false }]);
    expect(JSON.parse(text('q.json'))).toMatchObject([
      { check_name: 'not-reviewed', severity: 'blocker', description: expect.stringContaining('unknown revision') },
    ]);
    expect(text('a.md')).toMatch(/^## No decision\n/);
  });

  it.each([
    ['a format that there is not', 'xml=a.xml', 'unknown format "xml"; known: text, markdown, json'],
    ['no file', 'json', 'takes FORMAT=FILE'],
    ['an empty file name', 'json=', 'takes FORMAT=FILE'],
    ['a folder', 'json=.', 'name a regular file'],
    ['what leads git to a repository', 'json=.git', 'name a regular file'],
    ['a folder that is not there', 'json=no/a.json', 'its folder does not exist'],
  ])('refuses %s before anything is read', (_, report, message) => {
    const { code, stdout, stderr } = review('--report', report);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: --report [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('refuses two reports in one file', () => {
    const { code, stderr } = review('--report', 'json=a', '--report', 'sarif=./a');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agentsmd: --report sarif=./a: another report goes into that file\n',
    });
    expect(existsSync(at('a'))).toBe(false);
  });

  it('follows no link: a merge request may have brought it', () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/mine'), 'mine');
    symlinkSync('elsewhere/mine', at('a.json'));
    const { code, stderr } = review('--report', 'json=a.json');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('is a symbolic link') });
    expect(text('elsewhere/mine')).toBe('mine');
  });
});
