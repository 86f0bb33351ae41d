import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { foldersFrom, packagesElsewhere } from './packages.ts';
import type { EngineSettings } from './port.ts';

/** Where transcripts are written; `undefined`: none are. */
export function transcriptFolder({ models, home }: Pick<EngineSettings, 'models' | 'home'>): string | undefined {
  return models === 'none' || models.transcript.dir === '' ? undefined : resolve(home, models.transcript.dir);
}

/**
 * What the process of the models may do, for Node itself to hold it to: read the program and the packages that it is made of, and write
 * transcripts. It opens no other file, starts no program and no thread, and loads no machine code. Node 24 leaves the network open
 * (nodejs.org/docs/latest-v24.x/api/permissions.html).
 */
export function permissions(transcripts: string | undefined): readonly string[] {
  const own = transcripts === undefined ? [] : below(transcripts);
  return [
    '--permission',
    ...[...readable(join(import.meta.dirname, '../..')), ...own].map((path) => `--allow-fs-read=${path}`),
    ...own.map((path) => `--allow-fs-write=${path}`),
  ];
}

/** The sources or what was built of them, and the packages that Node finds from there, wherever links lead to. */
export function readable(program: string): readonly string[] {
  const above = foldersFrom(program);
  const manifest = above.map((folder) => join(folder, 'package.json')).find((file) => existsSync(file));
  const packages = above.map((folder) => join(folder, 'node_modules')).filter((folder) => existsSync(folder));
  // Node reads a package where it lies, and asks by the way there.
  const real = packages.map((folder) => realpathSync(folder));
  const all = new Set([...packages, ...real]);
  const elsewhere = manifest === undefined ? [] : packagesElsewhere(dirname(manifest), [...all]);
  return [
    join(program, '*'),
    ...(manifest === undefined ? [] : [manifest]),
    ...[...all].flatMap(below),
    ...granted(elsewhere),
  ];
}

/** Node 24 forgets a folder that is named where another one's name goes on from there: of `provider` and `provider-utils` it gets `provider*`. */
function granted(folders: readonly string[]): readonly string[] {
  const goesOn = (path: string) =>
    folders.some((other) => other.startsWith(path) && !/^$|^[\\/]/.test(other.slice(path.length)));
  const begun = folders.filter(goesOn);
  const others = folders.filter((path) => !begun.some((begin) => path.startsWith(begin)));
  return [...begun.map((path) => `${path}*`), ...others.flatMap(below)];
}

/** The folder itself has to be named, too, or it could not be made or listed. */
function below(folder: string): readonly string[] {
  return [folder, `${folder}${sep}*`];
}
