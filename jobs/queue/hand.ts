import type { Kysely, Transaction } from 'kysely';
import type { PgBoss } from 'pg-boss';
import type { Tables } from '../store/tables.ts';
import { type Ending, endingOf, textOf } from './ending.ts';
import { TryAgain } from './port.ts';
import { type Attempt, putTasks, settle, type TaskData, type Terms, touch } from './tasks.ts';

export interface Workshop {
  readonly boss: PgBoss;
  readonly db: Kysely<Tables>;
  readonly terms: Terms;
  onProblem(message: string): void;
}

/** A job that this process has in hand. */
export interface Hand {
  readonly queue: string;
  readonly attempt: Attempt;
  readonly abort: AbortController;
  /** When the queue was last heard to hold it for ours, in ms. */
  seen: number;
  /** It was completed; its transaction may still fail. */
  completed: boolean;
  /** Its handler is done with it. */
  over: boolean;
}

/** The queue gave the task to somebody else, or may have. */
class Lost extends Error {
  override readonly name = 'AbortError';
}

export function newHand(queue: string, { id, retryCount }: Attempt): Hand {
  const abort = new AbortController();
  return { queue, attempt: { id, retryCount }, abort, seen: Date.now(), completed: false, over: false };
}

/** Runs a handler. @returns how it went wrong; undefined where it did not. */
export async function attend(
  { boss }: Workshop,
  hand: Hand,
  run: (complete: (trx: Transaction<Tables>) => Promise<boolean>) => Promise<void>,
): Promise<Ending | undefined> {
  let asked = false;
  try {
    await run(async (trx) => {
      asked = true;
      hand.completed = await settle(boss, hand.queue, hand.attempt, trx);
      return hand.completed;
    });
    return asked ? undefined : endingOf(new TryAgain('not-completed', 'the handler did not complete its task'));
  } catch (error) {
    return endingOf(error);
  } finally {
    hand.over = true;
  }
}

/** Has it tried again later, or given up. Nothing happens where it is ours no more. */
export async function fail({ boss, onProblem }: Workshop, hand: Hand, ending: Ending): Promise<void> {
  if (isLost(hand)) return;
  await stubbornly(() => boss.fail(hand.queue, hand.attempt, ending), onProblem);
}

/** Back into the queue as if it had not been begun: that it was ended is not its fault. */
export async function giveBack(shop: Workshop, hand: Hand, data: TaskData): Promise<void> {
  const { boss, db, terms, onProblem } = shop;
  if (isLost(hand)) return;
  const task = { ...data, before: (data.before ?? 0) + hand.attempt.retryCount };
  await stubbornly(
    () =>
      db.transaction().execute(async (trx) => {
        if (await settle(boss, hand.queue, hand.attempt, trx)) await putTasks(boss, terms, [task], trx);
      }),
    onProblem,
  );
}

/** Tells the queue that those in hand are alive, and aborts those that it no longer holds for ours. */
export async function beat(shop: Workshop, hands: Iterable<Hand>): Promise<void> {
  const { boss, terms, onProblem } = shop;
  for (const [queue, mine = []] of Object.entries(Object.groupBy(hands, (hand) => hand.queue))) {
    // One that is lost must not look alive: it would never be done by anybody.
    const alive = mine.filter((hand) => !hand.over && !isLost(hand));
    if (alive.length === 0) continue;
    const at = Date.now();
    const patience = terms.timing.heartbeat * 1000;
    const attempts = alive.map((hand) => hand.attempt);
    const held = await within(patience, touch(boss, queue, attempts)).catch((error: unknown) => {
      onProblem(`the queue was not told that its tasks are alive: ${textOf(error)}`);
    });
    for (const hand of alive) {
      if (held?.has(hand.attempt.id)) hand.seen = at;
      // Without an answer: by now others will have missed us.
      const lost = held ? !held.has(hand.attempt.id) : terms.heartbeats && Date.now() - hand.seen >= patience;
      if (lost && !hand.completed) hand.abort.abort(new Lost('the task was taken away'));
    }
  }
}

/** A connection that broke without a word keeps one waiting for a quarter of an hour. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the database does not answer')), ms);
  return await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function isLost(hand: Hand): boolean {
  return hand.abort.signal.reason instanceof Lost;
}

/** A database that is away for a moment must not cost a try. */
async function stubbornly(act: () => Promise<unknown>, onProblem: (message: string) => void): Promise<void> {
  for (const pause of [1000, 3000, 9000, undefined]) {
    try {
      await act();
      return;
    } catch (error) {
      onProblem(`the queue was not told what came of a task: ${textOf(error)}`);
      if (pause === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
