import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where git keeps what is a repository's: gitrepository-layout(5). Read from the files, git is not asked. */
export interface GitFolders {
  /** Of this working tree alone. */
  readonly own: string;
  /** What all working trees of a repository share. */
  readonly common: string;
}

/** @param dir The top of a working tree, or a git folder. */
export function gitFolders(dir: string): GitFolders {
  const git = join(dir, '.git');
  const link = /^gitdir: (.+)/.exec(smallFile(git) ?? '')?.[1];
  const own = link !== undefined ? resolve(dir, link) : isThere(git) ? git : dir;
  const common = resolve(own, smallFile(join(own, 'commondir'))?.trim() || '.');
  return { own: real(own), common: real(common) };
}

/** A pipe would be waited for, and a link may lead to one. */
function smallFile(path: string): string | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined; // not there, no permission
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // no permission
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there any more
  }
}
