import { styleText } from 'node:util';
import { printable, printableJson, printableLine } from './printable.ts';

/** How much goes to stderr: `quiet` only errors, `normal` also warnings and notes, `verbose` everything. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

export interface OutputOptions {
  readonly json: boolean;
  readonly verbosity: Verbosity;
  /** False for `--no-color`. */
  readonly color: boolean;
}

/** Anything that takes text and may be a terminal: `process.stdout` and `process.stderr`. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

type Style = Parameters<typeof styleText>[0];

/** Where a command prints: results go to stdout, everything else to stderr. */
export interface Output extends OutputOptions {
  /** True where stdout is a terminal, read by a person. */
  readonly isTerminal: boolean;
  /** True where `progress` is shown: stderr is a terminal, and something may be said there. */
  readonly isLive: boolean;
  /** Prints part of the result. What comes from a repository is made `printable` by the caller. */
  result(text: string): void;
  /** Prints the result as one JSON document. */
  document(value: unknown): void;
  /** Colours text for stdout, where colours are on. */
  style(style: Style, text: string): string;
  error(message: string): void;
  warn(message: string): void;
  note(message: string): void;
  debug(message: string): void;
  /** One line that replaces itself, for long work: shown on a terminal only, gone with the next line or `''`. */
  progress(text: string): void;
}

export function createOutput(
  options: OutputOptions,
  stdout: Sink = process.stdout,
  stderr: Sink = process.stderr,
  env: NodeJS.ProcessEnv = process.env,
): Output {
  const out = { color: options.color && wantsColor(stdout, env) };
  const err = { color: options.color && wantsColor(stderr, env), progress: '' };
  const rank = { quiet: 0, normal: 1, verbose: 2 }[options.verbosity];
  const paint = (on: boolean, style: Style, text: string): string =>
    on ? styleText(style, text, { validateStream: false }) : text;

  const isLive = stderr.isTTY === true && rank > 0;
  const progress = (text: string): void => {
    if (!isLive || text === err.progress) return;
    const fitting = printableLine(text).slice(0, Math.max(0, (stderr.columns || 80) - 1));
    stderr.write(fitting ? `\r\x1b[2K${fitting}` : '\r\x1b[2K');
    err.progress = fitting;
  };
  const line = (atLeast: number, style: Style, label: string, message: string): void => {
    if (rank < atLeast) return;
    if (err.progress) progress('');
    for (const part of printable(message).trimEnd().split(/\r?\n/)) {
      stderr.write(`${label ? `${paint(err.color, style, label)} ` : ''}${part}\n`);
    }
  };
  const result = (text: string): void => {
    if (err.progress) progress('');
    stdout.write(text);
  };
  return {
    ...options,
    isTerminal: stdout.isTTY === true,
    isLive,
    result,
    document: (value) => result(printableJson(value)),
    style: (style, text) => paint(out.color, style, text),
    error: (message) => line(0, 'red', 'agentsmd:', message),
    warn: (message) => line(1, 'yellow', 'warning:', message),
    note: (message) => line(1, 'dim', '', message),
    debug: (message) => line(2, 'dim', 'debug:', message),
    progress,
  };
}

/** FORCE_COLOR (unless 0) wins over NO_COLOR, as in Node itself; without either, a terminal that is not dumb has colours. */
function wantsColor(sink: Sink, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return sink.isTTY === true && env.TERM !== 'dumb';
}
