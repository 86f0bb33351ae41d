import type { FileChange } from '../history.ts';
import { isPlainPath } from '../plain-path.ts';
import { GitError, RepositoryError } from './errors.ts';
import { locateRepository, type Repository } from './locate.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { resolveCommit } from './revision.ts';
import { runGit } from './run.ts';

/**
 * What changed from one commit to another in the local repository that a folder is, or lies in. A file counts as renamed
 * when at least half of it stayed the same; where content is missing (a partial clone), only when all of it did.
 *
 * @throws RepositoryError when there is no such repository or revision.
 */
export async function compareCommits(path: string, from: string, to: string): Promise<readonly FileChange[]> {
  const repository = await locateRepository(path);
  const [a, b] = [await resolveCommit(repository, from), await resolveCommit(repository, to)];
  try {
    return await compareTrees(repository, a, b);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const message = `${repository.dir}: cannot compare ${from} with ${to}: ${error.message}`;
    throw new RepositoryError('git-failed', message, { cause: error });
  }
}

/** {@link compareCommits} for revisions of a repository already found. @throws GitError */
export async function compareTrees(repository: Repository, from: string, to: string): Promise<readonly FileChange[]> {
  const options = { dir: repository.dir, maxBytes: MAX_LISTING_BYTES };
  const command = (renames: string): string[] => [...DIFF, renames, '-l2000', '--end-of-options', from, to, '--'];
  try {
    return parseNameStatus(await runGit(command('-M50%'), options));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return parseNameStatus(await runGit(command('-M100%'), options));
  }
}

const DIFF = [
  'diff-tree',
  '-r',
  '-z',
  '--name-status',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--no-color',
];

/** Reads `STATUS<NUL>PATH<NUL>`, for renames `R087<NUL>OLD<NUL>NEW<NUL>`. */
export function parseNameStatus(output: Buffer): FileChange[] {
  const fields: string[] = [];
  forEachRecord(output, (text) => void fields.push(text));
  const changes: FileChange[] = [];
  for (let at = 0; at < fields.length; ) {
    const status = fields[at++]!.slice(0, 1);
    const first = fields[at++] ?? '';
    const second = status === 'R' || status === 'C' ? (fields[at++] ?? '') : undefined;
    const path = second ?? first;
    if (!isPlainPath(path)) continue;
    if (status === 'R') changes.push({ status: 'renamed', path, from: first });
    else changes.push({ status: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified', path });
  }
  return changes;
}
