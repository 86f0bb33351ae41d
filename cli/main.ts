import type { CommandInput, CommandSpec, ExitCode } from './command.ts';
import { loadCommand } from './commands/index.ts';
import { describeFailure, reportFailure } from './errors.ts';
import { restartLean } from './lean-restart.ts';
import { createOutput, type Output } from './output.ts';
import { type Parsed, parseCommandLine } from './program.ts';
import { interruptionIn, type Signals, watchSignals } from './signals.ts';

/**
 * Runs one command line and leaves the exit code in `process.exitCode`: 0 done, 1 findings, 2 usage or configuration,
 * 3 could not finish, 130 interrupted (143, 129).
 */
export async function main(argv: readonly string[]): Promise<void> {
  let out = createOutput({ json: argv.includes('--json'), verbosity: 'normal', color: !argv.includes('--no-color') });
  const signals = watchSignals(() => out);
  endQuietlyWithoutReader(signals);
  try {
    const parsed = parseCommandLine(argv);
    if ('text' in parsed) {
      (parsed.misuse ? process.stderr : process.stdout).write(parsed.text);
      process.exitCode = parsed.misuse ? 2 : 0;
      return;
    }
    out = createOutput({
      json: parsed.options.json === true,
      verbosity: parsed.options.verbose ? 'verbose' : parsed.options.quiet ? 'quiet' : 'normal',
      color: parsed.options.color !== false,
    });
    process.exitCode = await run(parsed, out, signals);
    out.progress('');
  } catch (error) {
    out.progress('');
    const interruption = interruptionIn(error);
    const failure = describeFailure(error);
    if (!interruption) reportFailure(failure, out);
    process.exitCode = (interruption ?? failure).exitCode;
  }
}

type Invocation = Exclude<Parsed, { text: string }>;

async function run(invocation: Invocation, out: Output, signals: Signals): Promise<ExitCode> {
  const { spec, path, positionals, options } = invocation;
  restartLean(spec, process);
  const command = await loadCommand(path);
  const input: CommandInput = {
    path,
    argument: (name) => positionals[position(spec, name)] as string | undefined,
    list: (name) => (positionals[position(spec, name)] ?? []) as readonly string[],
    flag: (name) => value(options, name, 'boolean') === true,
    text: (name) => value(options, name, 'string') as string | undefined,
    texts: (name) => (value(options, name, 'object') ?? []) as readonly string[],
    json: out.json,
    configFile: options.config as string | undefined,
    out,
    stopping: signals.stopping,
  };
  return await command.run(input);
}

function position(spec: CommandSpec, name: string): number {
  const at = (spec.arguments ?? []).findIndex((argument) => argument.name === name);
  if (at < 0) throw new Error(`${spec.name} has no argument "${name}" in the command table`);
  return at;
}

/** A mistake between the command table and a command's file shows as an error, not as an option that never does anything. */
function value(
  options: Readonly<Record<string, unknown>>,
  name: string,
  type: 'boolean' | 'string' | 'object',
): unknown {
  const found = options[name];
  if (found !== undefined && typeof found !== type) throw new Error(`option "${name}" is not a ${type}`);
  return found;
}

/** `agentsmd facts | head` closes the pipe early: nobody reads any more, so there is nothing left to do, or to begin. */
function endQuietlyWithoutReader(signals: Signals): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' && signals.readerGone()) return;
    if (code === 'EPIPE') process.exit(0);
    process.stderr.write(`agentsmd: the result could not be written: ${message}\n`);
    process.exit(3);
  });
  process.stderr.on('error', () => {});
}

if (import.meta.main) await main(process.argv.slice(2));
