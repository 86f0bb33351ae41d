import type { List, ListItem, Nodes } from 'mdast';
import { LineIndex } from '../../facts/parse/lines.ts';
import { parseGfm } from '../../facts/parse/markdown.ts';
import { plainText } from '../documents/spans.ts';
import { foreignBlocks, type Range } from './foreign.ts';

/** One list item of a document. Offsets count UTF-16 units of the source. */
export interface Bullet extends Range {
  /** What follows the marker, white space collapsed: what is compared with a ledger. */
  readonly text: string;
  /** The same of the first paragraph only. */
  readonly lead: string;
  /** The source of `text`. */
  readonly content: Range;
  /** All lines it stands on, the last line end included. */
  readonly lines: Range;
  /** What stands before the marker on its line, and the marker with the space after it. */
  readonly indent: string;
  readonly marker: string;
  /** Nothing but white space stands around it on its lines, no quote and no other marker. */
  readonly plain: boolean;
  /** Which list it is in, `undefined` where that is no list of the top level. */
  readonly list: number | undefined;
  /** The section whose heading is nearest above it; -1 before the first one. */
  readonly section: number;
  /** It lies in a block that another tool writes. */
  readonly foreign: boolean;
}

/** A heading of the top level with what stands below it. */
export interface HeadingSection {
  readonly title: string;
  readonly depth: number;
  /** Where the heading's line begins. */
  readonly start: number;
  /** Where its own text begins and ends: up to the next heading of any depth. */
  readonly own: Range;
  /** Where all that it holds ends: before the next heading that is not deeper. */
  readonly end: number;
}

/** A node of the top level. */
export interface Block extends Range {
  readonly type: string;
  /** Of an unordered or ordered list: which one, as {@link Bullet.list} counts. */
  readonly list?: number;
  /** Of a list: blank lines stand between its items. */
  readonly spread?: boolean;
}

/** A document as a refresh sees it. */
export interface Outline {
  readonly text: string;
  readonly lines: LineIndex;
  readonly sections: readonly HeadingSection[];
  readonly blocks: readonly Block[];
  /** In reading order. */
  readonly bullets: readonly Bullet[];
  readonly foreign: readonly Range[];
}

/** Finds sections and bullets, without changing a byte. The text must be one that the parser takes (`parserTrap`). */
export function outlineOf(text: string): Outline {
  const lines = new LineIndex(text);
  const tree = parseGfm(text);
  const foreign = foreignBlocks(text, tree);
  const blocks: Block[] = [];
  const bullets: Bullet[] = [];
  const headings: { title: string; depth: number; start: number; after: number }[] = [];
  let lists = 0;
  const state = { text, lines, foreign, bullets, section: () => headings.length - 1 };
  for (const node of tree.children) {
    const range = rangeOf(node);
    if (!range) continue;
    if (node.type === 'heading') {
      const start = lines.startOf(lines.lineAt(range.start));
      headings.push({ title: plainText(node).trim(), depth: node.depth, start, after: afterLine(lines, range.end) });
    }
    if (node.type === 'list') {
      blocks.push({ ...range, type: 'list', list: lists, spread: isSpread(node, lines) });
      collect(node, lists++, state);
    } else {
      blocks.push({ ...range, type: node.type });
      if ('children' in node) for (const child of node.children) collect(child as Nodes, undefined, state);
    }
  }
  const sections = headings.map(({ title, depth, start, after }, i) => ({
    title,
    depth,
    start,
    own: { start: after, end: headings[i + 1]?.start ?? text.length },
    end: headings.slice(i + 1).find((next) => next.depth <= depth)?.start ?? text.length,
  }));
  return { text, lines, sections, blocks, bullets, foreign };
}

interface Collecting {
  readonly text: string;
  readonly lines: LineIndex;
  readonly foreign: readonly Range[];
  readonly bullets: Bullet[];
  readonly section: () => number;
}

function collect(node: Nodes, list: number | undefined, state: Collecting): void {
  if (node.type === 'listItem') bullet(node, list, state);
  // An item of an item is in no list of the top level.
  const below = node.type === 'list' ? list : undefined;
  if ('children' in node) for (const child of node.children) collect(child as Nodes, below, state);
}

const MARKER = /^(?:[-*+]|\d{1,9}[.)])[ \t]*/;

function bullet(
  node: ListItem,
  list: number | undefined,
  { text, lines, foreign, bullets, section }: Collecting,
): void {
  const range = rangeOf(node);
  if (!range) return;
  const source = text.slice(range.start, range.end).trimEnd();
  const end = range.start + source.length;
  const marker = MARKER.exec(source)?.[0] ?? '';
  const content = { start: range.start + marker.length, end };
  const lineStart = lines.startOf(lines.lineAt(range.start));
  const lineEnd = afterLine(lines, end);
  const indent = text.slice(lineStart, range.start);
  const [first] = node.children;
  const lead = first && rangeOf(first);
  bullets.push({
    start: range.start,
    end,
    text: collapse(text.slice(content.start, content.end)),
    lead: lead ? collapse(text.slice(content.start, Math.max(content.start, lead.end))) : '',
    content,
    lines: { start: lineStart, end: lineEnd },
    indent,
    marker,
    plain: marker !== '' && indent.trim() === '' && text.slice(end, lineEnd).trim() === '' && content.start < end,
    list,
    section: section(),
    foreign: within(range.start, foreign),
  });
}

/** Text as it is read: a line that a formatter broke is still the same line. */
export function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Whether an offset lies in one of the ranges. */
export function within(offset: number, ranges: readonly Range[]): boolean {
  return ranges.some(({ start, end }) => start <= offset && offset < end);
}

/** The offset after the line that holds the end of a range. */
export function afterLine(lines: LineIndex, end: number): number {
  return lines.startOf(lines.lineAt(Math.max(0, end - 1)) + 1);
}

function rangeOf({ position }: Pick<Nodes, 'position'>): Range | undefined {
  const start = position?.start.offset;
  const end = position?.end.offset;
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** Whether blank lines stand between the last two items: what comes next should look the same. */
function isSpread({ children }: List, lines: LineIndex): boolean {
  const [last, before] = [children.at(-1), children.at(-2)].map((item) => item && rangeOf(item));
  if (!last || !before) return false;
  return lines.lineAt(last.start) - lines.lineAt(Math.max(0, before.end - 1)) > 1;
}
