import type { Nodes, Root, RootContent } from 'mdast';
import { plainText } from '../documents/spans.ts';

/** A part of a document that another tool writes: nothing is written into it, and its bullets are not ours. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Blocks between two remarks or two tags that stand on lines of their own: `<!-- nx configuration start-->` ...
 * `<!-- nx configuration end-->`, `<!-- BEGIN:x -->` ... `<!-- END:x -->`, `<!-- x:managed -->` ... `<!-- /x:managed -->`,
 * `<x-guidelines>` ... `</x-guidelines>`. Tags of HTML (`<details>`) are people's. An opening one without its end protects nothing: half of all remarks that say
 * "start" open no block. What stands in code is an example, and what switches a formatter or a linter off is no block.
 */
export function foreignBlocks(text: string, tree: Root): readonly Range[] {
  const ranges: Range[] = [];
  const open: { readonly name: string; readonly start: number }[] = [];
  const code = rangesOfCode(tree);
  let next = 0;
  for (const match of text.matchAll(MARK)) {
    while (next < code.length && code[next]!.end <= match.index) next++;
    if (next < code.length && code[next]!.start <= match.index) continue;
    if (PRAGMA.test(match[1]?.trim() ?? '')) continue;
    const mark = markOf(match);
    if (mark.opens) {
      if (open.length < MOST_OPEN) open.push({ name: mark.name, start: match.index });
      continue;
    }
    const at = open.findLastIndex(({ name }) => belong(name, mark.name));
    if (at === -1) continue;
    ranges.push({ start: open[at]!.start, end: match.index + match[0].length });
    open.length = at;
  }
  return ranges;
}

const MOST_OPEN = 50;
/** A remark, or a tag alone on its line. Both are short: what is longer is a remark for people. */
const MARK =
  /<!--([^\r\n]{1,300}?)-->|^[ \t]{0,3}<(\/?)([A-Za-z]\w{0,40}[_-][\w-]{1,60})(?: [^<>\r\n]{0,200})?>(?=[ \t]*\r?$)/gm;
const OPENS = /(?:^|[^a-z])(?:begin|start)(?![a-z])/i;
const CLOSES = /(?:^|[^a-z])(?:end|stop)(?![a-z])/i;

/** `prettier-ignore-start`, `markdownlint-disable MD013`, `lint disable`: a tool's name, and what it should not do. */
const PRAGMA =
  /^\/?(?!(?:begin|start|end|stop)(?![a-z]))(?:[\w.]{1,40}[-:_ ]{1,2}){0,4}(?:ignore|disable|enable)(?:[-:_ ]?(?:start|begin|end|stop|next|line|file)|(?![a-z]))/i;

/** Code of all kinds, in reading order. */
function rangesOfCode(node: Nodes): readonly Range[] {
  if (node.type === 'code' || node.type === 'inlineCode') {
    const [start, end] = [node.position?.start.offset, node.position?.end.offset];
    return start === undefined || end === undefined ? [] : [{ start, end }];
  }
  return 'children' in node ? node.children.flatMap(rangesOfCode) : [];
}

function markOf(match: RegExpExecArray): { readonly name: string; readonly opens: boolean } {
  const [, remark, slash, tag] = match;
  if (tag !== undefined) return { name: `<${tag}`, opens: slash === '' };
  const said = remark!.trim();
  if (said.startsWith('/')) return { name: nameOf(said.slice(1)), opens: false };
  if (CLOSES.test(said) && !OPENS.test(said)) return { name: nameOf(said), opens: false };
  // A remark without such a word may still be closed by one with a slash.
  return { name: nameOf(said), opens: true };
}

function nameOf(said: string): string {
  return said
    .toLowerCase()
    .replaceAll(/(?<![a-z])(?:begin|start|end|stop)(?![a-z])/g, ' ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** The opening remark may say more: `BEGIN: x (managed, do not edit)`. */
function belong(opening: string, closing: string): boolean {
  return opening === closing || (closing !== '' && `${opening} `.startsWith(`${closing} `));
}

/** The line that says the whole file is written by another tool, where one of the first blocks does. */
export function generatedBy(tree: Root, text: string): { readonly line: number; readonly said: string } | undefined {
  for (const node of tree.children.slice(0, LOOKS_AT)) {
    const start = node.position?.start;
    if (start?.offset === undefined) continue;
    if (node.type === 'heading' && node.depth > 1) return undefined;
    const found = sayings(node, text).find((line) =>
      node.type === 'html' ? WRITTEN.test(line) : WRITTEN_FILE.test(line),
    );
    if (found !== undefined) return { line: start.line, said: found.trim().slice(0, 120) };
  }
  return undefined;
}

const LOOKS_AT = 4;
const WRITTEN =
  /\b(?:auto-?)?generated (?:by|from|with|using|automatically)\b|\bauto-?generated\b|\bdo not (?:edit|modify)(?: this file| manually| directly| by hand)?\b(?!.*(?:below|above|block|section|between))|\bmanaged by\b.*\bdo not\b/i;
const WRITTEN_FILE =
  /\b(?:this|the) (?:file|document) (?:is|was|has been) (?:auto(?:matically)?[- ]?)?(?:generated|managed|synced|compiled)\b(?! with (?:the )?help)/i;

function sayings(node: RootContent, text: string): readonly string[] {
  if (node.type !== 'html') return node.type === 'paragraph' || node.type === 'blockquote' ? [plainText(node)] : [];
  const raw = text.slice(node.position!.start.offset, node.position!.end.offset);
  // A remark that opens a block speaks of the block.
  return raw.split(/\r?\n/).filter((line) => !OPENS.test(line));
}

/** The line of a conflict that git left behind: all three of its marks, in order. */
export function conflictLine(text: string): number | undefined {
  if (!text.includes('<<<<<<<')) return undefined;
  const lines = text.split(/\r\n|\n|\r/);
  const opened = lines.findIndex((line) => /^<{7}(?: |$)/.test(line));
  const parted = opened === -1 ? -1 : lines.findIndex((line, i) => i > opened && /^={7}$/.test(line));
  const closed = parted === -1 ? -1 : lines.findIndex((line, i) => i > parted && /^>{7}(?: |$)/.test(line));
  return closed === -1 ? undefined : opened + 1;
}
