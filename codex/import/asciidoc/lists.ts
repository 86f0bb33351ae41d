import type { Delimiters } from './delimiters.ts';
import { type InlineContext, inline } from './inline.ts';

const MARKER = /^\s*(\*{1,6}|-|\.{1,6}|\d{1,6}\.|[a-zA-Z]\.|<(?:\d{1,3}|\.)>)\s+(\S.*)$/;
const TERM = /^\s*([^\s:].{0,300}?)(:{2,4}|;;)(?:\s+(\S.*))?$/;
const DEEPEST = 8;

export function isListLine(line: string): boolean {
  return MARKER.test(line) || (TERM.test(line) && !/^\s*(?:https?|link|include|image|xref)::?/.test(line));
}

interface Item {
  readonly depth: number;
  /** `- `, `1. `. */
  readonly bullet: string;
  readonly term: string | undefined;
  readonly text: string[];
  /** Blocks that belong to it, already Markdown. */
  readonly attached: (readonly string[])[];
}

interface ListBlock {
  readonly block: readonly string[];
  /** The first line behind the list. */
  readonly next: number;
}

/** A list of AsciiDoc, of any depth. `+` on a line of its own joins the next block to the item. */
export function list(
  lines: readonly string[],
  from: number,
  delimiters: Delimiters,
  context: InlineContext,
  blocks: (lines: readonly string[]) => readonly string[],
): ListBlock {
  const items: Item[] = [];
  const markers: string[] = [];
  let at = from;
  while (at < lines.length) {
    const line = lines[at]!;
    const last = items.at(-1);
    if (line.trim() === '') {
      // Blank lines do not end a list, anything but another item behind them does.
      let next = at;
      while (next < lines.length && lines[next]!.trim() === '') next++;
      if (next >= lines.length || !isListLine(lines[next]!)) break;
      at = next;
    } else if (/^\+\s*$/.test(line) && last) {
      const end = attachedEnd(lines, at + 1, delimiters);
      last.attached.push(blocks(lines.slice(at + 1, end)));
      at = end;
    } else if (isListLine(line)) {
      items.push(itemOf(line, markers));
      at++;
    } else if (!last || /^\[[^\]]{1,1000}\]\s*$/.test(line) || delimiters.close(line, at) !== undefined) {
      break;
    } else {
      if (!line.startsWith('//')) last.text.push(line.trim());
      at++;
    }
  }
  return { block: printed(items, context), next: Math.max(at, from + 1) };
}

/** A marker that is open already continues its list, another one begins a list inside the item. */
function itemOf(line: string, markers: string[]): Item {
  const marked = MARKER.exec(line);
  const term = marked ? undefined : TERM.exec(line)!;
  const sign = marked ? marked[1]!.replace(/^(?:\d+|[a-zA-Z])\.$/, '1.').replace(/^<.*>$/, '<>') : term![2]!;
  const open = markers.indexOf(sign);
  if (open >= 0) markers.length = open + 1;
  else markers.push(sign);
  const ordered = marked !== null && /^(?:\.+|1\.|<>)$/.test(sign);
  return {
    depth: Math.min(markers.length - 1, DEEPEST),
    bullet: ordered ? '1. ' : '- ',
    term: term?.[1],
    text: [marked ? marked[2]! : (term![3] ?? '')],
    attached: [],
  };
}

function attachedEnd(lines: readonly string[], from: number, delimiters: Delimiters): number {
  let at = from;
  // Attributes and titles stand in front of the block.
  while (at < lines.length && /^(?:\[.{0,1000}\]|\.[^\s.].*)\s*$/.test(lines[at]!)) at++;
  const close = at < lines.length ? delimiters.close(lines[at]!, at) : undefined;
  if (close !== undefined) return close + 1;
  while (at < lines.length && lines[at]!.trim() !== '' && !/^\+\s*$/.test(lines[at]!) && !isListLine(lines[at]!)) at++;
  return Math.max(at, from + 1);
}

function printed(items: readonly Item[], context: InlineContext): readonly string[] {
  const out: string[] = [];
  const indents: string[] = [''];
  const counts: number[] = [];
  for (const { depth, bullet, term, text, attached } of items) {
    counts.length = depth + 1;
    counts[depth] = (counts[depth] ?? 0) + 1;
    const sign = bullet === '1. ' ? `${counts[depth]}. ` : bullet;
    const indent = indents[depth] ?? indents.at(-1)!;
    indents.length = depth + 1;
    indents[depth + 1] = indent + ' '.repeat(sign.length);
    const said = inline(text.join('\n'), context);
    const lead = term === undefined ? '' : `**${inline(term, context)}**${said === '' ? '' : ': '}`;
    const [first, ...rest] = `${lead}${said}`.split('\n');
    out.push(`${indent}${sign}${first}`, ...rest.map((line) => `${indents[depth + 1]}${line.trim()}`));
    for (const block of attached) {
      if (block.length > 0) out.push('', ...block.map((line) => `${indents[depth + 1]}${line}`.trimEnd()), '');
    }
  }
  while (out.at(-1) === '') out.pop();
  return out;
}
