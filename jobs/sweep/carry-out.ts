import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../engine.ts';
import { partsOf } from '../key.ts';
import type { Claim, Task } from '../queue/port.ts';
import type { Gate } from '../rollout/port.ts';
import { workStep } from '../work/step.ts';
import type { World } from '../world.ts';
import type { SweepEvent } from './events.ts';
import type { DueRepository } from './moved.ts';
import { Outcomes } from './outcomes.ts';
import { claimFor, markDied } from './sweep-row.ts';

/** How a sweep is run by this process. */
export interface SweepRun {
  readonly concurrency: number;
  /** Takes on nothing more; what is in hand is finished. */
  readonly stop: AbortSignal;
  /** Ends what is in hand, too. */
  readonly abort?: AbortSignal;
  /** Whether this process works on the repositories itself, or leaves that to workers. */
  readonly work: boolean;
  /** Told of each repository that this process itself worked on. */
  readonly own?: (event: SweepEvent) => void;
}

export interface CarriedOut {
  readonly outcomes: Outcomes;
  /** Those that nobody got to. */
  readonly open: readonly string[];
  /** Those that this process worked on. */
  readonly own: ReadonlySet<string>;
}

/** In ms. */
const BETWEEN_LOOKS = 1_000;
/** In ms: a task can be lost; what is due is put again. */
const BETWEEN_PUTS = 15_000;
/** Tasks put at a time. */
const BATCH = 1_000;

/** What a sweep wants. */
interface Wanted {
  readonly id: number;
  readonly due: readonly DueRepository[];
  /** The last outcome before it wanted them. */
  readonly after: number;
}

/** Puts the repositories of a sweep into the queue, and sees to it that something becomes of each. */
export async function carryOut(
  engine: Engine,
  world: World,
  gate: Gate,
  { id, due, after }: Wanted,
  run: SweepRun,
  on: (event: SweepEvent) => void,
): Promise<CarriedOut> {
  const outcomes = new Outcomes(engine.db, due, after);
  const tasks = new Map(due.map(({ key, cause }) => [key, { key, cause, sweep: id } as Task]));
  const paths = new Map(due.map(({ key, path }) => [key, path]));
  const own = new Set<string>();
  const wasPut = new Set<string>();
  const current = new Map<string, string>();
  const halt = new AbortController();
  const stop = AbortSignal.any([run.stop, halt.signal]);
  const step = workStep(engine, world, gate, (event) => {
    // What becomes of a repository is read from the state, whoever worked on it.
    if (event.type === 'repository') run.own?.(event);
    else if (event.type !== 'progress') on(event);
  });

  const handle = async (claim: Claim): Promise<void> => {
    const { key } = claim.task;
    current.set(key, paths.get(key) ?? partsOf(key).id);
    try {
      await step.handle(claim);
      own.add(key);
    } finally {
      current.delete(key);
    }
  };
  const put = async (keys: Iterable<string>): Promise<void> => {
    const wanted = Iterator.from(keys)
      .map((key) => tasks.get(key)!)
      .toArray();
    for (let from = 0; from < wanted.length && !stop.aborted; from += BATCH) {
      const some = wanted.slice(from, from + BATCH);
      await engine.queue.put(some);
      for (const { key } of some) wasPut.add(key);
    }
  };
  const ended = async (asked: readonly string[]): Promise<ReadonlySet<string>> => {
    const put = asked.filter((key) => wasPut.has(key));
    return new Set(put).difference(await engine.queue.held(put));
  };
  const tell = async (results: Awaited<ReturnType<Outcomes['read']>>): Promise<void> => {
    for (const result of results) on({ type: 'repository', ...result });
    const { done, failed } = outcomes;
    const total = due.length;
    // Of other sweeps some may wait, too.
    const waiting = done < total ? Math.min(total - done, (await engine.queue.counts(world.instances)).waiting) : 0;
    on({ type: 'progress', done, total, failed, ...(waiting > 0 && { waiting }), current: [...current.values()] });
  };
  const watch = async (until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      await tell(await outcomes.read());
      if (outcomes.done === due.length) return;
      await pause(BETWEEN_LOOKS, until);
    }
  };
  const work = async (): Promise<void> => {
    const [idle, enough] = [new AbortController(), new AbortController()];
    const { instances } = world;
    const options = { ...run, instances, stop: AbortSignal.any([stop, enough.signal]), untilIdle: true };
    const working = engine.queue.work(handle, step.bury, options).finally(() => idle.abort());
    // What others want is not waited for.
    const watching = watch(idle.signal).finally(() => enough.abort());
    watching.catch(() => halt.abort());
    const [worked, watched] = await Promise.allSettled([working, watching]);
    if (worked.status === 'rejected') throw worked.reason;
    if (watched.status === 'rejected') throw watched.reason;
  };

  // In a store of our own, what else is queued was left over by a sweep over something else: it stays due for that.
  if (engine.kind === 'embedded' && run.work) await dropOthers(engine, tasks);
  await put(tasks.keys());
  for (let lastPut = run.work ? Number.NEGATIVE_INFINITY : performance.now(); ; await pause(BETWEEN_LOOKS, stop)) {
    if (run.work && due.length > 0 && !stop.aborted) await work();
    const news = await outcomes.read();
    await tell(news);
    // Others are at it.
    if (!run.work && news.length > 0 && outcomes.done < due.length && !stop.aborted) continue;
    const { keys, results } = await outcomes.open(world.now(), ended);
    await tell(results);
    if (keys.length === 0 || stop.aborted) return { outcomes, open: keys, own };
    if (performance.now() - lastPut > BETWEEN_PUTS) {
      lastPut = performance.now();
      await markDied(engine, world.now(), id);
      await claimFor(engine.db, id, keys);
      await put(keys);
    }
  }
}

async function dropOthers({ db, queue }: Engine, ours: ReadonlyMap<string, Task>): Promise<void> {
  const due = await db.selectFrom('repository').select('key').where('due', 'is not', null).execute();
  const others = due.flatMap(({ key }) => (ours.has(key) ? [] : [key]));
  if (others.length > 0) await queue.drop(others);
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: until }).catch(() => {});
}
