import { createRequire } from 'node:module';
import type { Root } from 'mdast';

const require = createRequire(import.meta.url);

/**
 * Parses CommonMark into a syntax tree with positions. The parser is loaded at the first call: most repositories are
 * analysed without it, and it costs more than all the other parsers together.
 */
export function parseMarkdown(text: string): Root {
  const { remark } = require('remark') as typeof import('remark');
  return remark().parse(text);
}

/** The same with what GitLab and GitHub add: tables, task lists, bare links, front matter. */
export function parseGfm(text: string): Root {
  const { remark } = require('remark') as typeof import('remark');
  const { default: gfm } = require('remark-gfm') as typeof import('remark-gfm');
  const { default: frontmatter } = require('remark-frontmatter') as typeof import('remark-frontmatter');
  return remark().use(frontmatter, ['yaml', 'toml']).use(gfm).parse(text);
}

const MAX_BYTES = 128 << 10;
const MAX_MARKS = 6000;
const MAX_PARAGRAPH = 2000;
/** Lines that no paragraph goes on with. */
const BEGINS_BLOCK = /^\s*(?:$|[-*+>#|]|`{3}|~{3}|\d{1,9}[.)])/;

/** Why a text is not parsed: CommonMark parsers take time that grows with the square of these; no document needs so many. */
export function parserTrap(text: string): string | undefined {
  if (text.length > MAX_BYTES) return `larger than ${MAX_BYTES / 1024} KiB`;
  if (/^(?:[ \t]{0,8}(?:[-+*>]|\d{1,9}[.)])){20}/m.test(text)) return 'lists or quotes nested too deeply';
  if ((text.match(/[*_[\]<]/g)?.length ?? 0) > MAX_MARKS) return 'too many emphasis marks, brackets or tags';
  if (longestParagraph(text) > MAX_PARAGRAPH) return `a paragraph of more than ${MAX_PARAGRAPH} lines`;
  return undefined;
}

/** In lines. Each of them is asked of every list and quote around it, and of all lines before it. */
function longestParagraph(text: string): number {
  let [longest, lines] = [0, 0];
  for (const line of text.split(/\r\n|\r|\n/)) {
    lines = BEGINS_BLOCK.test(line) ? 0 : lines + 1;
    longest = Math.max(longest, lines);
  }
  return longest;
}
