import { GitError, RepositoryError } from './errors.ts';
import type { Repository } from './locate.ts';
import { runGit } from './run.ts';

/**
 * The full id of the commit that a revision names; tags are peeled.
 *
 * @throws RepositoryError `unknown-revision`.
 */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  // Two steps, because `:/text^{commit}` would look for the text "text^{commit}".
  const object = await verified(repository, revision);
  if (object === null) {
    const message = `${repository.name}: unknown revision ${JSON.stringify(revision)}; give a branch, tag or commit that is in ${repository.dir}`;
    throw new RepositoryError('unknown-revision', message);
  }
  const commit = await verified(repository, `${object}^{commit}`);
  if (commit === null) {
    const message = `${repository.name}: ${JSON.stringify(revision)} is no commit of ${repository.dir}; give a branch, tag or commit`;
    throw new RepositoryError('unknown-revision', message);
  }
  return commit;
}

/**
 * The commit that HEAD stands at; null when its branch has none yet.
 *
 * @throws RepositoryError `git-failed` where that commit is not there, as in a damaged clone: it is not an empty one.
 */
export async function headCommit(repository: Repository): Promise<string | null> {
  const commit = await verified(repository, 'HEAD^{commit}');
  if (commit !== null) return commit;
  const named = await verified(repository, 'HEAD');
  if (named === null) return null;
  const message = `${repository.name}: damaged: HEAD is at ${named}, and that commit is not in ${repository.dir}; clone it again`;
  throw new RepositoryError('git-failed', message);
}

/** True when the repository has any branch or tag. */
export async function hasRefs(repository: Repository): Promise<boolean> {
  const refs = await runGit(['for-each-ref', '--count=1'], { dir: repository.dir });
  return refs.length > 0;
}

async function verified(repository: Repository, revision: string): Promise<string | null> {
  // An argument cannot hold a NUL, and no revision does.
  if (revision.includes('\0')) return null;
  try {
    const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', revision];
    const output = await runGit(args, { dir: repository.dir });
    return output.toString('utf8').trim();
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}
