import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli, watchRan } from '../cli/run-cli.ts';

const DEMO = join(import.meta.dirname, 'demo.ts');
/** It starts the program seven times, on a machine that does other things, too. */
const LONG = 600_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const tmp = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-demo-test-')));
let ended: Ended;
/** What it printed, by the days it goes through. */
let days: Readonly<Record<string, string>>;
let root: string;
beforeAll(async () => {
  ended = await demo();
  const [, ...parts] = ended.stdout.split('\n== ');
  days = Object.fromEntries(parts.map((part) => [/^(Day \d+|\S+)/.exec(part)![0], part]));
  root = dirname(/Open (\/\S+\/report\.html) in a browser/.exec(ended.stdout)?.[1] ?? '/nowhere/report.html');
}, LONG);
afterAll(() => rmSync(tmp, { recursive: true, force: true }));

it('goes to its end without a complaint, and leaves one folder', () => {
  expect(ended).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/failed|warning|error/i) });
  expect(Object.keys(days)).toEqual(['A', 'Day 1', 'Day 2', 'Day 8', 'Day 9', 'Day 15', 'How']);
  expect(readdirSync(tmp)).toEqual([basename(root)]);
});

it('says that the GitLab is a simulated one, and takes it away', async () => {
  expect(days.A).toContain('A simulated GitLab stands in for a real one');
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(days.A!) ?? [];
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('has a sweep open a merge request in each repository, and shows one', () => {
  expect(days['Day 1']!.match(/^generated {2}acme\/\w+ {2}http\S+\/-\/merge_requests\/1$/gm)).toHaveLength(6);
  expect(days['Day 1']).toContain('\n  | - 2 · Install: `pnpm install` (`.gitlab-ci.yml:8`)\n');
  expect(days['Day 1']).toContain('\n  | - 12 · Leave no console.log behind (Codex: `ACME-LOG-001`) ');
  expect(days['Day 2']).toContain('merged: 5; closed: acme/dough\n');
});

it('has a job review a change: the decision, the comments, the suggestion', () => {
  const day = days['Day 8']!;
  expect(ended.stderr).toContain('\n!2: 3 comments, 0 threads resolved, request-changes: significant concerns\n');
  expect(day).toContain('\nscripts/hello.ts:1\n  | **critical** Leave no console.log behind (`ACME-LOG-001@1`)\n');
  expect(day).toContain('\nsrc/server.ts:2\n  | **critical** Leave no console.log behind (`ACME-LOG-001@1`)\n');
  const [, comment] = day.split('\nAGENTS.md:9\n');
  expect(comment).toContain('**warning** AGENTS.md still says "Lint: pnpm lint", which this change makes false\n');
  expect(comment).toMatch(/^ {2}\| +```suggestion:-0\+0\n {2}\| +- Lint: `pnpm lint:ts`\n {2}\| +```$/m);
});

it('has people mend and dismiss what was found, and reviews again', () => {
  expect(ended.stderr).toContain('\n!2: 2 comments, 2 threads resolved, approve: approved with comments\n');
  expect(days['Day 9']).toContain('\napproved with comments: 1 warning, none of them a risk for production\n');
  expect(ended.stderr).toContain('\n!2: 0 comments, 0 threads resolved, approve: approved\n');
  expect(days['Day 9']).toContain('\napproved: nothing that matters was found\n');
});

it('has a later sweep refresh what was merged stale, and name the merge request', async () => {
  const day = days['Day 15']!;
  expect(ended.stderr).toContain('1 reported as stale, 5 with news on the merge request');
  expect(day).toMatch(/^harvested +2 {2}reviews$/m);
  expect(day).toContain('\nRefresh AGENTS.md: lint command\n');
  expect(day).toContain('\n  | Merged while it still said what they made false: !2\n');
  expect(day).toContain('; it was: Lint: `pnpm lint`\n');
  const bakery = join(root, 'bakery');
  const changed = await testGit(bakery, ['diff', '--unified=0', 'main', 'agentsmd/refresh', '--', 'AGENTS.md']);
  expect(changed.match(/^[-+]- .*/gm)).toEqual(['-- Lint: `pnpm lint`', '+- Lint: `pnpm lint:ts`']);
  expect(readFileSync(join(root, 'merge-requests/acme-bakery-3.md'), 'utf8')).toContain('agentsmd: drop');
});

it('leaves a report with coverage, reviews, findings and what became of them', () => {
  const page = readFileSync(join(root, 'report.html'), 'utf8');
  for (const text of ['5 of 6', 'acme/bakery!3', 'ACME-LOG-001', '1 (50 %)']) expect(page).toContain(text);
  const { code, stdout } = runCli(['report', '--json'], {
    cwd: root,
    env: { AGENTSMD_STATE_DIR: join(root, 'state') },
  });
  expect(code).toBe(0);
  const { repositories, overTime, mergeRequests, reviews, findings } = JSON.parse(stdout);
  expect(repositories).toMatchObject({ inScope: 6, agentsMd: { with: 5, without: 1 }, review: { with: 2 } });
  expect(overTime.slices.length).toBeGreaterThanOrEqual(3);
  expect(mergeRequests).toMatchObject({ opened: 7, merged: 5, closedByPeople: 1, open: 1 });
  expect(reviews).toMatchObject({ mergeRequests: 2, reviews: 3, stale: { hits: 1, of: 2 } });
  expect(findings.bySeverity).toMatchObject([
    { name: 'critical', outcomes: { fixed: 1, dismissed: 1 } },
    { name: 'warning', outcomes: { ignored: 1 } },
  ]);
});

function demo(): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', TMPDIR: tmp, NO_COLOR: '1' };
    execFile(process.execPath, [DEMO], { env, cwd: tmp, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      watchRan(['demo'], stdout, stderr);
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
    });
  });
}
