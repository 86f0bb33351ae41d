import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LINTS } from '../../codex/lint/index.ts';
import { runCli } from './run-cli.ts';

const FIXTURES = join(import.meta.dirname, '../../codex/lint/fixtures');

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'codex-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/** A fixture as `rules/` of the current folder. */
function given(slug: string): void {
  cpSync(join(FIXTURES, slug), join(cwd, 'rules'), { recursive: true });
}
const codex = (...args: string[]) => runCli(['codex', ...args], { cwd });
const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const write = (path: string, text: string): void => writeFileSync(join(cwd, path), text);

describe('agentsmd codex lint', () => {
  it('prints a line for each problem, with paths from the current folder, and exits with 1 on an error', () => {
    given('no-owner');
    expect(codex('lint', 'rules')).toEqual({
      code: 1,
      stdout: 'rules/TS-LOG-001.md:5  error  TS-LOG-001 is active and has no owner: group:default/team  CDX401\n',
      stderr: '1 error in 1 rule of codex rules\n',
    });
  });

  it('exits with 0 on a warning, and where there is nothing to report', () => {
    given('no-ledger');
    expect(codex('lint', 'rules')).toMatchObject({ code: 0, stderr: '1 warning in 1 rule of codex rules\n' });
    rmSync(join(cwd, 'rules'), { recursive: true });
    given('good');
    expect(codex('lint', 'rules')).toEqual({
      code: 0,
      stdout: '',
      stderr: '4 rules of codex rules, nothing to report\n',
    });
  });

  it('finds the codex of the configuration', () => {
    given('no-owner');
    write('agentsmd.config.yaml', 'codex:\n  from: rules\n');
    expect(codex('lint').stdout).toContain('rules/TS-LOG-001.md:5  error');
  });

  it('prints JSON, SARIF and Code Quality', () => {
    given('no-owner');
    expect(JSON.parse(codex('lint', 'rules', '--json').stdout)).toMatchObject({
      schema: 'agentsmd/codex-lint/1',
      rules: 1,
      findings: [{ lint: 'CDX401', severity: 'error', file: 'TS-LOG-001.md', line: 5 }],
    });
    const { runs } = JSON.parse(codex('lint', 'rules', '--format', 'sarif').stdout);
    expect(runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(LINTS.map(({ id }) => id));
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'CDX401',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'rules/TS-LOG-001.md' },
              region: { startLine: 5 },
            },
          },
        ],
      },
    ]);
    expect(JSON.parse(codex('lint', 'rules', '--format', 'code-quality').stdout)).toMatchObject([
      { check_name: 'CDX401', severity: 'major', location: { path: 'rules/TS-LOG-001.md', lines: { begin: 5 } } },
    ]);
  });

  it('lists what is looked for', () => {
    const { code, stdout } = codex('lint', '--list');
    expect(code).toBe(0);
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(LINTS.length);
    expect(JSON.parse(codex('lint', '--list', '--json').stdout).lints[0]).toMatchObject({ id: 'CDX101' });
  });

  it('refuses what is no codex', () => {
    expect(codex('lint', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such folder') });
  });

  it('tells a ledger that cannot be read, in a line, beside what else is wrong; ids and new end there', () => {
    given('no-owner');
    write('rules/ids.json', '<<<<<<< HEAD\n{\n');
    const { code, stdout } = codex('lint', 'rules');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^rules\/ids\.json:1 +error +ids\.json is no valid JSON: .*; take it from the last commit +CDX117$/m,
    );
    expect(stdout).toContain('CDX401');
    for (const args of [
      ['ids'],
      ['ids', 'rules', '--write'],
      ['new', 'rules', '--prefix', 'A', '--title', 'Log once'],
    ]) {
      const [name = '', folder = 'rules', ...rest] = args;
      expect(codex(name, folder, ...rest)).toMatchObject({ code: 2, stderr: expect.stringContaining('ids.json') });
    }
    expect(read('rules/ids.json')).toBe('<<<<<<< HEAD\n{\n');
  });

  it('shows nothing of a codex that would move the cursor', () => {
    given('no-owner');
    write('rules/TS-LOG-001.md', read('rules/TS-LOG-001.md').replace('owner', '').replace('level:', '"\\e[2J":'));
    expect(codex('lint', 'rules').stdout).not.toContain('\u001b');
  });
});

describe('agentsmd codex ids', () => {
  it('says what the ledger lacks, writes it once, and is up to date then', () => {
    given('no-ledger');
    expect(codex('ids', 'rules')).toEqual({
      code: 1,
      stdout: 'TS-LOG-001@1  ADDED  Log through the logger, not the console (SHOULD, active)\n',
      stderr: 'there is no ids.json; codex ids --write makes it\n',
    });
    expect(readdirSync(join(cwd, 'rules'))).toEqual(['TS-LOG-001.md']);
    expect(codex('ids', 'rules', '--write')).toMatchObject({ code: 0, stderr: 'ids.json written, 1 change\n' });
    expect(readdirSync(join(cwd, 'rules'))).toEqual(['TS-LOG-001.md', 'ids.json']);
    const ledger = read('rules/ids.json');
    expect(codex('ids', 'rules', '--write')).toMatchObject({ code: 0, stdout: '', stderr: 'ids.json is up to date\n' });
    expect(read('rules/ids.json')).toBe(ledger);
  });

  it('counts a raised level', () => {
    given('good');
    write('rules/logging/TS-LOG-001.md', read('rules/logging/TS-LOG-001.md').replace('SHOULD', 'MUST'));
    const { code, stdout } = codex('ids', 'rules', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'agentsmd/codex-ids-changes/1',
      changes: [{ id: 'TS-LOG-001', tags: ['OBLIGATION RAISED'], rev: 2, detail: 'SHOULD \u2192 MUST' }],
      written: false,
    });
    codex('ids', 'rules', '--write');
    expect(JSON.parse(read('rules/ids.json')).ids['TS-LOG-001']).toMatchObject({ rev: 2, level: 'MUST' });
  });

  it.each([
    ['reused-id', 'refused  TS-LOG-001 would be reused: it was "Log through the logger, not the console"'],
    ['repointed-id', 'refused  TS-LOG-001 would be re-pointed: it was "Log through the logger, not the console"'],
    ['duplicate-id', 'more/TS-LOG-001.md:2: id: TS-LOG-001 is already the ID of TS-LOG-001.md'],
    ['invalid-yaml', 'TS-LOG-001.md:3: front matter is not valid YAML'],
  ])('writes nothing over %s', (slug, expected) => {
    given(slug);
    const ledger = read('rules/ids.json');
    const { code, stdout, stderr } = codex('ids', 'rules', '--write');
    expect(code).toBe(1);
    expect(stdout).toContain(expected);
    expect(stderr).toContain('ids.json is not written');
    expect(read('rules/ids.json')).toBe(ledger);
  });

  it('writes no starter and no pinned revision', () => {
    expect(codex('ids', '--write')).toMatchObject({ code: 2, stderr: expect.stringContaining('starter') });
    given('good');
    write('agentsmd.config.yaml', 'codex:\n  from: rules\n  rev: v1\n');
    expect(codex('ids', '--write')).toMatchObject({ code: 2, stderr: expect.stringContaining('pinned to v1') });
  });
});

describe('agentsmd codex new', () => {
  const begin = (...args: string[]) => codex('new', 'rules', ...args);

  it('writes a draft that lints, its line in the overview and its entry in the ledger', () => {
    given('good');
    const { code, stdout } = begin('--prefix', 'API-ERR', '--title', 'Name the field: "path" & why', '--level', 'MUST');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'api/API-ERR-002.md\n' });
    expect(read('rules/api/API-ERR-002.md')).toMatch(/^---\nid: API-ERR-002\n.*\nlevel: MUST\nstatus: draft\n/);
    expect(read('rules/api/README.md')).toContain(
      '- [API-ERR-001](API-ERR-001.md): problem details\n- [API-ERR-002](API-ERR-002.md): Name the field: "path" & why\n',
    );
    expect(codex('lint', 'rules')).toMatchObject({ code: 0, stdout: '' });
    expect(codex('ids', 'rules')).toMatchObject({ code: 0, stdout: '' });
  });

  it('never gives the number of a rule away that is gone', () => {
    given('missing-tombstone');
    expect(begin('--prefix', 'TS-LOG', '--title', 'Log once').stdout).toBe('TS-LOG-003.md\n');
  });

  it('never gives the number of a rule away that cannot be read', () => {
    given('good');
    write('rules/api/API-ERR-007.md', '---\nid: [\n---\n');
    expect(begin('--prefix', 'API-ERR', '--title', 'Log once').stdout).toBe('api/API-ERR-008.md\n');
  });

  it('begins a codex in an empty folder, but not one that has rules and no ledger', () => {
    mkdirSync(join(cwd, 'rules'));
    expect(begin('--prefix', 'A', '--title', 'Log once', '--domain', 'logging/web').stdout).toBe(
      'logging/web/A-001.md\n',
    );
    rmSync(join(cwd, 'rules/ids.json'));
    expect(begin('--prefix', 'A', '--title', 'Log twice')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('run codex ids rules --write first'),
    });
  });

  it('writes nothing with --dry-run', () => {
    given('good');
    const before = readdirSync(cwd, { recursive: true });
    const { code, stdout } = begin('--prefix', 'API-ERR', '--title', 'Log once', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^---\nid: API-ERR-002\ntitle: Log once\n/);
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });

  it.each([
    [['--title', 'Log once', '--domain', 'a'], '--prefix is missing'],
    [['--prefix', 'A', '--domain', 'a'], '--title is missing'],
    [['--prefix', 'a', '--title', 'Log once', '--domain', 'a'], '--prefix a: capitals'],
    [['--prefix', 'A', '--title', 'Log once'], '--domain is missing'],
    [['--prefix', 'A', '--title', 'Log once', '--domain', '../a'], '--domain ../a: a folder within the codex'],
    [['--prefix', 'A', '--title', 'Log once', '--domain', '/a'], '--domain /a: a folder within the codex'],
    [['--prefix', 'A', '--title', 'Log once', '--domain', '.git/a'], '--domain .git/a: a folder within the codex'],
    [['--prefix', 'A', '--title', 'Log once', '--domain', 'link'], 'link is a symbolic link'],
    [['--prefix', 'A', '--title', 'x'.repeat(81), '--domain', 'a'], '--title: must be at most 80 characters'],
  ])('refuses %j', (args, expected) => {
    given('good');
    mkdirSync(join(cwd, 'outside'));
    symlinkSync(join(cwd, 'outside'), join(cwd, 'rules/link'));
    const before = readdirSync(cwd, { recursive: true });
    const { code, stdout, stderr } = begin(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });

  it('leaves the starter alone unless its folder is named', () => {
    expect(codex('new', '--prefix', 'A', '--title', 'Log once', '--domain', 'a')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name the folder of your codex'),
    });
  });
});

describe('the codex around the current folder', () => {
  const at = (folder: string, ...args: string[]) => runCli(['codex', ...args], { cwd: join(cwd, folder) });
  const LOG = 'rules/logging/TS-LOG-001.md';

  it('is taken where nothing else is chosen', () => {
    given('good');
    mkdirSync(join(cwd, 'rules/.git'));
    expect(at('rules', 'lint').stderr).toBe('4 rules of codex ., nothing to report\n');
    expect(at('rules/api', 'lint').stderr).toBe('4 rules of codex .., nothing to report\n');
    expect(at('rules/api', 'ids')).toMatchObject({ code: 0, stderr: 'ids.json is up to date\n' });
    expect(at('rules/api', 'new', '--prefix', 'API-ERR', '--title', 'Say why').stdout).toBe('api/API-ERR-002.md\n');
    expect(at('rules/api', 'explain', 'API-ERR-002').stdout).toContain('Say why');
    expect(JSON.parse(at('rules/api', 'search', 'log', '--json').stdout).codex.origin).toBe('..');
    expect(at('rules/api', 'export', '--index', '-').stderr).toBe('codex ..: 5 rules\n');
  });

  it('is one by its ledger or its codex.yaml, and the nearest one', () => {
    given('good');
    mkdirSync(join(cwd, '.git'));
    for (const file of ['codex.yaml', 'ids.json']) rmSync(join(cwd, 'rules', file), { force: true });
    expect(at('rules', 'explain', 'TS-LOG-001', '--json').stdout).toContain('"origin": "starter"');
    write('rules/ids.json', '[]');
    expect(at('rules', 'explain', 'TS-LOG-001', '--json').stdout).toContain('"origin": "starter"');
    write('rules/ids.json', '{"schema":"agentsmd/codex-ids/1","ids":{}}');
    expect(at('rules/logging', 'explain', 'TS-LOG-001', '--json').stdout).toContain('"origin": ".."');
    write('rules/logging/codex.yaml', 'name: inner\n');
    expect(at('rules/logging', 'explain', 'TS-LOG-001', '--json').stdout).toContain('"origin": "."');
  });

  it('is not looked for above the working tree, nor outside of one above the folder itself', () => {
    given('good');
    const origin = () => JSON.parse(at('rules/api', 'search', 'log', '--json').stdout).codex.origin;
    expect(origin()).toBe('starter');
    mkdirSync(join(cwd, '.git'));
    expect(origin()).toBe('..');
    mkdirSync(join(cwd, 'rules/api/.git'));
    expect(origin()).toBe('starter');
    rmSync(join(cwd, '.git'), { recursive: true });
    expect(at('rules', 'lint').stderr).toContain('of codex .,');
  });

  it('gives way to an option and to the configuration', () => {
    given('good');
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'other'));
    write('other/A-1.md', read(LOG).replace('TS-LOG-001', 'A-1'));
    expect(at('rules', 'lint', '--codex', '../other').stderr).toContain('1 rule of codex ../other');
    expect(at('rules', 'lint', '../other', '--codex', '.')).toMatchObject({
      code: 2,
      stderr: 'agentsmd: ../other and --codex exclude each other\n',
    });
    write('agentsmd.config.yaml', 'codex:\n  from: starter\n');
    expect(at('rules', 'explain', 'A-1').stderr).toContain('no such rule in starter');
    expect(codex('ids', '--codex', 'other').stdout).toContain('A-1@1  ADDED');
  });
});
