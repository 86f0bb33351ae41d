import { AsyncLocalStorage } from 'node:async_hooks';

interface Within {
  requests: number;
  readonly outer: Within | undefined;
}

/** Counts requests of the whole process, and of whatever caused them, however much runs side by side. */
export class RequestCount {
  readonly #within = new AsyncLocalStorage<Within>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Another request was sent, by whatever runs now. */
  add(): void {
    this.#total += 1;
    for (let within = this.#within.getStore(); within; within = within.outer) within.requests += 1;
  }

  async count<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly requests: number }> {
    const within = { requests: 0, outer: this.#within.getStore() };
    const value = await this.#within.run(within, run);
    return { value, requests: within.requests };
  }
}
