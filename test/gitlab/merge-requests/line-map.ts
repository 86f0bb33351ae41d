/** Where the lines of one version of a file are in the other: lib/gitlab/diff/line_mapper.rb. */
export interface LineMap {
  /** Null: it is gone. */
  toNew(line: number): number | null;
  /** Null: it was not there. */
  toOld(line: number): number | null;
}

/** @param diff Hunks of the file; `undefined` where nothing of it changed. */
export function lineMap(diff: string | undefined): LineMap {
  const removed = new Set<number>();
  const added = new Set<number>();
  let [before, after] = [0, 0];
  for (const line of diff?.split('\n') ?? []) {
    // No content looks like it: each of its lines has a mark before it.
    const [, oldStart, newStart] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line) ?? [];
    if (oldStart !== undefined) [before, after] = [Number(oldStart), Number(newStart)];
    else if (line.startsWith('-')) removed.add(before++);
    else if (line.startsWith('+')) added.add(after++);
    else if (line.startsWith(' ')) {
      before++;
      after++;
    }
  }
  return { toNew: mapping(removed, added), toOld: mapping(added, removed) };
}

/** The lines that stay are in the same order on both sides. */
function mapping(gone: ReadonlySet<number>, come: ReadonlySet<number>): (line: number) => number | null {
  const coming = [...come].sort((a, b) => a - b);
  return (line) => {
    if (gone.has(line)) return null;
    const kept = line - [...gone].filter((one) => one < line).length;
    let other = kept;
    for (const one of coming) if (one <= other) other++;
    return other;
  };
}
