import type { CommandInput, CommandSpec, ExitCode } from './command.ts';
import { loadCommand } from './commands/index.ts';
import { describeFailure, reportFailure } from './errors.ts';
import { createOutput, type Output } from './output.ts';
import { type Parsed, parseCommandLine } from './program.ts';

/**
 * Runs one command line and leaves the exit code in `process.exitCode`: 0 done, 1 findings, 2 usage or configuration,
 * 3 could not finish, 130 interrupted.
 */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithoutReader();
  let out = createOutput({ json: argv.includes('--json'), verbosity: 'normal', color: !argv.includes('--no-color') });
  stopOnSignals(() => out.progress(''));
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
    process.exitCode = await run(parsed, out);
    out.progress('');
  } catch (error) {
    out.progress('');
    const failure = describeFailure(error);
    reportFailure(failure, out);
    process.exitCode = failure.exitCode;
  }
}

type Invocation = Exclude<Parsed, { text: string }>;

async function run(invocation: Invocation, out: Output): Promise<ExitCode> {
  const { spec, path, positionals, options } = invocation;
  const command = await loadCommand(path);
  const input: CommandInput = {
    path,
    argument: (name) => positionals[position(spec, name)] as string | undefined,
    list: (name) => (positionals[position(spec, name)] ?? []) as readonly string[],
    flag: (name) => value(options, name, 'boolean') === true,
    text: (name) => value(options, name, 'string') as string | undefined,
    json: out.json,
    configFile: options.config as string | undefined,
    out,
  };
  return await command.run(input);
}

function position(spec: CommandSpec, name: string): number {
  const at = (spec.arguments ?? []).findIndex((argument) => argument.name === name);
  if (at < 0) throw new Error(`${spec.name} has no argument "${name}" in the command table`);
  return at;
}

/** A mistake between the command table and a command's file shows as an error, not as an option that never does anything. */
function value(options: Readonly<Record<string, unknown>>, name: string, type: 'boolean' | 'string'): unknown {
  const found = options[name];
  if (found !== undefined && typeof found !== type) throw new Error(`option "${name}" is not a ${type}`);
  return found;
}

/** `agentsmd facts | head` closes the pipe early: nobody reads any more, so there is nothing left to do. */
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    process.stderr.write(`agentsmd: the result could not be written: ${message}\n`);
    process.exit(3);
  });
  process.stderr.on('error', () => {});
}

function stopOnSignals(tidy: () => void): void {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      tidy();
      process.exit(exitCode);
    });
  }
}

if (import.meta.main) await main(process.argv.slice(2));
