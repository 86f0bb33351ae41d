import type { Clock } from '../clock.ts';

export interface TestClock extends Clock {
  /** Every sleep so far, in ms. */
  readonly slept: readonly number[];
}

/** Time that passes only by sleeping, at once; chance is always the same. */
export function testClock(start = Date.UTC(2026, 10, 21, 12), random = 0): TestClock {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    random: () => random,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
