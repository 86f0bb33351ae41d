import { cpSync, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openLite } from '../store/embedded.ts';
import { databaseIn } from '../store/first-open.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');

/** PGlite in memory. To make a database takes seconds, so that is done once, and copied then. */
export async function memoryLite(): Promise<PGlite> {
  return await openLite({ loadDataDir: new Blob([await template()]) });
}

/** Puts a database into a folder for an embedded store, as its first opening would, in a hundredth of the time. */
export async function prepareFolder(folder: string): Promise<void> {
  const prepared = await cached('folder', async (made) => {
    await mkdir(made);
    await databaseIn(made);
  });
  cpSync(join(prepared, 'pg'), join(folder, 'pg'), { recursive: true });
}

async function template(): Promise<Buffer<ArrayBuffer>> {
  const file = await cached('tar', async (made) => {
    const lite = await PGlite.create();
    await writeFile(made, Buffer.from(await (await lite.dumpDataDir('none')).arrayBuffer()));
    await lite.close();
  });
  return await readFile(file);
}

/** Made once for each version; where several are at it, the first counts. */
async function cached(kind: string, make: (path: string) => Promise<void>): Promise<string> {
  const { version } = JSON.parse(await readFile(join(MODULES, '@electric-sql/pglite/package.json'), 'utf8'));
  const folder = join(MODULES, '.cache/agentsmd');
  const path = join(folder, `pglite-${version}.${kind}`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await make(unfinished);
  await rename(unfinished, path).catch(() => rm(unfinished, { recursive: true, force: true }));
  return path;
}
