import type { Level, Status } from '../rule.ts';

/**
 * What a distillation does to a rule. One rule may change in several ways.
 * - `MODIFIED`: it obliges to something else: its level, its scope, or what it asks.
 * - `GRAMMAR`: its source says the same in other words. `MOVED`: only where it stands.
 * - `SPLIT`, `MERGED`: others took its place. `DELETED`: its source says it no more; it stays as a tombstone.
 * - `RETURNED`: it was deleted, and its source says it again.
 */
export const CHANGE_KINDS = [
  'MODIFIED',
  'SPLIT',
  'MERGED',
  'DELETED',
  'RETURNED',
  'ADDED',
  'MOVED',
  'GRAMMAR',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface DistillChange {
  readonly kind: ChangeKind;
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** Of the rule as it is now: only one on trial or in force obliges anybody. */
  readonly status: Status;
  /** Of `MODIFIED`: where the level is another one. */
  readonly from?: Level;
  readonly to?: Level;
  /** Of `MODIFIED`: where the scope is another one; `changed`: neither wider nor narrower. */
  readonly scope?: 'wider' | 'narrower' | 'changed';
  /** Of `SPLIT` and `MERGED`: what stands for it now. */
  readonly into?: readonly string[];
  /** Of `ADDED`: the rule it was a part of. */
  readonly partOf?: string;
  /** `doc#anchor`. */
  readonly source?: string;
  /** What the source says now, and what it said. */
  readonly quote?: string;
  readonly quoteBefore?: string;
}
