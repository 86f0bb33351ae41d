import type { Stats } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { complaint, GitError, RepositoryError } from './errors.ts';
import { runGit } from './run.ts';

/** A repository on disk. All paths are absolute. */
export interface Repository {
  /** A name for people: the folder's, without `.git`. */
  readonly name: string;
  /** Where to run git: the top of the working tree, or the git folder. */
  readonly dir: string;
  /** The top of the working tree, where there is one to read. */
  readonly worktree: string | null;
  readonly gitDir: string;
  /** The folder of objects, which linked working trees share. */
  readonly objects: string;
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
}

/**
 * Finds the repository that a folder is, or lies in.
 *
 * @throws RepositoryError `no-such-path`, `not-a-repository`, `dubious-ownership`, `git-missing`, `git-failed`.
 */
export async function locateRepository(path: string): Promise<Repository> {
  const start = resolve(path);
  await assertFolder(start, path);
  try {
    const asked = await answer(start, ['--show-object-format', '--is-inside-work-tree', '--absolute-git-dir']);
    // The git folder comes last: its name is the only part that may hold a line end.
    const [objectFormat = '', inside = '', ...rest] = asked.split('\n');
    const gitDir = rest.join('\n');
    const [objects, top] = await Promise.all([
      answer(start, ['--path-format=absolute', '--git-path', 'objects']),
      inside === 'true' ? answer(start, ['--show-toplevel']) : null,
    ]);
    const worktree = top !== null && (await holdsGitDir(top, gitDir)) ? top : null;
    return { name: nameOf(worktree, gitDir), dir: worktree ?? gitDir, worktree, gitDir, objects, objectFormat };
  } catch (error) {
    throw error instanceof GitError ? explain(error, path) : error;
  }
}

async function assertFolder(folder: string, asGiven: string): Promise<void> {
  let found: Stats;
  try {
    found = await stat(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT' || code === 'ENOTDIR' ? 'no such folder; check the path' : `cannot be opened (${code})`;
    throw new RepositoryError('no-such-path', `${asGiven}: ${what}`, { cause: error });
  }
  if (!found.isDirectory()) {
    throw new RepositoryError('not-a-repository', `${asGiven}: a file; give the folder of a git repository`);
  }
}

async function answer(dir: string, questions: readonly string[]): Promise<string> {
  const output = await runGit(['rev-parse', ...questions], { dir });
  return output.toString('utf8').replace(/\n$/, '');
}

/**
 * A repository's own `core.worktree` can name any folder, `/` included. Only the folder that holds this repository's
 * `.git` is taken for its working tree; any other is as if there were none.
 */
async function holdsGitDir(top: string, gitDir: string): Promise<boolean> {
  try {
    const link = join(top, '.git');
    const isFile = (await lstat(link)).isFile();
    const target = isFile ? resolve(top, (await readFile(link, 'utf8')).replace(/^gitdir: /, '').trimEnd()) : link;
    return (await realpath(target)) === (await realpath(gitDir));
  } catch {
    return false;
  }
}

function nameOf(worktree: string | null, gitDir: string): string {
  if (worktree !== null) return basename(worktree);
  const folder = basename(gitDir) === '.git' ? dirname(gitDir) : gitDir;
  return basename(folder, '.git');
}

function explain(error: GitError, path: string): RepositoryError {
  const owned = /^fatal: (?:detected dubious ownership in|unsafe) repository (?:at )?\(?'(.*?)'/m.exec(error.stderr);
  if (owned) {
    const command = `git config --global --add safe.directory '${owned[1]}'`;
    const message = `${path}: belongs to another user, so git refuses to read it; if you trust it, run: ${command}`;
    return new RepositoryError('dubious-ownership', message, { cause: error });
  }
  if (error.stderr.includes('not a git repository')) {
    const message = `${path}: not a git repository, nor inside one; give its folder, or run \`git init\` there`;
    return new RepositoryError('not-a-repository', message, { cause: error });
  }
  return new RepositoryError('git-failed', `${path}: git cannot open it: ${complaint(error.stderr)}`, { cause: error });
}
