import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { MAIN, runCli } from './run-cli.ts';

const rule = (id: string, settings: string): string => `---\nid: ${id}\n${settings}---\n\nWhy ${id} is there.\n`;
const CODEX = {
  'codex.yaml': 'name: ours\ntitle: Our Codex\nurl: https://codex.example.com/{file}#{id}\n',
  'log.md': rule(
    'TS-LOG-001',
    'title: Log through the logger\nlevel: MUST\nstatus: active\napplies-to: {languages: [typescript]}\ncheck: {kind: ast-grep, language: typescript, rule: {pattern: console.log($$$)}}\n',
  ),
  'var.md': rule(
    'TS-VAR-001',
    'title: Declare with const\nlevel: SHOULD\nstatus: active\napplies-to: {languages: [typescript]}\ncheck: {kind: ast-grep, language: typescript, rule: {kind: variable_declaration}}\n',
  ),
  'security.md': rule(
    'ALL-DOC-001',
    'title: Say how weaknesses are reported\nlevel: MUST\nstatus: active\ncheck: {kind: required-file, groups: [[SECURITY.md]]}\n',
  ),
  'catalog.md': rule(
    'ALL-CAT-001',
    'title: Services are on call\nlevel: MUST\nstatus: active\napplies-to: {catalog: {type: [service]}}\ncheck: {kind: required-file, groups: [[ONCALL.md]]}\n',
  ),
  'prose.md': rule('ALL-NAM-001', 'title: Name things well\nlevel: SHOULD\nstatus: active\n'),
  'old.md': rule('TS-LOG-000', 'title: Log little\nlevel: MUST\nstatus: superseded\nsuperseded-by: [TS-LOG-001]\n'),
};

let codex: string;
/** Where the program may keep what it likes: not in a repository that is looked at. */
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'agentsmd-home-'));
  codex = mkdtempSync(join(tmpdir(), 'agentsmd-codex-'));
  for (const [path, text] of Object.entries(CODEX)) writeFileSync(join(codex, path), text);
});
afterAll(() => {
  for (const folder of [codex, home]) rmSync(folder, { recursive: true, force: true });
});

const made: TestRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function repositoryOf(...args: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repository = await makeRepository(...args);
  made.push(repository);
  return repository;
}

const codexCommand = (command: string, cwd: string, args: readonly string[], source = codex) =>
  runCli(['codex', command, ...args, '--codex', source], { cwd, env: { HOME: home } });
const check = (cwd: string, ...args: string[]) => codexCommand('check', cwd, args);

interface Document {
  readonly findings: readonly { rule: string; path: string; line: number; waived?: object }[];
  readonly [name: string]: unknown;
}
const parsed = ({ stdout }: { stdout: string }): Document => JSON.parse(stdout);
const told = (ran: { stdout: string }) => parsed(ran).findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`);

const FILES = { 'src/a.ts': 'const a = 1;\nconsole.log(a);\n', 'src/b.ts': 'var b = 2;\n', 'SECURITY.md': '' };
const waiver = (id: string, until = '2999-01-01') =>
  `- rule: ${id}\n  reason: We print for people.\n  until: ${until}\n  approved-by: Ada\n`;

describe('agentsmd codex check', () => {
  it('prints findings by file, each with its place, severity, title and rule, and what was not checked', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const { code, stdout, stderr } = check(dir);
    expect(code).toBe(1);
    expect(stdout).toBe(
      'src/a.ts\n  2:1  error  Log through the logger  TS-LOG-001@1\n\nsrc/b.ts\n  1:1  warning  Declare with const  TS-VAR-001@1\n',
    );
    expect(stderr).toBe(
      '1 error, 1 warning in 2 files; 5 rules apply, 3 checked\nnot checked: ALL-CAT-001 and 1 rule that no code checks (-v says why)\n',
    );
    expect(check(dir, '-v').stderr).toContain('ALL-CAT-001: not checked: the catalog has no answer');
    expect(check(dir, '-q').stderr).toBe('');
  });

  it('ends with 0 where nothing stands but warnings', async () => {
    const { dir } = await repositoryOf({ files: { ...FILES, 'src/a.ts': '' } });
    expect(check(dir).code).toBe(0);
  });

  it('prints one document with --json', async () => {
    const { dir, commit } = await repositoryOf({ files: FILES });
    expect(parsed(check(dir, '--json'))).toEqual({
      schema: 'agentsmd/codex-check/1',
      codex: { origin: expect.any(String), revision: expect.stringMatching(/^sha256:/), problems: [] },
      ...{ repository: 'repo', commit, base: null },
      rules: ['ALL-CAT-001', 'ALL-DOC-001', 'ALL-NAM-001', 'TS-LOG-001', 'TS-VAR-001'].map((id) => ({ id, rev: 1 })),
      findings: [
        {
          ...{ rule: 'TS-LOG-001', rev: 1, severity: 'error', path: 'src/a.ts' },
          ...{ line: 2, column: 1, endLine: 2, endColumn: 15 },
          ...{ subject: 'console.log(a)', title: 'Log through the logger', message: 'Log through the logger' },
        },
        expect.objectContaining({ rule: 'TS-VAR-001', severity: 'warning' }),
      ],
      notChecked: [
        { rule: 'ALL-CAT-001', reason: expect.stringContaining('catalog') },
        { rule: 'ALL-NAM-001', reason: 'no check' },
      ],
      ...{ unread: [], skipped: 0, cut: [] },
      waivers: { problems: [], notYet: [] },
    });
  });

  it('finds the same without the prefilter', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    expect(check(dir, '--json', '--no-prefilter').stdout).toBe(check(dir, '--json').stdout);
  });

  it('prints SARIF, with waived findings suppressed from outside and a link to each rule', async () => {
    const { dir } = await repositoryOf({ files: { ...FILES, '.agentsmd/waivers.yaml': waiver('TS-LOG-001') } });
    const { code, stdout } = check(dir, '--format', 'sarif');
    expect(code).toBe(0);
    const [run] = JSON.parse(stdout).runs;
    expect(run.tool.driver.rules[3]).toMatchObject({
      id: 'TS-LOG-001',
      helpUri: 'https://codex.example.com/log.md#TS-LOG-001',
      help: { text: 'Why TS-LOG-001 is there.' },
      defaultConfiguration: { level: 'error' },
      properties: { rev: 1, level: 'MUST' },
    });
    expect(run.results[0]).toMatchObject({
      ruleId: 'TS-LOG-001',
      ruleIndex: 3,
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 15 } } }],
      suppressions: [{ kind: 'external', justification: 'We print for people. (until 2999-01-01, approved by Ada)' }],
    });
    expect(run.results[1]).not.toHaveProperty('suppressions');
    expect(run.invocations).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          {
            level: 'warning',
            message: { text: 'ALL-CAT-001: not checked: the catalog has no answer' },
            associatedRule: { id: 'ALL-CAT-001', index: 0 },
          },
          {
            level: 'note',
            message: { text: 'ALL-NAM-001: not checked: no check' },
            associatedRule: { id: 'ALL-NAM-001', index: 2 },
          },
        ],
      },
    ]);
  });

  it('links rules in SARIF to where they were taken from, where the codex is not on the web', async () => {
    const { dir } = await repositoryOf({ files: { ...FILES, 'src/big.ts': 'x;\n'.repeat(500_000) } });
    const local = mkdtempSync(join(tmpdir(), 'agentsmd-codex-'));
    try {
      const taken = (id: string, doc: string) =>
        rule(id, `title: Name things\nlevel: SHOULD\nstatus: active\nsource: {doc: '${doc}', anchor: '#a b'}\n`);
      writeFileSync(join(local, 'A-1.md'), taken('A-1', 'https://example.com/guide'));
      writeFileSync(join(local, 'A-2.md'), taken('A-2', 'guide.md'));
      writeFileSync(join(local, 'A-3.md'), '---\nid: A-3\n---\n');
      writeFileSync(join(local, 'log.md'), CODEX['log.md']);
      const [run] = JSON.parse(codexCommand('check', dir, ['--format', 'sarif'], local).stdout).runs;
      const uris = run.tool.driver.rules.map(({ helpUri }: { helpUri?: string }) => helpUri);
      expect(uris).toEqual(['https://example.com/guide#a%20b', undefined, undefined]);
      const { toolExecutionNotifications: told } = run.invocations[0];
      expect(told[0]).toMatchObject({
        level: 'warning',
        message: { text: 'codex A-3.md:1: title: is missing' },
      });
      expect(told.filter(({ message }: { message: { text: string } }) => message.text.startsWith('A-3'))).toEqual([]);
      expect(told.at(-1)).toMatchObject({
        level: 'warning',
        message: { text: expect.stringMatching(/^src\/big\.ts: not read: /) },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'src/big.ts' } } }],
      });
    } finally {
      rmSync(local, { recursive: true });
    }
  });

  it('takes no rule about changes for kept where there is no change', async () => {
    const { dir } = await repositoryOf({ commits: [{ files: FILES }, { files: { 'gen/a.ts': '' } }] });
    const local = mkdtempSync(join(tmpdir(), 'agentsmd-codex-'));
    try {
      const settings = 'title: Leave it\nlevel: MUST\nstatus: active\ncheck: {kind: forbidden-edit, files: [gen/**]}\n';
      writeFileSync(join(local, 'GEN-001.md'), rule('GEN-001', settings));
      const whole = codexCommand('check', dir, ['--json'], local);
      expect(parsed(whole).notChecked).toEqual([
        { rule: 'GEN-001', reason: 'judges changes only; give codex check --base or --staged' },
      ]);
      const change = codexCommand('check', dir, ['--json', '--base', 'HEAD^'], local);
      expect(parsed(change)).toMatchObject({ notChecked: [], findings: [{ rule: 'GEN-001' }] });
    } finally {
      rmSync(local, { recursive: true });
    }
  });

  it('takes no codex from the repository that it checks', async () => {
    const { dir } = await repositoryOf({ files: { 'codex.yaml': 'name: theirs\n', 'A-1.md': CODEX['prose.md'] } });
    const run = (command: string) => runCli(['codex', command, '--json'], { cwd: dir, env: { HOME: home } });
    for (const command of ['check', 'match'])
      expect(parsed(run(command))).toMatchObject({ codex: { origin: 'starter' } });
  });

  it('prints Code Quality without what is waived, under names that moved lines leave alone', async () => {
    const { dir } = await repositoryOf({
      commits: [{ files: FILES }, { files: { 'src/a.ts': `\n\n${FILES['src/a.ts']}` } }],
    });
    const names = (rev: string) =>
      JSON.parse(check(dir, '--format', 'code-quality', '--rev', rev).stdout).map((issue: object) => issue);
    const [before, after] = [names('HEAD~1'), names('HEAD')];
    expect(before[0]).toMatchObject({
      check_name: 'TS-LOG-001',
      severity: 'major',
      location: { path: 'src/a.ts', lines: { begin: 2 } },
    });
    expect(after[0].location.lines.begin).toBe(4);
    expect(after.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).toEqual(
      before.map(({ fingerprint }: { fingerprint: string }) => fingerprint),
    );
    mkdirSync(join(dir, '.agentsmd'));
    writeFileSync(join(dir, '.agentsmd/waivers.yaml'), waiver('ts-log 001'));
    const waived = check(dir, '--format', 'code-quality');
    expect(waived.code).toBe(0);
    expect(JSON.parse(waived.stdout)).toMatchObject([{ check_name: 'TS-VAR-001' }]);
  });

  it('names in Code Quality what could not be read, and counts what is generated', async () => {
    const files = { 'src/a.ts': Buffer.from('a\0'), 'src/b.ts': '// @generated\nvar b;\n', 'SECURITY.md': '' };
    const { dir } = await repositoryOf({ files });
    expect(JSON.parse(check(dir, '--format', 'code-quality').stdout)).toMatchObject([
      {
        check_name: 'codex-unread',
        description: expect.stringContaining('not checked against the codex: '),
        severity: 'info',
        location: { path: 'src/a.ts', lines: { begin: 1 } },
      },
    ]);
    expect(check(dir).stderr).toMatch(/3 checked; 1 file not read; 1 generated file left out\n/);
    expect(parsed(check(dir, '--json')).skipped).toBe(1);
  });

  it('asks only the rules that are named, however they are written', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    expect(told(check(dir, '--json', '--rule', 'ts-var-001@3'))).toEqual(['TS-VAR-001 src/b.ts:1']);
    expect(check(dir, '--rule', 'TS-LOG-002')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^agentsmd: TS-LOG-002: .* no such rule; did you mean TS-LOG-000 or TS-LOG-001\?\n$/,
      ),
    });
    expect(check(dir, '--rule', 'TS-LOG-000').stderr).toBe(
      'agentsmd: TS-LOG-000: superseded; TS-LOG-001 took its place\n',
    );
    const { stderr, code } = codexCommand('check', dir, ['--rule', 'ALL-DOC-001,TS-LOG-001', 'SECURITY.md']);
    expect({ stderr, code }).toMatchObject({ code: 0 });
  });

  it('prints nothing of a repository that a terminal would obey', async () => {
    const { dir } = await repositoryOf({ files: { 'src/\x1b]0;owned\x07.ts': 'console.log(1)\n' } });
    const { stdout } = check(dir);
    expect(stdout).toContain('TS-LOG-001');
    expect(stdout).not.toContain('\x1b');
  });

  it('cannot finish where the codex is out of reach, and says nothing is kept', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const missing = codexCommand('check', dir, [], join(codex, 'nowhere'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr.split('\n')).toHaveLength(2);
    const unreachable = codexCommand('check', dir, [], 'https://127.0.0.1:1/codex.git');
    expect(unreachable).toMatchObject({ code: 3, stdout: '' });
  });

  it('names rules of the codex that cannot be read', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const broken = mkdtempSync(join(tmpdir(), 'agentsmd-codex-'));
    try {
      writeFileSync(join(broken, 'a.md'), '---\nid: A-1\n---\n');
      writeFileSync(join(broken, 'b.md'), CODEX['prose.md']);
      const ran = codexCommand('check', dir, [], broken);
      expect(ran.stderr).toMatch(/^warning: codex a\.md:\d+: .*; its rule is not checked$/m);
      expect(ran.stderr).toContain('1 rule applies, 0 checked; 1 rule of the codex cannot be used\n');
      expect(ran.stderr).toContain('not checked: a.md and 1 rule that no code checks');
      expect(parsed(codexCommand('check', dir, ['--json'], broken)).notChecked).toMatchObject([
        { rule: 'ALL-NAM-001' },
        { rule: 'a.md', reason: expect.stringContaining('its file cannot be used: a.md:') },
      ]);
    } finally {
      rmSync(broken, { recursive: true });
    }
  });
});

describe('what agentsmd codex check is pointed at', () => {
  it('may be one file, from wherever it is named', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    expect(told(check(dir, 'src/b.ts', '--json'))).toEqual(['TS-VAR-001 src/b.ts:1']);
    expect(told(check('/', join(dir, 'src/a.ts'), '--json'))).toEqual(['TS-LOG-001 src/a.ts:2']);
    expect(told(check(join(dir, 'src'), 'a.ts', '--json'))).toEqual(['TS-LOG-001 src/a.ts:2']);
  });

  it('may be a folder, below which findings count', async () => {
    const { dir } = await repositoryOf({
      files: { 'a.ts': 'var a;\n', 'src/b.ts': 'var b;\n', 'vendor/c.ts': 'var c;\n' },
    });
    for (const ran of [check(dir, 'src', '--json'), check(join(dir, 'src'), '.', '--json')]) {
      expect(told(ran)).toEqual(['TS-VAR-001 src/b.ts:1']);
      expect(parsed(ran).folder).toBe('src');
      expect(ran.stderr).toContain('rules concern the folder');
    }
    expect(told(check(join(dir, 'src'), '--json'))).toHaveLength(3);
    expect(told(check(join(dir, 'src'), '..', '--json'))).toHaveLength(3);
  });

  it.each(['vendor/c.ts', 'vendor'])('says that it does not look at %s, which other people wrote', async (path) => {
    const { dir } = await repositoryOf({ files: { ...FILES, 'vendor/c.ts': 'var c;\n' } });
    const { code, stderr } = check(dir, path);
    expect(code).toBe(0);
    expect(stderr).toContain(`${path}: in a folder of other people's code, fixtures or templates`);
    expect(check(dir, 'src').stderr).not.toContain('other people');
  });

  it.each([
    ['is not there', ['src/none.ts'], 'src/none.ts: no such file or folder'],
    ['is not in the commit', ['src/new.ts', '--rev', 'HEAD'], 'src/new.ts: not in the repository at HEAD'],
    ['is left out by git', ['src/ignored.ts'], 'src/ignored.ts: no file of the repository'],
  ])('says so where the file %s', async (_, args, message) => {
    const { dir } = await repositoryOf({ files: { ...FILES, '.gitignore': 'ignored.ts\n' } });
    writeFileSync(join(dir, 'src/new.ts'), '');
    writeFileSync(join(dir, 'src/ignored.ts'), '');
    expect(check(dir, ...args)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^agentsmd: ${message}[^\n]*\n$`)),
    });
  });

  it('may be text on stdin, in the place where it would stand', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const stdin = (input: string, ...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [MAIN, 'codex', 'check', '-', '--codex', codex, ...args],
        { cwd: dir, env: { PATH: process.env.PATH ?? '', HOME: home }, encoding: 'utf8', input },
      );
      return { code: status, stdout, stderr };
    };
    expect(told(stdin('\nconsole.log(1);\n', '--stdin-path', 'src/a.ts', '--json'))).toEqual(['TS-LOG-001 src/a.ts:2']);
    expect(told(stdin('var x;\n', '--stdin-path', 'new/c.ts', '--json'))).toEqual(['TS-VAR-001 new/c.ts:1']);
    expect(stdin('var x;\n', '--stdin-path', 'c.py').stdout).toBe('');
    const large = stdin(`${'a();\n'.repeat(300_000)}`, '--stdin-path', 'a.ts', '--json');
    expect(parsed(large).unread).toMatchObject([{ path: 'a.ts', reason: expect.stringContaining('limit') }]);
    expect(stdin('x', '--stdin-path', 'sub/.git/x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no repository'),
    });
    expect(stdin('x')).toMatchObject({
      code: 2,
      stderr: 'agentsmd: -: say with --stdin-path where the text would stand\n',
    });
    expect(stdin('x', '--stdin-path', 'src')).toMatchObject({ code: 2, stderr: expect.stringContaining('a folder') });
    expect(stdin('x', '--stdin-path', 'a.ts', '--staged')).toMatchObject({ code: 2 });
    expect(check(dir, '.', '--stdin-path', 'a.ts')).toMatchObject({ code: 2 });
  });

  it('may be a file in no repository', () => {
    expect(told(check('/', join(codex, 'codex.yaml'), '--json'))).toEqual([]);
  });
});

describe('agentsmd codex check of a change', () => {
  const line = (text: string) => `console.log('${text}');\n`;
  const BEFORE = { 'src/a.ts': `${line('old')}a();\n`, 'src/b.ts': line('old'), 'SECURITY.md': 'x\n' };

  it('counts only what the change touched', async () => {
    const ours = { 'src/a.ts': `${BEFORE['src/a.ts']}${line('new')}`, 'src/c.ts': line('c') };
    const { dir } = await repositoryOf({
      commits: [
        { files: BEFORE },
        { files: { 'theirs.ts': line('theirs') } },
        { parents: [0], files: ours },
        { parents: [1, 2], files: ours },
      ],
    });
    const expected = ['TS-LOG-001 src/a.ts:3', 'TS-LOG-001 src/c.ts:1'];
    const ran = check(dir, '--base', 'HEAD^1', '--rev', 'HEAD^2', '--json');
    expect(ran.code).toBe(1);
    expect(told(ran)).toEqual(expected);
    expect(parsed(ran).base).toMatch(/^[0-9a-f]{40}$/);
    expect(told(check(dir, '--base', 'HEAD^1', '--json'))).toEqual(expected);
    expect(told(check(dir, 'src/c.ts', '--base', 'HEAD^1', '--json'))).toEqual(['TS-LOG-001 src/c.ts:1']);
    expect(check(dir, '--base', 'HEAD').stderr).toMatch(/^nothing found; 0 rules concern the change, 0 checked\n/);
  });

  it('reads the working tree, uncommitted and untracked, where no revision is given', async () => {
    const { dir } = await repositoryOf({ files: BEFORE });
    writeFileSync(join(dir, 'src/a.ts'), `${line('first')}${BEFORE['src/a.ts']}`);
    writeFileSync(join(dir, 'src/new.ts'), line('new'));
    rmSync(join(dir, 'SECURITY.md'));
    expect(told(check(dir, '--base', 'HEAD', '--json'))).toEqual([
      'ALL-DOC-001 SECURITY.md:1',
      'TS-LOG-001 src/a.ts:1',
      'TS-LOG-001 src/new.ts:1',
    ]);
  });

  it('checks what is staged, and only that', async () => {
    const { dir, git } = await repositoryOf({ files: BEFORE });
    writeFileSync(join(dir, 'src/a.ts'), `${BEFORE['src/a.ts']}${line('staged')}`);
    await git('add', 'src/a.ts');
    writeFileSync(join(dir, 'src/a.ts'), `${BEFORE['src/a.ts']}${line('staged')}${line('later')}`);
    writeFileSync(join(dir, 'src/new.ts'), line('new'));
    expect(told(check(dir, '--staged', '--json'))).toEqual(['TS-LOG-001 src/a.ts:3']);
  });

  it.each([
    [['--base', 'nowhere'], 'unknown revision "nowhere"'],
    [['--base', 'HEAD', '--staged'], '--base and --staged exclude each other'],
    [['--rev', 'HEAD', '--staged'], '--rev and --staged exclude each other'],
    [['--json', '--format', 'sarif'], '--json and --format sarif exclude each other'],
  ])('refuses %j in one line', async (args, message) => {
    const { dir } = await repositoryOf({ files: BEFORE });
    const { code, stdout, stderr } = check(dir, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('reads waivers at the branch that it goes into: its own do not hold yet', async () => {
    const change = { 'src/c.ts': line('c') };
    const waivers = { '.agentsmd/waivers.yaml': waiver('TS-LOG-001') };
    const { dir } = await repositoryOf({
      commits: [
        { files: BEFORE },
        { files: waivers },
        { parents: [0], files: change },
        { parents: [0], files: { ...change, ...waivers } },
      ],
    });
    const { git } = made.at(-1)!;
    const own = check(dir, '--base', 'HEAD^', '--rev', 'HEAD');
    expect(own.code).toBe(1);
    expect(own.stderr).toContain('the change itself waives TS-LOG-001 at src/c.ts:1: it holds once merged\n');
    expect(parsed(check(dir, '--base', 'HEAD^', '--rev', 'HEAD', '--json'))).toMatchObject({
      waivers: { notYet: [{ rule: 'TS-LOG-001', path: 'src/c.ts' }] },
    });
    // The branch was left before it had the waiver, and obeys it all the same.
    await git('checkout', '-q', '-b', 'target', 'HEAD^');
    mkdirSync(join(dir, '.agentsmd'));
    writeFileSync(join(dir, '.agentsmd/waivers.yaml'), waivers['.agentsmd/waivers.yaml']);
    await git('add', '.');
    await git('commit', '-q', '-m', 'waive');
    const held = check(dir, '--base', 'target', '--rev', 'main', '--json');
    expect(held.code).toBe(0);
    expect(parsed(held).findings).toMatchObject([
      {
        rule: 'TS-LOG-001',
        waived: { reason: 'We print for people.', until: '2999-01-01', approvedBy: 'Ada', line: 1 },
      },
    ]);
    expect(check(dir, '--base', 'target', '--rev', 'main').stderr).toContain('; 1 waived\n');
  });

  it('reads them at HEAD for what is staged', async () => {
    const { dir, git } = await repositoryOf({ files: BEFORE });
    mkdirSync(join(dir, '.agentsmd'));
    writeFileSync(join(dir, '.agentsmd/waivers.yaml'), waiver('TS-LOG-001'));
    writeFileSync(join(dir, 'src/c.ts'), line('c'));
    await git('add', '.');
    expect(check(dir, '--staged')).toMatchObject({ code: 1, stderr: expect.stringContaining('holds once merged') });
  });

  it('names waivers that are not understood, and lets nobody off', async () => {
    const text = `${waiver('TS-LOG-001', '2020-01-01')}- rule: TS-LOG-001\n  until: 2999-01-01\n  reason: x\n`;
    const { dir } = await repositoryOf({ files: { ...BEFORE, '.agentsmd/waivers.yaml': text } });
    const { code, stderr } = check(dir);
    expect(code).toBe(1);
    expect(stderr).toContain('warning: .agentsmd/waivers.yaml:5: approved-by is missing; it lets nobody off\n');
  });
});

describe('a waiver that is expired', () => {
  it('is named where a finding stands that it was for, and only there', async () => {
    const elsewhere = `${waiver('TS-VAR-001', '2020-01-01')}  paths: [lib]\n`;
    const text = waiver('TS-LOG-001', '2020-01-01') + elsewhere;
    const { dir } = await repositoryOf({ files: { ...FILES, '.agentsmd/waivers.yaml': text } });
    const { stderr } = check(dir);
    expect(stderr).toContain('TS-LOG-001: waived until 2020-01-01, expired (.agentsmd/waivers.yaml:1)\n');
    expect(stderr).not.toContain('TS-VAR-001: waived');
    const renewed = { ...FILES, '.agentsmd/waivers.yaml': text + waiver('TS-LOG-001') };
    expect(check((await repositoryOf({ files: renewed })).dir).stderr).not.toContain('expired');
  });
});

describe('agentsmd codex waive', () => {
  const waive = (cwd: string, ...args: string[]) => codexCommand('waive', cwd, args);
  const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const GIVEN = ['--reason', 'We print.', '--until', soon, '--by', 'Ada'];

  it('begins the file, and what it says holds', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const dry = waive(dir, 'ts log 001', '--path', 'src/**, lib/**', ...GIVEN, '--dry-run');
    expect(dry.stdout).toContain(
      `- rule: TS-LOG-001\n  paths:\n    - src/**\n    - lib/**\n  reason: We print.\n  until: ${soon}\n`,
    );
    expect(check(dir).code).toBe(1);
    const ran = waive(dir, 'TS-LOG-001', '--path', 'src/**', ...GIVEN);
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('commit it') });
    expect(check(dir).code).toBe(0);
    expect(waive(dir, 'TS-VAR-001', ...GIVEN).code).toBe(0);
    expect(check(dir).stdout).toBe('');
  });

  it.each([
    ['an unknown rule', ['TS-LOG-0O1', ...GIVEN], 'did you mean TS-LOG-00'],
    ['a retired rule', ['TS-LOG-000', ...GIVEN], 'TS-LOG-001 took its place'],
    ['no reason', ['TS-LOG-001', '--until', soon, '--by', 'Ada'], '--reason: say why'],
    ['no day', ['TS-LOG-001', '--reason', 'x', '--by', 'Ada'], '--until: say until when'],
    ['nothing, and names all that is missing', ['TS-LOG-001'], 'agentsmd: --by: say who'],
    ['nobody', ['TS-LOG-001', '--reason', 'x', '--until', soon], '--by: say who'],
    ['a blank reason', ['TS-LOG-001', ...GIVEN, '--reason', ' '], '--reason: say why'],
    ['no date', ['TS-LOG-001', ...GIVEN, '--until', '2027-02-30'], 'no date'],
    ['a day in the past', ['TS-LOG-001', ...GIVEN, '--until', '2026-01-01'], 'in the past'],
    ['a day too far ahead', ['TS-LOG-001', ...GIVEN, '--until', '2999-01-01'], 'more than a year ahead'],
    ['no path', ['TS-LOG-001', ...GIVEN, '--path', ','], '--path: name a path'],
    ['a path of the disk', ['TS-LOG-001', ...GIVEN, '--path', '/src'], 'without a slash'],
  ])('refuses %s', async (_, args, message) => {
    const { dir } = await repositoryOf({ files: FILES });
    const { code, stdout, stderr } = waive(dir, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('damages no file that is not UTF-8', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    const file = join(dir, '.agentsmd/waivers.yaml');
    const latin1 = Buffer.from(`# caf\u00e9\n${waiver('TS-VAR-001')}`, 'latin1');
    mkdirSync(join(dir, '.agentsmd'));
    writeFileSync(file, latin1);
    for (const more of [[], ['--dry-run']])
      expect(waive(dir, 'TS-LOG-001', ...GIVEN, ...more)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('.agentsmd/waivers.yaml: not valid UTF-8'),
      });
    expect(readFileSync(file).equals(latin1)).toBe(true);
  });

  it('doubles no waiver: it names the line to change', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    expect(waive(dir, 'TS-LOG-001', '--path', 'src/,lib', ...GIVEN).code).toBe(0);
    expect(waive(dir, 'TS-LOG-001', '--path', 'lib,src', ...GIVEN)).toEqual({
      code: 2,
      stdout: '',
      stderr: `agentsmd: TS-LOG-001: already waived until ${soon}; change line 2 of .agentsmd/waivers.yaml\n`,
    });
    expect(waive(dir, 'TS-LOG-001', '--path', 'lib', ...GIVEN).code).toBe(0);
    expect(waive(dir, 'TS-VAR-001', '--path', 'lib,src', ...GIVEN).code).toBe(0);
    writeFileSync(join(dir, '.agentsmd/waivers.yaml'), waiver('TS-LOG-001', '2020-01-01'));
    expect(waive(dir, 'TS-LOG-001', ...GIVEN).stderr).toContain(
      'already waived until 2020-01-01, expired; change line 1 ',
    );
  });

  it('writes through no link, and into no bare repository', async () => {
    const { dir, root } = await repositoryOf({ files: FILES });
    const outside = join(root, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(dir, '.agentsmd'));
    expect(waive(dir, 'TS-LOG-001', ...GIVEN)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('symbolic link'),
    });
    const bare = await repositoryOf({ files: FILES }, { bare: true });
    expect(waive(bare.dir, 'TS-LOG-001', ...GIVEN)).toMatchObject({ code: 2, stderr: expect.stringContaining('bare') });
  });
});

describe('agentsmd codex waivers', () => {
  const waivers = (cwd: string, ...args: string[]) => codexCommand('waivers', cwd, args);

  it('lists them with what is to be said of each, and ends with 1 where one is expired', async () => {
    const text = waiver('TS-LOG-001') + waiver('TS-GONE-001', '2020-01-01') + waiver('TS-LOG-000');
    const { dir } = await repositoryOf({ files: { ...FILES, '.agentsmd/waivers.yaml': text } });
    const { code, stdout, stderr } = waivers(dir);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^TS-LOG-001 +2999-01-01 +holds +everywhere +Ada +We print for people\.$/m);
    expect(stdout).toMatch(/^TS-GONE-001 +2020-01-01 +expired, no such rule /m);
    expect(stdout).toMatch(/^TS-LOG-000 +2999-01-01 +rule is retired /m);
    expect(stderr).toBe('3 waivers, 1 expired, 1 to look at\n');
    expect(JSON.parse(waivers(dir, '--json').stdout)).toMatchObject({
      schema: 'agentsmd/codex-waivers/1',
      waivers: [
        { rule: 'TS-LOG-001', states: ['holds'] },
        { states: ['expired', 'unknown-rule'] },
        { states: ['retired-rule'] },
      ],
      problems: [],
    });
  });

  it('is content where there are none, and where days are given', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    expect(waivers(dir)).toEqual({ code: 0, stdout: '', stderr: 'no waivers\n' });
    expect(waivers(dir, '--expiring', 'soon')).toMatchObject({ code: 2 });
    const soon = new Date(Date.now() + 50 * 86_400_000).toISOString().slice(0, 10);
    mkdirSync(join(dir, '.agentsmd'));
    writeFileSync(join(dir, '.agentsmd/waivers.yaml'), waiver('TS-LOG-001', soon));
    expect(waivers(dir).stdout).toContain(' holds ');
    expect(waivers(dir, '--expiring', '60')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/expires in 5[01] days/),
    });
  });
});
