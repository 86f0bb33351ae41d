import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunOptions, runCli } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-generate-'));
  const manifest = { name: 'x', scripts: { test: 'vitest run', build: 'tsc -b' }, devDependencies: { vitest: '5' } };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(cwd, 'package-lock.json'), '{ "lockfileVersion": 3 }\n');
  git('init', '-q', '-b', 'main');
  commit();
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const git = (...args: string[]) => execFileSync('git', args, { cwd, stdio: 'pipe' });
const commit = () => {
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'x');
};
const agentsmd = (...args: string[]) => runCli(['generate', ...args], { cwd } satisfies RunOptions);
const agentsMd = () => readFileSync(join(cwd, 'AGENTS.md'), 'utf8');

describe('agentsmd generate', () => {
  it('prints the file, the same bytes every time, and writes nothing', () => {
    const first = agentsmd();
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^# .*\n/);
    expect(first.stdout).toContain('npm test');
    expect(agentsmd('--rev', 'main').stdout).toBe(first.stdout);
    expect(existsSync(join(cwd, 'AGENTS.md'))).toBe(false);
  });

  it('--write writes those bytes, and a second time finds nothing to do', () => {
    const { stdout } = agentsmd();
    const written = agentsmd('--write');
    expect(written).toEqual({ code: 0, stdout: '', stderr: 'created AGENTS.md\ncreated .agentsmd/ledger.json\n' });
    expect(agentsMd()).toBe(stdout);
    const nothing = 'AGENTS.md is up to date\n.agentsmd/ledger.json is up to date\n';
    expect(agentsmd('--write').stderr).toBe(nothing);
    expect(agentsmd('--fresh', '--write').stderr).toBe(nothing);
    expect(agentsmd('--diff').stdout).toBe('');
    expect(agentsmd().stdout).toBe(stdout);
  });

  it('--write only adds to a file written by hand, until --fresh says to replace it', () => {
    writeFileSync(join(cwd, 'AGENTS.md'), '# Ours\n\n- Never touch `legacy/`.\n');
    commit();
    expect(agentsmd('--write')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'replaced AGENTS.md\ncreated .agentsmd/ledger.json\n',
    });
    expect(agentsMd()).toMatch(/^# Ours\n\n- Never touch `legacy\/`\.\n\n## Repository\n\n[\s\S]*`npm test`/);
    expect(agentsmd('--diff').stdout).toBe('');
    expect(agentsmd('--fresh', '--write')).toMatchObject({
      code: 0,
      stderr: 'replaced AGENTS.md\nreplaced .agentsmd/ledger.json\n',
    });
    expect(agentsMd()).not.toContain('# Ours');
  });

  it('--write keeps what people edited and took out, and follows the facts', () => {
    agentsmd('--write');
    writeFileSync(
      join(cwd, 'AGENTS.md'),
      agentsMd()
        .replace(/^- Build: .*\n/m, '')
        .replace(/^- Test: .*$/m, '$& (slow)'),
    );
    writeFileSync(
      join(cwd, 'package.json'),
      readFileSync(join(cwd, 'package.json'), 'utf8').replace('"build"', '"lint": "eslint .",\n    "build"'),
    );
    const { stdout } = agentsmd('--explain');
    expect(stdout).toContain('(slow)\n      kept: edited by people');
    expect(stdout).toMatch(/stays out: somebody took it out/);
    expect(agentsmd('--write').code).toBe(0);
    expect(agentsMd()).toContain('(slow)');
    expect(agentsMd()).toContain('- Lint: `npm run lint`');
    expect(agentsMd()).not.toContain('Build:');
    expect(JSON.parse(agentsmd('--json').stdout)).toMatchObject({
      mode: 'refresh',
      changes: expect.arrayContaining([expect.objectContaining({ kind: 'human', path: 'AGENTS.md' })]),
      reports: [],
    });
  });

  it('only --write touches the ledger', () => {
    agentsmd('--write');
    const ledger = join(cwd, '.agentsmd/ledger.json');
    const before = readFileSync(ledger, 'utf8');
    writeFileSync(join(cwd, 'AGENTS.md'), '# Nothing left\n');
    for (const args of [[], ['--diff'], ['--json'], ['--explain'], ['--out', '-'], ['--fresh']]) agentsmd(...args);
    expect(readFileSync(ledger, 'utf8')).toBe(before);
    writeFileSync(ledger, '{"schema":"agentsmd/ledger/2"}');
    expect(agentsmd('--diff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.agentsmd/ledger.json: is of schema'),
    });
    expect(agentsmd('--fresh').code).toBe(0);
    expect(agentsmd('--adopt', '--write').code).toBe(0);
    expect(readFileSync(ledger, 'utf8')).toContain('agentsmd/ledger/1');
  });

  it('--companion writes a CLAUDE.md that imports the file', () => {
    expect(agentsmd('--companion', '--write').stderr).toBe(
      'created AGENTS.md\ncreated CLAUDE.md\ncreated .agentsmd/ledger.json\n',
    );
    expect(readFileSync(join(cwd, 'CLAUDE.md'), 'utf8')).toBe('@AGENTS.md\n');
  });

  it('warns of a line that is false now, and writes all the same', () => {
    writeFileSync(join(cwd, 'AGENTS.md'), '# Ours\n\nRun `npm run gone` first.\n');
    commit();
    const { code, stderr } = agentsmd('--diff');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: AGENTS\.md:3: AMD102 .*gone.*\n$/),
    });
    expect(agentsmd('--explain').stdout).toContain('To look at\n    - AGENTS.md:3: AMD102');
  });

  it('--diff of a file with Windows line ends and a byte order mark is a patch that git applies', () => {
    const theirs = '\uFEFF# Ours\r\n\r\nWords.\r\n';
    writeFileSync(join(cwd, 'AGENTS.md'), theirs);
    commit();
    execFileSync('git', ['apply', '-'], { cwd, input: agentsmd('--diff').stdout });
    expect(agentsMd().startsWith(theirs)).toBe(true);
    execFileSync('git', ['checkout', '-q', '.'], { cwd });
    agentsmd('--write');
    expect(agentsMd().startsWith(theirs)).toBe(true);
  });

  it('--diff prints a patch that git applies', () => {
    writeFileSync(join(cwd, 'AGENTS.md'), '# Ours\n');
    commit();
    const { code, stdout } = agentsmd('--fresh', '--diff');
    expect(code).toBe(0);
    execFileSync('git', ['apply', '-'], { cwd, input: stdout });
    expect(agentsMd()).toBe(agentsmd('--fresh').stdout);
  });

  it('--explain shows the evidence of each bullet', () => {
    const { code, stdout } = agentsmd('--explain');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^AGENTS\.md\n/);
    expect(stdout).toMatch(/ {6}.*package\.json:\d+/);
  });

  it('--out writes the file elsewhere, and "-" is stdout', () => {
    const { stdout } = agentsmd();
    expect(agentsmd('--out', 'elsewhere.md')).toEqual({ code: 0, stdout: '', stderr: 'wrote elsewhere.md\n' });
    expect(readFileSync(join(cwd, 'elsewhere.md'), 'utf8')).toBe(stdout);
    expect(agentsmd('--out', '-').stdout).toBe(stdout);
    expect(agentsmd('--out', 'no/such/folder.md')).toMatchObject({
      code: 2,
      stderr: 'agentsmd: --out no/such/folder.md: its folder does not exist\n',
    });
    expect(agentsmd('--out', '.')).toMatchObject({ code: 2, stderr: 'agentsmd: --out .: a folder; name a file\n' });
  });

  it('--json is one document with the files, the bullets and what was done', () => {
    const { stdout } = agentsmd('--write', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'agentsmd/generate/1',
      files: [{ path: 'AGENTS.md', text: agentsMd(), existing: null }],
      items: expect.arrayContaining([expect.objectContaining({ file: 'AGENTS.md', evidence: expect.any(Array) })]),
      mode: 'new',
      written: [
        { path: 'AGENTS.md', outcome: 'created' },
        { path: '.agentsmd/ledger.json', outcome: 'created' },
      ],
    });
  });

  it.each([
    [['--write', '--rev', 'main'], '--write goes into the working tree'],
    [['.git', '--write'], 'no working tree to write into'],
    [['--write', '--diff'], '--write and --diff exclude each other'],
    [['--adopt', '--fresh'], '--adopt and --fresh exclude each other'],
  ])('refuses %j in one line, with exit code 2', (args, message) => {
    const { code, stdout, stderr } = agentsmd(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('--write does not write through a link', () => {
    const outside = mkdtempSync(join(tmpdir(), 'agentsmd-outside-'));
    symlinkSync(join(outside, 'target'), join(cwd, 'AGENTS.md'));
    commit();
    expect(agentsmd('--fresh', '--write')).toMatchObject({ code: 2, stderr: expect.stringContaining('symbolic link') });
    expect(existsSync(join(outside, 'target'))).toBe(false);
    rmSync(outside, { recursive: true });
  });
});
