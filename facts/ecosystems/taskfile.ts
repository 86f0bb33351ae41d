import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { TargetSet, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { namePattern, targetSet } from '../target-set.ts';
import { isPlace } from './make/place.ts';
import { type Loaded, loadTaskfile, NAMES } from './taskfile/load.ts';

/** Task: Taskfiles with their includes and namespaces. https://taskfile.dev/docs/reference/schema */
export const taskfile = ecosystem({
  id: 'taskfile',
  title: 'Task',
  files: NAMES,
  depth: 3,
  *follow(repo) {
    for (const file of roots(repo)) yield* loadTaskfile(repo, file).included;
  },
  *detect(repo) {
    const included = new Set<string>();
    for (const file of roots(repo)) {
      if (included.has(file.path)) continue;
      const loaded = loadTaskfile(repo, file);
      for (const path of loaded.included) included.add(path);
      yield setOf(loaded, file);
      yield* tasksOf(loaded, file.dir);
    }
  },
});

/** One Taskfile of each folder, as Task would choose it, shallowest first. */
function roots(repo: RepoView): readonly SourceFile[] {
  const chosen = new Map<string, SourceFile>();
  for (const name of NAMES) {
    for (const file of repo.files) {
      if (file.name === name && !chosen.has(file.dir) && isPlace(repo, file.dir)) chosen.set(file.dir, file);
    }
  }
  return repo.files.filter((file) => chosen.get(file.dir) === file);
}

function setOf({ names, whole }: Loaded, file: SourceFile): TargetSet {
  const all = [...names].filter((name) => name !== '');
  return targetSet(
    'task',
    file.dir,
    file.at(file.yaml()?.get('tasks')?.keyLine ?? 1),
    all.filter((name) => !name.includes('*')),
    {
      patterns: all.filter((name) => name.includes('*')).map((name) => namePattern(name, /\*/)),
      complete: whole,
    },
  );
}

function* tasksOf({ tasks }: Loaded, dir: string): Iterable<Task> {
  const names = new Map<string, string>();
  for (const task of tasks) {
    for (const name of [task.name, ...task.aliases]) if (!names.has(name)) names.set(name, task.name);
  }
  const seen = new Set<string>();
  for (const { name, run, at, body, needs, description, internal, aliases } of tasks) {
    if (seen.has(name)) continue;
    seen.add(name);
    yield {
      kind: 'task',
      runner: 'task',
      name,
      run,
      dir,
      at,
      body,
      needs: [...new Set(needs.flatMap((need) => names.get(need) ?? []))].filter((need) => need !== name),
      ...(description === undefined ? {} : { description }),
      ...(internal ? { internal: true } : {}),
    };
    // Pipelines call a task by any of its names.
    for (const alias of aliases) {
      if (seen.has(alias) || names.get(alias) !== name) continue;
      seen.add(alias);
      yield {
        kind: 'task',
        runner: 'task',
        name: alias,
        run: `task ${alias}`,
        dir,
        at,
        body: [],
        needs: [name],
        internal: true,
      };
    }
  }
}
