import type { Section } from '../item.ts';

/**
 * What a refresh does with a bullet.
 * - `added`, `updated`, `removed`: ours, changed with its fact.
 * - `kept`: ours, and nothing changed.
 * - `human`: edited by people, kept as it is.
 * - `conflict`: edited by people while its fact changed too, or nowhere to be written: kept as it is, and still open.
 * - `tombstoned`: people took it out; it stays out.
 * - `said`: not added, because people say it already.
 */
type ChangeKind = 'added' | 'updated' | 'removed' | 'kept' | 'human' | 'conflict' | 'tombstoned' | 'said';

export interface ItemChange {
  readonly kind: ChangeKind;
  readonly key: string;
  readonly section: Section;
  /** What stands in the current file; `null` where nothing does. */
  readonly before: string | null;
  /** What will stand there. */
  readonly after: string | null;
  /** Of a `conflict`: what we would write; `null` where its fact is gone. */
  readonly offered?: string | null;
  /** The line of `before` in the current file. */
  readonly line?: number;
  readonly reason?: string;
}
