import table from '../../languages/table.json' with { type: 'json' };
import { depthOf, isAside, type PathIndex } from '../../path-index.ts';

/** A folder and what it is for. */
export interface Role {
  readonly role: 'sources' | 'tests' | 'docs' | 'deploy' | 'examples' | 'scripts';
  readonly dir: string;
  /** How many files speak for it. */
  readonly files: number;
  /** A file in it, to point to. */
  readonly sample: string;
}

const EXTENSIONS: Readonly<Record<string, string>> = table.extensions;

/** Names of folders, by role. Sources are found by what lies in them instead. */
const NAMES: readonly (readonly [Role['role'], RegExp])[] = [
  ['tests', /^(?:tests?|spec|specs|__tests__|e2e|integration[-_]?tests?|unit[-_]?tests?|Tests)$/],
  ['docs', /^(?:docs?|documentation|website|handbook)$/i],
  ['deploy', /^(?:deploy|deployments?|k8s|kubernetes|helm|charts?|terraform|infra|infrastructure|ansible|manifests)$/i],
  ['examples', /^(?:examples?|samples?|demos?)$/i],
  ['scripts', /^(?:scripts?|hack|bin|tools)$/i],
];

/** A folder with less than this share of the sources does not hold "the" sources. */
const SHARE = 0.15;
const MOST = 3;

/** Which folders hold sources, tests, documents, deployment files; the fullest of a role first. */
export function findRoles(paths: PathIndex): readonly Role[] {
  const counted = new Map<string, { role: Role['role']; dir: string; files: number; sample: string }>();
  const sources = new Map<string, { files: number; sample: string }>();
  let allSources = 0;
  let lastDir: string | undefined;
  let place: Place | undefined;
  for (const { path, kind } of paths.entries) {
    if (kind !== 'file' && kind !== 'executable') continue;
    const slash = path.lastIndexOf('/');
    if (slash < 0) continue;
    // Paths come sorted: what a folder is for is worked out once for all that lies in it.
    const dir = path.slice(0, slash);
    if (dir !== lastDir) {
      lastDir = dir;
      place = placeOf(path);
    }
    if (!place) continue;
    if (place.named) {
      const { role, dir: home } = place.named;
      const key = `${role}\0${home}`;
      const known = counted.get(key);
      if (known) known.files++;
      else counted.set(key, { role, dir: home, files: 1, sample: path });
      continue;
    }
    if (!isSource(path)) continue;
    allSources++;
    for (const parent of place.parents) {
      const known = sources.get(parent);
      if (known) known.files++;
      else sources.set(parent, { files: 1, sample: path });
    }
  }
  const roles: Role[] = [...mainSources(sources, allSources)];
  const rest = [...counted.values()].sort(
    (a, b) => depthOf(a.dir) - depthOf(b.dir) || b.files - a.files || (a.dir < b.dir ? -1 : 1),
  );
  for (const [role] of NAMES) roles.push(...rest.filter((each) => each.role === role).slice(0, MOST));
  return roles;
}

interface Place {
  readonly named: { readonly role: Role['role']; readonly dir: string } | undefined;
  /** The folder's first three ancestors, itself included. */
  readonly parents: readonly string[];
}

function placeOf(path: string): Place | undefined {
  if (path.startsWith('.') || isAside(path)) return undefined;
  const parts = path.split('/');
  const depths = Array.from({ length: Math.min(parts.length - 1, 3) }, (_, i) => i + 1);
  return { named: roleOf(parts), parents: depths.map((depth) => parts.slice(0, depth).join('/')) };
}

/** A role by the name of one of the first two folders. */
function roleOf(parts: readonly string[]): { role: Role['role']; dir: string } | undefined {
  for (let depth = 0; depth < Math.min(parts.length - 1, 2); depth++) {
    for (const [role, name] of NAMES)
      if (name.test(parts[depth]!)) return { role, dir: parts.slice(0, depth + 1).join('/') };
  }
  return undefined;
}

function isSource(path: string): boolean {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 && EXTENSIONS[path.slice(dot)] !== undefined;
}

/** The top folders that hold the sources, each followed down while one folder in it holds nearly all. */
function mainSources(sources: ReadonlyMap<string, { files: number; sample: string }>, all: number): readonly Role[] {
  const tops = [...sources].filter(([dir, { files }]) => depthOf(dir) === 0 && files >= all * SHARE && files >= 3);
  return tops
    .sort((a, b) => b[1].files - a[1].files || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST)
    .map(([top]) => {
      let dir = top;
      for (;;) {
        const files = sources.get(dir)!.files;
        const only = [...sources].find(
          ([child, each]) =>
            child.startsWith(`${dir}/`) && depthOf(child) === depthOf(dir) + 1 && each.files >= files * 0.95,
        );
        if (!only) break;
        dir = only[0];
      }
      return { role: 'sources' as const, dir, ...sources.get(dir)! };
    });
}
