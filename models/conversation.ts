import type { ModelMessage } from 'ai';
import type { ToolCall } from './call.ts';
import { type Laid, layOut } from './layout.ts';
import type { Prompt } from './port.ts';
import { asMessages, type Ran } from './run-tools.ts';

/** What was said so far in one question. The prompt stays as it is; what follows is only ever added to. */
export interface Conversation {
  /** All of it, with what a model needs to be told about the form of its answer. */
  messages(form: string): Laid;
  ran(text: string, ran: readonly Ran[]): void;
  /** It was cut off: what it said last becomes its own message, and it is asked to go on behind it. */
  goOn(last: string): void;
  shorten(tokens: number): void;
  /** What it said cannot be used. */
  object(said: string, calls: readonly ToolCall[], wrong: string): void;
}

export function openConversation(prompt: Prompt): Conversation {
  const later: ModelMessage[] = [];
  const turn = (said: string, answer: string) => {
    // Several servers refuse an empty message, and two of one role in a row.
    later.push(
      { role: 'assistant', content: said.trim() === '' ? '(nothing)' : said },
      { role: 'user', content: answer },
    );
  };
  return {
    messages(form) {
      const laid = layOut(prompt, form);
      return { ...laid, messages: [...laid.messages, ...later] };
    },
    ran(text, ran) {
      later.push(...asMessages(text, ran));
    },
    goOn(last) {
      turn(last, 'You were cut off. Continue exactly where you stopped: no repetition, no introduction, nothing else.');
    },
    shorten(tokens) {
      turn(
        '(cut off)',
        `You were cut off after ${tokens} tokens, and what you began cannot be used. Do it again in at most ${Math.ceil(tokens / 2)} tokens: the most important first, the rest left out.`,
      );
    },
    object(said, calls, wrong) {
      const words = `Your answer cannot be used:\n${wrong}\nGive the whole answer again, corrected, and nothing else.`;
      if (calls.length === 0) return turn(said, words);
      const result = { ok: false, reason: 'invalid', message: words } as const;
      later.push(
        ...asMessages(
          '',
          calls.map((call) => ({ call, result, ms: 0 })),
        ),
      );
    },
  };
}
