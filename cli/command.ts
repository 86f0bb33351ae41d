import type { Output } from './output.ts';

/** What a value of an argument or option is, for shell completion. */
export type ValueKind = 'directory' | 'file' | 'revision';

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Any number of them; the last argument only. */
  readonly variadic?: boolean;
  readonly kind?: ValueKind;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** As Commander reads them: `-q, --quiet`, `--rev <rev>`, `--no-nested`. */
  readonly flags: string;
  readonly summary: string;
  readonly kind?: ValueKind;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeatable?: boolean;
}

/** Command lines without the program's name, each with what it does. */
export type Examples = readonly (readonly [line: string, does: string])[];

/** One command as data. One that has subcommands does nothing by itself. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  /** What to do where there are more arguments than these. */
  readonly tooMany?: string;
  readonly options?: readonly OptionSpec[];
  readonly examples?: Examples;
  readonly subcommands?: readonly CommandSpec[];
}

/** What every file in cli/commands/ exports. */
export interface CommandModule {
  /** Does the work and answers the exit code; a failure is thrown (cli/errors.ts). */
  run(input: CommandInput): Promise<ExitCode>;
}

/** 0 done, 1 findings or errors at or above the gate. The other exit codes come from errors. */
export type ExitCode = 0 | 1 | InterruptedCode;

/** 128 and the number of SIGHUP, SIGINT or SIGTERM. */
export type InterruptedCode = 129 | 130 | 143;

/** How a command that works for long learns that it shall end; the reason of both is an `Interruption`. */
export interface Stopping {
  /** Begin nothing new, and finish what is in hand. */
  readonly stop: AbortSignal;
  /** Leave what is in hand, too. Never before `stop`. */
  readonly abort: AbortSignal;
}

/** One parsed command line. */
export interface CommandInput {
  /** The command and its subcommand, as typed: `['config', 'show']`. */
  readonly path: readonly string[];
  /** The value of an argument declared in the command table. */
  argument(name: string): string | undefined;
  /** The values of an argument that takes any number. */
  list(name: string): readonly string[];
  /** Whether an option without a value is on, by its camel-case name: `--no-agent-docs` is `agentDocs` being false. */
  flag(name: string): boolean;
  /** The value of an option that takes one. */
  text(name: string): string | undefined;
  /** The values of an option that may be given several times. */
  texts(name: string): readonly string[];
  readonly json: boolean;
  /** `--config FILE`. */
  readonly configFile: string | undefined;
  readonly out: Output;
  /**
   * Takes SIGINT, SIGTERM and SIGHUP over: the first one aborts `stop`, the second `abort`, a third ends the process. Where
   * this is not asked for, the first one ends it.
   *
   * @param tell says so to people. Default: a note.
   */
  stopping(tell?: (message: string) => void): Stopping;
}
