/** In ms: what an instance refused is asked once more after that. Whatever stood in the way may be gone by then. */
const BELIEVED = 3_600_000;

/** Other than usual, for as long as that is believed after it was learned first. */
export class Learned<T> {
  readonly #usual: T;
  readonly #now: () => number;
  #learned: T;
  #since = Number.NEGATIVE_INFINITY;

  constructor(usual: T, now: () => number) {
    this.#usual = usual;
    this.#learned = usual;
    this.#now = now;
  }

  get value(): T {
    return this.#isBelieved() ? this.#learned : this.#usual;
  }

  set value(learned: T) {
    if (!this.#isBelieved()) this.#since = this.#now();
    this.#learned = learned;
  }

  #isBelieved(): boolean {
    const age = this.#now() - this.#since;
    return age >= 0 && age < BELIEVED;
  }
}
