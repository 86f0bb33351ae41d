import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { locateRepository, type Repository } from '../forge/git/locate.ts';
import { memoryRepository } from '../forge/memory.ts';
import type { RepoReader } from '../forge/reader.ts';
import { UsageError } from './errors.ts';

/** What `check` was pointed at. */
export type CheckTarget =
  | {
      /** A folder of the repository. */
      readonly repo: string;
      /** The one document meant, by its path from the root of the repository. */
      readonly document?: string;
    }
  /** A file that lies in no repository. */
  | { readonly outside: string };

/**
 * A folder is a repository, or lies in one; a file is one document in the repository around it. With a revision, and in a
 * bare repository, the file need not be on the disk.
 *
 * @throws {UsageError} where there is no such file or folder; what is wrong with a folder the reader says.
 */
export async function checkTarget(given: string | undefined, rev: string | undefined): Promise<CheckTarget> {
  const path = given ?? '.';
  const absolute = resolve(path);
  const found = statsOf(absolute);
  // What looks like an address is refused where the repository is opened.
  if (found?.isDirectory() || (!found && /^[\w.+@-]+:/.test(path))) return { repo: path };
  const folder = nearestFolder(dirname(absolute));
  const repository = await repositoryOf(folder);
  if (found && !repository) return { outside: path };
  const bare = repository?.worktree === null;
  if (!repository || (!found && rev === undefined && !bare))
    throw new UsageError(`${path}: no such file or folder; check the path`);
  const top = await realpath(repository.worktree ?? repository.gitDir);
  const inside = relative(top, join(await realpath(folder), relative(folder, absolute)));
  return { repo: folder, document: inside.split(sep).join('/') };
}

/** Of what a link leads to, where it leads anywhere. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return lstatSync(path, { throwIfNoEntry: false });
  }
}

function nearestFolder(path: string): string {
  let folder = path;
  while (!statsOf(folder)?.isDirectory() && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function repositoryOf(folder: string): Promise<Repository | undefined> {
  try {
    return await locateRepository(folder);
  } catch (error) {
    if (error instanceof Error && 'problem' in error && error.problem === 'not-a-repository') return undefined;
    throw error;
  }
}

/** A repository that holds nothing but one file. */
export function readerOfFile(path: string): { readonly reader: RepoReader; readonly document: string } {
  const document = basename(path);
  return {
    reader: memoryRepository({ [document]: readFileSync(path) }, { name: basename(dirname(resolve(path))) }),
    document,
  };
}
