import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { targetSet } from '../target-set.ts';
import { isPlace } from './make/place.ts';
import { DEFAULT_TASK_DIRS, fileTask, namedFiles } from './mise/file-tasks.ts';
import { type MiseTask, tasksIn } from './mise/tasks.ts';
import { pinsIn, toolVersions } from './mise/tools.ts';

/** mise: tasks of its configuration and of its task folders, and the runtimes it pins. https://mise.jdx.dev */
export const mise = ecosystem({
  id: 'mise',
  title: 'mise',
  files: [
    'mise.toml',
    '.mise.toml',
    '/mise/config.toml',
    '/.mise/config.toml',
    '/.config/mise.toml',
    '/.config/mise/config.toml',
    '/.config/mise/conf.d/*.toml',
    '/.tool-versions',
    ...DEFAULT_TASK_DIRS.map((dir) => `/${dir}/*`),
  ],
  depth: 3,
  *follow(repo) {
    for (const { dir, configs } of projects(repo)) yield* namedFiles(repo, dir, configs);
  },
  *detect(repo) {
    for (const { dir, configs } of projects(repo)) {
      yield* tasksOf(repo, dir, configs);
      for (const config of configs) yield* pinsIn(config, dir);
      const tools = configs.find((config) => (config.toml()?.get('tools')?.entries().length ?? 0) > 0);
      const line = tools?.toml()?.get('tools')?.keyLine;
      // The table's line does not name mise, its file does: a convention, and only what is left where nothing else installs.
      if (tools && line !== undefined && dir === '') {
        yield {
          kind: 'command',
          purpose: 'install',
          run: 'mise install',
          dir,
          source: 'convention',
          evidence: [tools.at(line)],
          weight: -5,
        };
      }
    }
    yield* toolVersions(repo);
  },
});

const CONFIG =
  /^(.*?)\/?(?:\.?mise\.toml|\.?mise\/config\.toml|\.config\/mise\.toml|\.config\/mise\/(?:config|conf\.d\/[^/]+)\.toml)$/;

interface Project {
  readonly dir: string;
  readonly configs: readonly SourceFile[];
}

/** The folders mise is configured in, the root first, which may have task folders only. */
function projects(repo: RepoView): readonly Project[] {
  const byDir = new Map<string, SourceFile[]>([['', []]]);
  for (const file of repo.files) {
    const dir = CONFIG.exec(file.path)?.[1];
    if (dir === undefined || !isPlace(repo, dir)) continue;
    const same = byDir.get(dir);
    if (same) same.push(file);
    else byDir.set(dir, [file]);
  }
  return [...byDir].map(([dir, configs]) => ({ dir, configs }));
}

function* tasksOf(repo: RepoView, dir: string, configs: readonly SourceFile[]): Iterable<Signal> {
  const tasks = new Map<string, MiseTask>();
  const add = (task: MiseTask): void => {
    if (!tasks.has(task.name)) tasks.set(task.name, task);
  };
  for (const config of configs) {
    const tree = config.toml();
    for (const task of tasksIn(config, tree?.get('tasks'), tree)) add(task);
  }
  for (const path of namedFiles(repo, dir, configs)) {
    const file = repo.file(path);
    if (!file) continue;
    if (file.name.endsWith('.toml')) for (const task of tasksIn(file, file.toml(), undefined)) add(task);
    else {
      const task = fileTask(file, dir, configs);
      if (task) add(task);
    }
  }
  const [first] = tasks.values();
  if (first) {
    const names = [...tasks.values()].flatMap(({ name, aliases }) => [name, ...aliases]);
    yield targetSet('mise', dir, first.at, names, { complete: isWhole(repo, dir, configs) });
  }
  for (const task of tasks.values()) yield taskOf(task, dir, tasks);
  for (const task of tasks.values()) {
    for (const alias of task.aliases) {
      if (tasks.has(alias)) continue;
      yield {
        kind: 'task',
        runner: 'mise',
        name: alias,
        run: `mise run ${alias}`,
        dir,
        at: task.at,
        body: [],
        needs: [task.name],
        internal: true,
      };
    }
  }
}

/** No configuration of one environment or machine beside these, and no task folder that is not read. */
function isWhole({ paths }: RepoView, dir: string, configs: readonly SourceFile[]): boolean {
  const prefix = dir === '' ? '' : `${dir}/`;
  const names = paths.once('mise configurations of one environment', (all) =>
    [...all.names()].filter((name) => /^\.?mise\.[\w.-]+\.toml$/.test(name)),
  );
  const others = names.some((name) => paths.isFile(prefix + name));
  const plain = (text: string): boolean => !/[{*]|::|^[/~]/.test(text);
  return (
    !others && configs.every((config) => config.toml()?.get('task_config', 'includes')?.texts().every(plain) ?? true)
  );
}

function taskOf(task: MiseTask, dir: string, known: ReadonlyMap<string, MiseTask>): Task {
  const needs = new Set(task.depends.flatMap((name) => matching(name, known)).filter((name) => name !== task.name));
  return {
    kind: 'task',
    runner: 'mise',
    name: task.name,
    run: `mise run ${task.name}${task.argument === undefined ? '' : ` ${task.argument}`}`,
    dir,
    at: task.at,
    body: task.body,
    needs: [...needs],
    ...(task.description === undefined ? {} : { description: task.description }),
    ...(task.internal ? { internal: true } : {}),
  };
}

/** `lint:*` needs every task of that group. */
function matching(name: string, known: ReadonlyMap<string, MiseTask>): readonly string[] {
  if (!name.includes('*'))
    return known.has(name)
      ? [name]
      : [...known.values()].flatMap((task) => (task.aliases.includes(name) ? [task.name] : []));
  const prefix = name.slice(0, name.indexOf('*'));
  return [...known.keys()].filter((candidate) => candidate.startsWith(prefix));
}
