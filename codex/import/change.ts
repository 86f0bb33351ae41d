import type { Level } from '../rule.ts';

/**
 * What an import does to a rule. One rule may change in several ways.
 * - `raised`, `lowered`: its level: what people are obliged to.
 * - `modified`: its text. `moved`: only where it stands.
 * - `removed`: it is not in the document any more and stays as a tombstone; `returned`: it is there again.
 * - `merged`: another rule took it in.
 */
export type ImportChangeKind =
  | 'added'
  | 'raised'
  | 'lowered'
  | 'modified'
  | 'moved'
  | 'removed'
  | 'returned'
  | 'merged';

export interface ImportChange {
  readonly kind: ImportChangeKind;
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** Of `raised` and `lowered`. */
  readonly from?: Level;
  readonly to?: Level;
  /** Of `merged`: the rule that stands for it now. */
  readonly into?: string;
  readonly note?: string;
}
