import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileChange } from '../history.ts';
import type { EntryKind, RepoReader } from '../reader.ts';
import { type IndexEntry, isAsIndexed, readIndex } from './index-stats.ts';
import { listCommit } from './list-commit.ts';
import type { Repository } from './locate.ts';
import { readDisk } from './read-disk.ts';
import { RealDirectories } from './real-directories.ts';
import { type Candidate, withRenames } from './renames.ts';

/**
 * What is different in a working tree from a commit: what is committed since, staged, changed on disk, or untracked and not
 * ignored. Contents are compared here, file by file where the index does not show that nothing was touched: git would run
 * the repository's filters. Line ends and executable bits alone are no change.
 *
 * @throws RepositoryError @throws GitError
 */
export async function worktreeChanges(
  repository: Repository,
  before: { readonly commit: string; readonly reader: RepoReader },
  worktree: RepoReader,
): Promise<readonly FileChange[]> {
  const top = repository.worktree ?? repository.dir;
  const [listed, entries, index] = await Promise.all([
    listCommit(repository, before.commit),
    worktree.paths(),
    readIndex(top),
  ]);
  const content = contentOf(repository, top, index);
  const old = new Map(listed.map((entry) => [entry.path, entry]));
  const modified: FileChange[] = [];
  const added: { path: string; kind: EntryKind }[] = [];
  for (const [at, { path, kind }] of entries.entries()) {
    // Files are read synchronously; the pause lets other repositories' work go on.
    if (at % 2000 === 1999) await setImmediate();
    const was = old.get(path);
    old.delete(path);
    if (was === undefined) added.push({ path, kind });
    else if (formOf(was.kind) !== formOf(kind) || !content.is(path, kind, was.blob))
      modified.push({ status: 'modified', path });
  }
  const deleted = [...old.values()].map(({ path, blob }): Candidate => ({ path, oid: blob }));
  // An addition is one whatever it holds, unless something went that it could be.
  const candidates = added.map(
    ({ path, kind }): Candidate => ({ path, oid: deleted.length === 0 ? '' : content.id(path, kind) }),
  );
  const moved = await withRenames(candidates, deleted, before.reader, worktree);
  return [...modified, ...moved].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function formOf(kind: EntryKind): EntryKind {
  return kind === 'executable' ? 'file' : kind;
}

/** So much is read of a file to compare it, in bytes; a larger one counts as changed, and nobody reads it either. */
const MOST_BYTES = 64 << 20;

interface Contents {
  /** Whether a file's content is what an object holds. */
  is(path: string, kind: EntryKind, oid: string): boolean;
  /** The id that its content has; `''` where it cannot be read. */
  id(path: string, kind: EntryKind): string;
}

function contentOf(
  { gitDir, objectFormat }: Repository,
  top: string,
  index: ReadonlyMap<string, IndexEntry>,
): Contents {
  const directories = new RealDirectories(top);
  const written = statSync(join(gitDir, 'index'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const idOf = (bytes: Buffer): string =>
    createHash(objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const bytesOf = (path: string, kind: EntryKind): Buffer | undefined => {
    const disk = index.get(path)?.disk ?? path;
    if (kind === 'symlink') {
      const target = directories.link(disk);
      return target === undefined ? undefined : Buffer.from(target);
    }
    const read = readDisk(disk, directories, (bytes) =>
      bytes > MOST_BYTES ? { ok: false, reason: 'too-large' } : undefined,
    );
    return Buffer.isBuffer(read) ? read : undefined;
  };
  /** The index's own word, where it can be trusted without a look into the file. */
  const indexed = (path: string, kind: EntryKind): string | undefined => {
    const entry = index.get(path);
    if (entry === undefined || kind === 'submodule') return entry?.oid;
    const stats = directories.lstat(entry.disk);
    // Nothing on disk: a sparse checkout leaves the file out.
    return stats === undefined || isAsIndexed(entry, stats, written) ? entry.oid : undefined;
  };
  const id = (path: string, kind: EntryKind): string => {
    const known = indexed(path, kind);
    if (known !== undefined || kind === 'submodule') return known ?? '';
    const bytes = bytesOf(path, kind);
    return bytes === undefined ? '' : idOf(bytes);
  };
  return {
    id,
    is: (path, kind, oid) => {
      const known = indexed(path, kind);
      if (known !== undefined) return known === oid;
      const bytes = bytesOf(path, kind);
      if (bytes === undefined) return false;
      if (idOf(bytes) === oid) return true;
      return bytes.includes('\r\n') && idOf(withoutReturns(bytes)) === oid;
    },
  };
}

/** As `core.autocrlf` commits it. */
function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
