import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertAll, repository } from '../../jobs/status/testing/seed.ts';
import { openEngine } from '../../jobs/store/open.ts';
import { runCli } from './run-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-cli-report-')));
const state = join(root, 'state');
const LONG = 240_000;

beforeAll(async () => {
  const engine = await openEngine({ folder: state, retries: 3 });
  await insertAll(engine.db, 'repository', [
    repository('shop/cart', { ledger: '{}', processed_at: new Date() }),
    repository('pay/</title><script>alert(1)</script>', { due: 'moved', due_since: new Date() }),
  ]);
  await engine.close();
}, LONG);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const report = (...args: string[]) => runCli(['report', '--state', state, ...args], { cwd: root });

describe('agentsmd report', { timeout: LONG }, () => {
  it('prints a page, in which names are text', () => {
    const { code, stdout, stderr } = report();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
    expect(stdout).toContain('<bdi>pay/&#60;/title&#62;&#60;script&#62;alert(1)&#60;/script&#62;</bdi>');
    expect(stdout).not.toContain('<script');
  });

  it('writes it to a file, over an earlier one, and over nothing else', () => {
    const file = join(root, 'fleet.html');
    for (const format of ['html', 'json', 'html'])
      expect(report('--out', file, '--format', format)).toMatchObject({
        code: 0,
        stdout: '',
        stderr: `wrote ${file}\n`,
      });
    expect(readFileSync(file, 'utf8')).toContain('How the fleet fares');
    const other = join(root, 'other.html');
    writeFileSync(other, '<!doctype html>\nmine\n');
    expect(report('--out', other)).toMatchObject({ code: 2, stderr: expect.stringContaining('no export of ours') });
    expect(readFileSync(other, 'utf8')).toBe('<!doctype html>\nmine\n');
  });

  it('--json has the numbers, with null for what is not known; --group those of a group', () => {
    const all = JSON.parse(report('--json').stdout);
    expect(all).toMatchObject({
      ...{ schema: 'agentsmd/report/1', group: null, reviews: { whole: null, cached: { share: null } } },
      repositories: { inScope: 2, agentsMd: { with: 1 } },
      stale: [{ why: 'moved' }],
    });
    expect(Date.parse(all.at) - Date.parse(all.since)).toBe(30 * 86_400_000);
    expect(JSON.parse(report('--json', '--group', 'shop', '--since', '2026-01-01').stdout)).toMatchObject({
      ...{ group: 'shop', since: '2026-01-01T00:00:00.000Z', repositories: { inScope: 1 } },
    });
  });

  it.each([
    [['--group', 'shpo'], 'agentsmd: --group shpo: no repository in scope is known there; did you mean shop?\n'],
    [['--since', 'soon'], 'agentsmd: --since soon: neither a date'],
    [['--json', '--format', 'html'], '--json and --format html exclude each other'],
    [['--out', 'missing/x.html'], 'agentsmd: --out missing/x.html: its folder does not exist\n'],
    [['--state', join(root, 'nowhere')], 'no state of a fleet'],
  ])('refuses %j', (args, message) => {
    const { code, stdout, stderr } = report(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
