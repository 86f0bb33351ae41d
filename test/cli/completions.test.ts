import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import { runCli } from './run-cli.ts';

const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

const repository = mkdtempSync(join(tmpdir(), 'agentsmd-completions-'));
afterAll(() => rmSync(repository, { recursive: true, force: true }));

function script(shell: string): string {
  const { code, stdout } = runCli(['completions', shell]);
  expect(code).toBe(0);
  const file = join(repository, `.agentsmd.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

describe.runIf(has('bash'))('the completion for bash', () => {
  let file = '';
  beforeAll(() => {
    file = script('bash');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one');
    git('branch', 'feature/x');
    git('branch', 'make$(touch${IFS}owned)');
    mkdirSync(join(repository, 'folder with blank'));
    writeFileSync(join(repository, 'file.yaml'), '');
  });

  /** What a Tab offers after these words, the last of which is being typed. */
  function offered(...words: string[]): string[] {
    const program = `source "$1"; shift; COMP_WORDS=(agentsmd "$@"); COMP_CWORD=$#; _agentsmd; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', file, ...words], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  it.each([
    [[''], COMMANDS.map(({ name }) => name)],
    [['ge'], ['generate']],
    [
      ['config', ''],
      ['show', 'schema'],
    ],
    [['--json', '--config', 'config', 'config', 'sh'], ['show']],
    [
      ['completions', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completions', 'zsh', ''], []],
    [
      ['facts', '--no'],
      ['--no-agent-docs', '--no-color'],
    ],
    [['generate', '--rev', 'm'], ['main']],
    [['generate', '--rev', '=', 'fe'], ['feature/x']],
    [['generate', 'fo'], ['folder with blank']],
    [['generate', '--out', 'fi'], ['file.yaml']],
    [['facts', 'fi'], []],
  ])('offers after %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('neither runs nor offers a command hidden in the name of a branch', () => {
    expect(offered('generate', '--rev', '').sort()).toEqual(['HEAD', 'feature/x', 'main']);
    expect(spawnSync('ls', { cwd: repository, encoding: 'utf8' }).stdout).not.toContain('owned');
  });
});

describe.runIf(has('zsh'))('the completion for zsh', () => {
  it('is valid and registers itself', () => {
    const program = 'autoload -U compinit; compinit -u -D; source "$1"; print -r -- $_comps[agentsmd]';
    const { stdout } = spawnSync('zsh', ['-f', '-c', program, 'zsh', script('zsh')], { encoding: 'utf8' });
    expect(stdout.split('\n')[0]).toBe('_agentsmd');
  });
});

describe.runIf(has('fish'))('the completion for fish', () => {
  it('offers subcommands with their summaries', () => {
    const program = 'source $argv[1]; complete -C "agentsmd --json config s"; complete -C "agentsmd generate --fr"';
    const { stdout } = spawnSync('fish', ['--no-config', '-c', program, script('fish')], { encoding: 'utf8' });
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['schema', 'show', '--fresh', '']);
  });
});
