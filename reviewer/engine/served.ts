import type { DayStore } from '../../models/budget.ts';
import type { ToolForm } from '../../models/call.ts';
import type { Taken, Tool, ToolResult } from '../../models/port.ts';
import type { Asked, Told } from './protocol.ts';

type Done = Extract<Asked, { type: 'result' | 'day' }>;

/** The other side of `serve`: what the process of the models has done for it by the one that started it. */
export interface Served {
  hear(done: Done): void;
  /** @param question Its number, which says what may be asked for. */
  tools(forms: readonly ToolForm[], question: number): readonly Tool[];
  readonly days: DayStore;
  /** Nobody answers any more; whoever waits is told so. */
  end(): void;
}

export function served(tell: (told: Told) => void): Served {
  const results = new Map<number, (result: ToolResult) => void>();
  const days = new Map<number, (taken: Taken | null) => void>();
  let calls = 0;
  let ended = false;

  function run(id: number, name: string, input: unknown, signal: AbortSignal): Promise<ToolResult> {
    const call = calls++;
    if (ended) return Promise.resolve(OVER);
    return new Promise((resolve) => {
      const off = () => tell({ type: 'tool-off', call });
      signal.addEventListener('abort', off, { once: true });
      results.set(call, (result) => {
        signal.removeEventListener('abort', off);
        resolve(result);
      });
      tell({ type: 'tool', id, call, name, input: input as Record<string, unknown> });
    });
  }

  return {
    hear(done) {
      if (done.type === 'result') {
        results.get(done.call)?.(done.result);
        results.delete(done.call);
      } else {
        days.get(done.call)?.(done.taken);
        days.delete(done.call);
      }
    },
    tools: (forms, question) =>
      forms.map(({ name, description, schema }) => ({
        name,
        description,
        input: schema,
        run: (input, signal) => run(question, name, input, signal),
      })),
    days: {
      async spent() {
        const call = calls++;
        const taken = await new Promise<Taken | null>((resolve) => {
          if (ended) return resolve(null);
          days.set(call, resolve);
          tell({ type: 'day', call });
        });
        if (taken === null) throw new Error('the day cannot be read');
        return taken;
      },
      async add(_, { tokens, money }) {
        // Nobody answers once this process is to end; a failure is told by who writes.
        tell({ type: 'took', tokens, money });
      },
    },
    end() {
      ended = true;
      for (const resolve of results.values()) resolve(OVER);
      for (const resolve of days.values()) resolve(null);
    },
  };
}

const OVER: ToolResult = { ok: false, reason: 'aborted', message: 'it was called off' };
