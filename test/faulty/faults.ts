import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../forge/gitlab/http/clock.ts';
import type { FaultRule, GitlabSimulator } from '../gitlab/port.ts';
import { random } from './random.ts';

/** A GitLab that fails at random, and a client that waits less than it says. */

export type Counts = Readonly<Record<string, number>>;

/** Of the client's requests: in s, by the real clock. */
export const TIMEOUT = 1;
/** Every kind there is, each as likely as the others. What is slow is done a little after nobody waits for it any more. */
const FAULTS: readonly FaultRule['action'][] = [
  { kind: '429', retryAfter: 1 },
  { kind: '429', plain: true },
  ...([500, 502, 503, 504] as const).map((status) => ({ kind: 'status' as const, status })),
  { kind: 'reset' },
  { kind: 'applied-then-reset' },
  ...([500, 502, 503, 504] as const).map((status) => ({ kind: 'applied-then-status' as const, status })),
  { kind: 'slow', ms: TIMEOUT * 1100, part: 'headers' },
  { kind: 'slow', ms: TIMEOUT * 1100, part: 'body' },
  { kind: 'truncated' },
];

/** @param round the same requests are struck by other faults than in the rounds before. */
export function strike({ faults }: GitlabSimulator, rate: number, round: number): void {
  // Chance is drawn by the number of the rule: these only count.
  for (let unused = round * FAULTS.length; unused > 0; unused--) faults.add({ action: FAULTS[0]!, probability: 0 });
  const probability = 1 - (1 - rate) ** (1 / FAULTS.length);
  for (const action of FAULTS) faults.add({ action, probability });
}

/**
 * Runs as everything waits by it, so that what a server does late comes late, and a test does not.
 * @param speed 20: a minute takes three seconds.
 */
export function fastClock(seed: number, speed = 20): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    sleep: (ms, signal) => setTimeout(ms / speed, undefined, signal ? { signal } : {}),
    random: random(seed),
  };
}

export async function inParallel<T>(
  all: readonly T[],
  concurrency: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const queue = all.values();
  const work = async () => {
    for (const one of queue) await act(one);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** How many there are of each, the most frequent first. */
export function tally(all: readonly string[]): Counts {
  const groups = [...Map.groupBy(all, (one) => one)].map(([name, { length }]) => [name, length] as const);
  return Object.fromEntries(groups.toSorted(([, a], [, b]) => b - a));
}
