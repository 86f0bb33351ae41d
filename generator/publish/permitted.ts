import { ForgeError, type ForgeReason } from '../../forge/errors.ts';
import type { WritePermit } from './input.ts';

/** What was allowed, as far as anybody keeps count. */
export class Permitted {
  readonly #permit: WritePermit | undefined;

  constructor(permit: WritePermit | undefined) {
    this.#permit = permit;
  }

  /** @param unclear whether an error leaves open what became of it: then it counts as done until it is forgotten. */
  async unless<T>(write: () => Promise<T>, unclear: (error: unknown) => boolean = () => false): Promise<T> {
    try {
      return await write();
    } catch (error) {
      // What went wrong first is what matters.
      if (!unclear(error)) await this.#permit?.giveBack().catch(() => {});
      throw error;
    }
  }

  async after(done: boolean): Promise<void> {
    await (done ? this.#permit?.use() : this.#permit?.giveBack());
  }
}

/** The answer was lost, and so was the look whether the write was applied. */
export function mayBeThere(error: unknown): boolean {
  return error instanceof ForgeError && UNCLEAR.has(error.reason);
}

const UNCLEAR: ReadonlySet<ForgeReason> = new Set(['unavailable', 'timeout', 'not-understood']);
