import { masked } from '../../forge/render/secrets.ts';
import type { TranscriptEvent } from '../port.ts';

/** An event without what was asked, said and found: only what was called, how long it took and what it cost. */
export function lean(event: TranscriptEvent): TranscriptEvent | undefined {
  switch (event.type) {
    case 'text':
    case 'reasoning':
      return undefined;
    case 'call':
      return { ...event, prompt: undefined };
    case 'tool': {
      const { result } = event;
      const kept = result.ok ? { ...result, text: '' } : { ...result, message: '' };
      // A tool that there is not is called whatever the model made up.
      const name = !result.ok && result.reason === 'unknown-tool' ? '' : event.name;
      return { ...event, name, input: undefined, result: kept };
    }
    // A provider may quote the prompt.
    case 'failback':
      return { ...event, message: '' };
    default:
      return event;
  }
}

/** Of one text, in characters. Nobody reads on; the whole of a prompt stands elsewhere. */
const LONGEST_TEXT = 4 << 20;
const DEEPEST = 40;

/** A value of JSON with the secrets in all its texts and names masked. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return masked(value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [masked(name), withoutSecrets(inner, depth + 1)]),
  );
}

/** One line of JSON, in which no character does anything to a terminal. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(UNSEEN, escaped)}\n`;
}

const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escaped(found: string): string {
  return [...Array(found.length).keys()]
    .map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
