import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../attempt.ts';
import type { NewInPrompt, TranscriptEvent } from '../port.ts';

/** What is asked, whole. */
export interface WholePrompt {
  readonly instructions?: string | undefined;
  readonly messages: readonly unknown[];
  /** Their names. */
  readonly tools: readonly string[];
}

/**
 * Of one question: has each of its calls say only what is new in its prompt. A step repeats everything before it, so that what is
 * written would grow with the square of the steps.
 */
export function onlyNew(write: (event: Event) => void): (event: Event) => void {
  const question = randomUUID();
  let before: WholePrompt = { messages: [], tools: [] };
  return (event) => {
    if (event.type !== 'call') return write(event);
    const prompt = event.prompt as WholePrompt;
    const changed = prompt.messages.findIndex((one, at) => !isDeepStrictEqual(one, before.messages[at]));
    const from = changed < 0 ? prompt.messages.length : changed;
    const { instructions, tools } = prompt;
    const said: NewInPrompt = {
      question,
      from,
      ...(instructions === before.instructions ? {} : { instructions: instructions ?? null }),
      messages: prompt.messages.slice(from),
      ...(isDeepStrictEqual(tools, before.tools) ? {} : { tools }),
    };
    // Its list grows.
    before = { ...prompt, messages: [...prompt.messages] };
    write({ ...event, prompt: said });
  };
}

/**
 * Puts prompts together again: to be given all events of a transcript, in order.
 *
 * @returns the whole prompt of a `call`; `undefined` for any other event, and where what it goes on from is not in the transcript.
 */
export function openPrompts(): (event: TranscriptEvent) => WholePrompt | undefined {
  const known = new Map<string, WholePrompt>();
  return (event) => {
    if (event.type !== 'call' || !isNewInPrompt(event.prompt)) return undefined;
    const { question, from, messages, instructions, tools } = event.prompt;
    const before = known.get(question) ?? { messages: [], tools: [] };
    if (before.messages.length < from) return undefined;
    const whole = {
      instructions: instructions === undefined ? before.instructions : (instructions ?? undefined),
      messages: [...before.messages.slice(0, from), ...messages],
      tools: tools ?? before.tools,
    };
    known.set(question, whole);
    return whole;
  };
}

function isNewInPrompt(prompt: unknown): prompt is NewInPrompt {
  if (typeof prompt !== 'object' || prompt === null) return false;
  const { question, from, messages } = prompt as Partial<NewInPrompt>;
  return typeof question === 'string' && Number.isInteger(from) && Array.isArray(messages);
}
