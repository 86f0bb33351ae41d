import type { TranscriptEvent } from '../models/port.ts';

/** What an agent's calls of one model took. */
export interface CostRow {
  readonly agent: string;
  /** `provider/id`. */
  readonly model: string;
  /** Requests sent. */
  calls: number;
  /** Calls that had to be made once more for the same step: after a failure, a cut, or an answer that could not be used. */
  retries: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Calls whose tokens the provider did not count. */
  estimated: number;
  /** In the currency of the price tables: what is known of it. */
  cost: number;
  /** Calls whose price is not known, or whose end was not written. */
  unknown: number;
}

export interface Costs {
  add(event: TranscriptEvent): void;
  /** To be said where a transcript ends: what is under way there never ended. */
  endOfTranscript(): void;
  /** By agent and model. */
  rows(): readonly CostRow[];
}

/** @throws Error for an event that does not say what one of its type does. */
export function openCosts(): Costs {
  const rows = new Map<string, CostRow>();
  /** By agent: its last call. */
  const last = new Map<string, { readonly step: number; open: boolean }>();
  /** Calls that have not ended: one agent may have several questions under way. */
  const open = new Map<CostRow, number>();

  function rowOf(agent: string, model: string): CostRow {
    const key = JSON.stringify([agent, model]);
    const row = rows.get(key) ?? emptyRow(agent, model);
    rows.set(key, row);
    return row;
  }

  function count(row: CostRow, by: 1 | -1): void {
    open.set(row, Math.max(0, (open.get(row) ?? 0) + by));
  }

  return {
    add(event) {
      const { agent, type } = event;
      if (type === 'end') last.delete(agent);
      if (type === 'call') {
        check(typeof event.model === 'string' && typeof event.step === 'number');
        const before = last.get(agent);
        const row = rowOf(agent, event.model);
        row.calls += 1;
        count(row, 1);
        // A question makes its calls one after the other: beside one that is under way it is another question's.
        if (before?.step === event.step && !before.open) row.retries += 1;
        last.set(agent, { step: event.step, open: true });
      }
      if (type === 'step') {
        const { usage, cost, model } = event;
        check(
          typeof model === 'string' && (cost === null || isCount(cost)) && typeof usage === 'object' && usage !== null,
        );
        const { inputTokens, cachedTokens, outputTokens } = usage;
        check([inputTokens, cachedTokens, outputTokens].every(isCount));
        const row = rowOf(agent, model);
        row.inputTokens += inputTokens;
        row.cachedTokens += cachedTokens;
        row.outputTokens += outputTokens;
        if (usage.estimated) row.estimated += 1;
        row.cost += cost ?? 0;
        // What took nothing cost nothing, whatever the price.
        if (cost === null && inputTokens + outputTokens > 0) row.unknown += 1;
        count(row, -1);
        const call = last.get(agent);
        if (call) call.open = false;
      }
    },
    endOfTranscript() {
      for (const [row, calls] of open) row.unknown += calls;
      open.clear();
      last.clear();
    },
    rows: () => [...rows.values()].sort((a, b) => compare(a.agent, b.agent) || compare(a.model, b.model)),
  };
}

/** All of it. */
export function sumOf(rows: readonly CostRow[]): Omit<CostRow, 'agent' | 'model'> {
  const { agent: _, model: __, ...sum } = emptyRow('', '');
  for (const row of rows) for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += row[name];
  return sum;
}

function emptyRow(agent: string, model: string): CostRow {
  return {
    agent,
    model,
    calls: 0,
    retries: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    estimated: 0,
    cost: 0,
    unknown: 0,
  };
}

function check(holds: boolean): asserts holds {
  if (!holds)
    throw new Error('an event that is not what its type says; the file was changed, or is of another version');
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
