/** Why something has to wait. */
export const DEFERRALS = [
  'quiet-hours',
  'outside-window',
  'paused',
  'halted',
  'wave',
  'limit-open',
  'limit-new-per-hour',
  'limit-pipelines-per-hour',
] as const;
export type DeferralReason = (typeof DEFERRALS)[number];

export interface Deferral {
  readonly reason: DeferralReason;
  /** A line for people. */
  readonly message: string;
  /** When it is worth asking again, in ms since 1970; absent: when a person or a later sweep says so. */
  readonly until?: number;
}

/** A repository as the gate needs it. */
export interface Asking {
  readonly key: string;
  readonly instance: string;
  readonly path: string;
}

/** What was allowed, until it is known what came of it. */
export interface Permit {
  /** The rollout and wave that a new merge request belongs to. */
  readonly campaign: string;
  readonly wave: number;
  /** It was done. */
  use(): Promise<void>;
  /** It was not: it counts for nothing. A process that dies between counts as done until the hour is over. */
  giveBack(): Promise<void>;
}

/** The one place that says whether something that people notice may happen now. Folders have no limits. */
export interface Gate {
  /** Whether a repository may be worked on at all: pauses and quiet hours. */
  mayWork(asking: Asking): Promise<Deferral | undefined>;
  /** Whether a new merge request would be allowed now: nothing is taken. */
  mayOpen(asking: Asking): Promise<Deferral | undefined>;
  /** Takes what it needs, or says why not: in one transaction over all processes. `open` is a push, too. */
  take(asking: Asking, what: 'open' | 'push'): Promise<Permit | Deferral>;
}
