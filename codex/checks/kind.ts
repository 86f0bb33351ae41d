import type { LineIndex } from '../../facts/parse/lines.ts';
import type { Tree } from '../../facts/parse/tree.ts';
import type { PathIndex } from '../../facts/path-index.ts';
import type { Dependency } from '../../facts/signal.ts';
import type { FileChange } from '../../forge/history.ts';
import type { Rule } from '../rule.ts';
import type { Check } from './check.ts';

/** A place where a rule is broken. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Hit {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Behind the last character. */
  readonly endColumn: number;
  /** The first line of what stands there, cut short: what fingerprints are made of. `''` for a whole file, and for blanks. */
  readonly subject: string;
  /** Set where a file as a whole is meant, or one that is missing: the place is just its beginning. */
  readonly whole?: true;
  /** One sentence; the rule's title where there is nothing more to say. */
  readonly message?: string;
}

/** A file while it is scanned. Whatever is made of its text is made once for all rules. */
export interface ScannedFile {
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
  /** The file as parsed JSON, YAML (each of its documents) or TOML, by its name; empty where it is none or cannot be read. */
  readonly trees: readonly Tree[];
  /** Why `trees` does not hold all of the file. Known once `trees` was asked for. */
  readonly unparsed?: string | undefined;
  /** Says why a check cannot judge this file: it is named as unread, never taken as kept. */
  unjudged?(reason: string): void;
  /** So many hits of one rule are told: 100 unless told. A change needs more: which of them it touched is seen later. */
  readonly mostHits?: number | undefined;
  /** Says that a check tells no more hits of a rule, though there are some. */
  cut?(rule: string): void;
  /** Whatever a kind of check keeps for a file while it is scanned: its syntax tree, under the grammar's name. */
  once<T>(name: string, make: () => T): T;
  /** Makes it beside other work, before it is asked for by `once`. Where that fails `once` tries again. */
  onceAhead?(name: string, make: () => Promise<unknown>): Promise<void>;
}

/** What repository checks look at. */
export interface ScannedRepository {
  readonly paths: PathIndex;
  /** What the manifests and lock files name. Read when it is first asked for. */
  dependencies(): Promise<readonly Dependency[]>;
  /** The lines of a file; `undefined` where it cannot be read. */
  lines(path: string): Promise<LineIndex | undefined>;
  /** What the change did, where a change is checked. */
  readonly changes: readonly FileChange[] | undefined;
}

/** A check that looks at one file at a time. */
export interface FileCheck {
  readonly over: 'files';
  /** By the path alone, apart from the rule's own scope. */
  wants(path: string): boolean;
  /**
   * Literals without which the file cannot break the rule: of every group one must occur in its text. A mere shortcut:
   * findings are the same without it.
   */
  readonly prefilter: readonly (readonly string[])[];
  /** Files that nobody writes by hand count as well: generated, minified. Default: they do not. */
  readonly generated?: boolean;
  /** False where the text alone shows that `inspect` would find nothing. A shortcut as well. */
  mayBreak?(text: string): boolean;
  /** Makes what takes long and can be made while another file is inspected. `inspect` does without it. */
  ahead?(file: ScannedFile): Promise<void>;
  inspect(file: ScannedFile): readonly Hit[];
}

/** A check that looks at the repository as a whole. */
export interface RepositoryCheck {
  readonly over: 'repository';
  inspect(repository: ScannedRepository): Promise<readonly Hit[]>;
}

/** What every file of a kind exports. */
export interface CheckKind<C extends Check = Check> {
  /**
   * Makes a check ready to run, once for all files.
   *
   * @throws {CheckError} where it never can: an unknown kind of node, a broken expression.
   * @throws {UnavailableError} where it cannot here: a grammar that is not installed.
   */
  prepare(check: C, rule: Rule): Promise<FileCheck | RepositoryCheck>;
}

/** A check that can never run. The message is one line. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** A check that cannot run on this machine: the rule counts as not checked, never as kept. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
