import { type DayStore, isUsedUp, type Limit, newLimit } from './budget.ts';
import type { Budget } from './config.ts';
import type { DayLimit } from './room.ts';

/** The budget of a UTC day, of this process or of all that share `store`. */
export function openDay(
  budget: Budget,
  now: () => number,
  tell: (problem: string) => void,
  store: DayStore | undefined,
): { today(): Promise<DayLimit>; isUsedUp(): boolean; written(): Promise<void> } {
  let day = '';
  /** What a process that ends at once must not lose. */
  const writing = new Set<Promise<void>>();
  let limit = newLimit('day', budget);

  function turn(): Limit {
    const today = new Date(now()).toISOString().slice(0, 10);
    if (today !== day) {
      day = today;
      limit = newLimit('day', budget);
    }
    return limit;
  }

  async function today(): Promise<DayLimit> {
    const current = turn();
    const of = day;
    if (!store) return { limit: current, add: () => {} };
    try {
      const { tokens, money } = await store.spent(of);
      // Never less than what is known here: what was added a moment ago may not be there yet.
      current.taken.tokens = Math.max(current.taken.tokens, tokens);
      current.taken.money = Math.max(current.taken.money, money);
    } catch {
      tell("the day's budget shared with others cannot be read; this process counts its own calls only");
    }
    return {
      limit: current,
      add(taken) {
        const written = store
          .add(of, taken)
          .catch(() => tell("what a call took could not be added to the day's shared budget"))
          .finally(() => writing.delete(written));
        writing.add(written);
      },
    };
  }

  return {
    today,
    isUsedUp: () => isUsedUp(turn()),
    async written() {
      await Promise.all(writing);
    },
  };
}
