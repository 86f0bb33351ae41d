import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchRan } from '../cli/run-cli.ts';

const DEMO = join(import.meta.dirname, 'demo.ts');
/** It starts the program four times, on a machine that does other things, too. */
const LONG = 600_000;

it('shows a fleet that is proposed to, goes stale, is found out and put right, and leaves a report', {
  timeout: LONG,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-demo-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { code, stdout, stderr } = await demo(folder);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/failed|warning/) });
  expect(stdout).toMatch(/^generated +6$/m);
  expect(stdout).toMatch(/> +\d+ \| - Install: `pnpm install`/);
  expect(stdout).toContain('  + - Build: `npm run build`\n');
  expect(stdout).toMatch(/^generated +1$/m);
  expect(stdout).toContain('closed-unmerged 1');
  expect(stdout).toContain('\n+- Install: `npm ci`\n');
  const [report = ''] = /\/\S+\/report\.html/.exec(stdout) ?? [];
  expect(report.startsWith(folder)).toBe(true);
  const page = readFileSync(report, 'utf8');
  expect(page).toContain('5 of 6');
  expect(page).toContain('bakery!2');
});

function demo(
  folder: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', TMPDIR: folder, NO_COLOR: '1' };
    execFile(process.execPath, [DEMO], { env, cwd: folder, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      watchRan(['demo'], stdout, stderr);
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
    });
  });
}
