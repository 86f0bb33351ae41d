import type { DayStore } from '../../models/budget.ts';
import type { Tool, ToolResult } from '../../models/port.ts';
import type { Asked, Told } from './protocol.ts';

/** What the process of the models asks to have done, and cannot do itself. */
export type Wanted = Extract<Told, { type: 'tool' | 'tool-off' | 'day' | 'took' }>;

export interface Services {
  readonly tools: ReadonlyMap<string, Tool>;
  /** `undefined`: a day has no budget. */
  readonly days: DayStore | undefined;
  readonly onProblem: (message: string) => void;
}

/** One process's. */
export interface Serving {
  hear(wanted: Wanted): void;
  /** It is gone: nobody waits for what is under way, but what it took is still written down. */
  end(): Promise<void>;
}

/** At a time; models are let make a few calls each. */
const MOST_CALLS = 500;

/**
 * Does what a process of the models has done for it: looks at the repository, and keeps the books of the day. It can ask for nothing
 * else, and for a tool only if the question that it works at has it.
 *
 * @param toolsOf names of the tools of a question that is under way.
 */
export function serve(
  { tools, days, onProblem }: Services,
  toolsOf: (question: number) => readonly string[],
  send: (asked: Asked) => void,
): Serving {
  const calls = new Map<number, AbortController>();
  const writing = new Set<Promise<void>>();

  async function result({ id, call, name, input }: Extract<Wanted, { type: 'tool' }>): Promise<ToolResult> {
    const tool = toolsOf(id).includes(name) ? tools.get(name) : undefined;
    if (!tool) return refused('unknown-tool', 'there is no such tool');
    if (calls.has(call) || calls.size >= MOST_CALLS) return refused('too-many', 'too many calls at a time');
    const abort = new AbortController();
    calls.set(call, abort);
    try {
      return await tool.run(input, abort.signal);
    } catch {
      return refused('failed', 'the tool failed');
    } finally {
      calls.delete(call);
    }
  }

  async function taken() {
    return (await days?.spent(today()).catch(() => undefined)) ?? null;
  }

  function write({ tokens, money }: Extract<Wanted, { type: 'took' }>): void {
    const written = (days?.add(today(), { tokens, money }) ?? Promise.resolve())
      .catch(() => onProblem("what a call took could not be added to the day's shared budget"))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  return {
    hear(wanted) {
      const { type } = wanted;
      if (type === 'tool') void result(wanted).then((result) => send({ type: 'result', call: wanted.call, result }));
      else if (type === 'tool-off') calls.get(wanted.call)?.abort();
      else if (type === 'day') void taken().then((taken) => send({ type: 'day', call: wanted.call, taken }));
      else write(wanted);
    },
    async end() {
      for (const call of calls.values()) call.abort();
      await Promise.all(writing);
    },
  };
}

/** In UTC. */
const today = (): string => new Date().toISOString().slice(0, 10);

function refused(reason: string, message: string): ToolResult {
  return { ok: false, reason, message };
}
