import { Refused } from './refusals.ts';

/**
 * The parts of a path that a model wrote; none for the top of the repository. Nothing is decoded or normalised: `%2e%2e` and a
 * full-width dot are names like any other.
 *
 * @throws Refused
 */
export function partsOf(path: string): readonly string[] {
  if (path.length > LONGEST_PATH || NOT_IN_A_PATH.test(path)) throw new Refused('path-form', path);
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw new Refused('path-absolute', path);
  const asked = path.replace(/^\.\//, '').replace(/\/$/, '');
  if (asked === '' || asked === '.') return [];
  const parts = asked.split('/');
  for (const part of parts) {
    if (part === '.' || part === '..') throw new Refused('path-parent', path);
    if (part === '') throw new Refused('path-form', path);
    if (isGitFolder(part)) throw new Refused('git-folder', path);
  }
  return parts;
}

/** Linux's own limit. */
const LONGEST_PATH = 4096;
const NOT_IN_A_PATH = /[\0-\x1f\x7f\\]/;

/**
 * Whether some file system takes the name for `.git`: letters of either case, dots and spaces at its end, what follows a colon and
 * the short name of NTFS, characters that HFS+ passes over (git: `is_ntfs_dotgit`, `is_hfs_dotgit`).
 */
export function isGitFolder(name: string): boolean {
  const plain = name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return plain === '.git' || /^git~\d+$/.test(plain);
}
