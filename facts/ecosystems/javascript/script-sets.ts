import type { RepoView } from '../../ecosystem.ts';
import type { TargetSet } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import type { Project } from './projects.ts';

/** The scripts of every package.json that was read, lifecycle hooks and placeholders included. */
export function* scriptSets(repo: RepoView, projects: readonly Project[]): Generator<TargetSet> {
  const files = new Set<SourceFile>(repo.files.filter(({ name }) => name === 'package.json'));
  for (const { manifest } of projects) files.add(manifest.file);
  for (const file of files) {
    const tree = file.json();
    if (tree?.kind !== 'map') continue;
    const scripts = tree.get('scripts');
    const names = scripts?.entries().map(([name]) => name) ?? [];
    yield targetSet('npm', file.dir, file.at(scripts?.keyLine ?? tree.line), names);
  }
}

/** The tasks of turbo.json; a script that no turbo.json names cannot be run by it. https://turborepo.com/docs/reference/configuration */
export function* turboSets(repo: RepoView): Generator<TargetSet> {
  for (const file of repo.files) {
    if (file.name !== 'turbo.json' && file.name !== 'turbo.jsonc') continue;
    const tree = file.json();
    const tasks = tree?.get('tasks') ?? tree?.get('pipeline');
    if (!tasks) continue;
    // `web#build` and `//#lint` are `build` and `lint` of one package.
    const names = tasks.entries().flatMap(([name]) => [name, name.replace(/^.*#/, '')]);
    yield targetSet('turbo', file.dir, file.at(tasks.keyLine), names);
  }
}
