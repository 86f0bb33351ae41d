import { createHash } from 'node:crypto';
import type { DiffedFile } from '../git/diffed-file.ts';
import type { DiffLine } from './file-table.ts';
import type { Counters } from './line-table.ts';

/** The commits of one version of a merge request: the newest, or a note stands on what nobody sees any more. */
export interface DiffRefs {
  /** The merge base. */
  readonly base: string;
  /** The target's tip when the version was made. */
  readonly start: string;
  readonly head: string;
}

interface Where {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
  readonly old_path: string;
  readonly new_path: string;
}

/** Which lines are named says what the line is: an added one has no old number, not even `null`. */
interface LineNumbers {
  readonly old_line?: number;
  readonly new_line?: number;
}

interface RangeEnd extends LineNumbers {
  readonly line_code: string;
  /** `null`: an unchanged line. */
  readonly type: 'new' | 'old' | null;
}

/** A note on lines, as GitLab's JSON schema of positions has it. To be sent as JSON: in a form all numbers are texts. */
export interface TextPosition extends Where, LineNumbers {
  readonly position_type: 'text';
  readonly line_range?: { readonly start: RangeEnd; readonly end: RangeEnd };
}

/** A note on a file as a whole, from GitLab 16.4 on. */
export interface FilePosition extends Where {
  readonly position_type: 'file';
}

/** A line with the numbers that GitLab gives it. */
export interface Shown {
  readonly kind: DiffLine['kind'];
  readonly gitlab: Counters;
}

/** @param last the line below which the note stands; the same as `first` for a single one. */
export function textPosition(file: DiffedFile, refs: DiffRefs, first: Shown, last: Shown): TextPosition {
  const range = { start: rangeEnd(file, first), end: rangeEnd(file, last) };
  return {
    ...where(file, refs),
    position_type: 'text',
    ...numbers(last),
    ...(first === last ? {} : { line_range: range }),
  };
}

export function filePosition(file: DiffedFile, refs: DiffRefs): FilePosition {
  return { ...where(file, refs), position_type: 'file' };
}

/** GitLab's name for a line of a diff: both counters, whichever sides the line is on. */
export function lineCode({ newPath }: Pick<DiffedFile, 'newPath'>, { gitlab }: Pick<Shown, 'gitlab'>): string {
  return `${createHash('sha1').update(newPath).digest('hex')}_${gitlab.old}_${gitlab.now}`;
}

function where({ oldPath, newPath }: DiffedFile, { base, start, head }: DiffRefs): Where {
  return { base_sha: base, start_sha: start, head_sha: head, old_path: oldPath, new_path: newPath };
}

function numbers({ kind, gitlab }: Shown): LineNumbers {
  return {
    ...(kind === 'added' ? {} : { old_line: gitlab.old }),
    ...(kind === 'removed' ? {} : { new_line: gitlab.now }),
  };
}

function rangeEnd(file: DiffedFile, line: Shown): RangeEnd {
  const type = line.kind === 'added' ? 'new' : line.kind === 'removed' ? 'old' : null;
  return { line_code: lineCode(file, line), type, ...numbers(line) };
}
