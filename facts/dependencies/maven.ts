import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** pom.xml: dependencies, managed ones, plugins and the parent; `${name}` is looked up among the same file's properties. */
export const mavenDependencies = ecosystem({
  id: 'maven-dependencies',
  title: 'Dependencies of pom.xml',
  files: ['pom.xml'],
  depth: 2,
  *detect(repo) {
    const root = repo.file('pom.xml')?.xml()?.get('project', 'properties');
    for (const file of repo.files) {
      const project = file.xml()?.get('project');
      if (!project) continue;
      yield* ownVersion(file, project.get('version'), project.get('artifactId')?.text);
      yield* ofProject(file, project, root);
    }
  },
});

function* ofProject(file: SourceFile, project: Tree, root: Tree | undefined): Iterable<Signal> {
  const value = (text: string | undefined): string | undefined => {
    const name = /^\$\{([^}]+)\}$/.exec(text ?? '')?.[1];
    const found = name === undefined ? text : (project.get('properties', name)?.text ?? root?.get(name)?.text);
    return found?.includes('${') ? undefined : found;
  };
  const entries = [
    ...project.all('parent'),
    ...(project.get('dependencies')?.all('dependency') ?? []),
    ...(project.get('dependencyManagement', 'dependencies')?.all('dependency') ?? []),
  ];
  for (const entry of entries) yield* one(file, entry, value, entry.get('scope')?.text === 'test');
  const plugins = [
    ...(project.get('build', 'plugins')?.all('plugin') ?? []),
    ...(project.get('build', 'pluginManagement', 'plugins')?.all('plugin') ?? []),
  ];
  for (const entry of plugins) yield* one(file, entry, value, true);
}

function* one(
  file: SourceFile,
  entry: Tree,
  value: (text: string | undefined) => string | undefined,
  dev: boolean,
): Iterable<Signal> {
  const artifact = entry.get('artifactId')?.text;
  if (!artifact) return;
  const name = `${value(entry.get('groupId')?.text) ?? 'org.apache.maven.plugins'}:${artifact}`;
  yield declared('maven', file, entry.get('artifactId')!.keyLine, {
    name,
    range: value(entry.get('version')?.text),
    dev,
  });
}
