import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForgeError } from '../errors.ts';
import { complaint, GitError } from '../git/errors.ts';
import { runGit } from '../git/run.ts';
import { isPlainPath } from '../plain-path.ts';
import type { CommitFile, CommitPlan } from '../port.ts';
import { messageOf } from '../publish/run-trailer.ts';
import { entriesAt, git, HEADS } from './local-repository.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
}

/**
 * Makes the commit of a plan with git's plumbing and an index of its own: the working tree, its index and whatever is
 * checked out are not touched, no hook runs, no filter converts. No branch points at it yet.
 *
 * @param time in ms since 1970
 * @throws {ForgeError} `conflict` where a file is not as the plan says, `invalid` for a path that cannot be.
 */
export async function makeCommit(dir: string, plan: CommitPlan, committer: Signature, time: number): Promise<string> {
  const modes = await modesOf(dir, plan);
  const scratch = await mkdtemp(join(tmpdir(), 'agentsmd-index-'));
  const env = { GIT_INDEX_FILE: join(scratch, 'index') };
  const run = async (args: readonly string[], input = '') => {
    const output = await runGit([...PLAIN_INDEX, ...args], { dir, env, input });
    return output.toString('utf8').trim();
  };
  try {
    await run(['read-tree', plan.base]);
    const lines = await Promise.all(
      plan.files.map(async ({ path, text }) => {
        if (text === null) return `0 ${'0'.repeat(plan.base.length)}\t${path}\0`;
        const oid = await git(dir, [...PLAIN_INDEX, 'hash-object', '-w', '--no-filters', '--stdin'], [0], text);
        return `${modes.get(path) ?? '100644'} ${oid}\t${path}\0`;
      }),
    );
    await run(['update-index', '-z', '--index-info'], lines.join(''));
    // A partial clone lacks objects, and needs none of them for this.
    const tree = await run(['write-tree', '--missing-ok']);
    const author = plan.author ?? committer;
    const date = `${Math.floor(time / 1000)} +0000`;
    const names = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    };
    const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', tree, '-p', plan.base, '-F', '-'];
    const commit = await runGit(args, { dir, env: names, input: messageOf(plan) });
    return commit.toString('utf8').trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The modes of the files that are there. */
async function modesOf(dir: string, plan: CommitPlan): Promise<ReadonlyMap<string, string>> {
  const impossible = plan.files.find(({ path }) => !isPlainPath(path) || path.includes('\0'));
  if (impossible) throw new ForgeError('invalid', `${dir}: ${JSON.stringify(impossible.path)}: no path for a file`);
  const paths = plan.files.flatMap(({ path }) => [path, ...parentsOf(path)]);
  const there = await entriesAt(dir, plan.base, [...new Set(paths)]);
  for (const file of plan.files) {
    const wrong = mismatch(file, there);
    if (wrong !== undefined) throw new ForgeError('conflict', `${dir}: ${file.path}: ${wrong} at ${plan.base}`);
  }
  return new Map([...there].map(([path, { mode }]) => [path, mode]));
}

function mismatch(file: CommitFile, there: ReadonlyMap<string, { readonly mode: string }>): string | undefined {
  const mode = there.get(file.path)?.mode;
  if (file.exists && mode === undefined) return 'a file with this name does not exist';
  if (!file.exists && mode !== undefined) return 'a file with this name already exists';
  if (mode !== undefined && !mode.startsWith('100')) return 'is no plain file';
  const blocked = parentsOf(file.path).find((parent) => (there.get(parent)?.mode ?? FOLDER) !== FOLDER);
  return blocked === undefined ? undefined : `${blocked} is no folder`;
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/**
 * Moves a branch from one commit to another; `null` for one that is not there. Compares and swaps in one step.
 *
 * @throws {ForgeError} `conflict` where it is not at `from`, or somebody has it checked out.
 */
export async function moveBranch(
  dir: string,
  branch: string,
  from: string | null,
  to: string | null,
  why: string,
): Promise<void> {
  const ref = HEADS + branch;
  const inUse = await checkedOutAt(dir, ref);
  if (inUse !== undefined) {
    const message = `${dir}: branch ${JSON.stringify(branch)} is checked out in ${inUse}; check out another one there`;
    throw new ForgeError('conflict', message);
  }
  const args = to === null ? ['-d', ref, from ?? ''] : [ref, to, from ?? ''];
  // Who moved it goes into the branch's log.
  const env = { GIT_COMMITTER_NAME: 'agentsmd', GIT_COMMITTER_EMAIL: 'agentsmd@localhost' };
  try {
    await runGit(['update-ref', '-m', `agentsmd: ${why.replace(/\s+/g, ' ')}`, ...args], { dir, env });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const message = `${dir}: branch ${JSON.stringify(branch)} cannot be moved: ${complaint(error.stderr)}; it is looked at anew with the next run`;
    throw new ForgeError('conflict', message, { cause: error });
  }
}

/** The working tree that has the branch checked out. */
async function checkedOutAt(dir: string, ref: string): Promise<string | undefined> {
  const listed = await git(dir, ['worktree', 'list', '--porcelain', '-z']);
  const inUse = listed.split('\0\0').find((tree) => tree.split('\0').includes(`branch ${ref}`));
  return inUse
    ?.split('\0')
    .find((line) => line.startsWith('worktree '))
    ?.slice('worktree '.length);
}

/** A team's settings for big indexes would leave files beside the index, or fold it up. */
const PLAIN_INDEX = ['core.splitIndex=false', 'index.sparse=false', 'core.sparseCheckout=false'].flatMap((each) => [
  '-c',
  each,
]);
const FOLDER = '040000';
