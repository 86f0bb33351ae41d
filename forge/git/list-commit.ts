import type { Listed } from '../bounded-reader.ts';
import { isPlainPath } from '../plain-path.ts';
import type { EntryKind } from '../reader.ts';
import { GitError, RepositoryError } from './errors.ts';
import type { Repository } from './locate.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { runGit } from './run.ts';

/**
 * Every path of a commit with the id of its object, from trees alone: sizes would need each blob, which a partial
 * clone does not have.
 *
 * @throws RepositoryError `git-failed`, as in a clone without trees.
 */
export async function listCommit(repository: Repository, commit: string): Promise<Listed<string>[]> {
  try {
    const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
    return parseTree(await runGit(args, { dir: repository.dir, maxBytes: MAX_LISTING_BYTES }));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const message = `${repository.dir}: cannot list commit ${commit}: ${error.message}`;
    throw new RepositoryError('git-failed', message, { cause: error });
  }
}

/** Reads `MODE TYPE OID<TAB>PATH<NUL>` records. */
export function parseTree(output: Buffer): Listed<string>[] {
  const listed: Listed<string>[] = [];
  forEachRecord(output, (text) => {
    const tab = text.indexOf('\t');
    const path = text.slice(tab + 1);
    const kind = kindOfMode(text.slice(0, 6));
    if (kind === null || !isPlainPath(path)) return;
    listed.push({ path, kind, blob: text.slice(text.indexOf(' ', 7) + 1, tab) });
  });
  return listed;
}

/** What a tree's or an index's mode stands for; null for a folder or what git does not know. */
export function kindOfMode(mode: string): EntryKind | null {
  switch (mode) {
    case '100644':
    case '100664': // group-writable, from before git 1.0
      return 'file';
    case '100755':
      return 'executable';
    case '120000':
      return 'symlink';
    case '160000':
      return 'submodule';
    default:
      return null;
  }
}
