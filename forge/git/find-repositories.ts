import { type Dirent, lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { gitFolders } from './common-folder.ts';
import { RepositoryError } from './errors.ts';

/** A git repository on disk. */
export interface FoundRepository {
  /** For people, unique among what was found: `shop`, `team/shop`. */
  readonly name: string;
  /** What `openRepository` takes. */
  readonly path: string;
}

/** What the repository itself is called below a folder that bears its name. */
const NAMELESS = new Set(['repo', 'repo.git']);

/**
 * The git repositories that a folder is, holds, or holds in one of its folders: working trees and bare ones, in the order
 * of their names. What lies in a repository is not looked at, symbolic links are not followed, and nothing is opened.
 *
 * Working trees that share a git folder are one repository: the one that the git folder lies in stands for them, else the
 * main one, else the first by its name.
 *
 * @throws RepositoryError `no-such-path` where the folder itself cannot be listed.
 */
export function findRepositories(folder: string): readonly FoundRepository[] {
  const top = resolve(folder);
  const entries = list(top);
  if (entries === undefined)
    throw new RepositoryError(
      'no-such-path',
      `${folder}: no folder that can be read; give one that holds repositories`,
    );
  if (isRepository(top)) return [{ name: basename(top, '.git'), path: top }];
  const found = oneEach(foldersOf(entries).flatMap((name) => inFolder(top, name)));
  // `shop` beside `shop.git`: both go by what they are called on the disk.
  const sameName = Map.groupBy(found, ({ name }) => name);
  return found
    .map(({ name, path }) => ({ name: sameName.get(name)!.length > 1 ? relative(top, path) : name, path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function oneEach(found: readonly FoundRepository[]): readonly FoundRepository[] {
  const read = found.map((each) => ({ each, ...gitFolders(each.path) }));
  const rank = ({ each: { path }, own, common }: (typeof read)[number]): number => {
    if (own !== common) return 2;
    return at(join(path, '.git'))?.isFile() ? 1 : 0;
  };
  return [...Map.groupBy(read, ({ common }) => common).values()].map(
    (same) => same.sort((a, b) => rank(a) - rank(b) || (a.each.name < b.each.name ? -1 : 1))[0]!.each,
  );
}

function inFolder(top: string, name: string): readonly FoundRepository[] {
  const path = join(top, name);
  if (isRepository(path)) return [{ name: withoutGit(name), path }];
  const inner = foldersOf(list(path) ?? [])
    .map((part) => ({ part, path: join(path, part) }))
    .filter((child) => isRepository(child.path));
  return inner.map((child) => ({
    name: inner.length === 1 && NAMELESS.has(child.part) ? name : `${name}/${withoutGit(child.part)}`,
    path: child.path,
  }));
}

function withoutGit(name: string): string {
  return basename(name, '.git') || name;
}

/** A folder with a `.git`, or the git folder itself. */
function isRepository(path: string): boolean {
  const git = at(join(path, '.git'));
  if (git?.isFile()) return begins(join(path, '.git'), 'gitdir: ');
  return isGitFolder(git?.isDirectory() ? join(path, '.git') : path);
}

function isGitFolder(path: string): boolean {
  return (
    at(join(path, 'HEAD')) !== undefined &&
    at(join(path, 'objects'))?.isDirectory() === true &&
    at(join(path, 'refs'))?.isDirectory() === true
  );
}

function begins(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8').startsWith(text);
  } catch {
    return false; // no permission
  }
}

function foldersOf(entries: readonly Dirent[]): readonly string[] {
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

function list(folder: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined; // no permission, no folder
  }
}

function at(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // no permission
  }
}
