import type { Hunk } from '../git/diff-texts.ts';
import type { DiffedFile } from '../git/diffed-file.ts';
import { type Counters, gitlabTable, type LineKind, lineTable } from './line-table.ts';

/** Which side of a change a line is looked for on. */
export type Side = 'new' | 'old';

/** A line that a note may stand on, and its numbers. */
export interface DiffLine {
  readonly kind: LineKind;
  readonly text: string;
  readonly git: Counters;
  /** As GitLab numbers it; `null` where it has no such line. */
  readonly gitlab: Counters | null;
  /** The hunk it is in, from 0; of a line outside, the next one below. */
  readonly hunk: number;
  readonly outside: boolean;
}

/** All lines of a file that a diff knows or that can be unfolded around it. */
export interface FileTable {
  readonly lines: readonly DiffLine[];
  /** The line with that number on that side, in the hunks or outside of them. */
  at(side: Side, line: number): DiffLine | undefined;
}

/** Numbers the lines of a file. What stands outside the hunks is there only where the old side's lines are. */
export function fileTable({ hunks, old: unfolded }: Pick<DiffedFile, 'hunks' | 'old'>): FileTable {
  const theirs = gitlabTable(hunks);
  const lines = lineTable(hunks).map(
    ({ kind, text, old, now, hunk }, at): DiffLine => ({
      ...{ kind, text, git: { old, now }, hunk, outside: false },
      gitlab: theirs[at] ?? null,
    }),
  );
  const ofOld = new Map(lines.flatMap((line) => (line.kind === 'added' ? [] : [[line.git.old, line]])));
  const ofNew = new Map(lines.flatMap((line) => (line.kind === 'removed' ? [] : [[line.git.now, line]])));
  const last = lines.findLast(({ gitlab }) => gitlab !== null)?.gitlab;
  return {
    lines,
    at(side, line) {
      const known = (side === 'old' ? ofOld : ofNew).get(line);
      if (known || !unfolded || !last) return known;
      const gap = gapAt(hunks, side, line);
      const git = side === 'old' ? { old: line, now: line + gap.offset } : { old: line - gap.offset, now: line };
      const text = unfolded[git.old - 1];
      if (text === undefined) return undefined;
      // Below the last hunk GitLab goes on counting from the last line that it has.
      const gitlab = gap.hunk < hunks.length ? git : { old: git.old, now: git.old + last.now - last.old };
      return { kind: 'unchanged', text, git, gitlab, hunk: gap.hunk, outside: true };
    },
  };
}

/** The gap that a line outside the hunks lies in, and how much higher the numbers of the new side are there. */
function gapAt(hunks: readonly Hunk[], side: Side, line: number): { readonly hunk: number; readonly offset: number } {
  const next = hunks.findIndex(({ oldStart, newStart }) => (side === 'old' ? oldStart : newStart) > line);
  if (next >= 0) return { hunk: next, offset: hunks[next]!.newStart - hunks[next]!.oldStart };
  const { oldStart, oldLines, newStart, newLines } = hunks.at(-1)!;
  return { hunk: hunks.length, offset: newStart + newLines - (oldStart + oldLines) };
}
