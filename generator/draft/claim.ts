import { lineHash } from '../refresh/line-hash.ts';
import type { Proposed } from './port.ts';

/** A proposed bullet, taken apart. */
export interface Claim extends Proposed {
  /** Its code spans, without their backquotes. */
  readonly spans: readonly string[];
  /** Everything else, each span being one `¤`. */
  readonly prose: string;
}

/** What stands in for a code span in prose: no letter, and no sign of Markdown. */
export const SPAN = '¤';
const CODE = /(`+)\s?(.+?)\s?\1(?!`)/g;

export function claimOf(proposed: Proposed): Claim {
  const text = proposed.text.trim().replace(/^[-*+] /, '');
  return { ...proposed, text, spans: spansIn(text), prose: proseIn(text) };
}

export function spansIn(text: string): readonly string[] {
  return [...text.matchAll(CODE)].map((match) => match[2]!);
}

function proseIn(text: string): string {
  return text.replaceAll(SPAN, ' ').replace(CODE, SPAN);
}

/** Whether a name stands in a text as a whole: `test` is not in `latest`. */
export function holdsName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const [before = ' ', after = ' '] = [text[at - 1], text[at + name.length]];
    if ((!WORD.test(name[0]!) || !WORD.test(before)) && (!WORD.test(name.at(-1)!) || !WORD.test(after))) return true;
  }
  return false;
}

const WORD = /[\p{L}\p{N}_$]/u;

/** Files that people read. What stands in them is no code. */
export const DOCUMENT =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|html?)$|(?:^|\/)(?:README|CHANGELOG|LICENSE|NOTICE)[^/]*$/i;

/**
 * The key under which a ledger holds a proposed bullet: said in other words it is the same one.
 * @param line the hash of the line that its first evidence points at.
 */
export function keyOf({ evidence, spans }: Claim, line: string): string {
  const about = [evidence[0]?.path, line, ...spans.toSorted()].join('\0');
  return `${DRAFT_KEY}${lineHash(about).slice(0, 12)}`;
}

/** Bullets that a model proposed have keys of their own. */
const DRAFT_KEY = 'draft.';
