import type { Inline } from './inline.ts';
import { masked } from './secrets.ts';
import { oneLine, visible } from './visible.ts';
import { htmlWords, words } from './words.ts';

/** A block of Markdown that stands alone, without a line end behind it. Made by the functions here and beside it only. */
export interface Block {
  readonly kind: 'block';
  readonly markdown: string;
  readonly meant: readonly string[];
  /** Never left out when a text is too long, as hidden data. */
  readonly keep?: true;
}

export function paragraph(sentence: Inline): Block {
  return block(sentence.markdown.trim(), sentence.meant);
}

export function heading(level: 2 | 3 | 4, sentence: Inline): Block {
  return block(`${'#'.repeat(level)} ${sentence.markdown.trim()}`, sentence.meant);
}

export function bullets(items: readonly Inline[]): Block {
  return block(items.map((item) => `- ${item.markdown.trim()}`).join('\n'), meantBy(items));
}

/** Rows with fewer cells than the head are filled up, further cells are left out. */
export function table(head: readonly Inline[], rows: readonly (readonly Inline[])[]): Block {
  const lines = [head, ...rows].map((cells) => `| ${head.map((_, at) => cell(cells[at])).join(' | ')} |`);
  const [first, ...others] = lines;
  return block([first, `|${' --- |'.repeat(head.length)}`, ...others].join('\n'), meantBy([head, ...rows].flat()));
}

/** Parsers do not agree on a backslash before an escaped pipe, so that pair is shown with a broken bar. */
function cell(sentence: Inline | undefined): string {
  return (sentence?.markdown.trim() ?? '').replace(/\\\|/g, '\\¦').replace(/\|/g, '\\|');
}

/** Lines of a quote. */
const QUOTE_LINES = 20;

/** Foreign text as a quote, line by line. */
export function quote(data: string): Block {
  const lines = masked(visible(data)).trim().split('\n');
  const shown = lines.slice(0, QUOTE_LINES).map((line) => words(line));
  if (lines.length > QUOTE_LINES) shown.push('…');
  return block(shown.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n'));
}

/** What is folded away until somebody opens it. The summary is foreign text. */
export function details(summary: string, body: readonly Block[]): Block {
  const inside = body.map((part) => part.markdown).join('\n\n');
  const title = htmlWords(oneLine(summary)) || 'Details';
  return block(`<details>\n<summary>${title}</summary>\n\n${inside}\n\n</details>`, meantBy(body));
}

export function block(markdown: string, meant: readonly string[] = []): Block {
  return { kind: 'block', markdown, meant };
}

function meantBy(parts: readonly { readonly meant: readonly string[] }[]): readonly string[] {
  return parts.flatMap((part) => part.meant);
}
