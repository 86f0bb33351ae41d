import type { Input } from './target.ts';

/** A reader, and how many inputs it gets. */
export interface Asked {
  readonly name: string;
  readonly runs: number;
}

/** What a process is to do. */
export type Task = { readonly set: 'readers' | 'broken' } & (
  | { readonly asked: readonly Asked[]; readonly seed: number }
  /** The input that is kept. */
  | { readonly again: string }
);

/** What it says of a reader. */
export interface Told {
  readonly target: string;
  readonly runs: number;
  readonly ms: number;
  readonly slowest: number;
  /** In MB, where there were 100 and more: from the first tenth of the inputs to the last one. */
  readonly grown: number;
  readonly fault?: { readonly what: string; readonly input: Input };
}
