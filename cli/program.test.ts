import { describe, expect, it } from 'vitest';
import type { CommandSpec } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { loadCommand } from './commands/index.ts';
import { UsageError } from './errors.ts';
import { parseCommandLine } from './program.ts';
import { EXAMPLES, GROUPS } from './top-help.ts';

const invoked = (...argv: string[]) => {
  const parsed = parseCommandLine(argv);
  if ('text' in parsed) throw new Error(`not a command: ${parsed.text}`);
  return parsed;
};

describe('parseCommandLine', () => {
  it('reads a command, its argument and its options', () => {
    const { path, positionals, options } = invoked('facts', 'some/repo', '--rev', 'v1', '--no-agent-docs');
    expect({ path, positionals }).toEqual({ path: ['facts'], positionals: ['some/repo'] });
    expect(options).toMatchObject({ rev: 'v1', agentDocs: false });
  });

  it('takes global options before and after a command', () => {
    expect(invoked('--json', 'config', 'show', '-v', '--config', 'x.yaml')).toMatchObject({
      path: ['config', 'show'],
      options: { json: true, verbose: true, config: 'x.yaml' },
    });
  });

  it.each([
    [['fcts'], "unknown command 'fcts' (did you mean facts?)"],
    [['config', 'shw'], "unknown command 'shw' (did you mean show?)"],
    [['facts', '--jsn'], "unknown option '--jsn' (did you mean --json?)"],
    [['zzzzzz'], "unknown command 'zzzzzz' (see agentsmd --help)"],
    [['config', 'zzzzzz'], "unknown command 'zzzzzz' (see agentsmd config --help)"],
    [
      ['facts', 'a', 'b'],
      "too many arguments for 'facts'. Expected 1 argument but got 2: a, b (see agentsmd facts --help)",
    ],
    [['completions'], "missing required argument 'shell' (see agentsmd completions --help)"],
    [['facts', '--rev'], "option '--rev <rev>' argument missing (see agentsmd facts --help)"],
    [['schedule', 'remove'], "missing required argument 'name' (see agentsmd schedule remove --help)"],
    [
      ['completions', 'tcsh'],
      "command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish (see agentsmd completions --help)",
    ],
  ])('refuses %j in one line', (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(new UsageError(message));
  });

  it('gives help where it is asked for, and where a subcommand is missing', () => {
    expect(parseCommandLine(['--help'])).toMatchObject({ misuse: false, text: expect.stringContaining('Exit codes:') });
    expect(parseCommandLine(['config'])).toMatchObject({ misuse: true, text: expect.stringContaining('show') });
    expect(parseCommandLine([])).toMatchObject({ misuse: true });
  });
});

describe('the command table', () => {
  it('has each command in one group', () => {
    expect(Object.values(GROUPS).flat().sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  const shown = COMMANDS.flatMap(({ name, examples = [] }) => examples.map(([line]) => [name, line] as const));
  it.each([
    ...shown,
    ...EXAMPLES.map(([line]) => ['', line] as const),
  ])('%s --help shows "%s", which can be typed', (name, line) => {
    expect(invoked(...line.split(' ')).spec.name).toBe(line.split(' ')[0]);
    const help = parseCommandLine(name === '' ? ['--help'] : [name, '--help']);
    const [found = ''] =
      'text' in help ? help.text.split('\n').filter((each) => each.startsWith(`  agentsmd ${line} `)) : [];
    expect(found).not.toBe('');
    expect(found.length).toBeLessThanOrEqual(80);
  });

  const leaves = (specs: readonly CommandSpec[], above: readonly string[] = []): string[][] =>
    specs.flatMap((spec) => {
      const path = [...above, spec.name];
      return spec.subcommands ? leaves(spec.subcommands, path) : [path];
    });

  it.each(leaves(COMMANDS).map((path) => [path.join(' '), path]))('has a file that runs "%s"', async (_, path) => {
    expect(await loadCommand(path as string[])).toHaveProperty('run', expect.any(Function));
  });
});
