import type { FileChange } from '../history.ts';
import { memoryRepository } from '../memory.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits, type RepoReader } from '../reader.ts';
import { compareTrees } from './compare.ts';
import { GitError, RepositoryError } from './errors.ts';
import { locateRepository, type Repository } from './locate.ts';
import { meetingOf } from './merge-base.ts';
import { openLocated } from './open.ts';
import { headCommit } from './revision.ts';
import { stagedChanges, stagedReader } from './staged.ts';
import { worktreeChanges } from './worktree-changes.ts';

/** A change and the repository before and after it. */
export interface Change {
  readonly files: readonly FileChange[];
  /** What is compared with: the commit that both sides have in common; nothing before the first commit. */
  readonly before: RepoReader;
  readonly after: RepoReader;
  /** The commit that was named, which what merges into it has to obey: its tip, not where the change began. */
  readonly target: RepoReader;
  close(): Promise<void>;
}

export interface ChangeOptions {
  /** What the change goes into: it is compared with the merge base of the two. */
  readonly base: string;
  /** The change's tip; without one the working tree with everything uncommitted in it, or HEAD of a bare repository. */
  readonly rev?: string | undefined;
  readonly limits?: ReadLimits;
}

/**
 * What a branch changes, since it left another.
 *
 * @throws RepositoryError where there is no such repository or revision, or the two have no commit in common.
 */
export async function openChange(path: string, { base, rev, limits }: ChangeOptions): Promise<Change> {
  const options = { limits: limits ?? DEFAULT_READ_LIMITS };
  const repository = await locateRepository(path);
  const [after, target] = await Promise.all([
    openLocated(repository, rev === undefined ? options : { ...options, rev }, path),
    openLocated(repository, { ...options, rev: base }, path),
  ]);
  if (after.commit === null)
    throw new RepositoryError('unknown-revision', `${path}: no commit yet to compare with ${base}; commit first`);
  const [a, b] = [target.commit!, after.commit];
  const common = await mergeBase(repository, a, b, `${base} and ${rev ?? 'HEAD'}`);
  const before = common === a ? target : await openLocated(repository, { ...options, rev: common });
  const files = after.worktree
    ? worktreeChanges(repository, { commit: common, reader: before }, after)
    : compareTrees(repository, common, b);
  return { files: await told(files, repository), before, after, target, close: closing(before, after, target) };
}

async function mergeBase(repository: Repository, a: string, b: string, names: string): Promise<string> {
  const meeting = await told(meetingOf(repository, a, b), repository);
  if (meeting.kind === 'at') return meeting.commit;
  const why =
    meeting.kind === 'cut-off'
      ? `where ${names} meet is not in the history of this shallow clone; bring it: git fetch --unshallow`
      : `${names} have no commit in common; name another commit`;
  throw new RepositoryError('unknown-revision', `${repository.name}: ${why}`);
}

/** What is staged, against HEAD. @throws RepositoryError where there is no index: a bare repository. */
export async function openStaged(path: string, limits: ReadLimits = DEFAULT_READ_LIMITS): Promise<Change> {
  const repository = await locateRepository(path);
  if (repository.worktree === null)
    throw new RepositoryError('not-a-repository', `${path}: a bare repository, in which nothing is staged`);
  const head = await headCommit(repository);
  const after = stagedReader(repository, head, limits);
  const before = head === null ? memoryRepository({}) : await openLocated(repository, { limits, rev: head });
  const files = await told(stagedChanges(repository, head), repository);
  return { files, before, after, target: before, close: closing(before, after) };
}

async function told<T>(work: Promise<T>, { dir }: Repository): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new RepositoryError('git-failed', `${dir}: cannot compare: ${error.message}`, { cause: error });
  }
}

function closing(...readers: readonly RepoReader[]): () => Promise<void> {
  return async () => void (await Promise.all(readers.map((reader) => reader.close())));
}
