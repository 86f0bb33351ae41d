import type { SharedLimit } from '../forge/gitlab/http/shared-lane.ts';
import type { SharedCounter } from './engine.ts';

export interface SharedLimitOptions {
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Told that others could not be told to wait. */
  readonly onProblem?: (error: unknown) => void;
}

/** One instance's requests a minute with one token, by however many processes: spread over its seconds. */
export function sharedLimit(
  counter: SharedCounter,
  instance: string,
  requestsPerMinute: number,
  { now = Date.now, onProblem }: SharedLimitOptions = {},
): SharedLimit {
  const nameOf = (token: string) => `requests ${instance} ${token}`;
  return {
    enter: (token, signal) => counter.take(nameOf(token), requestsPerMinute / 60, signal),
    hold: (token, until) => {
      const ms = until - now();
      if (ms > 0) counter.hold(nameOf(token), ms).catch((error: unknown) => onProblem?.(error));
    },
  };
}
