import type * as Zod from 'zod';
import type { Tool, ToolResult } from '../port.ts';
import type { ToolLimits } from './limits.ts';
import type { Shown } from './lines.ts';
import { Refused, TOOL_REFUSALS, type ToolRefusal } from './refusals.ts';

export interface ToolSpec<T> {
  readonly name: string;
  readonly description: string;
  readonly input: Zod.ZodType<T>;
  /** Throws {@link Refused}. The signal ends it; it looks at it wherever it lets others go on. */
  readonly run: (input: T, signal: AbortSignal) => Promise<Shown>;
}

/** A tool of what it does: with its input checked, its time limited, and every way it may fail told as a result. */
export function defineTool<T>({ name, description, input, run }: ToolSpec<T>, limits: ToolLimits): Tool {
  return {
    name,
    description,
    input,
    async run(given, signal) {
      const time = new AbortController();
      const timer = setTimeout(() => time.abort(), limits.time);
      const both = AbortSignal.any([signal, time.signal]);
      try {
        both.throwIfAborted();
        const parsed = input.safeParse(withoutNulls(given));
        if (!parsed.success) throw new Refused('bad-input', whyNot(parsed.error));
        const { text, truncated } = await orAborted(run(parsed.data, both), both);
        return { ok: true, text, truncated };
      } catch (error) {
        if (error instanceof Refused) return refused(error.reason, error.message);
        if (signal.aborted) return refused('aborted');
        if (time.signal.aborted) return refused('too-slow');
        return refused('failed');
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function refused(reason: ToolRefusal, message: string = TOOL_REFUSALS[reason]): ToolResult {
  return { ok: false, reason, message };
}

/** Models write `null` for what they leave out. */
function withoutNulls(given: unknown): unknown {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object' || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function whyNot(error: Zod.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
    .join('; ');
}

/** Also what does not look at the signal is not waited for any longer. */
async function orAborted<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    running.catch(() => {});
  }
}
