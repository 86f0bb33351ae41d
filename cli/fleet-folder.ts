import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findRepositories } from '../forge/git/find-repositories.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

/**
 * What `--dir` names, before anything is opened: a folder that holds at least one repository, as far down as is looked.
 *
 * @throws {UsageError} for anything else, as nothing would be done there.
 */
export function assertRepositories(folder: string): void {
  const stats = folder === '' ? undefined : statSync(folder, { throwIfNoEntry: false });
  const shown = printableLine(resolve(folder));
  if (folder === '') throw new UsageError('--dir: name a folder that holds git repositories');
  if (stats === undefined) throw new UsageError(`--dir ${shown}: no such folder; give one that holds git repositories`);
  if (!stats.isDirectory())
    throw new UsageError(`--dir ${shown}: a file, no folder; give the folder that holds the git repositories`);
  if (findRepositories(folder).length > 0) return;
  throw new UsageError(
    `--dir ${shown}: no git repository there; looked for a .git, or a bare repository, in the folder itself, in those in it, and in those below these (FOLDER/shop/cart), without hidden ones and symbolic links; give a folder that holds some`,
  );
}
