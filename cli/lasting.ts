/**
 * Something that is read once and used by many for a while. Who comes while it is read waits for that; one that failed is
 * read again by the next.
 *
 * @param read gets what it read the last time.
 * @param lasts so long what was read is used, in ms.
 */
export function lasting<T>(
  read: (before: T | undefined) => Promise<T>,
  lasts: (value: T) => number,
  now: () => number = Date.now,
): () => Promise<T> {
  let before: T | undefined;
  let reading: Promise<T> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (reading && now() < until) return reading;
    until = Number.POSITIVE_INFINITY;
    reading = read(before).then(
      (value) => {
        before = value;
        until = now() + lasts(value);
        return value;
      },
      (error: unknown) => {
        reading = undefined;
        throw error;
      },
    );
    return reading;
  };
}

/** In ms: how long something that can change while a worker runs is believed, and how long it is believed to be out of reach. */
export const LASTS = { known: 15 * 60_000, unreachable: 60_000 };
