import { parentDir } from '../path-index.ts';
import type { Dependency } from '../signal.ts';
import type { Side } from './comparison.ts';
import { isPeripheral } from './places.ts';

/** What a folder depends on directly: one entry for each library, whichever of its manifests and lock files names it. */
export interface Declared {
  readonly registry: string;
  /** Without the part of the name that says the major version: Go's `/v2`. */
  readonly library: string;
  readonly name: string;
  readonly dir: string;
  readonly dev: boolean;
  readonly range?: string;
  readonly locked?: string;
  readonly at: Dependency['at'];
}

/** The direct dependencies by folder, registry and library; those of examples, tests and the like left out. */
export function declaredIn({ survey }: Side): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  const locked = new Map<string, string>();
  const dependencies = survey.signals.filter((signal): signal is Dependency => signal.kind === 'dependency');
  for (const each of dependencies) {
    if (each.indirect || isPeripheral(each.dir) || isPeripheral(parentDir(each.at.path))) continue;
    const key = `${each.dir}\0${each.registry}\0${libraryOf(each)}`;
    if (each.locked !== undefined) locked.set(key, each.locked);
    // A line of a lock file alone is no choice of anybody's.
    if (isLockFile(each.at.path)) continue;
    const known = found.get(key);
    if (known && !known.dev) continue;
    const { registry, name, dir, dev, range, at } = each;
    found.set(key, {
      registry,
      library: libraryOf(each),
      name,
      dir,
      dev,
      at,
      ...(range === undefined ? {} : { range }),
    });
  }
  for (const [key, version] of locked) {
    const declared = found.get(key);
    if (declared) found.set(key, { ...declared, locked: version });
  }
  return found;
}

/** https://go.dev/ref/mod#major-version-suffixes; gopkg.in writes it with a dot. */
function libraryOf({ registry, name }: Dependency): string {
  return registry === 'go' ? name.replace(/\/v\d+$|\.v\d+$/, '') : name;
}

/** The major version in a Go module's name. */
export function majorInName(name: string): number | undefined {
  const found = /(?:\/|\.)v(\d{1,6})$/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

const LOCK_FILES =
  /(?:^|\/)(?:[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|bun\.lockb?|go\.sum|npm-shrinkwrap\.json|Package\.resolved|packages\.lock\.json|gradle\.lockfile|\.terraform\.lock\.hcl)$/i;

export function isLockFile(path: string): boolean {
  return LOCK_FILES.test(path);
}
