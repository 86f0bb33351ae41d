import { setTimeout } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import type { Scheduled } from './queue/port.ts';
import type { Gate } from './rollout/port.ts';
import type { SweepEvent } from './sweep/events.ts';
import { sweep } from './sweep/index.ts';
import type { SweepSummary } from './sweep/summary.ts';
import { refill, retryHeld } from './work/refill.ts';
import { workStep } from './work/step.ts';
import type { World } from './world.ts';

export interface WorkerOptions {
  /** Repositories at a time. */
  readonly concurrency: number;
  /** Begins nothing new; what is in hand is finished. */
  readonly stop: AbortSignal;
  /** Leaves what is in hand, too: it is tried again, here or elsewhere. */
  readonly abort: AbortSignal;
  /** In ms: how often what became due is looked for. Default: 30 s. */
  readonly every?: number;
  /** Told of each scheduled sweep that this process ran to its end. */
  readonly onSweep?: (summary: SweepSummary) => void;
}

/** So many tasks keep everybody busy until the next look. */
const ENOUGH = 1000;

/**
 * Works on what is queued, puts what became due into the queue, and begins what is scheduled, until it is stopped. Any number
 * of processes may do so over one database.
 */
export async function work(
  engine: Engine,
  world: World,
  gate: Gate,
  options: WorkerOptions,
  on: (event: SweepEvent) => void,
): Promise<void> {
  const { concurrency, abort } = options;
  const step = workStep(engine, world, gate, on);
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const all = [
    engine.queue.work(step.handle, step.bury, { concurrency, instances: world.instances, stop, abort }),
    keepFilled(engine, world, gate, { ...options, stop }),
    engine.scheduler.work((schedule, lost) => {
      const untilLost = { ...options, stop: AbortSignal.any([stop, lost]) };
      return scheduled(engine, world, gate, untilLost, schedule, on);
    }, stop),
  ];
  // Where one of them breaks, the others end in order.
  for (const each of all) each.catch((error: unknown) => failed.abort(error));
  const ended = await Promise.allSettled(all);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

async function keepFilled(
  engine: Pick<Engine, 'db' | 'queue'>,
  world: World,
  gate: Gate,
  { stop, every = 30_000 }: Pick<WorkerOptions, 'stop' | 'every'>,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await fill(engine, world, gate);
    } catch (error) {
      world.log.warn({ error: messageOf(error) }, 'what is due could not be queued; the next look is soon');
    }
    await setTimeout(every, undefined, { signal: stop }).catch(() => {});
  }
}

/** Puts what became due into the queue, unless that is full enough. @returns how many were put. */
export async function fill(engine: Pick<Engine, 'db' | 'queue'>, world: World, gate: Gate): Promise<number> {
  const { instances } = world;
  const { ready } = await engine.queue.counts(instances);
  if (ready >= ENOUGH) return 0;
  const what = { now: world.now(), instances };
  return (await refill(engine, what)) + (await retryHeld(engine, gate, what));
}

/** What it finds is worked on by whoever works. One that fails is tried again when it is due the next time. */
async function scheduled(
  engine: Engine,
  world: World,
  gate: Gate,
  { concurrency, stop, abort, onSweep }: WorkerOptions,
  { name, options }: Scheduled,
  on: (event: SweepEvent) => void,
): Promise<void> {
  world.log.info({ schedule: name }, 'a scheduled sweep begins');
  try {
    const left = await instancesElsewhere(engine, world);
    if (left.length > 0)
      world.log.warn(
        { schedule: name, instances: left },
        'what is known of other instances is not swept by this worker',
      );
    const run = { concurrency, stop, abort, work: false };
    // What becomes of repositories tells whoever works on them.
    const about = (event: SweepEvent): void => (event.type === 'repository' ? undefined : on(event));
    const { summary } = await sweep(engine, world, gate, { ...options, schedule: name }, run, about);
    onSweep?.(summary);
    world.log.info({ schedule: name, ...summary }, 'a scheduled sweep has ended');
  } catch (error) {
    world.log.error({ schedule: name, error: messageOf(error) }, 'a scheduled sweep has failed');
  }
}

/** GitLab instances of which repositories are known, but which are not configured here. */
async function instancesElsewhere({ db }: Pick<Engine, 'db'>, { instances }: World): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('repository')
    .select('instance')
    .distinct()
    .where('gone_since', 'is', null)
    .where('instance', 'like', '%://%')
    .execute();
  return rows.map(({ instance }) => instance).filter((instance) => !instances.includes(instance));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
