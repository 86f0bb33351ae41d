import { createHash } from 'node:crypto';
import { diffLines, type ServerLine, sidesOf, unfolded } from './diff-lines.ts';
import { schemaFault } from './schema.ts';

/** A file of the diff between the base and the head of a version. */
export interface DiffFile {
  readonly oldPath: string;
  readonly newPath: string;
  readonly newFile: boolean;
  readonly deletedFile: boolean;
  /** Unified, without the header of the file, as `diff` of the API has it; `null`: too large, or collapsed. */
  readonly diff: string | null;
  /** Of the old blob, as git counts; 0 where there is none, and for one over 1 MiB, of which GitLab reads no lines. */
  readonly oldLines: number;
}

export type Checked =
  | { readonly lineCode: string | null }
  | { readonly fault: 'schema' | 'line_code'; readonly message: string };

interface Refs {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
}

/** What of a position that fits the schema is looked at. */
interface Position extends Refs {
  readonly position_type: string;
  readonly old_path?: string | null;
  readonly new_path?: string | null;
  readonly old_line?: number | null;
  readonly new_line?: number | null;
}

/**
 * What the server makes of a position: the line code that it finds, `null` for one that is on no line, or how it refuses it
 * (app/models/diff_note.rb, lib/gitlab/diff/position.rb).
 *
 * Stricter than GitLab in three things. It would compare other commits where other ids are sent, with whatever they have; it would see
 * a renamed file as a new one where the old path is not sent; and of a note on a file outside the diff it is not known what it does.
 */
export function checkPosition(position: unknown, files: readonly DiffFile[], refs: Refs): Checked {
  const message = schemaFault(position);
  if (message !== null) return { fault: 'schema', message };
  const asked = position as Position;
  const lined = asked.old_line != null || asked.new_line != null;
  if (asked.position_type === 'text' && !lined) return { fault: 'line_code', message: INCOMPLETE };
  const paths = new Set([asked.old_path, asked.new_path]);
  const file = isAt(asked, refs)
    ? files.find(({ oldPath, newPath }) => paths.has(oldPath) && paths.has(newPath))
    : undefined;
  if (file && asked.position_type !== 'text') return { lineCode: null };
  const code = file && lineCodeOf(file, asked);
  return code ? { lineCode: code } : { fault: 'line_code', message: NO_LINE };
}

const NO_LINE = `400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"]}`;
const INCOMPLETE = `400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"], :position=>["is incomplete"]}`;

function isAt(position: Refs, { base_sha, start_sha, head_sha }: Refs): boolean {
  return position.base_sha === base_sha && position.start_sha === start_sha && position.head_sha === head_sha;
}

/** The line code of the line with exactly these numbers, in the hunks or unfolded; a number that is not there counts, too. */
export function lineCodeOf(
  file: DiffFile,
  { old_line = null, new_line = null }: Pick<Position, 'old_line' | 'new_line'>,
): string | null {
  if (old_line === null && new_line === null) return null;
  const { known, lines } = indexed(file);
  const line = known.get(keyOf(old_line, new_line)) ?? unfoldedIn(file, lines, old_line, new_line);
  if (!line) return null;
  const path = createHash('sha1')
    .update(file.newPath || file.oldPath)
    .digest('hex');
  return `${path}_${line.oldPos}_${line.newPos}`;
}

function unfoldedIn(
  { newFile, deletedFile, oldLines }: DiffFile,
  lines: readonly ServerLine[],
  oldLine: number | null,
  newLine: number | null,
): ServerLine | undefined {
  if (oldLine === null || newLine === null || oldLine > oldLines) return undefined;
  const line = newFile || deletedFile ? undefined : unfolded(lines, oldLine);
  return line?.newPos === newLine ? line : undefined;
}

interface Indexed {
  readonly lines: readonly ServerLine[];
  readonly known: ReadonlyMap<string, ServerLine>;
}

/** A file is asked for many of its lines. */
const INDEXED = new WeakMap<DiffFile, Indexed>();

function indexed(file: DiffFile): Indexed {
  const kept = INDEXED.get(file);
  if (kept) return kept;
  const lines = diffLines(file.diff ?? '');
  const made = { lines, known: new Map(lines.map((line) => [keyOf(...sidesOf(line)), line])) };
  INDEXED.set(file, made);
  return made;
}

function keyOf(oldLine: number | null, newLine: number | null): string {
  return `${oldLine}:${newLine}`;
}
