import type { FileChange } from '../../forge/history.ts';
import type { Survey } from '../index.ts';
import type { SourceFile } from '../source-file.ts';
import type { FactChange } from './change.ts';
import type { Moves } from './moves.ts';

/** A repository at one of the two commits. */
export interface Side {
  readonly survey: Survey;
  /** A file that a plugin read or that was asked for besides, and that could be read. */
  file(path: string): SourceFile | undefined;
}

/** Everything a kind of change may look at. */
export interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly files: readonly FileChange[];
  /** Paths of either side that were added, removed, modified or renamed. */
  readonly touched: ReadonlySet<string>;
  readonly moves: Moves;
}

/** One kind of change, and the rule by which it is seen. Pure. */
export interface Kind {
  /** For people: `package manager replaced`. */
  readonly id: string;
  /** Files whose text it wants besides those that plugins read; asked for on the side where they are. */
  readonly reads?: (path: string) => boolean;
  readonly find: (comparison: Comparison) => Iterable<FactChange>;
}
