import { ForgeError, type ForgeReason } from '../forge/errors.ts';
import type { SweepEvent, Unlisted } from '../jobs/sweep/events.ts';

/** Whether a sweep got to know what there is. */
export class SweepLists {
  /** Instances with the number of their projects. */
  readonly #had = new Map<string, number>();
  readonly #missing: Unlisted[] = [];

  on(event: SweepEvent): void {
    if (event.type === 'listed' && event.done) this.#had.set(event.instance, event.projects);
    if (event.type !== 'warning') return;
    // Then nobody is asked.
    if (event.quiet) this.#had.set('', 1);
    if (!event.unlisted) return;
    this.#missing.push(event.unlisted);
    // Its list may have been read, and not what else has to be known of all.
    if (event.unlisted.group === undefined) this.#had.delete(event.unlisted.instance);
  }

  /** @throws {NothingListed} where no list could be had. */
  assertAny(): void {
    const projects = this.#had.values().reduce((sum, count) => sum + count, 0);
    if (this.#had.size === 0 || (projects === 0 && this.#missing.length > 0)) throw new NothingListed(this.#missing);
  }
}

/** Not one list could be read; why, the warnings said. */
class NothingListed extends Error {
  override readonly name = 'NothingListed';
  /** 2 where the token, a group or a setting is wrong, 3 where GitLab did not answer. */
  readonly exitCode: 2 | 3;

  constructor(missing: readonly Unlisted[]) {
    super('nothing could be listed, so nothing was done');
    const codes = missing.map(({ reason, message }) => new ForgeError(reason as ForgeReason, message).exitCode);
    this.exitCode = codes.length > 0 && codes.every((code) => code === 2) ? 2 : 3;
  }
}
