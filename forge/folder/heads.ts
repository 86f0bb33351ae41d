import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitFolders } from '../git/common-folder.ts';
import { GitError } from '../git/errors.ts';
import { findRepositories } from '../git/find-repositories.ts';
import { FULL_ID } from '../object-id.ts';
import type { Project, ProjectHead } from '../port.ts';
import { git, HEADS, ORIGIN } from './local-repository.ts';
import { idOf } from './projects.ts';

/**
 * The tips of default branches, read from the files that git keeps them in. Git itself is asked only where they do not say:
 * of another format of references, or of a branch that is not there.
 */
export async function* headsOf(
  top: string,
  projects: Iterable<Pick<Project, 'id' | 'defaultBranch'>>,
  signal?: AbortSignal,
): AsyncIterable<ProjectHead> {
  const dirs = new Map(findRepositories(top).map((found) => [idOf(top, found), found.path]));
  for (const { id, defaultBranch } of projects) {
    signal?.throwIfAborted();
    const dir = dirs.get(id);
    if (dir === undefined) yield { id, head: undefined };
    else if (defaultBranch === null) yield { id, head: null };
    else yield { id, head: tipInFiles(dir, defaultBranch) ?? (await tipByGit(dir, defaultBranch)) };
  }
}

async function tipByGit(dir: string, branch: string): Promise<string | undefined> {
  for (const ref of [HEADS + branch, ORIGIN + branch]) {
    const tip = await git(dir, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${ref}^{commit}`]).catch(
      notThere,
    );
    if (tip) return tip;
  }
  return undefined;
}

function notThere(error: unknown): undefined {
  if (!(error instanceof GitError)) throw error;
}

/** Of the local branch, or where there is none what was last fetched of it; `undefined` where the files do not say. */
function tipInFiles(dir: string, branch: string): string | undefined {
  const folder = gitFolders(dir).common;
  for (const ref of [HEADS + branch, ORIGIN + branch]) {
    const tip = textOf(join(folder, ref))?.trim() ?? packedTip(folder, ref);
    // A symbolic reference is git's to follow.
    if (tip !== undefined) return FULL_ID.test(tip) ? tip : undefined;
  }
  return undefined;
}

function packedTip(folder: string, ref: string): string | undefined {
  const packed = textOf(join(folder, 'packed-refs')) ?? '';
  const end = packed.indexOf(` ${ref}\n`);
  return end < 0 ? undefined : packed.slice(packed.lastIndexOf('\n', end) + 1, end);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
