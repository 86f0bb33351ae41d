import type { RepositoryResult, SweepEvent, Unlisted } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';

/** What of a sweep is told when it is over. */
export interface SweepTally {
  on(event: SweepEvent): void;
  /** What came of those that were told of: all there is where a sweep ends without a summary. */
  counted(requests: number, ms: number): SweepSummary;
  /** At most so many as are kept, and how many there were. */
  readonly changed: { readonly kept: readonly RepositoryResult[]; readonly count: number };
  readonly failed: { readonly kept: readonly RepositoryResult[]; readonly count: number };
  readonly skipped: { readonly kept: readonly RepositoryResult[]; readonly count: number };
  /** Lists that could not be had. */
  readonly unlisted: readonly Unlisted[];
}

type Told = Extract<SweepEvent, { readonly type: 'repository' }>;

/** How many of each are kept: a fleet of thousands is not held in memory to be listed. */
export type Most = Readonly<Record<'changed' | 'failed' | 'skipped', number>>;

export function sweepTally(most: Most): SweepTally {
  const counts = { generated: 0, refreshed: 0, unchanged: 0 };
  const skipped: Record<string, number> = {};
  const failed: Record<string, number> = {};
  const lists = {
    changed: { kept: [] as RepositoryResult[], count: 0 },
    failed: { kept: [] as RepositoryResult[], count: 0 },
    skipped: { kept: [] as RepositoryResult[], count: 0 },
  };
  const unlisted: Unlisted[] = [];
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
      if (event.type === 'warning' && event.unlisted) {
        const { unlisted: list } = event;
        unlisted.push(list);
        failed[list.reason] = (failed[list.reason] ?? 0) + list.repositories;
      }
      const told = resultIn(event);
      if (!told) return;
      const { outcome, reason = 'unknown' } = told;
      if (outcome === 'skipped') {
        skipped[reason] = (skipped[reason] ?? 0) + 1;
        keep('skipped', told);
      } else if (outcome === 'failed') {
        failed[reason] = (failed[reason] ?? 0) + 1;
        keep('failed', told);
      } else {
        counts[outcome] += 1;
        if (outcome !== 'unchanged') keep('changed', told);
      }
    },
    counted: (requests, ms) => {
      const all = [...Object.values(counts), ...Object.values(skipped), ...Object.values(failed)];
      return { repositories: all.reduce((total, count) => total + count, 0), ...counts, skipped, failed, requests, ms };
    },
    ...lists,
    unlisted,
  };
}

/** What an event tells of one repository. */
export function resultIn(event: SweepEvent): Told | undefined {
  if (event.type === 'repository') return event;
  return event.type === 'skipped' ? { ...event, type: 'repository', outcome: 'skipped', ms: 0 } : undefined;
}

/** The summary as the last line of NDJSON: these keys, in this order, and no other; `harvested` only where there is something. */
export function summaryOf(summary: SweepSummary): SweepSummary {
  const { repositories, generated, refreshed, unchanged, skipped, failed, harvested, requests, ms } = summary;
  const read = harvested === undefined ? {} : { harvested };
  return { repositories, generated, refreshed, unchanged, skipped, failed, ...read, requests, ms };
}
