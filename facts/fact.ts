/** What the facts engine says of a repository: the vocabulary every other room shares. */

/** Where a fact comes from, strongest evidence first: see `docs/facts.md`. */
export type FactSource = 'ci' | 'task' | 'config' | 'convention' | 'catalog' | 'human';

/** A line of a regular file, counted from 1, on which a fact rests. */
export interface Evidence {
  readonly path: string;
  readonly line: number;
}

/** One thing that is true of a repository at a commit. */
export interface Fact {
  /** A key of `keys.ts`, `runtime.<name>` and `layout.<role>` included. */
  readonly key: string;
  /** Never empty. Commands use the placeholders `<file> <dir> <name> <pattern>`. */
  readonly value: string;
  /** The folder the fact belongs to, without a trailing slash; `""` is the root. */
  readonly dir: string;
  readonly source: FactSource;
  /** At least one line; the first is the most telling. */
  readonly evidence: readonly Evidence[];
}

/** Something the engine could not read or understand. It costs the facts behind it and nothing else. */
export interface Problem {
  readonly path: string;
  readonly line?: number;
  readonly ecosystem?: string;
  readonly message: string;
}

/** The facts of a repository at a commit: one JSON document, the same bytes for the same commit. */
export interface RepoFacts {
  readonly schema: 'agentsmd/facts/1';
  readonly repository: string;
  readonly commit: string | null;
  /** Root facts before packages'; within a key and dir the best first, at most three. */
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
}

/** What a command is for. */
export const PURPOSES = [
  'install',
  'build',
  'test',
  'test-single',
  'lint',
  'format',
  'typecheck',
  'run',
  'generate',
] as const;
export type Purpose = (typeof PURPOSES)[number];
