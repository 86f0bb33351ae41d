import { isUtf8 } from 'node:buffer';
import { type Hunk, hunkAt } from './diff-texts.ts';
import type { DiffedFile } from './diffed-file.ts';
import { RepositoryError } from './errors.ts';

/** A file of a diff, and its blob on the old side. */
export interface ParsedFile extends DiffedFile {
  readonly oldId: string;
}

/**
 * Reads the output of `git diff-tree -r -z --raw --patch -M`: a record for each file, an empty one, then as many patches. Names are
 * taken from the records, whatever they hold, and hunks are read by their counts, so that no content can pass for a header. A file
 * whose name is not UTF-8 is left out: nothing that is sent as JSON can name it.
 *
 * @throws {RepositoryError} for what is no such output, or the beginning of one.
 */
export function parseDiff(output: Buffer): readonly ParsedFile[] {
  const { records, end } = rawRecords(output);
  const patches = readPatches(output.toString('utf8', end).split('\n'));
  // Of a file that became a link there are one record and two patches: what it was goes, what it is comes.
  const owners = records.flatMap((record) => (record.content === 'other-kind' ? [record, record] : [record]));
  if (owners.length !== patches.length) throw notUnderstood(`${patches.length} patches, not ${owners.length}`);
  const patchOf = new Map(owners.map((record, at) => [record, patches[at]!]));
  return records.flatMap((record) => {
    if (!record.named) return [];
    const { status, oldPath, newPath, oldId, content } = record;
    const patch = patchOf.get(record)!;
    const found = content === 'text' && patch.binary ? 'binary' : content;
    return [{ status, oldPath, newPath, oldId, content: found, hunks: found === 'text' ? patch.hunks : [] }];
  });
}

function notUnderstood(what: string): RepositoryError {
  return new RepositoryError('git-failed', `git told a diff that is not understood: ${what}`);
}

interface RawRecord extends Pick<ParsedFile, 'status' | 'oldPath' | 'newPath' | 'oldId' | 'content'> {
  readonly named: boolean;
}

/** `:100644 100755 <id> <id> M`, a path, and of a rename another one; each ends with a NUL. */
function rawRecords(output: Buffer): { readonly records: readonly RawRecord[]; readonly end: number } {
  const records: RawRecord[] = [];
  let at = 0;
  const field = (): Buffer => {
    const end = output.indexOf(0, at);
    const bytes = output.subarray(at, end < 0 ? output.length : end);
    at = end < 0 ? output.length : end + 1;
    return bytes;
  };
  while (output[at] === COLON) {
    const record = field().toString('latin1').slice(1);
    const [oldMode = '', newMode = '', oldId = '', , letter = ''] = record.split(' ');
    if (letter === '') throw notUnderstood(`a record of ${record.length} characters`);
    const status = STATUS.get(letter[0]!) ?? 'modified';
    const old = field();
    const now = status === 'renamed' ? field() : old;
    const [oldPath, newPath] = [old.toString('utf8'), now.toString('utf8')];
    const named = [old, now].every(isUtf8);
    const content = letter === 'T' ? 'other-kind' : [oldMode, newMode].includes(SUBMODULE) ? 'submodule' : 'text';
    records.push({ status, oldPath, newPath, oldId, content, named });
  }
  return { records, end: output[at] === 0 ? at + 1 : at };
}

const COLON = 0x3a;
const SUBMODULE = '160000';
const STATUS = new Map<string, DiffedFile['status']>([
  ['A', 'added'],
  ['D', 'deleted'],
  ['R', 'renamed'],
]);

interface Patch {
  readonly hunks: readonly Hunk[];
  readonly binary: boolean;
}

/** Git quotes names in the headers of patches, so that each line of a header is one. */
function readPatches(lines: readonly string[]): readonly Patch[] {
  const patches: { hunks: Hunk[]; binary: boolean }[] = [];
  for (let at = 0; at < lines.length; ) {
    const patch = patches.at(-1);
    const found = patch && hunkAt(lines, at);
    if (found) patch.hunks.push(found.hunk);
    else if (lines[at]!.startsWith('diff --git ')) patches.push({ hunks: [], binary: false });
    else if (patch && lines[at]!.startsWith('Binary files ')) patch.binary = true;
    at = found?.end ?? at + 1;
  }
  return patches;
}
