import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { workspaceGlobs } from '../javascript/workspace-globs.ts';
import { isNoLead, isSideFolder, isWithin, upwards } from '../native/side-folders.ts';

/** A folder with a `pubspec.yaml`. https://dart.dev/tools/pub/pubspec */
export interface DartPackage {
  readonly dir: string;
  readonly file: SourceFile;
  readonly tree: Tree;
  readonly name: string | undefined;
  /** The line to point at where the manifest as a whole is meant. */
  readonly at: Evidence;
  /** It is built with Flutter's tool: `flutter test` runs where `dart test` finds no engine. */
  readonly flutter: boolean;
  readonly hasTests: boolean;
  readonly hasCode: boolean;
}

/** Packages that are worked on together, and the folder where that is done. */
export interface DartProject {
  readonly root: DartPackage;
  /** Packages that the root lists (a pub workspace, Melos) or takes by their path; never the root itself. */
  readonly members: readonly DartPackage[];
}

export function dartPackages(repo: RepoView): readonly DartPackage[] {
  return repo.files.flatMap((file) => {
    const tree = file.name === 'pubspec.yaml' ? file.yaml() : undefined;
    return tree?.kind === 'map' ? [readPackage(repo, file, tree)] : [];
  });
}

function readPackage(repo: RepoView, file: SourceFile, tree: Tree): DartPackage {
  const { dir } = file;
  const inside = repo.paths.under(dir);
  const prefix = dir === '' ? 0 : dir.length + 1;
  const own = inside.filter(({ path }) => path.endsWith('.dart')).map(({ path }) => path.slice(prefix));
  const name = tree.get('name');
  return {
    dir,
    file,
    tree,
    name: name?.text,
    at: file.at(name?.keyLine ?? tree.line),
    flutter:
      tree.get('dependencies', 'flutter') !== undefined ||
      tree.get('dev_dependencies', 'flutter_test') !== undefined ||
      tree.get('environment', 'flutter') !== undefined,
    hasTests: own.some((path) => path.startsWith('test/') && path.endsWith('_test.dart')),
    hasCode: own.some((path) => /^(?:lib|bin|web)\//.test(path)),
  };
}

/**
 * The projects of a repository: workspaces with their members, and packages that stand alone. A package below another
 * one that is no member of it is its example or its test bed.
 */
export function dartProjects(repo: RepoView, packages: readonly DartPackage[]): readonly DartProject[] {
  const projects: DartProject[] = [];
  const taken = new Set<DartPackage>();
  for (const root of packages) {
    const belongs = memberRule(repo, root);
    if (taken.has(root) || !belongs) continue;
    const members = packages.filter((each) => each !== root && isWithin(each.dir, root.dir) && belongs(each));
    for (const each of [root, ...members]) taken.add(each);
    projects.push({ root, members: members.filter(({ dir }) => !isSideFolder(dir)) });
  }
  const alone = packages.filter((each) => {
    const above = upwards(each.dir).slice(1);
    if (taken.has(each) || packages.some(({ dir }) => above.includes(dir) && !isJoint(projects, dir))) return false;
    return each.dir === '' || !isNoLead(each.dir);
  });
  return [...projects, ...byDependency(alone)];
}

/** An application and the packages that it takes from folders beside it are one project. */
function byDependency(alone: readonly DartPackage[]): readonly DartProject[] {
  const uses = new Map(alone.map((each) => [each, pathDependencies(each, alone)]));
  const used = new Set([...uses.values()].flat());
  const projects: DartProject[] = [];
  const taken = new Set<DartPackage>();
  // Packages that use each other in a circle have no head: the first of them is one.
  for (const root of [...alone.filter((each) => !used.has(each)), ...alone]) {
    if (taken.has(root)) continue;
    const members: DartPackage[] = [];
    taken.add(root);
    for (const queue = [root]; queue.length > 0; ) {
      for (const each of uses.get(queue.pop()!) ?? []) {
        if (taken.has(each)) continue;
        taken.add(each);
        members.push(each);
        queue.push(each);
      }
    }
    projects.push({ root, members: members.toSorted((a, b) => (a.dir < b.dir ? -1 : 1)) });
  }
  return projects;
}

function pathDependencies({ dir, tree }: DartPackage, alone: readonly DartPackage[]): readonly DartPackage[] {
  return [tree.get('dependencies'), tree.get('dev_dependencies')].flatMap((section) =>
    (section?.entries() ?? []).flatMap(([, dependency]) => {
      const path = dependency.get('path')?.text;
      const target = path === undefined ? undefined : joinPath(dir, path);
      return alone.filter((each) => each.dir === target && each.dir !== dir);
    }),
  );
}

function isJoint(projects: readonly DartProject[], dir: string): boolean {
  return projects.some(({ root }) => root.dir === dir);
}

/** Which packages a root lists: `workspace:` of pub, `packages:` of Melos; `undefined` where it is no root. */
function memberRule(repo: RepoView, root: DartPackage): ((each: DartPackage) => boolean) | undefined {
  const melos = melosFile(repo, root.dir)?.yaml();
  const settings = root.tree.get('melos');
  const listed = [
    ...(root.tree.get('workspace')?.texts() ?? []),
    ...(melos?.get('packages')?.texts() ?? settings?.get('packages')?.texts() ?? []),
  ];
  if (listed.length === 0 && !melos && !settings) return undefined;
  const ignored = (melos ?? settings)?.get('ignore')?.texts() ?? [];
  const globs = workspaceGlobs([...listed, ...ignored.map((pattern) => `!${pattern}`)]);
  const start = root.dir === '' ? 0 : root.dir.length + 1;
  return (each) => globs.matches(each.dir.slice(start));
}

/** Melos kept its settings in a file of its own until version 7, and in the root's pubspec since. */
export function melosFile(repo: RepoView, dir: string): SourceFile | undefined {
  return repo.file(dir === '' ? 'melos.yaml' : `${dir}/melos.yaml`);
}
