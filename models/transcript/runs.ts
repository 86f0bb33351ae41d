import { masked } from '../../forge/render/secrets.ts';

/** Text that came in pieces, and goes out in as few as possible. */
export interface Run {
  readonly at: number;
  text: string;
}

/**
 * How much of a text that still grows may be written now. What comes may make a secret of its end, and what is written cannot be
 * masked any more; so its last words wait, all of a private key, and whatever is a secret only by what stands before it.
 */
export function safeLength(text: string): number {
  const most = Math.min(beforeLastWords(text), beforeOpenKey(text));
  const whole = masked(text);
  for (const at of cuts(text, most)) if (masked(text.slice(0, at)) + masked(text.slice(at)) === whole) return at;
  return text.length > LONGEST_KEY ? most : 0;
}

/** Where words, and then the line, begin: from here backwards. */
function* cuts(text: string, most: number): Generator<number> {
  yield most;
  let at = most;
  for (let word = 0; word < 4 && at > 0; word += 1) {
    at = wordBefore(text, at);
    yield at;
  }
  if (most > 0) yield text.lastIndexOf('\n', most - 1) + 1;
}

/** The name, the sign and the value of an assignment; `Authorization: Bearer x`. */
function beforeLastWords(text: string): number {
  const line = Math.max(text.lastIndexOf('\n') + 1, text.length - LONGEST_WAIT);
  let at = isBlank(text.at(-1)) ? text.length : wordBefore(text, text.length);
  for (let word = 0; word < 2 && at > line; word += 1) at = wordBefore(text, at);
  return Math.max(at, line);
}

/** Where the last word before a place begins. No pattern: of one without an anchor, long words would be tried letter by letter. */
function wordBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && isBlank(text[at - 1])) at -= 1;
  while (at > 0 && !isBlank(text[at - 1])) at -= 1;
  return at;
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';

function beforeOpenKey(text: string): number {
  const key = text.lastIndexOf(KEY_BEGINS);
  const open = key !== -1 && text.length - key < LONGEST_KEY && !KEY_ENDS.test(text.slice(key + KEY_BEGINS.length));
  return open ? key : text.length;
}

/** The longest token that is known (a JWT) is shorter. */
const LONGEST_WAIT = 16 << 10;
const KEY_BEGINS = '-----BEGIN ';
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}-----/;
const LONGEST_KEY = 24 << 10;
