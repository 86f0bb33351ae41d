import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from './run-cli.ts';
import { makeFleet } from './sweep-folder.ts';

it('agentsmd fleet list --dir names a damaged repository, and lists the others', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-fleet-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await makeFleet(folder, ['headless', 'sound', 'unreadable']);
  writeFileSync(join(folder, 'headless/.git/HEAD'), 'nonsense\n');
  // What we keep beside a repository, broken by hand.
  mkdirSync(join(folder, 'unreadable/.git/agentsmd/merge-requests'), { recursive: true });
  writeFileSync(join(folder, 'unreadable/.git/agentsmd/merge-requests/1.md'), '---\n[\n---\n');
  const { code, stdout, stderr } = runCli(['fleet', 'list', '--dir', folder]);
  expect({ code, lines: stdout.trim().split('\n') }).toEqual({
    code: 0,
    lines: [
      expect.stringMatching(/^headless +repository-disabled/),
      expect.stringMatching(/^sound +in scope/),
      expect.stringMatching(/^unreadable +in scope/),
    ],
  });
  expect(stderr).toBe('3 projects, 2 in scope (others: 1 repository-disabled)\n');
});
