import type { Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Listed } from '../bounded-reader.ts';
import { isPlainPath } from '../plain-path.ts';
import type { EntryKind } from '../reader.ts';
import { GitError, RepositoryError } from './errors.ts';
import { kindOfMode } from './list-commit.ts';
import { type DiskPath, RealDirectories } from './real-directories.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { runGit } from './run.ts';

/** Where a working tree's file is read: on disk, or from the index when a sparse checkout leaves it off the disk. */
export type WorktreeBlob = { readonly disk: DiskPath } | { readonly oid: string };

/**
 * Every path of a working tree: tracked, and untracked but not ignored; what is gone from disk is left out. Kinds are
 * what is on disk now. Repositories nested without being submodules are no part of this one.
 *
 * @throws RepositoryError `git-failed`.
 */
export async function listWorktree(top: string): Promise<Listed<WorktreeBlob>[]> {
  const directories = new RealDirectories(top);
  const listed: Listed<WorktreeBlob>[] = [];
  for (const [at, candidate] of candidates(await lsFiles(top)).entries()) {
    // Synchronous calls are over twice as fast as awaited ones; the pause lets other repositories' work go on.
    if (at % 2000 === 1999) await setImmediate();
    const entry = onDisk(candidate, directories);
    if (entry) listed.push(entry);
  }
  return listed;
}

async function lsFiles(top: string): Promise<Buffer> {
  try {
    const args = ['ls-files', '-z', '-t', '--stage', '--cached', '--others', '--exclude-standard'];
    return await runGit(args, { dir: top, maxBytes: MAX_LISTING_BYTES });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new RepositoryError('git-failed', `${top}: cannot list the working tree: ${error.message}`, { cause: error });
  }
}

interface Candidate {
  readonly path: string;
  readonly disk: DiskPath;
  /** Null for an untracked file. */
  readonly tracked: { readonly kind: EntryKind; readonly oid: string; readonly skipped: boolean } | null;
}

/** Reads `? PATH<NUL>` and `TAG MODE OID STAGE<TAB>PATH<NUL>` records; a conflict's stages count once. */
function candidates(output: Buffer): Candidate[] {
  const found = new Map<string, Candidate>();
  forEachRecord(output, (text, raw) => {
    const untracked = text.startsWith('? ');
    const start = untracked ? 2 : text.indexOf('\t') + 1;
    const path = text.slice(start);
    // An untracked name with a slash at its end is a nested repository.
    if (found.has(path) || !isPlainPath(path)) return;
    // What stands before the name is ASCII, so it is as long in bytes as in characters.
    const disk = raw === undefined ? path : raw.subarray(start);
    if (untracked) {
      found.set(path, { path, disk, tracked: null });
      return;
    }
    const [tag, mode = '', oid = ''] = text.slice(0, start - 1).split(' ');
    const kind = kindOfMode(mode);
    if (kind) found.set(path, { path, disk, tracked: { kind, oid, skipped: tag === 'S' } });
  });
  return [...found.values()];
}

function onDisk({ path, disk, tracked }: Candidate, directories: RealDirectories): Listed<WorktreeBlob> | null {
  const stats = directories.lstat(disk);
  const kind = stats ? kindOnDisk(stats, tracked?.kind === 'submodule') : null;
  if (kind) return { path, kind, blob: { disk } };
  if (stats === undefined && tracked?.skipped) return { path, kind: tracked.kind, blob: { oid: tracked.oid } };
  return null;
}

function kindOnDisk(stats: Stats, submodule: boolean): EntryKind | null {
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFile()) return stats.mode & 0o100 ? 'executable' : 'file';
  return submodule && stats.isDirectory() ? 'submodule' : null;
}
