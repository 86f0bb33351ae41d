import type { Hunk } from '../git/diff-texts.ts';

export type LineKind = 'added' | 'removed' | 'unchanged';

/** Where the counters of both sides stand at a line. A line that is on one side only has the next line of the other there. */
export interface Counters {
  readonly old: number;
  readonly now: number;
}

/** One line of a hunk. */
export interface Row extends Counters {
  readonly kind: LineKind;
  /** Without its sign. */
  readonly text: string;
  /** Of which hunk, from 0. */
  readonly hunk: number;
}

/** The lines of all hunks as git numbers them. */
export function lineTable(hunks: readonly Hunk[]): readonly Row[] {
  return numbered(hunks, () => false) as readonly Row[];
}

/**
 * The same lines as GitLab numbers them, `undefined` for one that it has not. Its parser takes a line that looks like the header of
 * a file for one, and leaves it out, where the line before was unchanged: after a deleted SQL comment `-- add index` (`--- add index`
 * in the diff) the counters lag behind up to the next hunk. (lib/gitlab/diff/parser.rb)
 */
export function gitlabTable(hunks: readonly Hunk[]): readonly (Row | undefined)[] {
  return numbered(hunks, looksLikeHeader);
}

function numbered(
  hunks: readonly Hunk[],
  leftOut: (line: string, before: LineKind | undefined) => boolean,
): readonly (Row | undefined)[] {
  return hunks.flatMap(({ oldStart, newStart, lines }, hunk) => {
    let [old, now] = [oldStart, newStart];
    let before: LineKind | undefined;
    return lines.map((line) => {
      if (leftOut(line, before)) return undefined;
      const row = { kind: kindOf(line), text: line.slice(1), old, now, hunk };
      if (row.kind !== 'added') old++;
      if (row.kind !== 'removed') now++;
      before = row.kind;
      return row;
    });
  });
}

function kindOf(line: string): LineKind {
  return line[0] === '+' ? 'added' : line[0] === '-' ? 'removed' : 'unchanged';
}

function looksLikeHeader(line: string, before: LineKind | undefined): boolean {
  return before === 'unchanged' && HEADER.test(line);
}

const HEADER = /^(?:--- a|\+\+\+ [ab]|(?:---|\+\+\+) \/(?:dev\/null|tmp\/diffy))/;
