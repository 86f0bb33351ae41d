import type { CatalogEntity, CheckScore } from './model.ts';

/** A catalog as it is kept in a file. */
export interface SnapshotContent {
  /** ISO 8601. */
  readonly fetchedAt: string;
  readonly entities: readonly CatalogEntity[];
  readonly scores: readonly (readonly [string, readonly CheckScore[]])[];
  readonly problems: readonly string[];
  /** See `Catalog.unproven`. */
  readonly unproven?: true;
  /** What the copy before listed and this one does not: gone, or not worked out again yet. */
  readonly vanished?: readonly CatalogEntity[];
}

/** What was just read. */
export interface Fresh extends SnapshotContent {
  /** Why it is not whole. */
  readonly partial?: string | undefined;
  /** Components that others name as theirs and that were not listed. */
  readonly unlisted: number;
}
