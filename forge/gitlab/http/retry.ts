import { retryAfter } from '../../http/retry-after.ts';
import type { WireAnswer } from './wire.ts';
import { WireFailure } from './wire-failure.ts';

/** All in ms but the numbers of tries. */
export interface RetryLimits {
  /** Of one call, the first included, where it failed and may be sent again. */
  readonly tries: number;
  /** Of one call, where no connection was made: a wrong address is told soon. */
  readonly connectTries: number;
  /** Of one call, where GitLab asked to come back later. */
  readonly throttledTries: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
  /** A longer Retry-After is cut to this. */
  readonly maxWaitMs: number;
  /** All waits of a call together. */
  readonly totalWaitMs: number;
}

export const RETRY_LIMITS: RetryLimits = {
  tries: 8,
  connectTries: 6,
  throttledTries: 20,
  firstBackoffMs: 250,
  maxBackoffMs: 8000,
  maxWaitMs: 60_000,
  totalWaitMs: 600_000,
};

/** What happened to a call so far. */
export interface Tally {
  readonly failures: number;
  readonly throttled: number;
  readonly waitedMs: number;
}

export interface NextTry {
  /** Why, in words. */
  readonly retry: string;
  /** In ms. */
  readonly wait: number;
  readonly throttled: boolean;
}

/**
 * Whether a call that failed is sent again, why and when. GitLab refuses with 429 before it does anything, so that holds for every
 * method; so does a connection that was never made. Everything else is repeated only where that can do no harm.
 * @param outcome a 2xx among them is one whose JSON is cut
 */
export function nextTry(
  outcome: WireAnswer | WireFailure,
  repeatable: boolean,
  tally: Tally,
  limits: RetryLimits,
  clock: { now(): number; random(): number },
): NextTry | undefined {
  const asked = outcome instanceof WireFailure ? undefined : retryAfter(outcome.headers, clock.now());
  const throttled = !(outcome instanceof WireFailure) && outcome.status === 429;
  const retry = throttled ? throttle(asked) : reasonOf(outcome, repeatable);
  const tries = throttled ? tally.throttled : tally.failures;
  const connected = !(outcome instanceof WireFailure) || outcome.sent;
  const most = throttled ? limits.throttledTries : connected ? limits.tries : limits.connectTries;
  if (retry === undefined || tries + 1 >= most) return undefined;
  const wait = waitOf(asked, tries, limits, clock.random());
  if (tally.waitedMs + wait > limits.totalWaitMs) return undefined;
  return { retry, wait, throttled };
}

function throttle(asked: number | undefined): string {
  return asked === undefined ? '429: too many requests' : `429: asked to wait ${Math.ceil(asked / 1000)} s`;
}

function reasonOf(outcome: WireAnswer | WireFailure, repeatable: boolean): string | undefined {
  if (outcome instanceof WireFailure) {
    const safe = outcome.sent ? repeatable && PASSING.has(outcome.kind) : outcome.kind === 'unreachable';
    return safe && outcome.code !== 'ENOTFOUND' && !/^4\d\d$/.test(outcome.code ?? '') ? outcome.message : undefined;
  }
  if (!repeatable) return undefined;
  if (RETRIED_STATUS.has(outcome.status)) return `status ${outcome.status}`;
  return outcome.status < 300 ? `status ${outcome.status} with cut JSON` : undefined;
}

const PASSING: ReadonlySet<string> = new Set(['reset', 'timeout', 'garbled']);
const RETRIED_STATUS: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/** Exponential, between half and the whole of it by chance, so that many callers do not come back at once. */
function waitOf(asked: number | undefined, tries: number, limits: RetryLimits, random: number): number {
  const backoff = Math.min(limits.maxBackoffMs, limits.firstBackoffMs * 2 ** tries) * (0.5 + random / 2);
  return Math.round(Math.min(limits.maxWaitMs, asked === undefined ? backoff : asked + limits.firstBackoffMs * random));
}
