import { type Stats, statSync } from 'node:fs';

/** What is at a path; `undefined`: nothing, or something on the way is no folder. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
