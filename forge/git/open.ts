import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Admit, boundedReader } from '../bounded-reader.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits, type RepoReader } from '../reader.ts';
import { CatFile } from './cat-file.ts';
import { RepositoryError } from './errors.ts';
import { listCommit } from './list-commit.ts';
import { listWorktree, type WorktreeBlob } from './list-worktree.ts';
import { locateRepository, type Repository } from './locate.ts';
import { objectReader } from './object-reader.ts';
import { readDisk } from './read-disk.ts';
import { readContents, readLinks } from './read-objects.ts';
import { RealDirectories } from './real-directories.ts';
import { hasRefs, headCommit, resolveCommit } from './revision.ts';

export interface OpenOptions {
  /** Any revision git knows. Without one: the working tree where there is one, else HEAD. */
  readonly rev?: string;
  readonly limits?: ReadLimits;
  /** Off for whoever reads every file once: no answer is kept, as `RepoReader.read` describes. Default: on. */
  readonly keep?: boolean;
}

/**
 * Opens the local git repository that a folder is, or lies in: a working tree (linked ones too), a bare repository, a
 * partial clone. Needs git 2.36 or newer. Nothing of the repository is executed and nothing is fetched.
 *
 * @throws RepositoryError when there is nothing to read; its message says what to do.
 * @example
 * const reader = await openRepository('.', { rev: 'v1.2.0' });
 * const answers = await reader.read(['package.json']);
 * await reader.close();
 */
export async function openRepository(path: string, options: OpenOptions = {}): Promise<RepoReader> {
  return await openLocated(await locateRepository(path), options, path);
}

/** {@link openRepository} for a repository already found. @param path how people named it. */
export async function openLocated(
  repository: Repository,
  options: OpenOptions = {},
  path: string = repository.dir,
): Promise<RepoReader> {
  const bounds: Bounds = { limits: options.limits ?? DEFAULT_READ_LIMITS, keep: options.keep ?? true };
  if (options.rev !== undefined) return commitReader(repository, await resolveCommit(repository, options.rev), bounds);
  const head = await headCommit(repository);
  if (repository.worktree !== null) return openWorktree(repository, repository.worktree, head, bounds);
  if (head !== null) return commitReader(repository, head, bounds);
  if (!(await hasRefs(repository))) throw emptyRepository(path);
  const message = `${path}: HEAD points at no commit, though there are branches; name one with --rev`;
  throw new RepositoryError('unknown-revision', message);
}

interface Bounds {
  readonly limits: ReadLimits;
  readonly keep: boolean;
}

function commitReader(repository: Repository, commit: string, { limits, keep }: Bounds): RepoReader {
  return objectReader(repository, {
    commit,
    worktree: false,
    list: () => listCommit(repository, commit),
    limits,
    keep,
  });
}

async function openWorktree(
  repository: Repository,
  top: string,
  commit: string | null,
  bounds: Bounds,
): Promise<RepoReader> {
  const reader = worktreeReader(repository, top, commit, bounds);
  if (commit !== null && existsSync(join(repository.gitDir, 'index'))) return reader;
  if ((await reader.paths()).length > 0) return reader;
  // `git clone --no-checkout` leaves a working tree that was never filled.
  if (commit !== null) return commitReader(repository, commit, bounds);
  throw emptyRepository(top);
}

function worktreeReader(
  repository: Repository,
  top: string,
  commit: string | null,
  { limits, keep }: Bounds,
): RepoReader {
  const objects = new CatFile(repository);
  return boundedReader<WorktreeBlob>(
    {
      name: repository.name,
      commit,
      worktree: true,
      list: () => listWorktree(top),
      fetch: (blobs, admit) => {
        const directories = new RealDirectories(top);
        const contents = blobs.map((blob) =>
          'oid' in blob ? blob : { now: (admitted: Admit) => readDisk(blob.disk, directories, admitted) },
        );
        return readContents(objects, contents, admit);
      },
      readLinks: async (blobs) => {
        const directories = new RealDirectories(top);
        const indexed = blobs.flatMap((blob) => ('oid' in blob ? [blob.oid] : []));
        const known = new Map((await readLinks(objects, indexed)).map((target, at) => [indexed[at], target]));
        return blobs.map((blob) => ('oid' in blob ? known.get(blob.oid) : directories.link(blob.disk)));
      },
      close: () => objects.close(),
    },
    limits,
    keep,
  );
}

function emptyRepository(path: string): RepositoryError {
  return new RepositoryError(
    'empty-repository',
    `${path}: empty repository; there is no commit and no file to read yet`,
  );
}
