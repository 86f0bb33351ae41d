/**
 * A shorter text that has the same fault, as far as so many tries find one: pieces are left out, halves first, then ever smaller ones.
 *
 * @param fails whether a text still has it.
 */
export async function smaller(text: string, fails: (text: string) => Promise<boolean>, tries: number): Promise<string> {
  let best = text;
  let left = tries;
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.length && left > 0; left--) {
      const shorter = best.slice(0, from) + best.slice(from + size);
      if (await fails(shorter)) best = shorter;
      else from += size;
    }
  }
  return best;
}
