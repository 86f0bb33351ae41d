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
      lines.push({ type, oldPos, newPos });
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

/**
 * The line that `lib/gitlab/diff/lines_unfolder.rb` splices in for one of the old side, if that lies between two hunks or outside of
 * them: the new side differs by as much as the next header says; below the last hunk, by as much as in its last line. (The three
 * lines on either side that are unfolded with it are no matter here.)
 */
export function unfolded(lines: readonly ServerLine[], oldLine: number): ServerLine | undefined {
  const below = oldLine > (lines.at(-1)?.oldPos ?? Infinity);
  const at = below ? lines.length - 1 : lines.findIndex(({ type, oldPos }) => type === 'match' && oldPos > oldLine);
  if (at < 0 || oldLine <= (lines[at - 1]?.oldPos ?? 0)) return undefined;
  return { type: null, oldPos: oldLine, newPos: oldLine + lines[at]!.newPos - lines[at]!.oldPos };
}
