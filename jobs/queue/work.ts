import { setImmediate } from 'node:timers/promises';
import { alarm } from './alarm.ts';
import { DEAD, REPOSITORIES } from './boss.ts';
import { textOf, whyDead } from './ending.ts';
import { attend, beat, fail, giveBack, type Hand, newHand, type Workshop } from './hand.ts';
import { notOurs } from './not-ours.ts';
import type { Claim, DeadTask, WorkOptions } from './port.ts';
import { type Attempt, lying, type TaskData, taskOf } from './tasks.ts';

/** How long an empty queue is left alone, in ms. */
const POLL = 500;
/** A database that does not answer for so long is given up, in ms. */
const PATIENCE = 5 * 60_000;
const LONGEST_PAUSE = 30_000;

export interface WorkShop extends Workshop {
  /** Calls back when this process puts something in. @returns what ends that. */
  onPut(wake: () => void): () => void;
}

/** See `TaskQueue.work`. */
export async function work(
  shop: WorkShop,
  handle: (claim: Claim) => Promise<void>,
  bury: (dead: DeadTask) => Promise<void>,
  options: WorkOptions,
): Promise<void> {
  const { boss, terms, onProblem } = shop;
  const hands = new Set<Hand>();
  const { wake, nap } = alarm();
  const signals = [options.stop, ...(options.abort ? [options.abort] : [])];
  const stopped = () => signals.some((signal) => signal.aborted);
  const others = notOurs(shop.db, options.instances);
  let lookedForDead = 0;

  function take(queue: string, attempt: Attempt, run: (hand: Hand) => Promise<void>): void {
    const hand = newHand(queue, attempt);
    hands.add(hand);
    void run(hand)
      .catch((error: unknown) => onProblem(`a task could not be ended: ${textOf(error)}`))
      .finally(() => {
        hands.delete(hand);
        wake();
      });
  }

  async function doTask(hand: Hand, data: TaskData): Promise<void> {
    const tries = hand.attempt.retryCount + (data.before ?? 0);
    const { signal } = hand.abort;
    // Where it came in the moment in which we were stopped, it is not begun.
    const begun = !stopped() && others.allow(data.key);
    const ending = begun
      ? await attend(shop, hand, (complete) => handle({ task: taskOf(data), tries, signal, complete }))
      : undefined;
    if (!begun || (ending && options.abort?.aborted)) return await giveBack(shop, hand, data);
    if (!ending) return;
    await fail(shop, hand, ending);
    lookedForDead = 0;
  }

  async function buryTask(hand: Hand, dead: Omit<DeadTask, 'complete'>): Promise<void> {
    const ending = await attend(shop, hand, (complete) => bury({ ...dead, complete }));
    if (!ending) return;
    onProblem(`that ${dead.task.key} was given up could not be recorded: ${ending.message}`);
    await fail(shop, hand, ending);
  }

  /** @returns how many were taken in hand. */
  async function fetch(free: number): Promise<number> {
    let left = free;
    if (Date.now() - lookedForDead >= POLL) {
      lookedForDead = Date.now();
      for (const job of await boss.fetch<TaskData>(DEAD, { batchSize: left, includeMetadata: true })) {
        const tries = (job.sourceRetryCount ?? 0) + 1 + (job.data.before ?? 0);
        const dead = { task: taskOf(job.data), tries, ...whyDead(job.sourceOutput) };
        take(DEAD, job, (hand) => buryTask(hand, dead));
        left -= 1;
      }
    }
    if (left === 0 || !((await options.mayBegin?.()) ?? true)) return free - left;
    const ignoreGroups = await others.waiting();
    for (const job of await boss.fetch<TaskData>(REPOSITORIES, { batchSize: left, ignoreGroups })) {
      take(REPOSITORIES, job, (hand) => doTask(hand, job.data));
      left -= 1;
    }
    return free - left;
  }

  /** @returns how long nothing can come, in ms; 0 where nothing will come at all. */
  async function pause(): Promise<number> {
    if (!options.untilIdle || hands.size > 0) return POLL;
    const { ready, waiting, dead, readyIn } = await lying(shop.db, options.instances);
    if (ready + waiting + dead === 0) return 0;
    return ready + dead > 0 || readyIn === null ? POLL : Math.min(POLL, Math.max(10, readyIn));
  }

  async function takeAndWait(): Promise<void> {
    let failingSince: number | undefined;
    while (!stopped()) {
      // A database within the process answers without letting anybody in: no timer, no signal.
      await setImmediate();
      let rest: number | undefined;
      try {
        const free = options.concurrency - hands.size;
        if (free > 0) {
          if ((await fetch(free)) === 0) rest = await pause();
          else if (hands.size < options.concurrency) continue;
        }
        if (rest === 0) return;
        failingSince = undefined;
      } catch (error) {
        onProblem(`the queue does not answer: ${textOf(error)}`);
        failingSince ??= Date.now();
        const failing = Date.now() - failingSince;
        if (failing > PATIENCE) throw error;
        rest = Math.min(LONGEST_PAUSE, Math.max(1000, failing));
      }
      await nap(rest);
    }
  }

  let beating = Promise.resolve();
  const pulse = setInterval(
    () => {
      beating = beating.then(() => beat(shop, hands));
    },
    (terms.timing.heartbeat * 1000) / 3,
  );
  const endAll = () => {
    for (const hand of hands) hand.abort.abort(options.abort?.reason);
  };
  const unhook = shop.onPut(wake);
  for (const signal of signals) signal.addEventListener('abort', wake);
  options.abort?.addEventListener('abort', endAll);
  try {
    await takeAndWait();
  } finally {
    while (hands.size > 0) await nap(undefined);
    clearInterval(pulse);
    await beating;
    unhook();
    for (const signal of signals) signal.removeEventListener('abort', wake);
    options.abort?.removeEventListener('abort', endAll);
  }
}
