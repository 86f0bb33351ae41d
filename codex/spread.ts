import { createHash } from 'node:crypto';

interface Kept<T> {
  readonly name: string;
  /** Which repositories stay when there are too many: as good as random, and the same every time. */
  readonly rank: string;
  readonly items: readonly T[];
}

/** A sample of what repositories hold, spread over as many of them as it can: the same for the same fleet, and small. */
export class Spread<T> {
  readonly #size: number;
  readonly #seed: string;
  #kept: Kept<T>[] = [];

  /** `size` things at most; `seed` makes two samples of one fleet differ. */
  constructor(size: number, seed: string) {
    this.#size = size;
    this.#seed = seed;
  }

  /** Which of the things that a repository holds may be in the sample; none where others have taken all places. */
  candidates<C>(name: string, items: readonly C[]): readonly C[] {
    const last = this.#kept.at(-1);
    const full = this.#kept.length >= this.#size && last !== undefined && last.rank < this.#rankOf(name);
    return full ? [] : evenly(items, this.#size);
  }

  add(name: string, items: readonly T[]): void {
    if (items.length === 0) return;
    this.#kept.push({ name, rank: this.#rankOf(name), items });
    this.#kept.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    this.#kept = this.#kept.slice(0, this.#size);
  }

  /** The sample, by the names of the repositories, in each of them in the order it was added. */
  take(): readonly T[] {
    const kept = this.#kept.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const shares = kept.map(() => 0);
    let left = this.#size;
    for (let dealt = true; dealt && left > 0; ) {
      dealt = false;
      for (const [at, { items }] of kept.entries()) {
        if (left === 0 || shares[at]! >= items.length) continue;
        shares[at]!++;
        left--;
        dealt = true;
      }
    }
    return kept.flatMap(({ items }, at) => evenly(items, shares[at]!));
  }

  #rankOf(name: string): string {
    return createHash('sha256').update(`${this.#seed}\0${name}`).digest('hex');
  }
}

function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor(((at + 0.5) * items.length) / count)]!);
}
