import type { Tree } from '../../parse/tree.ts';
import { joinPath, type PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { isSecondary } from '../jvm/secondary.ts';

/** A plugin or a dependency, and where its artifact id stands. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly line: number;
  /** The element itself, for its configuration. */
  readonly tree: Tree;
  /** Only managed: settings for whoever uses it. */
  readonly managed: boolean;
  /** Of a profile: there only for those who ask. */
  readonly profile: boolean;
}

export interface Pom {
  readonly file: SourceFile;
  readonly name: string | undefined;
  readonly nameLine: number;
  readonly packaging: string;
  /** Paths of the module's `pom.xml`, and the line that names it. */
  readonly modules: readonly { readonly path: string; readonly line: number }[];
  readonly plugins: readonly Artifact[];
  readonly dependencies: readonly Artifact[];
  readonly properties: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly parent: { readonly group: string; readonly name: string; readonly path: string | undefined } | undefined;
}

/** Reads a `pom.xml` (maven.apache.org/pom.html); undefined where it is none. */
export function readPom(file: SourceFile, paths: PathIndex): Pom | undefined {
  const project = file.xml()?.get('project');
  if (project?.kind !== 'map') return undefined;
  const profiles = project.get('profiles')?.all('profile') ?? [];
  const artifact = project.get('artifactId');
  const properties = new Map<string, { value: string; line: number }>();
  for (const owner of [...profiles, project]) {
    for (const [key, value] of owner.get('properties')?.entries() ?? []) {
      if (value.text) properties.set(key, { value: value.text, line: value.line });
    }
  }
  const parent = project.get('parent');
  return {
    file,
    name: artifact?.text || undefined,
    nameLine: artifact?.line ?? 1,
    packaging: project.get('packaging')?.text || 'jar',
    modules: [
      ...modulesOf(project, file, paths),
      // Profiles add what takes long: integration tests and examples are no packages of it.
      ...profiles.flatMap((owner) => modulesOf(owner, file, paths)).filter(({ path }) => !isSecondary(path)),
    ],
    plugins: [project, ...profiles].flatMap((owner) => [
      ...artifacts(owner.get('build', 'plugins'), 'plugin', false, owner !== project),
      ...artifacts(owner.get('build', 'pluginManagement', 'plugins'), 'plugin', true, owner !== project),
    ]),
    dependencies: [project, ...profiles].flatMap((owner) => [
      ...artifacts(owner.get('dependencies'), 'dependency', false, owner !== project),
      ...artifacts(owner.get('dependencyManagement', 'dependencies'), 'dependency', true, owner !== project),
    ]),
    properties,
    parent: parent && {
      group: parent.get('groupId')?.text ?? '',
      name: parent.get('artifactId')?.text ?? '',
      path: pomAt(file.dir, parent.get('relativePath')?.text || '../pom.xml', paths),
    },
  };
}

/** A module is named by its folder or by its POM; Maven 4 calls them subprojects. */
function modulesOf(owner: Tree, file: SourceFile, paths: PathIndex): readonly { path: string; line: number }[] {
  const elements = [
    ...(owner.get('modules')?.all('module') ?? []),
    ...(owner.get('subprojects')?.all('subproject') ?? []),
  ];
  return elements.flatMap((module) => {
    const path = module.text ? pomAt(file.dir, module.text, paths) : undefined;
    return path === undefined || path === file.path ? [] : [{ path, line: module.line }];
  });
}

function pomAt(dir: string, relative: string, paths: PathIndex): string | undefined {
  const at = joinPath(dir, relative);
  if (at === undefined) return undefined;
  if (paths.isFile(at)) return at;
  const inside = at === '' ? 'pom.xml' : `${at}/pom.xml`;
  return paths.isFile(inside) ? inside : undefined;
}

function artifacts(list: Tree | undefined, element: string, managed: boolean, profile: boolean): readonly Artifact[] {
  return (list?.all(element) ?? []).flatMap((tree) => {
    const name = tree.get('artifactId');
    if (!name?.text) return [];
    // Only plugins may leave their group out: it is Maven's own then.
    const group = tree.get('groupId')?.text || 'org.apache.maven.plugins';
    return [{ group, name: name.text, line: name.line, tree, managed, profile }];
  });
}
