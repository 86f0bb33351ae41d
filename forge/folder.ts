import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { memoryRepository } from './memory.ts';
import type { ReadLimits, RepoReader } from './reader.ts';

/** A folder of the disk as it is, in a repository or not. Symbolic links are not followed, dot folders not entered. */
export async function readFolder(folder: string, limits?: ReadLimits): Promise<RepoReader> {
  const files: Record<string, Uint8Array> = {};
  const walk = async (dir: string, prefix: string): Promise<void> => {
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith('.')) await walk(join(dir, entry.name), `${path}/`);
      else if (entry.isFile()) files[path] = await readFile(join(dir, entry.name));
    }
  };
  await walk(folder, '');
  return memoryRepository(files, { name: basename(resolve(folder)), ...(limits === undefined ? {} : { limits }) });
}
