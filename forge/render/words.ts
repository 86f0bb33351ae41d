import { closingNothing } from './closing.ts';
import { codeSpan } from './code-span.ts';
import { ISSUE_KEY } from './issue-key.ts';
import { masked } from './secrets.ts';
import { oneLine } from './visible.ts';

/**
 * Foreign text as prose of Markdown, on one line. A word stays as it is where it can mean nothing but itself: letters,
 * digits and single joiners (`src/main.ts`, `1.2.3`, `well-known`). Every other word becomes a code span, in which GitLab
 * looks for no mention, reference, link, image, HTML, formula or macro. So what is safe is listed, never what is dangerous.
 */
export function words(data: string, limit = WORDS_LIMIT): string {
  const runs = runsOf(split(data, limit));
  return closingNothing(runs.map(({ plain, text }) => (plain ? text : wrapped(text))).join(' '));
}

/** The same inside HTML, where Markdown has no say: code spans are elements. */
export function htmlWords(data: string, limit = WORDS_LIMIT): string {
  const runs = runsOf(split(data, limit));
  return closingNothing(runs.map(({ plain, text }) => (plain ? text : `<code>${escapeHtml(text)}</code>`)).join(' '));
}

/** Neighbours of one sort together: `<img src=x>` is one code span. */
function runsOf(all: readonly string[]): readonly { readonly plain: boolean; readonly text: string }[] {
  const runs: { plain: boolean; text: string }[] = [];
  for (const word of all) {
    const plain = isPlain(word);
    const last = runs.at(-1);
    if (last?.plain === plain) last.text += ` ${word}`;
    else runs.push({ plain, text: word });
  }
  return runs;
}

/** Characters of one piece of foreign text in a sentence. */
const WORDS_LIMIT = 600;

function split(data: string, limit: number): readonly string[] {
  const text = harmlessCut(oneLine(data), limit, masked);
  return text === '' ? [] : text.split(' ');
}

/** At most `limit` characters, whole ones (a flag is one), the last an ellipsis where some are left out. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const start = new Intl.Segmenter('en').segment(text.slice(0, limit + 64)).containing(limit - 1)!.index;
  return `${text.slice(0, start).trimEnd()}…`;
}

/**
 * Text that is harmless and at most `limit` characters long, where `harmless` done twice is done once. A cut may make a
 * commit or a secret of what was too long for one, so what is cut is made harmless again.
 */
export function harmlessCut(text: string, limit: number, harmless: (text: string) => string): string {
  const next = cut(harmless(text), limit);
  return next === text ? text : harmlessCut(next, limit, harmless);
}

/** A code span around words, with what only ends a sentence left outside. */
function wrapped(text: string): string {
  const [, core, tail] = /^(.*?)([.,;:?]*)$/su.exec(text)!;
  return core === '' ? codeSpan(text) : `${codeSpan(core!)}${tail}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function isPlain(word: string): boolean {
  return PLAIN.test(word) && !ADDRESS.test(word) && !HASH.test(word) && word.search(ISSUE_KEY) < 0;
}

/** Brackets and quotes around letters and digits with single joiners between them; or a lone dash, or an emoji. */
const PLAIN =
  /^(?:["'\(“‘„«]*-{0,2}[\p{L}\p{M}\p{N}]+(?:[.,:;=+\/'’_–—\-][\p{L}\p{M}\p{N}]+)*[.,;:?!\)"'”’»…]*|[\-–—+=→←…]|\p{RGI_Emoji}[.,;:?!\)]*)$/v;

/** GitHub Flavored Markdown links these without a scheme. */
const ADDRESS = /(?<![\p{L}\p{N}])www\./iu;

/** GitLab: 7 to 40 (64 with SHA-256) hexadecimal digits are a commit. */
const HASH = /(?<![A-Za-z0-9])[0-9a-f]{7,64}(?![A-Za-z0-9])/i;
