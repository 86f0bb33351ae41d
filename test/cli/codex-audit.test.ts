import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const rule = (id: string, level: string, status: string, check: string): string =>
  `---\nid: ${id}\ntitle: Keep to ${id}\nlevel: ${level}\nstatus: ${status}\n${check}---\n\nBecause.\n`;
const content = (forbid: string): string => `check: { kind: file-content, files: ['**/*.txt'], forbid: '${forbid}' }\n`;
const HOSTILE = 'TODO <script>alert(1)</script> | [x](https://evil.test) @all /close \u001b[31m';

let codex: TestRepository;
let repo: TestRepository;
let home = '';

beforeAll(async () => {
  codex = await makeRepository({
    files: {
      'docs/T-TODO-001.md': rule('T-TODO-001', 'MUST', 'active', content('TODO.*')),
      'docs/T-FIX-001.md': rule('T-FIX-001', 'MUST', 'trial', content('FIXME.*')),
      'docs/T-NEVER-001.md': rule('T-NEVER-001', 'SHOULD', 'active', content('no such text')),
      'docs/T-PROSE-001.md': rule('T-PROSE-001', 'MUST', 'active', ''),
      'docs/T-GO-001.md': rule('T-GO-001', 'MUST', 'active', 'applies-to: { languages: [go] }\n'),
    },
  });
  const clean = { 'a.txt': 'one\n', 'b.txt': 'FIXME\n' };
  repo = await makeRepository({ commits: [{ files: clean }, { files: { ...clean, 'a.txt': `one\n${HOSTILE}\n` } }] });
  home = mkdtempSync(join(tmpdir(), 'agentsmd-audit-'));
});
afterAll(async () => {
  await codex.cleanup();
  await repo.cleanup();
  rmSync(home, { recursive: true, force: true });
});

const run = (...args: string[]) => runCli(['codex', 'audit', repo.dir, '--codex', codex.dir, ...args], { cwd: home });

describe('agentsmd codex audit', { timeout: 300_000 }, () => {
  it('scores every rule, with lines and what to do', () => {
    const { code, stdout, stderr } = run('--rev', 'HEAD');
    expect(stdout.split('\n')).toEqual([
      'NON-COMPLIANT',
      '  T-TODO-001@1  MUST active  Keep to T-TODO-001',
      '    1 place that breaks it; looked at 2 files',
      expect.stringMatching(/^ {4}a\.txt:2 {2}TODO <script>[^\u001b]*$/),
      '    to do: Keep to T-TODO-001',
      '           Because.',
      '  T-FIX-001@1  MUST trial  Keep to T-FIX-001',
      '    1 place that breaks it; looked at 2 files',
      '    b.txt:1  FIXME',
      '    to do: Keep to T-FIX-001',
      '           Because.',
      '',
      'NOT-CHECKED',
      '  T-PROSE-001@1  MUST active  Keep to T-PROSE-001',
      '    only a reader can tell, and no language model is configured',
      '',
      'COMPLIANT',
      '  T-NEVER-001@1  SHOULD active  Keep to T-NEVER-001',
      '    kept: looked at 2 files',
      '',
      'NOT-APPLICABLE',
      '  T-GO-001',
      '',
    ]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '5 rules: 2 NON-COMPLIANT (1 MUST in force), 1 COMPLIANT, 1 NOT-APPLICABLE, 1 NOT-CHECKED\n',
    });
  });

  it('ends well where only what is on trial is broken', () => {
    expect(run('--rev', 'HEAD~1').code).toBe(0);
    expect(run('--rule', 'T-NEVER-001,T-GO-001').code).toBe(0);
    expect(JSON.parse(run('--rule', 'T-NEVER-001,T-GO-001', '--json').stdout).rules).toHaveLength(2);
  });

  it('prints JSON whose evidence stands at the commit', async () => {
    const document = JSON.parse(run('--rev', 'HEAD', '--json').stdout);
    expect(document).toMatchObject({ schema: 'agentsmd/codex-audit/1', worktree: false, changes: [] });
    const broken = document.rules.find((each: { rule: string }) => each.rule === 'T-TODO-001');
    expect(broken).toMatchObject({ hits: 1, evidence: [{ path: 'a.txt', line: 2 }] });
    expect(HOSTILE.startsWith(broken.evidence[0].quote.slice(0, 40))).toBe(true);
  });

  it('prints Markdown and HTML in which nothing of a repository means anything', () => {
    const markdown = run('--rev', 'HEAD', '--format', 'markdown').stdout;
    expect(markdown).toContain('`T-TODO-001@1` NON-COMPLIANT');
    expect(markdown).toContain('Every rule');
    expect(markdown).not.toMatch(/\u001b|^\/close/m);
    for (const line of markdown.split('\n').filter((each) => each.includes('evil.test')))
      expect(line.replace(/`[^`]*`/g, '')).not.toMatch(/evil\.test|<script|@all/);
    const html = run('--rev', 'HEAD', '--format', 'html').stdout;
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('&#60;script&#62;');
    expect(html).not.toMatch(/<script|<img|<a\s|\u001b/);
    for (const id of ['T-TODO-001', 'T-FIX-001', 'T-NEVER-001', 'T-PROSE-001', 'T-GO-001']) {
      expect(html).toContain(id);
      expect(markdown).toContain(id);
    }
  });

  it('says what changed since a baseline, and fails for what is newly broken alone', () => {
    const old = join(home, 'old.json');
    expect(run('--rev', 'HEAD~1', '--json', '--out', old).code).toBe(0);
    const now = run('--rev', 'HEAD', '--baseline', old);
    expect(now.code).toBe(1);
    expect(now.stdout).toContain(
      'Since the baseline\n  newly broken  T-TODO-001  COMPLIANT -> NON-COMPLIANT (MUST, revision 1)\n',
    );
    expect(now.stderr).toContain('since the baseline: 1 newly broken');
    const newer = join(home, 'newer.json');
    run('--rev', 'HEAD', '--json', '--out', newer);
    const same = run('--rev', 'HEAD', '--baseline', newer);
    expect(same.code).toBe(0);
    expect(same.stderr).toContain('since the baseline: nothing changed');
    expect(run('--rev', 'HEAD~1', '--baseline', newer).stdout).toMatch(/fixed +T-TODO-001/);
    for (const format of ['markdown', 'html'])
      expect(run('--rev', 'HEAD', '--baseline', old, '--format', format).stdout).toContain('newly broken');
  });

  it('writes where it is told to', () => {
    const file = join(home, 'audit.html');
    const { stdout, stderr } = run('--format', 'html', '--out', file);
    expect(stdout).toBe('');
    expect(stderr).toContain(`wrote ${file}`);
    expect(readFileSync(file, 'utf8')).toContain('</html>');
  });

  it.each<[string, readonly string[], string]>([
    ['two formats', ['--json', '--format', 'html'], '--json and --format html exclude each other'],
    ['a baseline that is not there', ['--baseline', 'nowhere.json'], '--baseline nowhere.json: no such file'],
    ['a rule that there is not', ['--rule', 'T-TODA-001'], 'did you mean T-TODO-001'],
    ['a folder to write to', ['--out', '.'], '--out .: a folder; name a file'],
  ])('refuses %s', (_, args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses a baseline that is no audit', () => {
    const file = join(home, 'other.json');
    writeFileSync(file, '{"schema":"x"}');
    const { code, stderr } = run('--baseline', file);
    expect(code).toBe(2);
    expect(stderr).toContain('no audit');
  });
});
