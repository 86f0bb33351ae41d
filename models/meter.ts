import type { Spent, Usage } from './port.ts';

/** Adds up what calls took. */
export interface Meter {
  add(call: { readonly usage: Usage; readonly cost: number | null }): void;
  addTime(ms: number): void;
  spent(): Spent;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

export function openMeter(): Meter {
  let usage = NO_USAGE;
  let cost: number | null = 0;
  let calls = 0;
  let ms = 0;
  return {
    add(call) {
      usage = sum(usage, call.usage);
      // What took nothing cost nothing, whatever the price.
      const free = call.usage.inputTokens + call.usage.outputTokens === 0;
      if (!free) cost = cost === null || call.cost === null ? null : cost + call.cost;
      calls += 1;
    },
    addTime(more) {
      ms += more;
    },
    spent: () => ({ usage, cost, calls, ms }),
  };
}

/** Two together; what one of them cost is known only if both are. */
export function together(a: Spent, b: Spent): Spent {
  const cost = a.cost === null || b.cost === null ? null : a.cost + b.cost;
  return { usage: sum(a.usage, b.usage), cost, calls: a.calls + b.calls, ms: a.ms + b.ms };
}

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    estimated: a.estimated || b.estimated,
  };
}
