import type { DiffLine, FileTable, Side } from './file-table.ts';
import type { Place } from './place.ts';

/** How a line was found that does not stand where it was said to: by its text, or as the changed line next to that place. */
export type Moved = 'quote' | 'nearest';

export interface QuotedLine {
  readonly line: DiffLine;
  readonly moved: Moved | null;
}

/**
 * The line of a place, if its quote stands there; else the line of the same hunk that reads so, if there is one, else the nearest one
 * there that changed. Outside the hunks nothing is looked for: `null`.
 */
export function quotedLine(
  { side, quote }: Pick<Place, 'side' | 'quote'>,
  said: DiffLine,
  table: FileTable,
): QuotedLine | null {
  const wanted = quote.trim();
  if (wanted === '' || said.text.trim() === wanted) return { line: said, moved: null };
  if (said.outside) return null;
  const hunk = table.lines.filter((line) => line.hunk === said.hunk);
  const same = hunk.filter(({ text }) => text.trim() === wanted);
  const line = only(same) ?? only(same.filter((each) => isOn(side, each)));
  return line ? { line, moved: 'quote' } : { line: nearestChanged(hunk, hunk.indexOf(said), side), moved: 'nearest' };
}

export function isOn(side: Side, { kind }: Pick<DiffLine, 'kind'>): boolean {
  return kind !== (side === 'new' ? 'removed' : 'added');
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** Of two as near as each other, the one on the side that was said. */
function nearestChanged(hunk: readonly DiffLine[], from: number, side: Side): DiffLine {
  const far = (line: DiffLine) => Math.abs(hunk.indexOf(line) - from) * 2 + (isOn(side, line) ? 0 : 1);
  return hunk.filter(({ kind }) => kind !== 'unchanged').reduce((best, line) => (far(line) < far(best) ? line : best));
}
