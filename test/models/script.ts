import { type JsonObject, type Message, textOf } from './body.ts';
import { carries } from './casting.ts';
import type { CapturedRequest, ScriptEntry, ToolCall } from './port.ts';

export interface Scripted {
  readonly calls: readonly ToolCall[];
  readonly answer: unknown;
  readonly from: CapturedRequest['script'];
}

const NOTHING_FOUND = { findings: [] };

/** What a helpful model says, and only if it is told what that rests on. */
export function scripted(
  script: readonly ScriptEntry[],
  model: string,
  told: string,
  messages: readonly Message[],
): Scripted {
  const entry = script.find(
    ({ when = [], model: only }) =>
      (only === undefined || only === model) && when.every((pattern) => carries(told, pattern)),
  );
  if (entry === undefined) return { calls: [], answer: NOTHING_FOUND, from: undefined };
  const calls = entry.steps?.[stepsTaken(messages)];
  if (calls !== undefined) return { calls, answer: undefined, from: { entry, missing: [] } };
  const missing = entry.needs.filter((pattern) => !carries(told, pattern));
  const from = { entry, missing };
  if (missing.length === 0) return { calls: [], answer: entry.answer, from };
  const instead = typeof entry.missing === 'function' ? entry.missing(missing) : entry.missing;
  return { calls: [], answer: instead ?? NOTHING_FOUND, from };
}

export function stepsTaken(messages: readonly Message[]): number {
  return messages.filter(({ role, tool_calls }) => role === 'assistant' && tool_calls != null).length;
}

export function asText(answer: unknown): string {
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
}

const GO_ON = /\b(?:continue|go on|carry on|left off|where (?:you|it) (?:stopped|ended|was|were))\b/i;

/**
 * What of a text was said before, if it is asked to go on: the last message is its own, or says so. `parts`: in how many messages.
 * Text that is no beginning of it does not count: then it starts anew.
 */
export function saidBefore(
  text: string,
  { messages }: JsonObject,
): { readonly length: number; readonly parts: number } {
  const all = messages as readonly Message[];
  const last = all.at(-1);
  const asked = last?.role === 'assistant' || (last?.role === 'user' && GO_ON.test(textOf(last)));
  const own = asked ? all.filter(({ role, tool_calls }) => role === 'assistant' && tool_calls == null).map(textOf) : [];
  const said = own.join('');
  return said !== '' && text.startsWith(said) ? { length: said.length, parts: own.length } : { length: 0, parts: 0 };
}
