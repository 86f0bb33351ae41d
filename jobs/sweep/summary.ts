/** What came of a sweep; each repository counts once: `repositories` is the sum of all others. */
export interface SweepSummary {
  readonly repositories: number;
  readonly generated: number;
  readonly refreshed: number;
  readonly unchanged: number;
  /** By reason, those that a limit held back included. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
  /** Merge requests of which it was read what became of their reviews; absent: none. */
  readonly harvested?: number;
  /** Sent to forges, by every process that took part. */
  readonly requests: number;
  readonly ms: number;
}
