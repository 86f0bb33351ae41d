import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes folders that begin with `prefix` and that nobody has written to since `before` (ms since 1970): a run that was
 * killed could not. What cannot be removed, as another user's, stays.
 */
export async function removeLeftovers(folder: string, prefix: string, before: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const ours = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix));
  for (const { name } of ours) {
    const path = join(folder, name);
    const written = await stat(path)
      .then(({ mtimeMs }) => mtimeMs)
      .catch(() => Number.POSITIVE_INFINITY);
    if (written < before) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
