import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** A folder and all above it, the nearest first. */
export function foldersFrom(start: string): readonly string[] {
  const folders = [start];
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) folders.push(dirname(folder));
  return folders;
}

/**
 * Where packages lie that a package is made of and that are in none of these folders: links lead to them, as in a store that several
 * projects share. What else lies there is not among them.
 *
 * @param start the folder of the package's manifest. @param known folders with all that is in them.
 */
export function packagesElsewhere(start: string, known: readonly string[]): readonly string[] {
  if (!known.some(holdsLinks)) return [];
  const found = new Set<string>();
  const seen = new Set([start]);
  for (const folder of seen) {
    const above = foldersFrom(folder).map((each) => join(each, 'node_modules'));
    for (const name of dependenciesOf(folder)) {
      const link = above.map((each) => join(each, name)).find((each) => existsSync(each));
      if (link === undefined) continue;
      const real = realpathSync(link);
      seen.add(real);
      for (const path of [link, real]) if (!isBelow(path, known)) found.add(path);
    }
  }
  return [...found];
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}${sep}`));
}

/** Packages with a scope lie one folder deeper. */
function holdsLinks(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(
    (entry) => entry.isSymbolicLink() || (entry.name.startsWith('@') && holdsLinks(join(folder, entry.name))),
  );
}

function dependenciesOf(folder: string): readonly string[] {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  } catch {
    return [];
  }
}
