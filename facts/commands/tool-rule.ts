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
  readonly language?: 'python' | 'javascript' | 'ruby' | 'php' | 'dart' | 'swift';
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
  /** It changes an account or a cluster: a task that runs it neither installs nor builds, whatever it is called. */
  readonly acts?: boolean;
  /** It says what a task is for, and is no answer by itself: `brew install` inside `bootstrap`. */
  readonly lends?: boolean;
  /** In a pipeline it only counts before something that builds or tests: elsewhere it brings a tool for that one job. */
  readonly prepares?: boolean;
  /** It takes no folders: one plain word is one file. */
  readonly filesOnly?: boolean;
  /** Plain words choose one of its parts: `pre-commit run mypy`. */
  readonly parts?: boolean;
  /** Plain words that say where the whole is, not which part: `Shop.sln`. */
  readonly places?: RegExp;
  /** Flags of this tool that choose a part, besides the general ones. */
  readonly selects?: RegExp;
  /** Flags of this tool that serve pipelines only, besides the general ones; with their value if they are in `values`. */
  readonly drops?: RegExp;
  /** What it is for once one of `checks` is there: a formatter that only looks also lints. */
  readonly looks?: ToolRule['purposes'];
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
  '--auto-correct',
  '--auto-correct-all',
  '--safe-auto-correct',
  '--fix-unsafely',
  '--apply',
  '--unsafe',
  '--apply-unsafe',
  '--fix-type',
  '--fix-dry-run',
];
