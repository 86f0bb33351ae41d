/** A team is let off a rule, for a reason and a while. */
export interface Waiver {
  readonly rule: string;
  /** Globs; empty: everywhere. */
  readonly paths: readonly string[];
  readonly reason: string;
  /** The last day it holds, `2027-01-31`. */
  readonly until: string;
  readonly approvedBy: string;
  /** In the file, from 1. */
  readonly line: number;
}

export interface WaiverProblem {
  readonly line?: number;
  readonly message: string;
}

export interface Waivers {
  readonly waivers: readonly Waiver[];
  /** Entries that are not understood let nobody off. */
  readonly problems: readonly WaiverProblem[];
}

export const NO_WAIVERS: Waivers = { waivers: [], problems: [] };
