import type { Outline } from './bullets.ts';

/** A replacement in the source, by offset. Several of one text never overlap. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies splices. What none of them covers stays as it is, byte for byte, but for one thing: a file that ends without a
 * line end still does, whichever line is the last one then.
 */
export function applied(text: string, splices: readonly Splice[]): string {
  if (splices.length === 0) return text;
  const result = spliced(text, splices);
  return text === '' || /[\r\n]$/.test(text) ? result : result.replace(/[\r\n]+$/, '');
}

function spliced(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: put } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw new Error(`splices overlap at ${start}`);
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

/** The line end in use around an offset: that of the line before it, else of the line after it. */
export function lineEndAt({ text, lines }: Outline, offset: number): string {
  const line = lines.lineAt(Math.max(0, offset - 1));
  for (const number of [line, line - 1, line + 1]) {
    if (number < 1) continue;
    const end = lineEnd(text, lines.startOf(number + 1));
    if (end !== '') return end;
  }
  return '\n';
}

/** The line end right before the offset of a line; `''` where none is. */
function lineEnd(text: string, start: number): string {
  if (text[start - 1] === '\n') return text[start - 2] === '\r' ? '\r\n' : '\n';
  return text[start - 1] === '\r' ? '\r' : '';
}

/** Whether there is nothing to be read on a line (from 1). Beyond both ends of the text there is nothing. */
export function isBlank({ lines }: Outline, number: number): boolean {
  return number < 1 || number > lines.count || lines.line(number).trim() === '';
}

/**
 * Takes whole lines out, the way they were put in: with the blank line that would be left twice, or at the end.
 *
 * @param insertions where something is put in: nothing is taken out around these.
 */
export function cutLines(outline: Outline, start: number, end: number, insertions: ReadonlySet<number>): Splice {
  const { text, lines } = outline;
  const cut = { start, end, text: '' };
  const first = lines.lineAt(start);
  const after = end >= text.length ? lines.count + 1 : lines.lineAt(end);
  if (insertions.has(start) || insertions.has(end) || first === 1) return cut;
  if (!isBlank(outline, first - 1) || !isBlank(outline, after)) return cut;
  let line = first;
  // At the end no blank line stays; elsewhere one of two.
  const more = (): boolean => (after > lines.count || line === first) && !insertions.has(lines.startOf(line));
  while (line > 1 && isBlank(outline, line - 1) && more()) line--;
  return { ...cut, start: lines.startOf(line) };
}
