import type { PgBoss } from 'pg-boss';
import { alarm } from './alarm.ts';
import { SWEEPS } from './boss.ts';
import { endingOf, textOf } from './ending.ts';
import { beat, fail, newHand, type Workshop } from './hand.ts';
import type { Scheduled } from './port.ts';
import { type Firing, findSchedule } from './schedule.ts';
import type { Attempt } from './tasks.ts';

/** How long nobody looks for what fired, in ms. */
const POLL = 2000;

/**
 * Keeps time for all schedules together with the other processes that do, and runs what fires. Each time that one names
 * fires once, within a minute; of those that nobody kept time for, the last. One that comes while its schedule is still
 * run, or waits to be, is left out. A run that breaks, or is stopped, is begun again a minute later, twice at most. One that
 * the queue gave to another process, or may have, is told so.
 */
export async function keepTime(
  shop: Workshop,
  clock: PgBoss,
  run: (schedule: Scheduled, lost: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const { boss, onProblem } = shop;
  const { wake, nap } = alarm();
  stop.addEventListener('abort', wake);
  try {
    await clock.start();
    while (!stop.aborted) {
      try {
        const [job] = await boss.fetch<Firing>(SWEEPS);
        if (job) await runFiring(shop, job, job.data, run, stop);
        else await nap(POLL);
      } catch (error) {
        onProblem(`what is scheduled could not be looked up: ${textOf(error)}`);
        await nap(POLL);
      }
    }
  } finally {
    stop.removeEventListener('abort', wake);
    await clock.stop({ graceful: false });
  }
}

async function runFiring(
  shop: Workshop,
  attempt: Attempt,
  { schedule }: Firing,
  run: (schedule: Scheduled, lost: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const { boss, terms, onProblem } = shop;
  const hand = newHand(SWEEPS, attempt);
  const pulse = setInterval(() => void beat(shop, [hand]), (terms.timing.heartbeat * 1000) / 3);
  try {
    const found = await findSchedule(boss, schedule);
    if (found) await run(found, hand.abort.signal);
    stop.throwIfAborted();
    hand.abort.signal.throwIfAborted();
    await boss.deleteJob(SWEEPS, hand.attempt);
  } catch (error) {
    if (!stop.aborted) onProblem(`the schedule ${schedule} did not run to its end: ${textOf(error)}`);
    await fail(shop, hand, endingOf(error));
  } finally {
    hand.over = true;
    clearInterval(pulse);
  }
}
