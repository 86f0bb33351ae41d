import { ForgeError, type ForgeReason } from '../errors.ts';
import { GitError, RepositoryError, type RepositoryProblem } from '../git/errors.ts';

/** @throws {ForgeError} for what git could not do, or a folder that is not there. */
export async function understood<T>(where: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RepositoryError)
      throw new ForgeError(REASONS[error.problem] ?? 'unavailable', error.message, { cause: error });
    if (error instanceof GitError) throw new ForgeError('unavailable', `${where}: ${error.message}`, { cause: error });
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new ForgeError('unavailable', `${where}: ${error.message}; check its permissions`, { cause: error });
    throw error;
  }
}

const REASONS: Partial<Record<RepositoryProblem, ForgeReason>> = {
  'no-such-path': 'not-found',
  'not-a-repository': 'not-found',
  'unknown-revision': 'not-found',
  'empty-repository': 'empty',
  'dubious-ownership': 'forbidden',
};
