/**
 * - `learning`: too little is known. `fine`: people want what it finds.
 * - `probation`: told one severity lower, and never holds anything up. `muted`: not told, only counted.
 */
export const RULE_STATES = ['learning', 'fine', 'probation', 'muted'] as const;
export type RuleState = (typeof RULE_STATES)[number];

/** How one revision of a rule fares over the fleet. */
export interface RuleStanding {
  readonly state: RuleState;
  /** ISO 8601. */
  readonly since: string;
  /** Findings that were settled, and those of them that people dismissed or ignored. */
  readonly settled: number;
  readonly unwanted: number;
  /** At least this share is unwanted, whichever single repository is left out; 0..1. */
  readonly lower: number;
  /** Where its owner was told. */
  readonly mergeRequest?: string;
}
