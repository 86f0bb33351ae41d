import { compareVersions, isAllBelow, parseVersion, type Version } from '../../facts/dependencies/versions.ts';
import { depthOf, isAside } from '../../facts/path-index.ts';
import type { Dependency } from '../../facts/signal.ts';
import { globs } from '../globs.ts';
import type { DependencyCheck, PackageNames } from './check.ts';
import { fileHit, lineHit } from './hit.ts';
import { CheckError, type CheckKind, type Hit, type ScannedRepository } from './kind.ts';

/** Registries by the names that facts/dependencies gives them. */
const REGISTRIES = [
  ...['bazel', 'cargo', 'go', 'gradle-plugin', 'helm', 'hex', 'jsr', 'maven', 'npm', 'nuget', 'packagist', 'pub'],
  ...['pypi', 'rubygems', 'swift'],
];
/** The version that their manifests write is the one that is used: others can only be asked for by another manifest. */
const EXACT = new Set(['go', 'nuget']);

/**
 * Packages that a repository may not declare, or has to. Only what a manifest itself declares counts: nothing that is there
 * because of another package, nothing below folders of fixtures and vendored code, nothing in the rule's `not-paths`.
 */
export const dependency: CheckKind<DependencyCheck> = {
  async prepare(check, rule) {
    const named = namesOf(check.packages);
    const below = check.below === undefined ? undefined : parseVersion(check.below);
    if (check.below !== undefined && below === undefined)
      throw new CheckError(`below: ${JSON.stringify(check.below)} is no version; write one such as 2.0.0`);
    const outside = globs(rule.appliesTo.notPaths);
    const judged = ({ at, dev, indirect }: Dependency): boolean =>
      !indirect && !(dev && check.dev === false) && !isAside(at.path) && !outside(at.path);
    return {
      over: 'repository',
      async inspect(repository) {
        const declared = (await repository.dependencies()).filter(judged);
        if (check.kind === 'dependency-require') return missing(declared, named, check.packages);
        return placed(banned(declared, named, below, check), repository);
      },
    };
  },
};

type Named = (dependency: Dependency) => boolean;

function namesOf(packages: PackageNames): Named {
  const known = new Map<string, Named>();
  for (const [registry, names] of Object.entries(packages)) {
    if (!REGISTRIES.includes(registry))
      throw new CheckError(`packages.${registry}: no such registry; known: ${REGISTRIES.join(', ')}`);
    for (const name of names) {
      if (/\*./.test(name)) throw new CheckError(`packages.${registry}: ${name}: * stands only at the end`);
    }
    const exact = new Set(names.filter((name) => !name.endsWith('*')).map((name) => folded(registry, name)));
    const prefixes = names.filter((name) => name.endsWith('*')).map((name) => folded(registry, name.slice(0, -1)));
    known.set(registry, (dependency) => {
      const name = folded(registry, packageOf(dependency));
      return exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
    });
  }
  return (dependency) => known.get(dependency.registry)?.(dependency) ?? false;
}

/** As the registry compares names. PEP 503: `Foo_Bar` is `foo-bar`. */
function folded(registry: string, name: string): string {
  switch (registry) {
    case 'pypi':
      return name.replace(/[-_.]+/g, '-').toLowerCase();
    case 'cargo':
      return name.replaceAll('_', '-');
    case 'nuget':
    case 'packagist':
    case 'swift':
      return name.toLowerCase();
    default:
      return name;
  }
}

/** The package behind an alias of npm: `"http": "npm:request@^2"` is request. */
function packageOf({ registry, name, range = '' }: Dependency): string {
  return (registry === 'npm' && /^npm:(@?[^@]+)/.exec(range)?.[1]) || name;
}

function banned(
  declared: readonly Dependency[],
  named: Named,
  below: Version | undefined,
  { below: limit, instead }: DependencyCheck,
): readonly Hit[] {
  const hits = new Map<string, Hit>();
  for (const dependency of declared) {
    if (!named(dependency) || isOwnFork(dependency) || (below !== undefined && !isBelow(dependency, below))) continue;
    const { registry, range, locked, at } = dependency;
    const name = packageOf(dependency);
    const version = [...(range ? [` ${range}`] : []), ...(locked ? [` (locked: ${locked})`] : [])].join('');
    const what = below === undefined ? `${name} (${registry})` : `${name}${version} (${registry}), below ${limit}`;
    const message = `depends on ${what}${instead ? `; instead: ${instead}` : ''}`;
    hits.set(`${at.path}\0${at.line}\0${name}`, { ...fileStart(at.path, message), ...on(at.line), subject: name });
  }
  return [...hits.values()];
}

/** With the columns of what stands on the line. */
async function placed(hits: readonly Hit[], repository: ScannedRepository): Promise<readonly Hit[]> {
  const paths = [...new Set(hits.map(({ path }) => path))];
  const known = new Map(await Promise.all(paths.map(async (path) => [path, await repository.lines(path)] as const)));
  return hits.map((hit) => {
    const lines = known.get(hit.path);
    if (lines === undefined) return hit;
    const { column, endColumn } = lineHit(hit.path, lines, hit.line, '');
    return { ...hit, column, endColumn };
  });
}

function fileStart(path: string, message: string): Hit {
  const { whole: _, ...start } = fileHit(path, message);
  return start;
}

function on(line: number): Pick<Hit, 'line' | 'endLine'> {
  return { line, endLine: line };
}

/** A path or repository instead of a version: Cargo takes nothing from the registry, whatever the name. */
function isOwnFork({ registry, range }: Dependency): boolean {
  return registry === 'cargo' && range === undefined;
}

/** Only where it is certain: the lock file says so, or every version of the range is. */
function isBelow({ registry, range, locked }: Dependency, limit: Version): boolean {
  if (locked !== undefined) {
    const version = parseVersion(locked);
    return version !== undefined && compareVersions(version, limit) < 0;
  }
  if (range === undefined) return false;
  const plain = registry === 'npm' ? range.replace(/^npm:@?[^@]+@/, '') : range;
  if (EXACT.has(registry) && /^v?\d[\w.+-]*$/.test(plain)) return compareVersions(parseVersion(plain)!, limit) < 0;
  return isAllBelow(plain, limit, registry);
}

/** One hit for each registry that the repository declares packages of, none of them a wanted one: at its shallowest manifest. */
function missing(declared: readonly Dependency[], named: Named, packages: PackageNames): readonly Hit[] {
  const hits: Hit[] = [];
  for (const [registry, names] of Object.entries(packages)) {
    const ofRegistry = declared.filter((dependency) => dependency.registry === registry);
    if (ofRegistry.length === 0 || ofRegistry.some(named)) continue;
    const [manifest] = ofRegistry.map(({ at }) => at.path).sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
    const wanted = names.length === 1 ? names[0]! : `any of ${names.join(', ')}`;
    hits.push(fileHit(manifest!, `does not depend on ${wanted} (${registry})`));
  }
  return hits;
}
