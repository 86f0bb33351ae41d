import { Argument, Command, CommanderError, Option } from 'commander';
import type { CommandSpec, Examples, OptionSpec } from './command.ts';
import { COMMANDS, GLOBAL_OPTIONS } from './command-table.ts';
import { UsageError } from './errors.ts';
import { EXAMPLES, GROUPS } from './top-help.ts';
import { version } from './version.ts';

/**
 * What a command line asks for: a command with its arguments and options, or a text: help or the version, or the help of
 * a command that needs a subcommand and got none (`misuse`).
 */
export type Parsed =
  | {
      readonly spec: CommandSpec;
      readonly path: readonly string[];
      readonly positionals: readonly (string | readonly string[] | undefined)[];
      readonly options: Readonly<Record<string, unknown>>;
    }
  | { readonly text: string; readonly misuse: boolean };

/**
 * Reads the arguments after `node main.ts`.
 * @throws {UsageError} for an unknown command or option, a missing or a superfluous argument: one line, with a suggestion.
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  let text = '';
  let parsed: Parsed | undefined;
  const program = buildProgram(
    (part) => {
      text += part;
    },
    (result) => {
      parsed = result;
    },
  );
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { text, misuse: false };
    if (error.code === 'commander.help') return { text, misuse: true };
    throw error;
  }
  return parsed ?? { text, misuse: true };
}

const HELP = 'print the help of a command';

function buildProgram(write: (text: string) => void, found: (parsed: Parsed) => void): Command {
  const program = new Command('agentsmd')
    .description('Works out what is true of a repository and writes the short AGENTS.md that a coding agent needs.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    // Before the commands are added: each takes over what its parent has at that moment.
    .configureOutput({ writeOut: write, writeErr: write, outputError: () => {} })
    .exitOverride(refusal([]));
  for (const option of GLOBAL_OPTIONS) program.addOption(toOption(option));
  for (const [title, names] of Object.entries(GROUPS)) {
    program.commandsGroup(`${title}:`);
    for (const name of names) addCommand(program, COMMANDS.find((each) => each.name === name)!, [], found);
  }
  program.helpCommand('help [command]', HELP).addHelpText('after', examplesText(EXAMPLES));
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 findings, 2 wrong usage or configuration, 3 could not finish, 130 interrupted.',
  );
  return program;
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  above: readonly string[],
  found: (parsed: Parsed) => void,
): void {
  const path = [...above, spec.name];
  const command = parent
    .command(spec.name)
    .summary(spec.summary)
    .description(describe(spec))
    .helpOption('-h, --help', 'print help');
  command.exitOverride(refusal(path, spec.tooMany));
  for (const argument of spec.arguments ?? []) {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    const declared = new Argument(argument.optional ? `[${name}]` : `<${name}>`, argument.summary);
    command.addArgument(argument.choices ? declared.choices(argument.choices) : declared);
  }
  for (const option of spec.options ?? []) command.addOption(toOption(option));
  for (const subcommand of spec.subcommands ?? []) addCommand(command, subcommand, path, found);
  if (spec.subcommands) command.helpCommand('help [command]', HELP);
  if (spec.examples) command.addHelpText('after', examplesText(spec.examples));
  if (spec.subcommands) return;
  command.action(() => found({ spec, path, positionals: command.processedArgs, options: command.optsWithGlobals() }));
}

function examplesText(examples: Examples): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return ['\nExamples:', ...examples.map(([line, does]) => `  agentsmd ${line.padEnd(width)}  ${does}`)].join('\n');
}

function describe({ summary, details }: CommandSpec): string {
  const sentence = `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
  return details ? `${sentence}\n${details}` : sentence;
}

function toOption({ flags, summary, choices, repeatable }: OptionSpec): Option {
  const option = new Option(flags, summary);
  if (repeatable) return option.argParser<readonly string[]>((one, others = []) => [...others, one]);
  return choices ? option.choices([...choices]) : option;
}

/** What Commander ends with: help goes on as it is, a mistake is told in one line. */
function refusal(path: readonly string[], tooMany?: string): (error: CommanderError) => never {
  return (error) => {
    if (error.exitCode === 0 || error.code === 'commander.help') throw error;
    if (tooMany !== undefined && error.code === 'commander.excessArguments')
      throw new UsageError(`${path.join(' ')}: ${tooMany}`);
    throw new UsageError(oneLine(error.message, path));
  };
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` on one line; where Commander has no suggestion, where to look. */
function oneLine(message: string, path: readonly string[]): string {
  const line = message
    .replace(/^error: /, '')
    .replace(/\.?\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  if (line.includes('(Did you mean')) return line.replace('(Did', '(did');
  return `${line} (see ${['agentsmd', ...path].join(' ')} --help)`;
}
