import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../forge/front-matter.ts';
import { MAIN, type Ran, runCli } from './run-cli.ts';

/** Starts the program several times, on a machine that others use. */
const LONG = 120_000;

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-cli-agents-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
}

const run = (...args: readonly string[]): Ran => runCli(['agents', ...args], { cwd });
const json = (...args: readonly string[]): unknown => JSON.parse(run(...args, '--json').stdout);

const OWN = {
  'agentsmd.config.yaml': 'agents: { dir: prompts }\n',
  'prompts/agents/security.md': '---\ntier: top\nappend: true\n---\nRequests are signed.\n',
  'prompts/agents/money.md':
    '---\ndescription: Looks at money.\ntier: light\ntrivial-tier: light\ntools: [read]\nanswer: findings\n---\nCount.\n',
};

describe('agentsmd agents list and show', () => {
  it(
    'show what is built in, and a folder of one\u2019s own over it',
    () => {
      const builtIn = run('list');
      expect(builtIn).toMatchObject({ code: 0, stderr: '' });
      expect(builtIn.stdout).toMatch(/^ {2}coordinator +top .* judgement +built-in /m);
      expect(builtIn.stdout).toMatch(/^ {2}fullreview +built-in /m);
      put(OWN);
      const { stdout } = run('list');
      expect(stdout).toMatch(/^ {2}security +top +all tools +findings +built-in \+ organisation /m);
      expect(stdout).toMatch(/^ {2}money +light \(trivial: light\) +read +findings +organisation +Looks at money\.$/m);
      const listed = json('list') as { agents: { name: string }[] };
      expect(listed.agents.find(({ name }) => name === 'money')).toEqual({
        name: 'money',
        description: 'Looks at money.',
        tier: 'light',
        trivialTier: 'light',
        tools: ['read'],
        files: ['**'],
        answer: 'findings',
        origin: 'organisation',
      });
    },
    LONG,
  );

  it(
    'show an agent, a command and the base with where each part is from',
    () => {
      put(OWN);
      const { stdout } = run('show', 'security');
      expect(stdout).toMatch(/^ {2}tier +top +organisation\/agents\/security\.md$/m);
      expect(stdout).toMatch(/^ {2}answer +findings +built-in\/agents\/security\.md$/m);
      expect(stdout).toMatch(/^ {2}prompt +built-in\/agents\/security\.md \+ organisation\/agents\/security\.md$/m);
      expect(stdout).toMatch(/\n\nRequests are signed\.\n$/);
      expect(run('show', 'fullreview').stdout).toContain('$ARGUMENTS');
      expect(run('show', 'base').stdout).toMatch(/^base, from built-in\/agents\/base\.md\n\n/);
      expect(json('show', 'money')).toMatchObject({
        schema: 'agentsmd/agents-show/1',
        agent: { name: 'money' },
        command: null,
      });
    },
    LONG,
  );

  it(
    'say what is near to a name that there is not',
    () => {
      expect(run('show', 'securty')).toEqual({
        code: 2,
        stdout: '',
        stderr: 'agentsmd: no agent or command "securty"; did you mean "security"?\n',
      });
    },
    LONG,
  );

  it(
    'use nothing of a folder that has a problem, and tell all of them',
    () => {
      put({ ...OWN, 'prompts/agents/money.md': '---\ntier: cheap\n---\nCount.\n', 'prompts/x.md': 'x' });
      const { code, stdout, stderr } = run('list');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toEqual([
        'agentsmd: prompts/agents/money.md:2: tier: expected one of "top"|"standard"|"light"',
        'agentsmd: prompts/x.md: is not read: only agents/*.md and commands/*.md are',
      ]);
      put({ 'agentsmd.config.yaml': 'agents: { dir: nowhere }\n' });
      expect(run('list').stderr).toMatch(/^agentsmd: \S*nowhere: no such folder\n$/);
    },
    LONG,
  );

  it(
    'take no folder from a configuration that others may have written, unless it is named',
    () => {
      put(OWN);
      spawnSync('git', ['init', '--quiet'], { cwd });
      for (const command of [['list'], ['show', 'security'], ['check'], ['compile'], ['export']]) {
        const { code, stdout, stderr } = run(...command);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(/^agentsmd: agentsmd\.config\.yaml:1: agents\.dir: this file was only found in a git/);
      }
      const named = run('list', '--config', 'agentsmd.config.yaml');
      expect(named).toMatchObject({ code: 0, stdout: expect.stringContaining('money') });
      const variable = runCli(['agents', 'list'], { cwd, env: { AGENTSMD_AGENTS_DIR: 'prompts' } });
      expect(variable).toMatchObject({ code: 0, stdout: expect.stringContaining('money') });
    },
    LONG,
  );
});

describe('agentsmd agents check', () => {
  it(
    'tells every problem with its line, and ends with 1 where there is one',
    () => {
      put(OWN);
      expect(run('check')).toMatchObject({
        code: 0,
        stdout: '',
        stderr: expect.stringContaining('nothing to report in prompts'),
      });
      put({ 'mine/agents/a.md': '---\ndescripton: x\n---\n', 'mine/commands/c.md': '---js\n1\n---\n' });
      const { code, stdout, stderr } = run('check', 'mine');
      expect({ code, stderr }).toEqual({ code: 1, stderr: '2 problems in mine\n' });
      expect(stdout.split('\n')).toEqual([
        'mine/agents/a.md:2: descripton: unknown setting; did you mean "description"?',
        'mine/commands/c.md:1: front matter in "js": only YAML is read, nothing was run',
        '',
      ]);
      expect(json('check', 'mine')).toEqual({
        schema: 'agentsmd/agents-check/1',
        dir: 'mine',
        problems: [
          { file: 'agents/a.md', line: 2, message: expect.stringContaining('descripton') },
          { file: 'commands/c.md', line: 1, message: expect.stringContaining('only YAML is read') },
        ],
      });
      expect(run('check', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such folder') });
    },
    LONG,
  );
});

describe('agentsmd agents compile', () => {
  it(
    'prints the same bytes each time, and writes them where it is told to',
    () => {
      put(OWN);
      const { stdout } = run('compile');
      expect(run('compile').stdout).toBe(stdout);
      expect(stdout).not.toContain(cwd);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 'agentsmd/agents/1', base: {}, agents: {}, commands: {} });
      expect(run('compile', '--out', 'agents.json')).toMatchObject({ code: 0, stdout: '' });
      expect(readFileSync(join(cwd, 'agents.json'), 'utf8')).toBe(stdout);
      expect(run('compile', '--out', 'agents.json').code).toBe(0);
      put({ 'mine.json': '{}' });
      expect(run('compile', '--out', 'mine.json')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no export of ours'),
      });
      expect(readFileSync(join(cwd, 'mine.json'), 'utf8')).toBe('{}');
    },
    LONG,
  );
});

describe('agentsmd agents export', () => {
  it(
    'prints a configuration of OpenCode, with models where they are named',
    () => {
      const config = JSON.parse(run('export', '--models', 'top=gw/large, light=gw/small').stdout) as {
        $schema: string;
        agent: Record<string, { mode: string; model?: string }>;
      };
      expect(config.$schema).toBe('https://opencode.ai/config.json');
      expect(config.agent['agentsmd-coordinator']).toMatchObject({ mode: 'subagent', model: 'gw/large' });
      expect(config.agent['agentsmd-security']).not.toHaveProperty('model');
      for (const wrong of ['large', 'best=gw/large', 'top=large', 'top=gw/a,top=gw/b', ''])
        expect(run('export', '--models', wrong)).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('top=provider/model'),
        });
    },
    LONG,
  );

  it(
    'writes files beside those of others, and takes away what it wrote before',
    () => {
      put({ ...OWN, '.opencode/agent/mine.md': 'mine', '.opencode/command/deploy.md': 'mine' });
      expect(run('export', '--out', '.')).toMatchObject({ code: 0, stdout: '' });
      const money = join(cwd, '.opencode/agent/agentsmd-money.md');
      expect(readFrontMatter(readFileSync(money, 'utf8')).data).toMatchObject({ mode: 'subagent' });
      expect(existsSync(join(cwd, '.opencode/command/fullreview.md'))).toBe(true);
      rmSync(join(cwd, 'prompts/agents/money.md'));
      expect(json('export', '--out', '.')).toMatchObject({ removed: ['.opencode/agent/agentsmd-money.md'] });
      expect(existsSync(money)).toBe(false);
      expect(readFileSync(join(cwd, '.opencode/agent/mine.md'), 'utf8')).toBe('mine');
    },
    LONG,
  );

  it(
    'writes over nothing that is not its own, and through no link',
    () => {
      put({ '.opencode/command/fullreview.md': 'mine' });
      expect(run('export', '--out', '.')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no export of ours'),
      });
      expect(existsSync(join(cwd, '.opencode/agent'))).toBe(false);
      rmSync(join(cwd, '.opencode'), { recursive: true });
      mkdirSync(join(cwd, 'elsewhere'));
      symlinkSync('elsewhere', join(cwd, '.opencode'));
      expect(run('export', '--out', '.')).toMatchObject({ code: 2, stderr: expect.stringContaining('symbolic link') });
      expect(existsSync(join(cwd, 'elsewhere/agent'))).toBe(false);
      expect(run('export', '--out', 'nowhere')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no such folder'),
      });
    },
    LONG,
  );
});

describe('/fullreview', () => {
  /** What its one command prints, run as OpenCode does: in the project's folder, by a shell. */
  function printed(): string {
    const { command } = JSON.parse(run('export').stdout) as { command: { fullreview: { template: string } } };
    const [shell, ...more] = [...command.fullreview.template.matchAll(/!`([^`]+)`/g)];
    expect(more).toEqual([]);
    const bin = mkdtempSync(join(tmpdir(), 'agentsmd-bin-'));
    writeFileSync(join(bin, 'agentsmd'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: bin };
    const { stdout, status } = spawnSync(shell![1]!, { cwd, env, shell: true, encoding: 'utf8' });
    rmSync(bin, { recursive: true, force: true });
    expect(status).toBe(0);
    return stdout;
  }
  const git = (...args: readonly string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };

  it(
    'is given the change since the default branch, what is computed of it, and no at sign',
    () => {
      git('init', '--quiet', '--initial-branch', 'main');
      put({
        'package.json': '{"scripts":{"test":"vitest run"}}\n',
        'AGENTS.md': 'Read me @first.\n',
        'a.ts': 'const a = 1;\n',
        'tsconfig.json': '{}\n',
      });
      git('add', '.');
      git('commit', '--quiet', '-m', 'one');
      git('switch', '--quiet', '-c', 'feature');
      put({ 'package.json': '{"scripts":{"test":"jest"}}\n' });
      git('commit', '--quiet', '-a', '-m', 'two');
      put({
        'a.ts': '// @~/.ssh/id_rsa\nxs.forEach(async (y) => { await y; });\n',
        'new.ts': 'x\n',
      });
      const text = printed();
      expect(text).toContain('+{"scripts":{"test":"jest"}}');
      expect(text).toContain('+// ＠~/.ssh/id_rsa');
      expect(text).toContain('?? new.ts');
      expect(text).toMatch(/## AGENTS\.md before the change\nRead me ＠first\.\n/);
      expect(text).toMatch(/## Computed: what people rely on and is no longer so\n[^#]*jest/);
      expect(text).toMatch(/## Computed: rules that are broken\n.*TS-ASYNC-001/s);
      expect(text).not.toContain('@');
    },
    LONG,
  );
});
