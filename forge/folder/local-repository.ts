import { isAbsolute, resolve } from 'node:path';
import { GitError } from '../git/errors.ts';
import { runGit } from '../git/run.ts';

/** A branch, local (`refs/heads/main`) or as last fetched from `origin`. */
export interface Branch {
  readonly ref: string;
  readonly tip: string;
  /** ISO 8601; '' where it is not known. */
  readonly committedAt: string;
}

/** What there is in one repository of the folder, read in two git processes. */
export interface LocalRepository {
  /** Where to run git. */
  readonly dir: string;
  /** Shared by all its working trees. Absolute. */
  readonly commonDir: string;
  /** By full reference. */
  readonly branches: ReadonlyMap<string, Branch>;
  /** The name of the branch that `origin/HEAD` points at; `null` where that is not known. */
  readonly originHead: string | null;
  /** The name of the branch that HEAD is at; `null` where it is detached. There need not be a commit on it. */
  readonly checkedOut: string | null;
}

/** @throws GitError */
export async function readRepository(dir: string): Promise<LocalRepository> {
  const [paths, refs, head] = await Promise.all([
    git(dir, ['rev-parse', '--git-common-dir']),
    git(dir, ['for-each-ref', `--format=${FORMAT}`, HEADS, ...['HEAD', 'main', 'master'].map((name) => ORIGIN + name)]),
    git(dir, ['symbolic-ref', '--quiet', 'HEAD'], [0, 1]),
  ]);
  const records = refs
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\0'));
  // A symbolic reference stands for what it points at.
  const branches = records.map(([ref = '', tip = '', to, committedAt = '']) => ({ ref: to || ref, tip, committedAt }));
  const originHead = records.find(([ref]) => ref === `${ORIGIN}HEAD`)?.[2] ?? '';
  return {
    dir,
    commonDir: isAbsolute(paths) ? paths : resolve(dir, paths),
    branches: new Map(branches.map((branch) => [branch.ref, branch])),
    originHead: originHead.startsWith(ORIGIN) ? originHead.slice(ORIGIN.length) : null,
    checkedOut: head.startsWith(HEADS) ? head.slice(HEADS.length) : null,
  };
}

/** The local branch, or where there is none what was last fetched of it. */
export function branchCalled(repository: LocalRepository, name: string): Branch | undefined {
  return repository.branches.get(HEADS + name) ?? repository.branches.get(ORIGIN + name);
}

/**
 * The name of the default branch: what `origin/HEAD` says, else what is checked out (of a bare repository: what its HEAD
 * says), else `main` or `master`. One of `ours` is none, though somebody may have checked it out. `null` where nothing is committed.
 */
export function defaultBranch(repository: LocalRepository, ours: ReadonlySet<string>): string | null {
  const candidates = [repository.originHead, repository.checkedOut, 'main', 'master'];
  const found = candidates.find((name) => name !== null && !ours.has(name) && branchCalled(repository, name));
  return found ?? null;
}

/** The text that git answers, without the last line end. */
export async function git(
  dir: string,
  args: readonly string[],
  codes: readonly number[] = [0],
  input = '',
): Promise<string> {
  return (await runGit(args, { dir, codes, input })).toString('utf8').replace(/\n$/, '');
}

/** The branch's tip now; `null` where there is no such branch. */
export async function tipOf(dir: string, branch: string): Promise<string | null> {
  try {
    return await git(dir, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${HEADS}${branch}^{commit}`]);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** The object id and mode of each path that is at the commit; folders too. */
export async function entriesAt(
  dir: string,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, { readonly mode: string; readonly oid: string }>> {
  if (paths.length === 0) return new Map();
  const args = ['ls-tree', '-z', '--full-tree', commit, '--', ...paths];
  const listed = await runGit(args, { dir, env: { GIT_LITERAL_PATHSPECS: '1' } });
  return new Map(
    listed
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((record) => {
        const [mode = '', , oid = ''] = record.slice(0, record.indexOf('\t')).split(' ');
        return [record.slice(record.indexOf('\t') + 1), { mode, oid }];
      }),
  );
}

/** Paths that the commit changed against another. */
export async function pathsChanged(dir: string, from: string, to: string): Promise<readonly string[]> {
  const changed = await git(dir, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
  return changed.split('\0').filter(Boolean);
}

/** The best common ancestor; `null` where there is none. */
export async function mergeBase(dir: string, one: string, other: string): Promise<string | null> {
  return (await git(dir, ['merge-base', one, other], [0, 1])) || null;
}

export const HEADS = 'refs/heads/';
export const ORIGIN = 'refs/remotes/origin/';
const FORMAT = '%(refname)%00%(objectname)%00%(symref)%00%(committerdate:iso-strict)';
