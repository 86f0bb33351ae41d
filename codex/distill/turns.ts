/** How many at a time; how many questions a provider takes at once is its own setting. */
const AT_ONCE = 4;

/** Does the same with each, some of them at a time. @returns what came of each, in the order of what was given. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const turn = async (): Promise<void> => {
    while (next < all.length) {
      const at = next++;
      results[at] = await work(all[at]!);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  return results;
}
