import { writeFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** Writes what `--out FILE` asks for. @throws {UsageError} where the file cannot be one. */
export function writeOutFile(file: string, text: string): void {
  try {
    // In place, not by renaming: FILE may be /dev/stdout, a pipe or a link its owner made.
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new UsageError(`--out ${file}: a folder; name a file`);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`--out ${file}: its folder does not exist`);
    // The disk is full, or writing is not allowed: nothing on the command line would mend it.
    throw error;
  }
}
