import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Admit, Refusal } from '../bounded-reader.ts';
import type { DiskPath, RealDirectories } from './real-directories.ts';

/**
 * Reads one file of a working tree, following no link at any level and waiting for no pipe.
 *
 * Synchronous on purpose: four times as fast as awaited calls for the few KB of a source file.
 */
export function readDisk(path: DiskPath, directories: RealDirectories, admit: Admit): Buffer | Refusal {
  if (!directories.holds(path)) return { ok: false, reason: 'absent' };
  let file: number;
  try {
    file = openSync(directories.absolute(path), FLAGS);
  } catch (error) {
    return refusal(error as NodeJS.ErrnoException);
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return { ok: false, reason: 'not-a-file' };
    return admit(stats.size) ?? readUpTo(file, stats.size);
  } catch (error) {
    return refusal(error as NodeJS.ErrnoException);
  } finally {
    closeSync(file);
  }
}

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** At most the bytes that were admitted, however the file grows meanwhile. */
export function readUpTo(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const got = readSync(file, bytes, filled, size - filled, null);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

function refusal(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { ok: false, reason: 'absent', detail: 'gone since it was listed' };
    case 'ELOOP':
      return { ok: false, reason: 'not-a-file', detail: 'a symlink' };
    default:
      return { ok: false, reason: 'missing-blob', detail: error.message };
  }
}
