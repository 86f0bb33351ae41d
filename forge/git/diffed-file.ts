import type { FileChange } from '../history.ts';
import type { Hunk } from './diff-texts.ts';

/** A file as a diff of two commits has it, byte for byte: line ends count, and a missing one at the end, too. */
export interface DiffedFile {
  readonly status: FileChange['status'];
  /** Of a new file its only path. */
  readonly oldPath: string;
  /** Of a deleted file its only path. */
  readonly newPath: string;
  /** `other-kind`: a file that became a link, or the other way round; two diffs of one path. */
  readonly content: 'text' | 'binary' | 'submodule' | 'other-kind';
  /** With three lines around each; none of anything but text. */
  readonly hunks: readonly Hunk[];
  /** The lines of the old side, without their ends; absent where they were not asked for, or are too many. */
  readonly old?: readonly string[];
}
