/** In ms: twice the time in which a signed delivery is believed, and a lot more. */
const KEPT = 3_600_000;
const MOST = 20_000;

/** Which deliveries came already: GitLab sends one again where it got no answer, and so can who heard one. */
export class Deliveries {
  /** When each came, oldest first. */
  readonly #came = new Map<string, number>();

  has(id: string): boolean {
    return this.#came.has(id);
  }

  add(id: string, now: number): void {
    this.#came.set(id, now);
    for (const [before, at] of this.#came) {
      if (this.#came.size <= MOST && now - at <= KEPT) return;
      this.#came.delete(before);
    }
  }
}
