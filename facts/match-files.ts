import type { Ecosystem } from './ecosystem.ts';
import { depthOf, isAside, type PathIndex } from './path-index.ts';

const DEFAULT_DEPTH = 4;
/** A fleet has repositories with thousands of manifests; the shallowest ones say how it is worked on. */
const MAX_FILES_PER_PATTERN = 400;

/** The regular files an ecosystem wants to read, shallowest first, then by path. */
export function matchFiles(plugin: Pick<Ecosystem, 'files' | 'depth'>, paths: PathIndex): readonly string[] {
  const found = new Set<string>();
  for (const pattern of plugin.files) {
    const matches = candidates(pattern, paths)
      .filter(
        (path) =>
          paths.isFile(path) &&
          !isAside(path) &&
          (pattern.includes('/') || depthOf(path) <= (plugin.depth ?? DEFAULT_DEPTH)),
      )
      .sort(shallowFirst)
      .slice(0, MAX_FILES_PER_PATTERN);
    for (const path of matches) found.add(path);
  }
  return [...found].sort(shallowFirst);
}

function candidates(pattern: string, paths: PathIndex): string[] {
  if (pattern.startsWith('/') && !pattern.includes('*')) return [pattern.slice(1)];
  if (!pattern.includes('/')) {
    if (!pattern.includes('*')) return [...paths.named(pattern)];
    return namesLike(pattern, paths).flatMap((name) => paths.named(name));
  }
  if (!pattern.includes('*')) return [pattern];
  const rooted = pattern.replace(/^\//, '');
  const dir = rooted.slice(0, Math.max(0, rooted.slice(0, rooted.indexOf('*')).lastIndexOf('/')));
  const whole = wildcard(rooted);
  return paths.under(dir).flatMap(({ path }) => (whole.test(path) ? [path] : []));
}

/** A hundred thousand names are looked at: with one wildcard the two ends decide, without a regular expression. */
function namesLike(pattern: string, paths: PathIndex): readonly string[] {
  const star = pattern.indexOf('*');
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const whole = end.includes('*') ? wildcard(pattern) : undefined;
  const found: string[] = [];
  for (const name of paths.names()) {
    if (whole ? whole.test(name) : name.length >= pattern.length - 1 && name.startsWith(start) && name.endsWith(end))
      found.push(name);
  }
  return found;
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]*')}$`);
}

/** Orders paths by depth, then by code unit. */
export function shallowFirst(a: string, b: string): number {
  return depthOf(a) - depthOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}
