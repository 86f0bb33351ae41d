import type { Passage } from './passages.ts';

/** Words that turn what follows in the sentence around. */
const TURNS =
  /\b(?:never|not|no|don['’]?t|doesn['’]t|mustn['’]t|shouldn['’]t|can['’]t|cannot|won['’]t|avoid\w*|forbid\w*|forbidden|prohibit\w*|refuse[sd]?|refusing|reject\w*|prevent\w*|block(?:s|ed|ing)?|instead of|rather than|without|against|disallow\w*|nor|nobody|no one)\b|[❌🚫⛔✗]/iu;

/** Words of somebody who tells of such a text, and does not say it. */
const TELLS =
  /\b(?:inject\w*|jailbreak\w*|attack\w*|adversar\w*|malicious|hostile|untrusted|exploit\w*|threat\w*|vulnerab\w*|poison\w*|e\.g\.|for example|for instance|such as|examples?|patterns?|phrases?|fixtures?|payloads?|detect\w*|flag(?:s|ged)?|asks?|asking|asked|tells?|telling|told|says?|saying|said|instructs|claims?|claiming|contain(?:s|ing)?|attempt\w*|try|tries|trying|wants? (?:you|it|the)|attempts?|treat\w*|suspicious|test(?:s|ed|ing)?|whether|if (?:someone|anyone|somebody|a|an|the|any) \w+)\b/i;

/** What is said after it of a text that was only named. */
const JUDGED =
  /\b(?:is|are|must|should|counts?|treat)\b.{0,40}\b(?:forbidden|prohibited|not|never|injection|attack|ignored|reported|rejected|refused|malicious|untrusted|error|finding|violation)\b|\b(?:injection|attack|jailbreak)s?\b/i;

const QUOTES = /["'“”‘’«»`]/;

/**
 * True where a document speaks of a phrase and does not say it: it forbids it, gives it as an example, quotes it or
 * shows it as code. Of a text that is looked at for its harm the benefit of the doubt is its author's.
 */
export function isSpokenOf(passage: Passage, start: number, end: number): boolean {
  if (passage.kind === 'code') return true;
  const { text } = passage;
  const from = sentenceStart(text, start);
  const before = text.slice(from, start);
  const after = text.slice(end, sentenceEnd(text, end));
  return (
    isQuoted(text, start, end) ||
    TURNS.test(before) ||
    TELLS.test(before) ||
    JUDGED.test(after) ||
    TURNS.test(passage.lead) ||
    TELLS.test(passage.lead) ||
    passage.headings.some((heading) => TELLS.test(heading) || TURNS.test(heading))
  );
}

/** A sentence is looked at for so many characters on each side: a line may be a mebibyte long. */
const REACH = 400;

function sentenceStart(text: string, at: number): number {
  const from = Math.max(0, at - REACH);
  const part = text.slice(from, at);
  let last = 0;
  for (const { index } of part.matchAll(/[.!?;](?=\s)|-->|<!--|\|/g)) last = index + 1;
  return from + last;
}

function sentenceEnd(text: string, at: number): number {
  const part = text.slice(at, at + REACH);
  const end = /[.!?;](?=\s|$)|-->|\|/.exec(part);
  return at + (end?.index ?? part.length);
}

/** Between quotation marks or backquotes on its line; not the title of a link or an attribute, which nobody reads. */
function isQuoted(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const after = text.slice(end, end + REACH).split('\n', 1)[0]!;
  if ((line.match(/`/g)?.length ?? 0) % 2 === 1 && after.includes('`')) return true;
  for (const [open, close] of [
    ['"', '"'],
    ['“', '”'],
    ['«', '»'],
    ['‘', '’'],
  ] as const) {
    const at = line.lastIndexOf(open);
    if (at < 0 || !after.includes(close)) continue;
    const inside = open === close ? (line.match(/"/g)?.length ?? 0) % 2 === 1 : !line.slice(at).includes(close);
    if (inside && !isUnseen(line.slice(0, at))) return true;
  }
  return /(?:^|[\s(])'$/.test(line) && QUOTES.test(after);
}

/** `](https://x ` and `title=` before a quotation mark. */
function isUnseen(before: string): boolean {
  return /\]\([^\s()]{1,200}\s{1,3}$|\]:\s{1,3}\S{1,200}\s{1,3}$|\b[a-z-]{2,20}=$/i.test(before);
}
