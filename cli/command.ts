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
}

/** One command as data. One that has subcommands does nothing by itself. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  /** What to do where there are more arguments than these. */
  readonly tooMany?: string;
  readonly options?: readonly OptionSpec[];
  readonly subcommands?: readonly CommandSpec[];
}

/** What every file in cli/commands/ exports. */
export interface CommandModule {
  /** Does the work and answers the exit code; a failure is thrown (cli/errors.ts). */
  run(input: CommandInput): Promise<ExitCode>;
}

/** 0 done, 1 findings or errors at or above the gate. The other exit codes come from errors. */
export type ExitCode = 0 | 1;

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
  readonly json: boolean;
  /** `--config FILE`. */
  readonly configFile: string | undefined;
  readonly out: Output;
}
