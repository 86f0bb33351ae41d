import type { RuleState } from '../../../codex/standing.ts';
import { rateOf } from '../../../reviewer/eval/rate.ts';

/** What one repository made of the findings of a rule. */
export interface Share {
  /** Fixed, dismissed, ignored or waived; what people still argue about is not settled. */
  readonly settled: number;
  /** Dismissed or ignored. */
  readonly unwanted: number;
}

/** By the keys of repositories. */
export type Shares = ReadonlyMap<string, Share>;

/** Shares above which a rule is lowered; 0..1. */
export interface Thresholds {
  readonly probationAt: number;
  readonly muteAt: number;
}

/** So many findings must be settled before anything is said of a rule, */
const ENOUGH = 10;
/** and in so many repositories some of them must be unwanted. */
const ENOUGH_REPOSITORIES = 3;
/** In ms: nobody wants a rule that comes and goes every day. */
export const PROBATION_LASTS = 14 * 24 * 3_600_000;

export interface Counted extends Share {
  /** At least this share is unwanted, whichever single repository is left out. */
  readonly lower: number;
}

/**
 * Counts a rule over the fleet. The lower bound of the share (Wilson, 95 %) is the least of those without one repository each: what
 * people of a single one do lowers nothing. One more unwanted finding never makes it less.
 */
export function countedOf(shares: Shares): Counted {
  const all = [...shares.values()];
  const settled = all.reduce((sum, share) => sum + share.settled, 0);
  const unwanted = all.reduce((sum, share) => sum + share.unwanted, 0);
  const bounds = all.map((share) => rateOf(unwanted - share.unwanted, settled - share.settled).low);
  return { settled, unwanted, lower: bounds.length === 0 ? 0 : Math.min(...bounds) };
}

/** How a rule was told until now. */
export interface Before {
  readonly state: RuleState;
  /** In ms since 1970. */
  readonly since: number;
}

/**
 * The state of one revision of a rule. One that is muted stays so: nobody is told of what it finds, so nothing new can be learned of
 * it. It comes back with another revision, or where its owner says that it is right as it is. Probation lasts some days at least.
 *
 * @param now in ms since 1970.
 */
export function stateOf(shares: Shares, before: Before | undefined, thresholds: Thresholds, now: number): RuleState {
  const fresh = freshState(shares, thresholds);
  if (before?.state === 'muted') return 'muted';
  const isMilder = fresh === 'learning' || fresh === 'fine';
  return before?.state === 'probation' && isMilder && now - before.since < PROBATION_LASTS ? 'probation' : fresh;
}

function freshState(shares: Shares, { probationAt, muteAt }: Thresholds): RuleState {
  const { settled, lower } = countedOf(shares);
  if (settled < ENOUGH) return 'learning';
  const unwantedIn = [...shares.values()].filter(({ unwanted }) => unwanted > 0).length;
  if (unwantedIn < ENOUGH_REPOSITORIES) return 'fine';
  return lower >= muteAt ? 'muted' : lower >= probationAt ? 'probation' : 'fine';
}

/** Repositories in which alone a rule is as unwanted as one that is muted everywhere: they need a waiver, or a narrower rule. */
export function unwantedIn(shares: Shares, { muteAt }: Thresholds): readonly string[] {
  return [...shares]
    .filter(([, { settled, unwanted }]) => settled >= ENOUGH && rateOf(unwanted, settled).low >= muteAt)
    .map(([key]) => key)
    .sort();
}
