import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCliBeside } from './run-cli.ts';
import { makeFleet } from './sweep-folder.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-sweep-audit-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const RULE = `---
id: T-NAME-1
title: Export no name
level: MUST
status: active
check: { kind: file-content, files: ['src/*.ts'], forbid: 'name = .*' }
---

Because.
`;

it('a sweep keeps what an audit of each repository says, and status ranks it', { timeout: 300_000 }, async () => {
  const codex = join(root, 'codex');
  mkdirSync(codex);
  writeFileSync(join(codex, 'T-NAME-1.md'), RULE);
  writeFileSync(join(root, 'agentsmd.config.yaml'), `codex: { from: ${codex} }\n`);
  await makeFleet(join(root, 'fleet'), ['team/api', 'web']);
  const agentsmd = (...args: readonly string[]) =>
    runCliBeside([...args, '--state', join(root, 'state')], { cwd: root, env: { HOME: join(root, 'home') } });

  const refused = await agentsmd('sweep', '--dir', 'fleet', '--audit', '--dry-run');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--audit keeps verdicts')]);

  const swept = await agentsmd('sweep', '--dir', 'fleet', '--audit', '--json');
  expect(swept.stderr).not.toContain('not audited');
  expect(swept.code).toBe(0);

  const document = JSON.parse((await agentsmd('status', '--compliance', '--json')).stdout);
  expect(document).toMatchObject({
    ...{ schema: 'agentsmd/status-compliance/1', audited: 2, inScope: 2 },
    rules: [{ rule: 'T-NAME-1', title: 'Export no name', share: 1, broken: 2 }],
    repositories: [
      { project: expect.stringContaining('api'), brokenMusts: ['T-NAME-1'] },
      { project: expect.stringContaining('web') },
    ],
  });
  const text = (await agentsmd('status', '--compliance')).stdout;
  expect(text).toContain('Audited  2 of 2 repositories');
  expect(text).toMatch(/api +1 MUST in force {2}1 in all\n {4}T-NAME-1\n/);
  expect(text).toContain('agentsmd codex explain RULE says what a rule asks for');
  expect(text).toMatch(/T-NAME-1 {2}MUST active {2}100 % {2}2 of 2\n {4}Export no name\n/);
  expect((await agentsmd('status', 'web', '--compliance')).code).toBe(2);

  const again = await agentsmd('sweep', '--dir', 'fleet', '--audit');
  expect(again.stderr).toContain('which rules are broken, and where: agentsmd status --compliance\n');
  expect((await agentsmd('sweep', '--dir', 'fleet')).stderr).not.toContain('--compliance');
});
