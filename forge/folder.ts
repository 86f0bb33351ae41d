import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { boundedReader, type Listed } from './bounded-reader.ts';
import { readDisk } from './git/read-disk.ts';
import { RealDirectories } from './git/real-directories.ts';
import { isPlainPath } from './plain-path.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits, type RepoReader } from './reader.ts';

/**
 * A folder of the disk as it is, in a repository or not. Folders whose name begins with a dot and `node_modules` are not
 * entered, symbolic links are listed and not followed. Files are read when they are asked for.
 *
 * @throws {Error} of the operating system, where the folder or one in it cannot be listed.
 */
export async function readFolder(folder: string, limits: ReadLimits = DEFAULT_READ_LIMITS): Promise<RepoReader> {
  const top = resolve(folder);
  const listed = list(top);
  return boundedReader<string>(
    {
      name: basename(top),
      commit: null,
      worktree: true,
      list: async () => listed,
      fetch: async (paths, admit) => {
        const directories = new RealDirectories(top);
        return paths.map((path) => readDisk(path, directories, admit));
      },
      readLinks: async (paths) => {
        const directories = new RealDirectories(top);
        return paths.map((path) => directories.link(path));
      },
      close: async () => {},
    },
    limits,
  );
}

/** What tells one state of a folder's files from another without reading them. */
export interface FolderStamp {
  /** A hash of the paths, sizes and times of the files. */
  readonly hash: string;
  /** When one of them was written last, in ms since 1970. */
  readonly written: number;
}

/** The stamp of the files of a folder, as {@link readFolder} lists them, of which `counts` holds. */
export function folderStamp(folder: string, counts: (path: string) => boolean): FolderStamp {
  const top = resolve(folder);
  const hash = createHash('sha256');
  let written = 0;
  for (const { path, kind } of list(top).sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (!counts(path)) continue;
    const stats = kind === 'file' ? statSync(`${top}/${path}`, { throwIfNoEntry: false }) : undefined;
    hash.update(`${path}\0${kind}\0${stats?.size}\0${stats?.mtimeMs}\0${stats?.ctimeMs}\0`);
    written = Math.max(written, stats?.mtimeMs ?? 0);
  }
  return { hash: hash.digest('hex'), written };
}

function list(top: string): Listed<string>[] {
  const listed: Listed<string>[] = [];
  const folders = [''];
  for (let prefix = folders.pop(); prefix !== undefined; prefix = folders.pop()) {
    for (const entry of readdirSync(`${top}/${prefix}`, { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        if (isEntered(entry)) folders.push(`${path}/`);
      } else if (isPlainPath(path) && (entry.isFile() || entry.isSymbolicLink()))
        listed.push({ path, kind: entry.isFile() ? 'file' : 'symlink', blob: path });
    }
  }
  return listed;
}

function isEntered({ name }: Dirent): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}
