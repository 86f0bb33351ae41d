import { includedPath } from '../read-documents.ts';
import type { Documents } from '../section.ts';

/** A line of the document as a whole, and where it came from. */
export interface SourceLine {
  readonly text: string;
  readonly doc: string;
  /** From 1. */
  readonly line: number;
}

const DEEPEST = 16;
const MOST_LINES = 400_000;
const MOST_NOTES = 50;

/** A document with its includes in place. What leads out of the folder, in circles or nowhere is left out and named. */
export function expand(root: string, documents: Documents, notes: string[]): readonly SourceLine[] {
  const lines: SourceLine[] = [];
  const missing = new Set<string>();
  const add = (doc: string, stack: readonly string[], only: LineRange | undefined): void => {
    const own = documents.get(doc)!.split('\n');
    for (const [at, text] of own.entries()) {
      if (lines.length >= MOST_LINES) return;
      if (only && !only.holds(at + 1, own.length)) continue;
      const include = /^include::([^[\n]{1,500})\[([^\]]*)\]\s*$/.exec(text);
      if (!include) {
        lines.push({ text, doc, line: at + 1 });
        continue;
      }
      const target = includedPath(doc, include[1]!);
      if (target === undefined) missing.add(`${doc}:${at + 1}: include of ${include[1]}: not in the folder`);
      else if (!documents.has(target)) missing.add(`${doc}:${at + 1}: include of ${include[1]}: no such file`);
      else if (stack.includes(target)) missing.add(`${doc}:${at + 1}: include of ${include[1]}: goes in a circle`);
      else if (stack.length >= DEEPEST) missing.add(`${doc}:${at + 1}: include of ${include[1]}: nested too deeply`);
      else add(target, [...stack, target], lineRange(include[2]!));
    }
  };
  add(root, [root], undefined);
  if (lines.length >= MOST_LINES) notes.push(`${root}: cut after ${MOST_LINES} lines`);
  notes.push(...[...missing].slice(0, MOST_NOTES));
  return lines;
}

interface LineRange {
  holds(line: number, count: number): boolean;
}

/** `lines=3..-1`: from the third line to the last. */
function lineRange(attributes: string): LineRange | undefined {
  const range = /\blines?=["']?(\d+)\.\.(-?\d+)/.exec(attributes);
  if (!range) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2])];
  return { holds: (line, count) => line >= from && line <= (to < 0 ? count + 1 + to : to) };
}

/** The documents that no other one includes, in order. */
export function rootsOf(named: readonly string[], documents: Documents): readonly string[] {
  const included = new Set<string>();
  for (const [path, text] of documents) {
    for (const [, target] of text.matchAll(/^include::([^[\n]{1,500})\[/gm)) {
      const to = includedPath(path, target!);
      if (to !== undefined && to !== path) included.add(to);
    }
  }
  const roots = named.filter((path) => !included.has(path));
  // Documents that include each other in a circle have no root among them.
  return roots.length > 0 ? roots : named;
}
