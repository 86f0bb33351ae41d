import type { DiffedFile } from '../git/diffed-file.ts';
import { type FileTable, fileTable } from './file-table.ts';
import { type LineRange, lineRange } from './line-range.ts';
import type { LineKind } from './line-table.ts';
import { type Lineless, linelessOf } from './lineless.ts';
import type { Place } from './place.ts';
import {
  type DiffRefs,
  type FilePosition,
  filePosition,
  lineCode,
  type TextPosition,
  textPosition,
} from './position.ts';
import { type Moved, quotedLine } from './quoted-line.ts';

/** Why a note does not stand on a line. */
export type Why =
  | Lineless
  | 'whole-file'
  /** GitLab has no diff of the file: too large, or collapsed. */
  | 'refused'
  /** The file has no such line on that side. */
  | 'no-such-line'
  /** Outside the hunks, where it is not known what stands. */
  | 'out-of-reach'
  /** Outside the hunks, and something else stands there. */
  | 'other-text'
  /** GitLab's own table has lost it: see `gitlabTable`. */
  | 'hidden'
  | 'not-in-diff'
  /** Longer than a position may have it. */
  | 'long-path';

/** Where a note goes: on a line, else on the file, else on the merge request. */
export type Anchor =
  | OnLine
  | { readonly rung: 'file'; readonly position: FilePosition; readonly why: Why }
  | { readonly rung: 'general'; readonly why: Why };

export interface OnLine extends Pick<LineRange, 'clamped' | 'suggestion'> {
  readonly rung: 'line';
  readonly position: TextPosition;
  readonly lineCode: string;
  readonly kind: LineKind;
  /** In no hunk: GitLab unfolds it. */
  readonly outside: boolean;
  /** Not where it was said to be: the quote was not there. */
  readonly moved: Moved | null;
}

/** One version of a merge request. */
export interface Version {
  readonly files: readonly DiffedFile[];
  readonly refs: DiffRefs;
  /** New paths of the files whose diff GitLab refuses to show. */
  readonly refused?: ReadonlySet<string>;
  /** Whether GitLab takes notes on files: from 16.4 on, which is the default. */
  readonly fileNotes?: boolean;
}

/**
 * Makes the function that says where the note on a place goes. Positions are exact by GitLab's own table, which is asked before
 * anything is sent: a draft takes any position, and fails or vanishes when it is published.
 *
 * @example const resolveAnchor = anchorsOf({ files, refs }); resolveAnchor({ path: 'a.ts', side: 'new', line: 3, endLine: 3, quote: 'x' });
 */
export function anchorsOf({ files, refs, refused, fileNotes = true }: Version): (place: Place) => Anchor {
  // What a file is moved to is new, what it is moved from is gone: no path stands for two files.
  const byPath = new Map(files.flatMap((file) => [[file.oldPath, file] as const, [file.newPath, file] as const]));
  const tables = new Map<DiffedFile, FileTable>();
  return (place) => {
    const file = byPath.get(place.path);
    if (!file) return { rung: 'general', why: 'not-in-diff' };
    if (isLong(file.oldPath) || isLong(file.newPath)) return { rung: 'general', why: 'long-path' };
    const table = tables.get(file) ?? fileTable(file);
    tables.set(file, table);
    const found = refused?.has(file.newPath) ? 'refused' : onLine(place, file, table, refs);
    if (typeof found !== 'string') return found;
    if (!fileNotes) return { rung: 'general', why: found };
    return { rung: 'file', position: filePosition(file, refs), why: found };
  };
}

/** GitLab's limit, in characters (app/validators/json_schemas/position.json). */
const LONGEST_PATH = 1000;

function isLong(path: string): boolean {
  return path.length > LONGEST_PATH && [...path].length > LONGEST_PATH;
}

function onLine(place: Place, file: DiffedFile, table: FileTable, refs: DiffRefs): OnLine | Why {
  if (place.line === 0) return 'whole-file';
  const lineless = linelessOf(file);
  if (lineless) return lineless;
  const said = table.at(place.side, place.line);
  if (!said) return file.old || isWhole(file) ? 'no-such-line' : 'out-of-reach';
  const quoted = quotedLine(place, said, table);
  if (!quoted) return 'other-text';
  const range = lineRange(place, quoted, table);
  if (!range) return 'hidden';
  const { first, last, clamped, suggestion } = range;
  return {
    rung: 'line',
    position: textPosition(file, refs, first, last),
    lineCode: lineCode(file, last),
    ...{ kind: last.kind, outside: last.outside, moved: quoted.moved, clamped, suggestion },
  };
}

/** Whether all its lines are in the diff. */
function isWhole({ status }: DiffedFile): boolean {
  return status === 'added' || status === 'deleted';
}
