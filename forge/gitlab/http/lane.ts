import type { Clock } from './clock.ts';

/** The one queue of everything that is sent with a token: first come, first served. */
export interface Lane {
  /**
   * Waits for its turn.
   * @returns what must be called once the request is over.
   * @throws the signal's reason
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  /** Nobody enters before that moment, in ms since the epoch. */
  hold(until: number): void;
  isHeld(): boolean;
  /** One request was told to come back at that moment, and waits for it by itself. */
  throttled(until: number): void;
}

export interface LaneLimits {
  readonly concurrency: number;
  readonly requestsPerMinute: number;
}

/** A token bucket that holds the requests of one second, so that a minute never sees many more than it may. */
export function openLane(limits: LaneLimits, clock: Clock): Lane {
  const perMs = limits.requestsPerMinute / 60_000;
  const capacity = Math.max(1, Math.ceil(limits.requestsPerMinute / 60));
  const queue = new Set<Waiter>();
  let running = 0;
  let filled = capacity;
  let filledAt = clock.now();
  let heldUntil = 0;
  let alarm: AbortController | undefined;

  function admit(): void {
    for (const waiter of queue) {
      if (running >= limits.concurrency) return;
      const wait = waitNow();
      if (wait > 0) {
        wakeAfter(wait);
        return;
      }
      filled -= 1;
      running += 1;
      drop(waiter);
      waiter.admit();
    }
  }

  function waitNow(): number {
    const now = clock.now();
    filled = Math.min(capacity, filled + Math.max(0, now - filledAt) * perMs);
    filledAt = now;
    const bucket = filled > 1 - 1e-6 ? 0 : Math.ceil((1 - filled) / perMs);
    return Math.max(bucket, heldUntil - now);
  }

  function wakeAfter(ms: number): void {
    if (alarm) return;
    alarm = new AbortController();
    void clock
      .sleep(ms, alarm.signal)
      .catch(() => undefined)
      .then(() => {
        alarm = undefined;
        admit();
      });
  }

  function drop(waiter: Waiter): void {
    queue.delete(waiter);
    // A clock that runs for nobody would keep the process alive.
    if (queue.size === 0) alarm?.abort();
  }

  function leave(): void {
    running -= 1;
    admit();
  }

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          drop(waiter);
          reject(signal?.reason);
        };
        const waiter: Waiter = {
          admit: () => {
            signal?.removeEventListener('abort', abort);
            resolve(once(leave));
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        queue.add(waiter);
        admit();
      }),
    hold: (until) => {
      heldUntil = Math.max(heldUntil, until);
    },
    isHeld: () => heldUntil > clock.now(),
    throttled: () => {},
  };
}

interface Waiter {
  admit(): void;
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
