import type { Counted } from './result.ts';
import type { SweepSummary } from './summary.ts';

/** How many repositories came to what. */
export class Counts {
  readonly #plain = { generated: 0, refreshed: 0, unchanged: 0 };
  readonly #skipped = new Map<string, number>();
  readonly #failed = new Map<string, number>();

  add({ outcome, reason = 'unknown' }: Counted, repositories = 1): void {
    if (repositories === 0) return;
    if (outcome !== 'skipped' && outcome !== 'failed') this.#plain[outcome] += repositories;
    else {
      const by = outcome === 'skipped' ? this.#skipped : this.#failed;
      by.set(reason, (by.get(reason) ?? 0) + repositories);
    }
  }

  /** All that another one counted. */
  addAll(other: Counts): void {
    for (const outcome of ['generated', 'refreshed', 'unchanged'] as const)
      this.add({ outcome }, other.#plain[outcome]);
    for (const [reason, count] of other.#skipped) this.add({ outcome: 'skipped', reason }, count);
    for (const [reason, count] of other.#failed) this.add({ outcome: 'failed', reason }, count);
  }

  /** `repositories` is the sum of all others. Reasons come by their names. */
  summary({ requests, ms, harvested = 0 }: Pick<SweepSummary, 'requests' | 'ms' | 'harvested'>): SweepSummary {
    const { generated, refreshed, unchanged } = this.#plain;
    const by = [...this.#skipped.values(), ...this.#failed.values()];
    return {
      repositories: [generated, refreshed, unchanged, ...by].reduce((total, count) => total + count, 0),
      generated,
      refreshed,
      unchanged,
      skipped: byName(this.#skipped),
      failed: byName(this.#failed),
      ...(harvested === 0 ? {} : { harvested }),
      requests,
      ms,
    };
  }
}

function byName(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
