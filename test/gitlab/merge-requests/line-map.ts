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
  let [before, after, oldLeft, newLeft] = [0, 0, 0, 0];
  for (const line of diff?.split('\n') ?? []) {
    const hunk = oldLeft + newLeft > 0 ? null : HUNK.exec(line);
    if (hunk) {
      [before, oldLeft] = [Number(hunk[1]), Number(hunk[2] ?? 1)];
      [after, newLeft] = [Number(hunk[3]), Number(hunk[4] ?? 1)];
    } else if (line.startsWith('-')) {
      removed.add(before++);
      oldLeft--;
    } else if (line.startsWith('+')) {
      added.add(after++);
      newLeft--;
    } else if (line.startsWith(' ')) {
      before++;
      after++;
      oldLeft--;
      newLeft--;
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

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
