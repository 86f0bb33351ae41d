import {
  existsSync,
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validateSkill } from '../../codex/export/testing/validate-skill.ts';
import { runCli } from './run-cli.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'port-'));
  mkdirSync(join(root, 'standard'));
  writeFileSync(join(root, 'standard/orders.adoc'), ORDERS);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ORDERS = `= Taking orders

[#10]
== {MUST} not take an order twice

Customers send a key with each order.

[#11]
== {SHOULD} answer within a second

The shop waits at the counter.
`;
const run = (...args: string[]) => runCli(['codex', ...args], { cwd: root });
const IMPORT = [
  'import',
  'standard',
  '--from',
  'asciidoc',
  '--out',
  'codex',
  '--prefix',
  'BAK',
  '--source-url',
  'https://example.com',
];

describe('codex import', () => {
  it('writes a codex, and says what it did', () => {
    const ran = run(...IMPORT);
    expect(ran).toMatchObject({
      code: 0,
      stdout: 'ADDED BAK-10: Do not take an order twice\nADDED BAK-11: Answer within a second\n',
      stderr: '2 rules: 2 added; wrote 6 files to codex\n',
    });
    expect(run('explain', 'BAK-10', '--codex', 'codex').stdout).toContain('Do not take an order twice');
    expect(run('lint', 'codex').code).toBe(0);
  });

  it('writes nothing with --dry-run', () => {
    expect(run(...IMPORT, '--dry-run').stderr).toContain('would write 6 files to codex');
    expect(existsSync(join(root, 'codex'))).toBe(false);
  });

  it('names a changed level first', () => {
    run(...IMPORT);
    writeFileSync(join(root, 'standard/orders.adoc'), ORDERS.replace('{SHOULD}', '{MUST}'));
    expect(run(...IMPORT).stdout).toBe(
      'OBLIGATION RAISED BAK-11 SHOULD → MUST: Answer within a second\nMODIFIED BAK-11: Answer within a second\n',
    );
  });

  it('ends with 1 where a number stands for something else now', () => {
    run(...IMPORT);
    const other = ORDERS.replace(
      /\[#11\][\s\S]*/,
      '[#11]\n== {MUST} paint vans blue\n\nEverybody knows them from afar.\n',
    );
    writeFileSync(join(root, 'standard/orders.adoc'), other);
    const ran = run(...IMPORT, '--json');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('warning: standard/orders.adoc'.replace('standard/', ''));
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'agentsmd/codex-import/1',
      imported: 2,
      refused: [{ kind: 'repointed', doc: 'orders.adoc', line: 9, id: 'BAK-11' }],
    });
  });

  it('takes documents within the codex for sources that lint can find', () => {
    const ran = run('import', 'standard', '--from', 'asciidoc', '--out', '.', '--prefix', 'BAK');
    expect(ran.stderr).not.toContain('--source-url');
    expect(readFileSync(join(root, 'taking-orders/BAK-10.md'), 'utf8')).toContain('doc: standard/orders.adoc');
    expect(run('lint', '.').stderr + run('lint', '.').stdout).not.toContain('CDX301');
  });

  it('names the sections that it leaves out', () => {
    writeFileSync(join(root, 'a.md'), '# A\n\n## BAK-1: Bake\n\nText.\n\n## Sing\n\nText.\n\n## Paint\n\nText.\n');
    const args = ['import', 'a.md', '--from', 'markdown', '--out', 'codex', '--source-url', 'https://example.com'];
    expect(run(...args, '--dry-run').stderr).toContain(
      'warning: 2 sections with text were left out: a.md:7 Sing, a.md:11 Paint\n',
    );
    expect(JSON.parse(run(...args, '--json').stdout).leftOut).toEqual([
      { doc: 'a.md', line: 7, heading: 'Sing' },
      { doc: 'a.md', line: 11, heading: 'Paint' },
    ]);
  });

  it.each([
    [['import', 'standard', '--out', 'x'], '--from is missing: asciidoc or markdown'],
    [['import', 'standard', '--from', 'asciidoc'], '--out is missing: the folder of the codex'],
    [['import', 'gone', '--from', 'asciidoc', '--out', 'x'], 'gone: no such file or folder'],
    [['import', 'standard', '--from', 'markdown', '--out', 'x'], 'standard: no markdown document is there'],
    [['import', 'standard', '--from', 'asciidoc', '--out', 'x', '--prefix', 'bak'], '--prefix bak: expected capitals'],
    [['import', 'standard', '--from', 'asciidoc', '--out', 'x'], 'orders.adoc:4: section 10 needs a prefix'],
    [
      ['import', 'standard', '--from', 'asciidoc', '--out', 'standard/orders.adoc'],
      '--out standard/orders.adoc: not a folder',
    ],
    [
      ['import', 'standard', '--from', 'asciidoc', '--out', 'x', '--source-url', 'x'],
      '--source-url x: expected an address',
    ],
  ])('%j: %s', (args, message) => {
    const ran = run(...args);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(message);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });
});

describe('codex export', () => {
  it('writes a valid skill of the starter codex', () => {
    const ran = run('export', '--skill', 'skills');
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toMatch(/wrote \d+ files to skills\/engineering-codex; SKILL\.md has about \d+ tokens\n$/);
    expect(validateSkill(join(root, 'skills/engineering-codex'))).toEqual([]);
  });

  it('writes review instructions and an index', () => {
    run(...IMPORT);
    const rule = join(root, 'codex/taking-orders/BAK-10.md');
    writeFileSync(rule, readFileSync(rule, 'utf8').replace('status: trial', 'status: active'));
    const exported = run('export', '--codex', 'codex', '--duo', 'duo.yaml', '--index', '-');
    expect(exported.code).toBe(0);
    expect(exported.stderr).toMatch(/^wrote duo\.yaml: 1 rule, 1 KiB, about \d+ tokens\n$/m);
    const duo = parse(readFileSync(join(root, 'duo.yaml'), 'utf8'));
    expect(duo.instructions[0]).toMatchObject({ fileFilters: ['**/*'] });
    expect(duo.instructions[0].instructions).toContain('1. [BAK-10] MUST: Do not take an order twice.');
    const index = JSON.parse(run('export', '--codex', 'codex', '--index', '-').stdout);
    expect(index).toMatchObject({
      schema: 'agentsmd/codex-index/1',
      rules: [{ id: 'BAK-10', file: 'taking-orders/BAK-10.md' }, { id: 'BAK-11' }],
    });
  });

  it('says so where there is nothing to review by', () => {
    run(...IMPORT);
    expect(run('export', '--codex', 'codex', '--duo', '-').stderr).toContain('there is nothing to review by');
  });

  it.each([['--duo'], ['--index']])('%s replaces what it wrote, and nothing that people wrote', (option) => {
    const file = join(root, 'out.txt');
    const theirs = '# Our instructions\ninstructions: []\n';
    writeFileSync(file, theirs);
    const refused = run('export', option, 'out.txt', '--skill', 'skills');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toBe(
      `agentsmd: ${option} out.txt: no export of ours wrote what is there; move it away, or name another file\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe(theirs);
    expect(existsSync(join(root, 'skills'))).toBe(false);

    rmSync(file);
    expect(run('export', option, 'out.txt').code).toBe(0);
    const ours = readFileSync(file, 'utf8');
    mkdirSync(join(root, 'links'));
    symlinkSync('../out.txt', join(root, 'links/out.txt'));
    writeFileSync(file, `${ours}\n`);
    expect(run('export', option, 'links/out.txt').code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(ours);
    expect(lstatSync(join(root, 'links/out.txt')).isSymbolicLink()).toBe(true);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes to a device and to an empty file', () => {
    expect(run('export', '--index', '/dev/null').code).toBe(0);
    writeFileSync(join(root, 'empty.json'), '');
    expect(run('export', '--index', 'empty.json').code).toBe(0);
  });

  it('of a skill into the codex leaves lint content', () => {
    run(...IMPORT);
    const before = run('lint', 'codex');
    expect(run('export', '--codex', 'codex', '--skill', 'codex/skills').code).toBe(0);
    expect(run('lint', 'codex')).toEqual(before);
  });

  it('says what it wrote as JSON', () => {
    const { stdout } = run('export', '--skill', 'skills', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'agentsmd/codex-export/1',
      skill: { folder: 'skills/engineering-codex', removed: [], kept: [], warnings: [] },
    });
  });

  it.each([
    [['export'], 'say what to write: --skill DIR, --duo FILE or --index FILE'],
    [['export', '--index', '-', '--json'], '--json and a document on stdout exclude each other'],
    [['export', '--index', 'no/such/folder.json'], '--index no/such/folder.json: its folder does not exist'],
    [['export', '--duo', 'standard'], '--duo standard: a folder; name a file'],
    [['export', '--skill', 'standard/orders.adoc'], '--skill standard/orders.adoc: a file; name a folder'],
  ])('%j: %s', (args, message) => {
    const ran = run(...args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
  });
});

describe('codex search', () => {
  it.each([
    [['search', 'taking', 'orders'], 'put a question of several words in quotes: "taking orders"'],
    [
      ['search', 'how', 'are', 'orders', 'taken'],
      'codex search: put the question in quotes, such as agentsmd codex search',
    ],
  ])('%j: %s', (args, message) => {
    const ran = run(...args);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(message);
  });
});
