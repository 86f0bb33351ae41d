import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
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
}

/** What became of a file. */
export interface Written {
  readonly path: string;
  readonly outcome: 'created' | 'replaced' | 'unchanged';
}

/**
 * Writes files into a working tree, all or none where something is in the way. Each appears in one step (temporary file and
 * rename), so that nobody reads half of it. No symbolic link is followed: a repository must not decide that we write
 * outside of it.
 *
 * @throws {UsageError} where a file exists with other content and `replace` is false, or a link or a folder stands there.
 */
export function writeWorkingTree(root: string, files: readonly NewFile[], replace: boolean): readonly Written[] {
  const planned = files.map(({ path, text }) => {
    assertNoLinks(root, path);
    const target = join(root, path);
    const current = readCurrent(target, path);
    const outcome = current === undefined ? 'created' : current.text === text ? 'unchanged' : 'replaced';
    return { path, target, text, mode: current?.mode, outcome } as const;
  });
  const inTheWay = planned.filter(({ outcome }) => outcome === 'replaced').map(({ path }) => path);
  if (inTheWay.length > 0 && !replace) {
    const exist = inTheWay.length === 1 ? `${inTheWay[0]} exists` : `${inTheWay.join(', ')} exist`;
    throw new UsageError(`${exist} and would change; --diff shows how, --fresh --write replaces what is there`);
  }
  for (const { target, text, mode, outcome } of planned)
    if (outcome !== 'unchanged') writeInOneStep(target, text, mode);
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
    if (length < parts.length && !found?.isDirectory())
      throw new UsageError(`${part} is not a folder; ${path} cannot be written`);
  }
}

function readCurrent(target: string, path: string): { text: string; mode: number } | undefined {
  const found = stats(target);
  if (!found) return undefined;
  if (!found.isFile()) throw new UsageError(`${path} is not a regular file; move it away first`);
  return { text: readFileSync(target, 'utf8'), mode: found.mode & 0o777 };
}

function stats(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function writeInOneStep(target: string, text: string, mode = 0o666): void {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(temporary, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
