export interface TurnsOptions<T> {
  /** Runs at a time. */
  readonly concurrency: number;
  /** So many subjects wait at most. */
  readonly most: number;
  /** Of one subject at most so many runs begin in so many ms. */
  readonly limit: { readonly runs: number; readonly per: number };
  /** Must not reject. @returns whether it counts for the limit. */
  readonly run: (subject: string, wishes: readonly T[]) => Promise<boolean>;
  /** Told where the limit holds a subject back, in ms. */
  readonly onHeld?: (subject: string, wait: number) => void;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Default: a timer. */
  readonly later?: (ms: number, then: () => void) => void;
}

const TIMER = (ms: number, then: () => void): void => void setTimeout(then, ms).unref();

/**
 * Runs wishes about subjects: each subject by itself, what comes meanwhile together in one more run, in the order in which subjects
 * came, and no subject more often than the limit lets it.
 */
export class Turns<T> {
  readonly #options: TurnsOptions<T>;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Map<string, T>>();
  readonly #running = new Set<string>();
  readonly #held = new Set<string>();
  /** When the runs that count began, of each subject. */
  readonly #begun = new Map<string, readonly number[]>();
  #onSettled: (() => void) | undefined;

  constructor(options: TurnsOptions<T>) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** @param name of two wishes of a subject with the same one, one is enough. @returns false where too many wait. */
  take(subject: string, name: string, wish: T): boolean {
    const waiting = this.#waiting.get(subject);
    if (waiting) waiting.set(name, wish);
    else if (this.#waiting.size >= this.#options.most) return false;
    else this.#waiting.set(subject, new Map([[name, wish]]));
    this.#next();
    return true;
  }

  /** Until nothing runs, and nothing waits but for the limit. */
  async settled(): Promise<void> {
    if (!this.#isSettled()) await new Promise<void>((settle) => (this.#onSettled = settle));
  }

  /** What runs, and what waits. */
  left(): readonly string[] {
    return [...new Set([...this.#running, ...this.#waiting.keys()])];
  }

  #isSettled(): boolean {
    return this.#running.size === 0 && this.#held.size === this.#waiting.size;
  }

  #next(): void {
    const now = this.#now();
    this.#forget(now);
    for (const [subject, wishes] of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(subject) || this.#held.has(subject)) continue;
      const wait = this.#waitOf(subject, now);
      if (wait > 0) this.#hold(subject, wait);
      else {
        this.#waiting.delete(subject);
        void this.#run(subject, [...wishes.values()], now);
      }
    }
  }

  async #run(subject: string, wishes: readonly T[], now: number): Promise<void> {
    this.#running.add(subject);
    const counts = await this.#options.run(subject, wishes);
    if (counts) this.#begun.set(subject, [...(this.#begun.get(subject) ?? []), now]);
    this.#running.delete(subject);
    this.#next();
    if (this.#isSettled()) this.#onSettled?.();
  }

  #hold(subject: string, wait: number): void {
    this.#held.add(subject);
    this.#options.onHeld?.(subject, wait);
    (this.#options.later ?? TIMER)(wait, () => {
      this.#held.delete(subject);
      this.#next();
    });
  }

  /** In ms, until the limit lets it begin. */
  #waitOf(subject: string, now: number): number {
    const { runs, per } = this.#options.limit;
    const begun = this.#begun.get(subject) ?? [];
    return begun.length < runs ? 0 : begun.at(-runs)! + per - now;
  }

  /** What the limit does not count any more. */
  #forget(now: number): void {
    const { per } = this.#options.limit;
    for (const [subject, begun] of this.#begun) {
      const young = begun.filter((at) => now - at < per);
      if (young.length === 0) this.#begun.delete(subject);
      else this.#begun.set(subject, young);
    }
  }
}
