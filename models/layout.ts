import type { ModelMessage } from 'ai';
import type { Prompt } from './port.ts';

/**
 * How a prompt becomes messages, so that the prefix cache of a provider holds as much of it as can be. Servers cache by the tokens
 * from the first one on, in the order: tools, system message, other messages. Hence
 * - `stable` is the system message, the same bytes for all agents and runs;
 * - `shared` opens the user's message, the same bytes for all agents of one review. It is data of a merge request, and stays out of
 *   the system message for that reason: it costs nothing, the order is the same;
 * - `own` ends it; what one model needs to be told about the form of its answer comes after that. One message for both, since some
 *   chat templates refuse two of one role in a row;
 * - agents of a review give all the same tools, or none: another set moves everything behind it. For the same reason the last step
 *   forbids tools by `tool_choice` and does not take them away.
 * Nothing of the day, of the run or of an agent's name goes before `own`.
 */
export function layOut({ stable, shared, own }: Prompt, form: string): Laid {
  const text = [shared, own, form].filter((part) => part !== '').join('\n\n');
  return {
    ...(stable === '' ? {} : { instructions: stable }),
    messages: [{ role: 'user', content: text }],
  };
}

export interface Laid {
  readonly instructions?: string;
  readonly messages: readonly ModelMessage[];
}
