/** A line of a diff as the server keeps it: where its counters stood, and what it takes the line for. */
export interface ServerLine {
  readonly type: 'match' | 'new' | 'old' | 'nonewline' | null;
  readonly oldPos: number;
  readonly newPos: number;
}

/**
 * Reads a diff as `lib/gitlab/diff/parser.rb` does: line by line, without the counts of the hunk's header. A line that looks like the
 * header of a file is passed over wherever the one before it has no type, as unchanged lines have none.
 */
export function diffLines(diff: string): readonly ServerLine[] {
  if (diff === '' || /^Binary files .* differ/.test(diff)) return [];
  const lines: ServerLine[] = [];
  let [oldPos, newPos] = [1, 1];
  let type: ServerLine['type'] = null;
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    if (type === null && FILE_HEADERS.some((header) => line.startsWith(header))) continue;
    const match = /^@@ -(\d+)[^+]*\+(\d+)/.exec(line);
    if (match) {
      [oldPos, newPos] = [Number(match[1]), Number(match[2])];
      type = 'match';
      // At the top of a file there is nothing to unfold.
      if (oldPos > 1 || newPos > 1) lines.push({ type, oldPos, newPos });
      continue;
    }
    type = TYPES.get(line[0]) ?? null;
    lines.push({ type, oldPos, newPos });
    if (type === 'old' || type === null) oldPos++;
    if (type === 'new' || type === null) newPos++;
  }
  return lines;
}

const FILE_HEADERS = [
  ...['--- a', '--- /dev/null', '--- /tmp/diffy'],
  ...['+++ a', '+++ b', '+++ /dev/null', '+++ /tmp/diffy'],
];

const TYPES = new Map<string | undefined, ServerLine['type']>([
  ['+', 'new'],
  ['-', 'old'],
  ['\\', 'nonewline'],
]);

/** `null` for a side that the line is not on; headers and remarks are on none. */
export function sidesOf({ type, oldPos, newPos }: ServerLine): readonly [number | null, number | null] {
  if (type === 'match' || type === 'nonewline') return [null, null];
  return [type === 'new' ? null : oldPos, type === 'old' ? null : newPos];
}

/** How many lines around the one that was asked for are unfolded with it. */
const AROUND = 3;

/**
 * The lines that `lib/gitlab/diff/lines_unfolder.rb` splices in around an unchanged line of the old side: as far as the hunks beside
 * it, with what the next header says is the difference of both sides; below the last hunk, with the difference of its last line.
 */
export function unfolded(lines: readonly ServerLine[], oldLine: number, oldLines: number): readonly ServerLine[] {
  const last = lines.at(-1);
  if (!last || oldLine > oldLines) return [];
  const below = oldLine > last.oldPos;
  const at = below ? lines.length - 1 : lines.findIndex(({ type, oldPos }) => type === 'match' && oldPos > oldLine);
  if (at < 0) return [];
  const offset = lines[at]!.newPos - lines[at]!.oldPos;
  const from = Math.max(oldLine - AROUND, (lines[at - 1]?.oldPos ?? 0) + 1);
  const to = below ? oldLine + AROUND : Math.min(oldLine + AROUND, lines[at + 1]!.oldPos - 1);
  const spliced: ServerLine[] = [];
  for (let oldPos = from; oldPos <= Math.min(to, oldLines); oldPos++)
    spliced.push({ type: null, oldPos, newPos: oldPos + offset });
  return spliced;
}
