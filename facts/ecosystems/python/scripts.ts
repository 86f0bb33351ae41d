import type { Tree } from '../../parse/tree.ts';
import type { TargetSet, Task } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import { declared, type PythonProject, run } from './project.ts';

/** The tasks that pyproject.toml and hatch.toml name: Poe the Poet, taskipy, PDM scripts, Hatch environments' scripts. */
export function* scriptTasks(project: PythonProject): Iterable<Task> {
  const { pyproject, toml } = project;
  if (pyproject && toml) {
    yield* poeTasks(project, pyproject, toml);
    yield* taskipyTasks(project, pyproject, toml);
    yield* pdmScripts(project, pyproject, toml);
  }
  if (project.hatch) yield* hatchScripts(project, project.hatch.file, project.hatch.envs);
}

/** The names that these runners take; `pdm run` and `hatch run` start programs as well, so theirs are never all. */
export function* scriptSets({ dir, pyproject, toml, hatch }: PythonProject): Iterable<TargetSet> {
  if (pyproject && toml) {
    const poe = toml.get('tool', 'poe');
    const taskipy = toml.get('tool', 'taskipy', 'tasks');
    const pdm = toml.get('tool', 'pdm', 'scripts');
    for (const [runner, table, complete] of [
      ['poe', poe?.get('tasks'), !poe?.get('include') && !poe?.get('include_script')],
      ['taskipy', taskipy, true],
      ['pdm', pdm, false],
    ] as const) {
      if (!table) continue;
      const names = table.entries().map(([name]) => name);
      yield targetSet(runner, dir, pyproject.at(table.keyLine), names, { complete });
    }
  }
  if (hatch) {
    const names = hatch.envs.entries().flatMap(([env, tree]) => {
      const scripts =
        tree
          .get('scripts')
          ?.entries()
          .map(([name]) => name) ?? [];
      return [`${env}:`, ...scripts.flatMap((name) => [`${env}:${name}`, ...(env === 'default' ? [name] : [])])];
    });
    yield targetSet('hatch', dir, hatch.file.at(hatch.envs.keyLine), names, { complete: false });
  }
}

/** What a task does, whatever its runner calls it. */
interface Work {
  readonly body: readonly string[];
  readonly needs: readonly string[];
  readonly description?: string;
}

/** Source: https://poethepoet.natn.io/tasks/index.html */
function* poeTasks(project: PythonProject, file: SourceFile, toml: Tree): Iterable<Task> {
  const start = run(project, 'poe', declared(project, 'poethepoet'));
  for (const [name, tree] of toml.get('tool', 'poe', 'tasks')?.entries() ?? []) {
    const work = poeWork(tree, toml.get('tool', 'poe', 'default_array_item_task_type')?.text ?? 'ref');
    yield task(project, file, tree, {
      runner: 'poe',
      name,
      run: `${start} ${name}`,
      internal: name.startsWith('_'),
      ...work,
    });
  }
}

function poeWork(tree: Tree, itemType: string, depth = 0): Work {
  if (depth > 5) return { body: [], needs: [] };
  if (tree.kind === 'scalar') return { body: linesOf(tree), needs: [] };
  const items = tree.kind === 'list' ? tree.items() : (tree.get('sequence') ?? tree.get('parallel'))?.items();
  if (items) {
    const type = tree.get('default_item_type')?.text ?? itemType;
    const parts = items.map((item) => {
      const named = item.kind === 'scalar' && type === 'ref' ? (item.text ?? '') : item.get('ref')?.text;
      return named === undefined ? poeWork(item, type, depth + 1) : { body: [], needs: firstWord(named) };
    });
    return describe(tree, { body: parts.flatMap(({ body }) => body), needs: parts.flatMap(({ needs }) => needs) });
  }
  const deps = (tree.get('deps')?.texts() ?? []).flatMap(firstWord);
  const ref = firstWord(tree.get('ref')?.text ?? '');
  const text = tree.get('cmd') ?? tree.get('shell');
  return describe(tree, { body: text ? linesOf(text) : [], needs: [...deps, ...ref] });
}

/** Source: https://github.com/taskipy/taskipy#readme */
function* taskipyTasks(project: PythonProject, file: SourceFile, toml: Tree): Iterable<Task> {
  const start = run(project, 'task', declared(project, 'taskipy'));
  const tasks = toml.get('tool', 'taskipy', 'tasks')?.entries() ?? [];
  const names = new Set(tasks.map(([name]) => name));
  for (const [name, tree] of tasks) {
    const needs = hooksOf(name, names);
    const work = describe(tree, { body: linesOf(tree.get('cmd') ?? tree), needs });
    yield task(project, file, tree, {
      runner: 'taskipy',
      name,
      run: `${start} ${name}`,
      internal: isHook(name, names),
      ...work,
    });
  }
}

/** Source: https://pdm-project.org/latest/usage/scripts/ */
function* pdmScripts(project: PythonProject, file: SourceFile, toml: Tree): Iterable<Task> {
  const scripts = toml.get('tool', 'pdm', 'scripts')?.entries() ?? [];
  const names = new Set(scripts.map(([name]) => name));
  for (const [name, tree] of scripts) {
    if (name === '_') continue; // options that all scripts share
    const composite = tree.kind === 'list' ? tree.texts() : (tree.get('composite')?.texts() ?? []);
    const command = tree.get('cmd') ?? tree.get('shell') ?? (tree.kind === 'scalar' ? tree : undefined);
    const words = command?.kind === 'list' ? [command.texts().join(' ')] : command ? linesOf(command) : [];
    const inline = composite.filter((text) => !names.has(firstWord(text)[0] ?? ''));
    const needs = composite.flatMap(firstWord).filter((word) => names.has(word));
    const work = describe(tree, { body: [...words, ...inline], needs: [...hooksOf(name, names), ...needs] });
    const internal = name.startsWith('_') || isHook(name, names);
    yield task(project, file, tree, { runner: 'pdm', name, run: `pdm run ${name}`, internal, ...work });
  }
}

/** Source: https://hatch.pypa.io/latest/config/environment/overview/#scripts */
function* hatchScripts(project: PythonProject, file: SourceFile, envs: Tree): Iterable<Task> {
  for (const [env, tree] of envs.entries()) {
    const scripts = tree.get('scripts')?.entries() ?? [];
    const names = new Set(scripts.map(([name]) => name));
    const full = (name: string): string => (env === 'default' ? name : `${env}:${name}`);
    for (const [name, script] of scripts) {
      const lines = script.kind === 'list' ? script.texts().map(hatchText) : linesOf(script).map(hatchText);
      const calls = (line: string): boolean => names.has(firstWord(line)[0] ?? '') && firstWord(line)[0] !== name;
      const body = lines.filter((line) => !calls(line));
      const needs = lines.filter(calls).flatMap(firstWord).map(full);
      const start = { runner: 'hatch', name: full(name), run: `hatch run ${full(name)}` };
      yield task(project, file, script, { ...start, internal: name.startsWith('_'), body, needs });
    }
  }
}

/** `- pytest {args:tests}` is `pytest tests` that may fail. */
function hatchText(line: string): string {
  return line
    .replace(/^- /, '')
    .replace(/\s?\{args(?::([^{}]*))?\}/g, (_, fallback?: string) => (fallback ? ` ${fallback}` : ''));
}

/** `pre_test` and `post_test` run around `test`, nobody types them. */
function isHook(name: string, names: ReadonlySet<string>): boolean {
  return names.has(/^(?:pre|post)_(.+)$/.exec(name)?.[1] ?? '');
}

function hooksOf(name: string, names: ReadonlySet<string>): readonly string[] {
  return [`pre_${name}`, `post_${name}`].filter((hook) => names.has(hook));
}

function describe(tree: Tree, work: Work): Work {
  const help = tree.kind === 'map' ? tree.get('help')?.text : undefined;
  return help ? { ...work, description: help } : work;
}

function firstWord(text: string): readonly string[] {
  const word = text.trim().split(/\s+/)[0];
  return word ? [word] : [];
}

/** The lines of a command, those that a backslash continues joined. */
function linesOf(tree: Tree): readonly string[] {
  const text = tree.text?.replace(/\\\r?\n/g, ' ') ?? '';
  return text.split(/\r?\n/).flatMap((line) => line.trim().replace(/\s+/g, ' ') || []);
}

function task(
  { dir }: PythonProject,
  file: SourceFile,
  at: Tree,
  { internal, ...what }: Work & { runner: string; name: string; run: string; internal: boolean },
): Task {
  return { kind: 'task', dir, at: file.at(at.keyLine), ...what, ...(internal ? { internal } : {}) };
}
