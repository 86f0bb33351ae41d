import type { Hunk } from '../git/diff-texts.ts';
import type { DiffedFile } from '../git/diffed-file.ts';

/** Why a file of a change has no lines that a note could stand on, though the file itself is in it. */
export type Lineless =
  /** Git sees no text in it. */
  | 'binary'
  | 'submodule'
  /** Became a link, or was one: GitLab has two diffs of it, and finds the first. */
  | 'other-kind'
  /** Its content lies in Git LFS. */
  | 'lfs'
  /** GitLab shows a notebook's cells, whose lines are not those of the file. */
  | 'notebook'
  /** Only moved, only its mode changed, or empty. */
  | 'no-lines';

/** `null`: it has lines. */
export function linelessOf({ content, hunks, newPath }: DiffedFile): Lineless | null {
  if (content !== 'text') return content;
  if (newPath.endsWith('.ipynb')) return 'notebook';
  const [first] = hunks;
  if (!first) return 'no-lines';
  return first.oldStart <= 1 && firstOfSides(first).some((line) => LFS_POINTER.test(line)) ? 'lfs' : null;
}

function firstOfSides({ lines }: Hunk): readonly string[] {
  return ['+', '-'].flatMap((other) => lines.find((line) => line[0] !== other) ?? []);
}

const LFS_POINTER = /^[ +-]version https:\/\/git-lfs\.github\.com\/spec\//;
