/** How fast something goes, by what was done lately. */
export interface Pace {
  /** So many are done at a time (ms since 1970). */
  at(now: number, done: number): void;
  /** `undefined` until it can be told. */
  perMinute(): number | undefined;
  /** In ms, for so many more. */
  remaining(more: number): number | undefined;
}

/** What is older says nothing of the rest. */
const WINDOW = 5 * 60_000;
/** From less than that nothing is concluded. */
const LEAST = 3_000;
const STEP = 1_000;

export function pace(): Pace {
  const seen: { now: number; done: number }[] = [];
  const speed = (): number | undefined => {
    const [first, last] = [seen[0], seen.at(-1)];
    if (!first || !last || last.now - first.now < LEAST || last.done <= first.done) return undefined;
    return (last.done - first.done) / (last.now - first.now);
  };
  return {
    at(now, done) {
      // The first one stays: what was done by then took no time that was seen.
      if (seen.length > 1 && now - seen.at(-2)!.now < STEP) seen.pop();
      seen.push({ now, done });
      while (seen.length > 2 && now - seen[1]!.now >= WINDOW) seen.shift();
    },
    perMinute: () => {
      const each = speed();
      return each && each * 60_000;
    },
    remaining: (more) => {
      const each = speed();
      return each && more / each;
    },
  };
}
