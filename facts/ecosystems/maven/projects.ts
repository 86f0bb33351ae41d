import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { primaryDirs } from '../jvm/secondary.ts';
import { type Pom, readPom } from './pom.ts';

/** A Maven build: a POM that no other one lists, and the modules below it. */
export interface Project {
  readonly dir: string;
  readonly root: Pom;
  readonly modules: readonly { readonly pom: Pom; readonly at: Evidence }[];
  /** What a person types: `./mvnw`, `../mvnw`, `mvn`. */
  readonly program: string;
  readonly wrapper: string | undefined;
  /** POMs whose settings a POM inherits, nearest first, itself included. */
  lineage(pom: Pom): readonly Pom[];
}

const MAX_PROJECTS = 6;
const MAX_GENERATIONS = 8;

/** The builds people work in, the root's first; those of examples and tests only where there is no other. */
export function projectsOf(repo: RepoView): readonly Project[] {
  const poms = new Map<string, Pom>();
  for (const file of repo.files) {
    const pom = file.name === 'pom.xml' ? readPom(file, repo.paths) : undefined;
    if (pom) poms.set(file.path, pom);
  }
  const listed = new Set([...poms.values()].flatMap((pom) => pom.modules.map(({ path }) => path)));
  const roots: Pom[] = [];
  for (const pom of poms.values()) {
    // A module that only a comment or a closed profile left out still belongs to the build above it.
    const inherits =
      pom.parent?.path !== undefined && poms.has(pom.parent.path) && pom.file.dir.startsWith(dirOf(pom.parent.path));
    if (!listed.has(pom.file.path) && !inherits) roots.push(pom);
  }
  const primary = new Set(
    primaryDirs(
      roots.map((pom) => pom.file.dir),
      repo.paths,
    ),
  );
  return roots
    .filter((pom) => primary.has(pom.file.dir))
    .slice(0, MAX_PROJECTS)
    .map((root) => project(repo, root, poms));
}

function dirOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function project(repo: RepoView, root: Pom, poms: ReadonlyMap<string, Pom>): Project {
  const modules: { pom: Pom; at: Evidence }[] = [];
  const seen = new Set([root.file.path]);
  const visit = (parent: Pom): void => {
    for (const { path, line } of parent.modules) {
      const pom = poms.get(path);
      if (!pom || seen.has(path)) continue;
      seen.add(path);
      modules.push({ pom, at: parent.file.at(line) });
      visit(pom);
    }
  };
  visit(root);
  const wrapper = wrapperOf(repo, root.file.dir);
  const lineage = (pom: Pom): readonly Pom[] => {
    const line = [pom];
    for (let at = pom; line.length < MAX_GENERATIONS; ) {
      const parent = at.parent?.path === undefined ? undefined : poms.get(at.parent.path);
      if (!parent || line.includes(parent)) break;
      line.push(parent);
      at = parent;
    }
    return line;
  };
  return { dir: root.file.dir, root, modules, program: wrapper?.program ?? 'mvn', wrapper: wrapper?.path, lineage };
}

/** The nearest `mvnw`, in the build's folder or above it. */
function wrapperOf(repo: RepoView, dir: string): { readonly path: string; readonly program: string } | undefined {
  const parts = dir === '' ? [] : dir.split('/');
  for (let up = 0; up <= parts.length; up++) {
    const path = [...parts.slice(0, parts.length - up), 'mvnw'].join('/');
    if (repo.paths.isFile(path)) return { path, program: `${up === 0 ? './' : '../'.repeat(up)}mvnw` };
  }
  return undefined;
}
