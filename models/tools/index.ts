import { realpath, stat } from 'node:fs/promises';
import { readFolder } from '../../forge/folder.ts';
import { CatFile } from '../../forge/git/cat-file.ts';
import { gitFolders } from '../../forge/git/common-folder.ts';
import { RepositoryError } from '../../forge/git/errors.ts';
import { listCommit } from '../../forge/git/list-commit.ts';
import { listWorktree } from '../../forge/git/list-worktree.ts';
import { locateRepository, type Repository } from '../../forge/git/locate.ts';
import { resolveCommit } from '../../forge/git/revision.ts';
import type { Tool } from '../port.ts';
import { Checkout } from './checkout.ts';
import { CommitTree, filesOf, treeOf } from './commit-tree.ts';
import { gitTools } from './git.ts';
import { grepTool } from './grep.ts';
import { DEFAULT_TOOL_LIMITS, type ToolLimits } from './limits.ts';
import { listTool } from './list.ts';
import { GitObjects } from './objects.ts';
import { readTool } from './read.ts';

export { asData } from './as-data.ts';
export type { ToolLimits } from './limits.ts';
export { openPatches, PATCH_INDEX } from './patch.ts';
export { TOOL_REFUSALS, type ToolRefusal } from './refusals.ts';
export { openReaderTools } from './repository.ts';

export interface ToolsOptions {
  /** A checkout's top, or any folder; nothing outside of it is seen. */
  readonly root: string;
  readonly limits?: Partial<ToolLimits> | undefined;
}

/**
 * What an agent may do with a repository: look at it. `list`, `read` and `grep` see the folder as it lies on the disk; `git_log`,
 * `git_blame` and `git_show`, where it is the top of a git checkout, its history. None of them writes, runs anything that the
 * repository names, or reaches the network. Secrets in what they give are masked.
 *
 * @throws RepositoryError when there is no such folder, or it cannot be read.
 */
export async function openTools({ root, limits: given = {} }: ToolsOptions): Promise<readonly Tool[]> {
  const limits = { ...DEFAULT_TOOL_LIMITS, ...given };
  const top = await folder(root);
  const [z, repository] = await Promise.all([import('zod'), repositoryAt(top)]);
  const { own = '', common = '' } = repository ? gitFolders(repository.dir) : {};
  const checkout = new Checkout(top, repository ? [own, common] : []);
  const files = once(async () => (repository ? await worktreeFiles(top) : await folderFiles(top)));
  return [
    listTool(z, checkout, files, limits),
    readTool(z, checkout, limits),
    grepTool(z, checkout, files, limits),
    ...(repository ? gitTools(z, new GitObjects(repository), limits) : []),
  ];
}

export interface CommitToolsOptions {
  /** A repository, or a folder within one; it may be bare, and borrow objects of others. */
  readonly repo: string;
  /** Full id; what it holds is all that `list`, `read` and `grep` see. */
  readonly commit: string;
  readonly limits?: Partial<ToolLimits> | undefined;
}

/**
 * The same tools for a commit of which there need be no checkout: whatever lies on the disk beside git's objects is not looked at.
 * `HEAD` is that commit.
 *
 * @throws RepositoryError when there is no such repository or commit.
 */
export async function openCommitTools(
  options: CommitToolsOptions,
): Promise<{ readonly tools: readonly Tool[]; close(): Promise<void> }> {
  const limits = { ...DEFAULT_TOOL_LIMITS, ...options.limits };
  const [z, repository] = await Promise.all([import('zod'), locateRepository(options.repo)]);
  const commit = await resolveCommit(repository, options.commit);
  const objects = new CatFile(repository);
  const tree = once(async () => treeOf(await listCommit(repository, commit)));
  const files = once(async () => filesOf(await tree()));
  const sight = new CommitTree(tree, objects);
  const tools = [
    listTool(z, sight, files, limits),
    readTool(z, sight, limits),
    grepTool(z, sight, files, limits),
    ...gitTools(z, new GitObjects(repository, commit), limits),
  ];
  return { tools, close: () => objects.close() };
}

async function folder(root: string): Promise<string> {
  try {
    const top = await realpath(root);
    if ((await stat(top)).isDirectory()) return top;
  } catch (error) {
    throw new RepositoryError('no-such-path', `${root}: cannot be opened; check the path`, { cause: error });
  }
  throw new RepositoryError('no-such-path', `${root}: a file; give the folder of a checkout`);
}

/** Only where the folder is the top: of a folder within a repository the history would show what lies outside of it. */
async function repositoryAt(top: string): Promise<Repository | undefined> {
  try {
    const repository = await locateRepository(top);
    return repository.worktree !== null && (await realpath(repository.worktree)) === top ? repository : undefined;
  } catch (error) {
    if (error instanceof RepositoryError && error.problem === 'not-a-repository') return undefined;
    throw error;
  }
}

async function worktreeFiles(top: string): Promise<readonly string[]> {
  const listed = await listWorktree(top);
  return listed
    .filter(({ kind }) => kind === 'file' || kind === 'executable')
    .map(({ path }) => path)
    .sort();
}

async function folderFiles(top: string): Promise<readonly string[]> {
  const reader = await readFolder(top);
  const paths = await reader.paths();
  await reader.close();
  return paths.filter(({ kind }) => kind === 'file' || kind === 'executable').map(({ path }) => path);
}

/** Asked for once: what is reviewed does not change meanwhile. What failed is tried again. */
function once<T>(act: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= act().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}
