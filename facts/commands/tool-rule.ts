import type { Purpose } from '../fact.ts';

/**
 * The one place that names tools. A rule says what a program and its first words are for; the longest match wins.
 * Weights below 1 say "it does this among other things": a formatter in check mode also lints, `gradle build` also tests.
 */
export interface ToolRule {
  /** The tool's name as facts give it. */
  readonly tool: string;
  readonly words: readonly string[];
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** Whose launcher starts it: `uv run`, `npx`, `bundle exec`. */
  readonly language?: 'python' | 'javascript' | 'ruby' | 'php';
  /** Flags that take a value as the next word. */
  readonly values?: readonly string[];
  /** With one of these flags it only looks: a formatter that checks. */
  readonly checks?: readonly string[];
  /** Without one of these flags it only prints: `gofmt` without `-w`. */
  readonly writes?: readonly string[];
  /** With one of these flags it changes files: a linter that mends. */
  readonly fixes?: readonly string[];
  /** Only with nothing but flags behind it: `yarn` installs, `yarn x` does not. */
  readonly alone?: boolean;
  /** Plain words after `words` that mean "everything": `./...`, `.`. Others make the command narrow. */
  readonly broad?: readonly string[];
}

/** Words, purposes, and what else there is to know of a tool. */
export type ToolRow = readonly [
  words: string,
  purposes: ToolRule['purposes'],
  more?: Partial<Omit<ToolRule, 'words' | 'purposes'>>,
];

/** Flags with which formatters only look. */
export const CHECK = [
  '--check',
  '-c',
  '--diff',
  '--list-different',
  '-l',
  '--dry-run',
  '--verify',
  '-d',
  '--check-only',
  '--set-exit-if-changed',
  '--verify-no-changes',
  '--check-formatted',
  '--test',
];

/** Flags with which linters mend. */
export const FIX = [
  '--fix',
  '--write',
  '-w',
  '-A',
  '-a',
  '--autocorrect',
  '--autocorrect-all',
  '--apply',
  '--unsafe',
  '--apply-unsafe',
  '--fix-type',
  '--fix-dry-run',
];
