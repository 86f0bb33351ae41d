import { ForgeError } from '../errors.ts';
import type { Project } from '../port.ts';

/**
 * Before anything is sent: whether a branch can be one of ours.
 *
 * @throws {ForgeError} `protected-branch` for the project's default branch, whatever its case; `invalid` for what git may take for
 * something else than the branch of that name: `HEAD`, an object id, a full reference.
 */
export function assertOwnBranch(
  { path, defaultBranch }: Pick<Project, 'path' | 'defaultBranch'>,
  branch: string,
): void {
  const subject = `${path}: ${JSON.stringify(branch)}`;
  if (defaultBranch !== null && plain(branch) === defaultBranch.toLowerCase())
    throw new ForgeError(
      'protected-branch',
      `${subject} is the default branch, which is never written to; name another`,
    );
  if (NOT_A_BRANCH.test(branch.trim()))
    throw new ForgeError(
      'invalid',
      `${subject} is no name for a branch of ours; name another, such as agentsmd/refresh`,
    );
}

/** Nothing, `HEAD` and its short form, object ids (SHA-1, SHA-256), full references, and what a command line takes for an option. */
const NOT_A_BRANCH = /^(|head|@|[0-9a-f]{40}|[0-9a-f]{64}|refs(\/.*)?|-.*)$/i;

function plain(branch: string): string {
  return branch
    .trim()
    .replace(/^refs\/heads\//i, '')
    .toLowerCase();
}
