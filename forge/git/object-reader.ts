import { boundedReader, type Listed } from '../bounded-reader.ts';
import type { ReadLimits, RepoReader } from '../reader.ts';
import { CatFile } from './cat-file.ts';
import type { Repository } from './locate.ts';
import { readContents, readLinks } from './read-objects.ts';

export interface ObjectReaderOptions {
  readonly commit: string | null;
  readonly worktree: boolean;
  /** Paths and the ids of their blobs. */
  list(): Promise<readonly Listed<string>[]>;
  readonly limits: ReadLimits;
  readonly keep?: boolean;
}

/** Reads files from git's objects alone, never from the disk. */
export function objectReader(repository: Repository, options: ObjectReaderOptions): RepoReader {
  const { commit, worktree, list, limits, keep } = options;
  const objects = new CatFile(repository);
  return boundedReader<string>(
    {
      name: repository.name,
      commit,
      worktree,
      list,
      fetch: (oids, admit) =>
        readContents(
          objects,
          oids.map((oid) => ({ oid })),
          admit,
        ),
      readLinks: (oids) => readLinks(objects, oids),
      close: () => objects.close(),
    },
    limits,
    keep,
  );
}
