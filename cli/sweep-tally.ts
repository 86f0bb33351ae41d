import type { RepositoryResult, SweepEvent } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';

/** What of a sweep is told when it is over. */
export interface SweepTally {
  on(event: SweepEvent): void;
  /** What came of those that were told of: all there is where a sweep ends without a summary. */
  counted(requests: number, ms: number): SweepSummary;
  /** At most so many as are kept, and how many there were. */
  readonly changed: { readonly kept: readonly RepositoryResult[]; readonly count: number };
  readonly failed: { readonly kept: readonly RepositoryResult[]; readonly count: number };
}

type Told = Extract<SweepEvent, { readonly type: 'repository' }>;

/** @param most of each are kept: a fleet of thousands is not held in memory to be listed. */
export function sweepTally(most: { readonly changed: number; readonly failed: number }): SweepTally {
  const counts = { generated: 0, refreshed: 0, unchanged: 0 };
  const skipped: Record<string, number> = {};
  const failed: Record<string, number> = {};
  const lists = {
    changed: { kept: [] as RepositoryResult[], count: 0 },
    failed: { kept: [] as RepositoryResult[], count: 0 },
  };
  /** One that is worked on twice is told of as it became last. */
  const keep = (list: keyof typeof lists, { type: _, ...result }: Told): void => {
    const { kept } = lists[list];
    const at = kept.findIndex(({ path, instance }) => path === result.path && instance === result.instance);
    if (at >= 0) kept[at] = result;
    else {
      lists[list].count += 1;
      if (kept.length < most[list]) kept.push(result);
    }
  };
  return {
    on(event) {
      if (event.type !== 'repository') return;
      const { outcome, reason = 'unknown' } = event;
      if (outcome === 'skipped') skipped[reason] = (skipped[reason] ?? 0) + 1;
      else if (outcome === 'failed') {
        failed[reason] = (failed[reason] ?? 0) + 1;
        keep('failed', event);
      } else {
        counts[outcome] += 1;
        if (outcome !== 'unchanged') keep('changed', event);
      }
    },
    counted: (requests, ms) => {
      const all = [...Object.values(counts), ...Object.values(skipped), ...Object.values(failed)];
      return { repositories: all.reduce((total, count) => total + count, 0), ...counts, skipped, failed, requests, ms };
    },
    ...lists,
  };
}

/** The summary as the last line of NDJSON: these keys, in this order, and no other. */
export function summaryOf(summary: SweepSummary): SweepSummary {
  const { repositories, generated, refreshed, unchanged, skipped, failed, requests, ms } = summary;
  return { repositories, generated, refreshed, unchanged, skipped, failed, requests, ms };
}
