import type { Output, Sink } from './output.ts';
import { printableJson } from './printable.ts';

/** The command line asks for something that does not go: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly exitCode = 2;
}

/** What was asked cannot be told from what is there, such as a clone without its history: exit code 3. */
export class IncompleteError extends Error {
  override readonly name = 'IncompleteError';
  readonly exitCode = 3;
}

/** Why the program could not do what was asked. The message of one failure may be several lines: a config file's errors. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly exitCode: number;
  /** False for what nobody foresaw: a bug of ours or of a library. */
  readonly expected: boolean;
  readonly stack?: string;
}

/**
 * What to say about something thrown. An error whose `exitCode` is 2 or 3 was made for the user, wherever its class lives
 * (other numbers are those of programs we ran). After anything else the work could not be finished, exit code 3: the
 * operating system refused something, or there is a bug.
 */
export function describeFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) {
    return { name: 'Error', message: String(thrown), exitCode: 3, expected: false };
  }
  const { name, message, stack } = thrown;
  if ('exitCode' in thrown && (thrown.exitCode === 2 || thrown.exitCode === 3)) {
    return { name, message, exitCode: thrown.exitCode, expected: true };
  }
  // forge/ knows nothing of exit codes. Two of its problems are not the user's to solve.
  if (name === 'RepositoryError' && 'problem' in thrown) {
    const outOfReach = thrown.problem === 'git-failed' || thrown.problem === 'unreachable';
    return { name, message, exitCode: outOfReach ? 3 : 2, expected: true };
  }
  if ('syscall' in thrown && 'code' in thrown) return { name, message, exitCode: 3, expected: true };
  return { name, message: message || name, exitCode: 3, expected: false, ...(stack === undefined ? {} : { stack }) };
}

/** Prints a failure to stderr: a line for a person, with `--json` one line of JSON. */
export function reportFailure(failure: Failure, out: Output, stderr: Sink = process.stderr): void {
  if (out.json) {
    const { name, message, exitCode } = failure;
    const stack = out.verbosity === 'verbose' && failure.stack ? { stack: failure.stack } : {};
    stderr.write(printableJson({ error: { name, message, exitCode, ...stack } }, 0));
    return;
  }
  if (failure.expected) {
    out.error(failure.message);
    return;
  }
  out.error(`unexpected ${failure.name}: ${failure.message.split('\n')[0]}`);
  if (out.verbosity === 'verbose') out.debug(failure.stack ?? 'no stack');
  else out.error('this is a bug; please report it with the output of the same command and -v');
}
