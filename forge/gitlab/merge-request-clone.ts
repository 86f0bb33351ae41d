import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceSettings } from '../config.ts';
import { type CompletedClone, completeClone } from '../git/completed-clone.ts';
import { RepositoryError } from '../git/errors.ts';
import { gitAccess } from './git-access.ts';
import { openKeyring } from './tokens/keyring.ts';

export interface MergeRequestPlace {
  /** Tried in turn where one does not let us in: a job's own token reaches little. At least one. */
  readonly instances: readonly InstanceSettings[];
  /** Path of the project that it goes into. */
  readonly project: string;
  readonly iid: number;
  /** The branch it goes into. */
  readonly target: string;
}

/**
 * A local clone with what it lacks to tell what a merge request changes, as the merge request is on the server now; without a clone
 * that alone.
 *
 * @param cacheDir for what is fetched; the system's folder for such where absent.
 * @throws {RepositoryError} as {@link completeClone} does. @throws {ForgeError} `unauthorized`: there is no token where one should be.
 */
export async function mergeRequestClone(
  clone: string | null,
  { instances, project, iid, target }: MergeRequestPlace,
  env: NodeJS.ProcessEnv,
  cacheDir?: string,
): Promise<CompletedClone> {
  const scratch = cacheDir === undefined ? tmpdir() : join(cacheDir, 'git');
  const refs = { target: `refs/heads/${target}`, head: `refs/merge-requests/${iid}/head` };
  const name = project.slice(project.lastIndexOf('/') + 1);
  let failure: unknown;
  for (const settings of instances) {
    try {
      const access = await gitAccess(settings, openKeyring(settings, env), scratch, { path: project }, env);
      return await completeClone({ clone, ...access, ...refs, name });
    } catch (error) {
      failure ??= error;
      if (!(error instanceof RepositoryError && error.problem === 'unreachable')) throw error;
    }
  }
  throw failure;
}
