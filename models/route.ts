import type { BreakerState } from './breaker.ts';
import type { TroubleClass } from './classify.ts';
import type { FailureReason } from './port.ts';

/** A `Retry-After` longer than this, in ms, is not waited for. */
const SHORT_WAIT = 10_000;
/** Where nobody takes over, in ms: what is over by then was a moment's trouble. */
const PAUSE = 1000;
/** Trouble that may be a moment's. Not a timeout: that had its time; not a quota: that does not come back by itself. */
const MOMENTARY: ReadonlySet<TroubleClass> = new Set(['rate-limit', 'overload', 'server', 'network', 'garbled']);

/** What went wrong, and what is left to try. */
export interface Situation {
  readonly class: TroubleClass;
  /** Of the model that it went wrong with, the failure already counted. */
  readonly breaker: BreakerState;
  /** How long the provider asks to wait, in ms. */
  readonly retryAfter?: number | undefined;
  /** Whether it was waited for once already, as long as it asked for or for a pause of our own. */
  readonly waited: boolean;
  /** Whether it had begun to say something that it can go on with. */
  readonly begun: boolean;
  /** Whether a cut off answer was continued, or asked for in short, already. */
  readonly extended: boolean;
  /** Whether it was told already what was wrong with its answer. */
  readonly repaired: boolean;
  /** Models of the chain, in order, that were not tried for this step. */
  readonly rest: readonly { readonly model: string; readonly breaker: BreakerState }[];
}

export type Route =
  /** The same request once more, `after` ms. */
  | { readonly to: 'same'; readonly after: number }
  /** The same model with another request: go on, in short, or what was wrong. */
  | { readonly to: 'continue' | 'shorten' | 'repair' }
  | { readonly to: 'next'; readonly model: string }
  | { readonly to: 'stop'; readonly reason: FailureReason };

/** Another model would do no better, or must not be asked to. */
const FINAL: Readonly<Partial<Record<TroubleClass, FailureReason>>> = {
  authentication: 'authentication',
  context: 'context',
  aborted: 'aborted',
  refused: 'refused',
  rejected: 'configuration',
};

/** Where a question goes on after something went wrong. */
export function route(situation: Situation): Route {
  const { class: trouble, breaker, retryAfter, rest } = situation;
  const final = FINAL[trouble];
  if (final) return { to: 'stop', reason: final };
  if (trouble === 'truncated') {
    if (situation.extended) return { to: 'stop', reason: 'truncated' };
    return { to: situation.begun ? 'continue' : 'shorten' };
  }
  if (trouble === 'unparsable') return situation.repaired ? { to: 'stop', reason: 'unparsable' } : { to: 'repair' };
  const mayWait = breaker === 'closed' && !situation.waited;
  if (mayWait && retryAfter !== undefined && retryAfter <= SHORT_WAIT) return { to: 'same', after: retryAfter };
  const next = rest.find((one) => one.breaker !== 'open');
  if (next) return { to: 'next', model: next.model };
  if (mayWait && retryAfter === undefined && MOMENTARY.has(trouble)) return { to: 'same', after: PAUSE };
  return { to: 'stop', reason: 'unavailable' };
}
