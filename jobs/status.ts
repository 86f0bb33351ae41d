import type { FleetConfig } from './config.ts';
import type { Engine } from './engine.ts';
import type { Pause } from './pause.ts';
import { pauses } from './pause.ts';
import type { QueueCounts } from './queue/port.ts';
import { type Coverage, coverageOf } from './status/coverage.ts';
import { type Failure, failuresOf } from './status/failures.ts';
import { type LimitLeft, limitsLeft } from './status/limits.ts';
import { type Fates, fatesOf } from './status/merge-requests.ts';
import { groupsOf, type RepositoryCounts, repositoryCounts } from './status/repositories.ts';
import { type Hours, hoursNow, type RolloutStatus, rolloutStatus } from './status/rollout.ts';
import { type LoweredRule, loweredRules } from './status/rules.ts';
import { lastSweeps, type SweepStatus } from './status/sweeps.ts';
import { type KeptUnlisted, keptUnlisted } from './sweep/unlisted.ts';

/** What operators look at. Moments are dates, counts are of repositories where nothing else is said. */
export interface FleetStatus {
  readonly at: Date;
  readonly store: { readonly kind: Engine['kind']; readonly where: string };
  readonly repositories: RepositoryCounts;
  /** Lists that could not be had when they were asked for last: what they tell of counts as failed. */
  readonly unlisted: readonly KeptUnlisted[];
  readonly mergeRequests: Fates;
  /** Of the merge requests that add the review component. */
  readonly adoptReview: Fates;
  readonly queue: QueueCounts;
  readonly rollout: RolloutStatus | null;
  readonly hours: Hours;
  readonly pauses: readonly Pause[];
  /** For each instance: of everything, then of each group that has limits of its own. */
  readonly limits: readonly LimitLeft[];
  /** The newest first. */
  readonly sweeps: readonly SweepStatus[];
  /** The most frequent first. */
  readonly failures: readonly Failure[];
  readonly review: Coverage;
  readonly rules: readonly LoweredRule[];
  /** The one that begins first comes first. */
  readonly schedules: readonly NextSweep[];
}

export interface NextSweep {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly groups: readonly string[];
  /** Null: never. */
  readonly next: Date | null;
}

/** What is known of the fleet, in a handful of queries however large it is. @param now in ms since 1970. */
export async function fleetStatus(engine: Engine, fleet: FleetConfig, now: number): Promise<FleetStatus> {
  const { db, kind, where, queue, scheduler } = engine;
  const [groups, unlisted, fates, counts, rollout, paused, limits, sweeps, schedules] = await Promise.all([
    groupsOf(db, now),
    keptUnlisted(db),
    fatesOf(db),
    queue.counts(),
    rolloutStatus(db, fleet),
    pauses(db),
    limitsLeft(db, fleet.limits, now),
    lastSweeps(db, 5),
    nextSweeps(scheduler),
  ]);
  const repositories = repositoryCounts(groups);
  return {
    at: new Date(now),
    store: { kind, where },
    repositories,
    unlisted,
    ...fates,
    queue: counts,
    rollout,
    hours: hoursNow(fleet, now),
    pauses: paused,
    limits,
    sweeps,
    failures: await failuresOf(db, groups),
    review: coverageOf(groups, fleet.reviewComponent),
    rules: await loweredRules(db),
    schedules,
  };
}

async function nextSweeps(scheduler: Engine['scheduler']): Promise<readonly NextSweep[]> {
  const all = (await scheduler.list()).map(({ name, cron, timeZone, options }) => {
    const [next = null] = scheduler.preview(cron, timeZone, 1);
    return { name, cron, timeZone, groups: options.groups, next };
  });
  const order = ({ next }: NextSweep): number => next?.getTime() ?? Number.POSITIVE_INFINITY;
  return all.sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}
