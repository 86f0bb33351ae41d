import { ForgeError } from '../../errors.ts';
import type { Answer } from './port.ts';
import { requestIdOf } from './refusal.ts';
import { isWebPage } from './said.ts';
import type { WireAnswer } from './wire.ts';

/** An answer that was accepted, as its reader sees it. */
export function answerOf(place: string, answer: WireAnswer, attempts: number): Answer {
  const { status, headers, bytes } = answer;
  const text = () => new TextDecoder().decode(bytes);
  let parsed: { readonly value: unknown } | undefined;
  return {
    status,
    headers,
    bytes,
    requestId: requestIdOf(headers),
    attempts,
    text,
    json: () => {
      try {
        parsed ??= { value: JSON.parse(text()) };
        return parsed.value;
      } catch (cause) {
        throw notJson(place, answer, cause);
      }
    },
  };
}

/** Complete for HTTP, but not for its reader: something between lost the end. */
export function isCutJson(answer: Answer): boolean {
  if (answer.bytes.length === 0 || !answer.headers.get('content-type')?.startsWith('application/json')) return false;
  try {
    answer.json();
    return false;
  } catch {
    return true;
  }
}

export function notJson(place: string, { status, headers, bytes }: WireAnswer, cause?: unknown): ForgeError {
  const page = isWebPage(headers, new TextDecoder().decode(bytes));
  const found = page ? 'a web page (of a proxy, or a login?)' : 'no complete JSON';
  const requestId = requestIdOf(headers);
  const details = { status, cause, ...(requestId === undefined ? {} : { requestId }) };
  const what = bytes.length === 0 ? 'nothing' : found;
  return new ForgeError('not-understood', `${place}: answered ${status} with ${what}`, details);
}
