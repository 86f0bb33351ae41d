import type { Budget, BudgetScope } from './config.ts';
import type { Taken } from './port.ts';

/** A part of some limits that one call may use. */
export interface Hold {
  /** What it took indeed; said once, the first time counts. */
  settle(taken: Taken): void;
}

/** The days' totals of several processes; a day is a UTC date. */
export interface DayStore {
  spent(day: string): Promise<Taken>;
  add(day: string, taken: Taken): Promise<void>;
}

/** One budget: what was taken, and what calls under way may take at most. */
export interface Limit {
  readonly scope: BudgetScope;
  readonly budget: Budget;
  taken: { tokens: number; money: number };
  held: { tokens: number; money: number };
  /** Something did not fit into it. */
  refused: boolean;
}

export function newLimit(scope: BudgetScope, budget: Budget): Limit {
  return { scope, budget, taken: { tokens: 0, money: 0 }, held: { tokens: 0, money: 0 }, refused: false };
}

export function isUsedUp({ budget, taken, refused }: Limit): boolean {
  return refused || KINDS.some((kind) => taken[kind] >= (budget[kind] ?? Number.POSITIVE_INFINITY));
}

const KINDS = ['tokens', 'money'] as const;

export interface Holds {
  /**
   * Reserves `estimate` of all limits or of none. What would only fit without calls that are under way waits for one of them to end:
   * a limit is neither passed by calls side by side, nor refused for what they turn out not to need.
   * @returns the limit that it does not fit into, and why, in words.
   */
  hold(limits: readonly Limit[], estimate: Taken, signal: AbortSignal): Promise<Hold | Refusal>;
}

export interface Refusal {
  readonly over: Limit;
  readonly message: string;
}

export function openHolds(): Holds {
  const waiting = new Set<() => void>();

  /** Nothing may be awaited in here. */
  function reserve(limits: readonly Limit[], estimate: Taken): Hold {
    const change = (by: 1 | -1) => {
      for (const { held } of limits) for (const kind of KINDS) held[kind] += by * estimate[kind];
    };
    change(1);
    let settled = false;
    return {
      settle(actual) {
        if (settled) return;
        settled = true;
        change(-1);
        for (const { taken } of limits) for (const kind of KINDS) taken[kind] += actual[kind];
        for (const wake of [...waiting]) wake();
      },
    };
  }

  async function change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (then: () => void) => () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', abort);
        then();
      };
      const wake = end(resolve);
      const abort = end(() => reject(signal.reason));
      waiting.add(wake);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  return {
    async hold(limits, estimate, signal) {
      for (;;) {
        signal.throwIfAborted();
        for (const over of limits) {
          const kind = KINDS.find((one) => !fits(over, estimate, one, 0));
          if (!kind) continue;
          over.refused = true;
          return { over, message: refusal(over, kind, estimate) };
        }
        if (limits.every((limit) => KINDS.every((kind) => fits(limit, estimate, kind, limit.held[kind]))))
          return reserve(limits, estimate);
        await change(signal);
      }
    },
  };
}

function fits({ budget, taken }: Limit, estimate: Taken, kind: (typeof KINDS)[number], held: number): boolean {
  const most = budget[kind];
  return most === null || taken[kind] + held + estimate[kind] <= most;
}

function refusal({ scope, budget, taken }: Limit, kind: (typeof KINDS)[number], estimate: Taken): string {
  const show = (amount: number) => (kind === 'tokens' ? String(amount) : amount.toFixed(4));
  const of = scope === 'call' ? 'a call' : `the ${scope}`;
  return (
    `the budget of ${of} is used up: ${show(taken[kind])} of ${show(budget[kind] ?? 0)} ${kind} taken, ` +
    `the next call may take ${show(estimate[kind])}; models.budgets.${scope}.${kind} sets it`
  );
}
