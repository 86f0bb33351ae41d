import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import { shallowFirst } from '../../match-files.ts';
import type { Tree } from '../../parse/tree.ts';
import { isAside } from '../../path-index.ts';
import type { ConventionalCommand, PlainFact, Signal, Task } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import { ORCHESTRATORS } from './builders.ts';
import { runEverywhere, runTool } from './manager-verbs.ts';
import type { Project } from './projects.ts';
import { scriptCall } from './script-calls.ts';

/** An integrated Nx workspace has a project.json per library; each costs a read. */
const MAX_TARGET_FILES = 500;

/** The project.json files of an Nx workspace, for the engine to read. */
export function targetFiles(repo: RepoView): readonly string[] {
  if (!repo.paths.isFile('nx.json')) return [];
  return repo.paths
    .named('project.json')
    .filter((path) => repo.paths.isFile(path) && !isAside(path))
    .sort(shallowFirst)
    .slice(0, MAX_TARGET_FILES);
}

/** What an executor of Nx's own plugins runs: enough to know what the target is for. */
const EXECUTORS: readonly (readonly [pattern: RegExp, body: string])[] = [
  [/eslint:/, 'eslint'],
  [/jest:jest$/, 'jest'],
  [/(?:vite|vitest):test$/, 'vitest run'],
  [/playwright:/, 'playwright test'],
  [/cypress:/, 'cypress run'],
  [/vite:build$/, 'vite build'],
  [/vite:(?:dev-server|preview-server)$/, 'vite'],
  [/js:(?:tsc|swc)$/, 'tsc -b'],
  [/esbuild:esbuild$/, 'esbuild'],
  [/rollup:rollup$/, 'rollup'],
  [/(?:webpack:webpack|rspack:rspack)$/, 'webpack'],
  [/build-angular:karma$/, 'ng test'],
  [/next:build$/, 'next build'],
  [
    /(?:next|remix|angular|web|react|rspack|webpack):(?:server|dev-server|serve)$|build-angular:dev-server$|js:node$/,
    'vite dev',
  ],
  [/angular.*:(?:application|browser|browser-esbuild|package|ng-packagr-lite)$|build-angular:/, 'ng build'],
];

/** The targets of project.json files and of `nx` in package.json as tasks, and the projects that are no packages. */
export function* nxTargets(repo: RepoView, root: Project): Generator<Signal> {
  const packages = new Map([root, ...root.members].map((project) => [project.dir, project]));
  const files = targetFiles(repo).flatMap((path) => repo.file(path) ?? []);
  const tasks = (file: SourceFile, name: string, targets: Tree | undefined): Task[] =>
    (targets?.entries() ?? []).flatMap(([target, at]) => {
      const script = packages.get(file.dir)?.manifest.scripts.has(target);
      if (script || !/^[\w:@./-]+$/.test(target) || at.kind !== 'map') return [];
      return [targetTask(file, target, at, runTool(root.manager.name, `nx ${target} ${name}`, root.manifest.scripts))];
    });
  for (const file of files) {
    const tree = file.json();
    if (tree?.kind !== 'map') continue;
    const named = tree.get('name');
    const name = named?.text ?? packages.get(file.dir)?.manifest.name ?? file.dir.slice(file.dir.lastIndexOf('/') + 1);
    if (name === '') continue;
    if (files.length > 1 && !packages.has(file.dir)) yield workspaceOf(file, name, named?.keyLine ?? tree.line);
    yield* tasks(file, name, tree.get('targets'));
    const targets = tree.get('targets');
    // Plugins of Nx infer targets from the files of other tools.
    if (targets)
      yield targetSet(
        'nx',
        file.dir,
        file.at(targets.keyLine),
        targets.entries().map(([target]) => target),
        { complete: false },
      );
  }
  for (const { manifest } of packages.values()) {
    if (manifest.name)
      yield* tasks(
        manifest.file,
        manifest.tree.get('nx', 'name')?.text ?? manifest.name,
        manifest.tree.get('nx', 'targets'),
      );
  }
}

function workspaceOf(file: SourceFile, name: string, line: number): PlainFact {
  return { kind: 'fact', key: 'workspace', value: name, dir: file.dir, source: 'config', evidence: [file.at(line)] };
}

function targetTask(file: SourceFile, target: string, at: Tree, run: string): Task {
  const options = at.get('options');
  const listed = options
    ?.get('commands')
    ?.items()
    .flatMap((item) => item.text ?? item.get('command')?.text ?? []);
  const command = options?.get('command')?.text ?? at.get('command')?.text;
  const executor = (at.get('executor')?.text ?? '').slice(0, 200);
  const known = EXECUTORS.find(([pattern]) => pattern.test(executor))?.[1];
  const body = command ? [command] : listed && listed.length > 0 ? listed : known ? [known] : [];
  const needs = (at.get('dependsOn')?.items() ?? [])
    .flatMap((item) => item.text ?? item.get('target')?.text ?? [])
    .filter((name) => !/[\^:*]/.test(name));
  return {
    kind: 'task',
    runner: 'nx',
    name: target,
    run,
    dir: file.dir,
    at: file.at(at.keyLine),
    body,
    needs: needs.filter((name) => name !== target),
  };
}

/** What packages call their scripts for a purpose. */
export const PURPOSE_NAMES = [
  ['build', ['build']],
  ['test', ['test']],
  ['lint', ['lint']],
  ['typecheck', ['typecheck', 'type-check', 'check-types', 'types:check', 'build-check']],
] as const;

/**
 * What runs a script or target in every package, said only where the root has no script for it: `turbo run test`,
 * `nx run-many -t test`, `pnpm -r test`.
 */
export function* fanOuts(repo: RepoView, root: Project): Generator<ConventionalCommand> {
  const { manifest, manager, members } = root;
  const at = root.dir === '' ? '' : `${root.dir}/`;
  for (const [purpose, names] of PURPOSE_NAMES) {
    if (names.some((name) => manifest.scripts.has(name)) || covers(root, names)) continue;
    for (const name of names) {
      const turbo = repo.file(`${at}turbo.json`) ?? repo.file(`${at}turbo.jsonc`);
      const turboTask = turbo?.json()?.get('tasks', name) ?? turbo?.json()?.get('pipeline', name);
      const having = members.filter(({ manifest, secondary }) => !secondary && manifest.scripts.has(name));
      if (turbo && turboTask && having.length > 0) {
        const run = runTool(manager.name, `turbo run ${name}`, manifest.scripts);
        yield {
          kind: 'command',
          purpose,
          run,
          dir: root.dir,
          source: 'config',
          evidence: [turbo.at(turboTask.keyLine)],
          weight: 3,
        };
        break;
      }
      const nx = repo.file(`${at}nx.json`);
      const target = nx?.json()?.get('targetDefaults', name);
      if (nx && target) {
        const run = runTool(manager.name, `nx run-many -t ${name}`, manifest.scripts);
        yield {
          kind: 'command',
          purpose,
          run,
          dir: root.dir,
          source: 'config',
          evidence: [nx.at(target.keyLine)],
          weight: 3,
        };
        break;
      }
      const script = having[0]?.manifest.scripts.get(name);
      const run = runEverywhere(manager.name, name);
      if (script && run && having.length > 1) {
        yield {
          kind: 'command',
          purpose,
          run,
          dir: root.dir,
          source: 'config',
          evidence: [having[0]!.manifest.file.at(script.line)],
          weight: 1,
        };
        break;
      }
    }
  }
}

/** A script of the root already runs one of these in every package, or is called so and leaves it to such a tool. */
export function covers(root: Project, names: readonly string[]): boolean {
  return [...root.manifest.scripts.values()].some(({ name, calls }) =>
    calls.some(({ words }) => {
      const call = scriptCall(words);
      if (call?.where === 'many' && call.scripts.some((script) => names.includes(script))) return true;
      return names.includes(name) && ORCHESTRATORS.some((tool) => tool.name === unwrap(words).words[0]);
    }),
  );
}
