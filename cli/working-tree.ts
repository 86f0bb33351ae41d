import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './errors.ts';

/** A file to be written: its path from the top of the working tree. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** What it was worked out from, `null` for nothing: then it is written only if that is still what is there. */
  readonly existing?: string | null;
}

/** What became of a file. */
export interface Written {
  readonly path: string;
  readonly outcome: 'created' | 'replaced' | 'unchanged';
}

/**
 * Writes files into a working tree, all or none: everything is written beside its place first, and a step that fails
 * takes the others back. Each appears in one step (rename), so that nobody reads half of it. Missing folders are made. No
 * symbolic link is followed: a repository must not decide that we write outside of it.
 *
 * @throws {UsageError} where a file exists with other content and `replace` is false, where one is no longer what it was
 * worked out from, or where a link or a folder stands in the way.
 */
export function writeWorkingTree(root: string, files: readonly NewFile[], replace: boolean): readonly Written[] {
  const planned = files.map(({ path, text, existing }) => {
    assertNoLinks(root, path);
    const target = join(root, path);
    const current = readCurrent(target, path);
    if (existing !== undefined) assertAsRead(path, current?.text ?? null, existing);
    const outcome = current === undefined ? 'created' : current.text === text ? 'unchanged' : 'replaced';
    return { path, target, text, before: current?.text, mode: current?.mode, outcome } as const;
  });
  const inTheWay = planned.filter(({ outcome }) => outcome === 'replaced').map(({ path }) => path);
  if (inTheWay.length > 0 && !replace) {
    const exist = inTheWay.length === 1 ? `${inTheWay[0]} exists` : `${inTheWay.join(', ')} exist`;
    throw new UsageError(`${exist} and would change; --diff shows how, --fresh --write replaces what is there`);
  }
  writeAll(planned.filter(({ outcome }) => outcome !== 'unchanged'));
  return planned.map(({ path, outcome }) => ({ path, outcome }));
}

function assertNoLinks(root: string, path: string): void {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')) {
    throw new Error(`not a path to write to: ${path}`);
  }
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join('/');
    const found = stats(join(root, part));
    if (found?.isSymbolicLink())
      throw new UsageError(`${part} is a symbolic link, which is not written through; remove it first`);
    if (length < parts.length && found && !found.isDirectory())
      throw new UsageError(`${part} is not a folder; ${path} cannot be written`);
  }
}

function readCurrent(target: string, path: string): { text: string; mode: number } | undefined {
  const found = stats(target);
  if (!found) return undefined;
  if (!found.isFile()) throw new UsageError(`${path} is not a regular file; move it away first`);
  return { text: readFileSync(target, 'utf8'), mode: found.mode & 0o777 };
}

/** Somebody may have saved the file in the meantime, or git ignores it and it was never read. */
function assertAsRead(path: string, current: string | null, existing: string | null): void {
  if (withoutMark(current) === withoutMark(existing)) return;
  throw new UsageError(
    existing === null
      ? `${path} is there, and was not read (does git ignore it?); move it away first`
      : `${path} is no longer what was read; run the command again`,
  );
}

/** Readers keep a byte order mark out of the text. */
function withoutMark(text: string | null): string | null {
  return text?.replace(/^\uFEFF/, '') ?? null;
}

function stats(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

interface Planned {
  readonly target: string;
  readonly text: string;
  /** What stood there, and its permissions. */
  readonly before: string | undefined;
  readonly mode: number | undefined;
}

function writeAll(planned: readonly Planned[]): void {
  const staged: { readonly file: Planned; readonly temporary: string }[] = [];
  const done: Planned[] = [];
  try {
    for (const file of planned) {
      mkdirSync(dirname(file.target), { recursive: true });
      staged.push({ file, temporary: stage(file.target, file.text, file.mode) });
    }
    // One after the other, in the order given, and callers give the ledger last. Killed in between, a ledger that is older
    // than its files forgets that new bullets are ours; one that is newer would take them for taken out by people, and a
    // bullet that went for one of people's, for ever.
    for (const { file, temporary } of staged) {
      renameSync(temporary, file.target);
      done.push(file);
    }
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    for (const { target, before, mode } of done) {
      if (before === undefined) rmSync(target, { force: true });
      else renameSync(stage(target, before, mode), target);
    }
    throw error;
  }
}

/** Writes a file beside its place, down to the disk, and names it. */
function stage(target: string, text: string, mode = 0o666): string {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(temporary, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return temporary;
}
