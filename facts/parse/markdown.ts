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
