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
 * on its side that changed. Outside the hunks nothing is looked for: `null`.
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

/** On the side that was said, if anything changed there. Of two as near as each other it is the upper one. */
function nearestChanged(hunk: readonly DiffLine[], from: number, side: Side): DiffLine {
  const changed = hunk
    .map((line, at) => ({ line, far: Math.abs(at - from) }))
    .filter(({ line }) => line.kind !== 'unchanged');
  const own = changed.filter(({ line }) => isOn(side, line));
  return (own.length > 0 ? own : changed).reduce((best, each) => (each.far < best.far ? each : best)).line;
}
