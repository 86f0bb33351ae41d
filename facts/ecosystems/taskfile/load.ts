import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { placeholderFor } from '../just/placeholder.ts';
import { isTypable } from '../make/task-name.ts';
import { fillIn } from './template.ts';

/** The names Task looks for, in its order. */
export const NAMES: readonly string[] = [
  'Taskfile.yml',
  'taskfile.yml',
  'Taskfile.yaml',
  'taskfile.yaml',
  'Taskfile.dist.yml',
  'taskfile.dist.yml',
  'Taskfile.dist.yaml',
  'taskfile.dist.yaml',
];

export interface Loaded {
  readonly tasks: readonly Found[];
  /** Every file it includes, read or not. */
  readonly included: ReadonlySet<string>;
  /** Every name that Task takes; `*` stands for any text, as in the file. */
  readonly names: ReadonlySet<string>;
  /** All of them: no include is missing, remote or computed. */
  readonly whole: boolean;
}

/** A task under its full name, `docker:build`. */
export interface Found {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly run: string;
  readonly at: Evidence;
  readonly body: readonly string[];
  /** Full names or aliases, known or not. */
  readonly needs: readonly string[];
  readonly description: string | undefined;
  readonly internal: boolean;
}

/** What an include adds to the names, variables and folder of the tasks in it. */
interface Place {
  readonly prefix: string;
  /** The same under every name that the include has. */
  readonly prefixes: readonly string[];
  readonly internal: boolean;
  /** Where commands run, from the root Taskfile's folder. */
  readonly dir: string;
  readonly values: ReadonlyMap<string, string>;
  readonly excludes: readonly string[];
}

const MAX_FILES = 60;
const MAX_DEPTH = 6;
const MAX_PREFIXES = 32;

/** Reads a Taskfile and follows its includes as far as they have been read. */
export function loadTaskfile(repo: RepoView, root: SourceFile): Loaded {
  const tasks: Found[] = [];
  const included = new Set<string>();
  const names = new Set<string>();
  let files = 0;
  let whole = true;

  const read = (file: SourceFile, place: Place, depth: number): void => {
    const tree = file.yaml();
    if (!tree || files++ > MAX_FILES) {
      whole = false;
      return;
    }
    const values = new Map(special(root, file));
    addVariables(values, tree.get('vars'));
    for (const [name, value] of place.values) values.set(name, value);
    for (const [name, task] of tree.get('tasks')?.entries() ?? []) {
      if (place.excludes.includes(name)) continue;
      for (const each of [name, ...(task.get('aliases')?.texts() ?? [])])
        for (const prefix of place.prefixes) names.add(prefix + each);
      // `task docker` runs `docker:default`.
      if (name === 'default') for (const prefix of place.prefixes) names.add(prefix.replace(/:$/, ''));
      if (!isTypable(name)) continue;
      tasks.push(taskIn(file, name, task, { ...place, values }));
    }
    const includes = tree.get('includes')?.entries() ?? [];
    if (depth >= MAX_DEPTH) {
      whole &&= includes.length === 0;
      return;
    }
    for (const [name, include] of includes) {
      const path = includedFile(repo, file, include, values);
      if (path === root.path) continue;
      if (path !== undefined) included.add(path);
      const next = path === undefined ? undefined : repo.file(path);
      if (next) read(next, placeOf(name, include, { ...place, values }), depth + 1);
      else whole = false;
    }
  };
  read(root, { prefix: '', prefixes: [''], internal: false, dir: '', values: new Map(), excludes: [] }, 0);
  return { tasks, included, names, whole };
}

/** Variables that Task sets itself; what was typed after `--` is nothing. */
function special(root: SourceFile, file: SourceFile): ReadonlyMap<string, string> {
  const below =
    root.dir === '' ? file.dir : file.dir.startsWith(`${root.dir}/`) ? file.dir.slice(root.dir.length + 1) : '';
  return new Map([
    ['ROOT_DIR', '.'],
    ['TASKFILE_DIR', below === '' || file.dir === root.dir ? '.' : below],
    ['USER_WORKING_DIR', '.'],
    ['CLI_ARGS', ''],
  ]);
}

function addVariables(values: Map<string, string>, vars: Tree | undefined): void {
  for (const [name, value] of vars?.entries() ?? []) {
    const text = value.text === undefined ? undefined : fillIn(value.text, values);
    if (text !== undefined && !text.includes('{{')) values.set(name, text);
  }
}

/** The file of an include: a path or a folder beside the Taskfile; nothing for URLs and for what only a run knows. */
function includedFile(
  repo: RepoView,
  file: SourceFile,
  include: Tree,
  values: ReadonlyMap<string, string>,
): string | undefined {
  const text = include.text ?? include.get('taskfile')?.text;
  const raw = text === undefined ? undefined : fillIn(text, values);
  if (raw === undefined || raw.includes('{{') || raw.includes('://') || raw.startsWith('/')) return undefined;
  const path = joinPath(file.dir, raw);
  if (path === undefined) return undefined;
  if (repo.paths.isFile(path)) return path;
  return NAMES.map((name) => (path === '' ? name : `${path}/${name}`)).find((candidate) =>
    repo.paths.isFile(candidate),
  );
}

function placeOf(name: string, include: Tree, outer: Place): Place {
  const values = new Map<string, string>();
  addVariables(values, include.get('vars'));
  const dir = include.get('dir')?.text;
  const flat = include.get('flatten')?.value === true;
  const spaces = [name, ...(include.get('aliases')?.texts() ?? [])];
  return {
    prefix: flat ? outer.prefix : `${outer.prefix}${name}:`,
    prefixes: flat
      ? outer.prefixes
      : outer.prefixes.flatMap((prefix) => spaces.map((space) => `${prefix}${space}:`)).slice(0, MAX_PREFIXES),
    internal: outer.internal || include.get('internal')?.value === true,
    dir: dir === undefined ? outer.dir : (joinPath(outer.dir, fillIn(dir, outer.values)) ?? outer.dir),
    values,
    excludes: include.get('excludes')?.texts() ?? [],
  };
}

function taskIn(file: SourceFile, ownName: string, task: Tree, place: Place): Found {
  const name = place.prefix + ownName;
  const values = new Map(place.values);
  values.set('TASK', name);
  addVariables(values, task.get('vars'));
  const script = commandsOf(task, values);
  const required = (task.get('requires', 'vars')?.items() ?? []).flatMap(
    (item) => item.text ?? item.get('name')?.text ?? [],
  );
  const unset = required.filter((variable) => !values.has(variable));
  const placeholder = unset.length === 1 ? placeholderFor(unset[0]!) : undefined;
  const needs = [...dependenciesOf(task.get('deps'), values), ...script.needs];
  return {
    name,
    aliases: (task.get('aliases')?.texts() ?? []).filter(isTypable).map((alias) => place.prefix + alias),
    run: placeholder === undefined ? `task ${name}` : `task ${name} ${unset[0]}=${placeholder}`,
    at: file.at(task.keyLine),
    body: [...changeTo(task.get('dir')?.text, place, values), ...script.lines],
    // `:build` is the root's, `build` this namespace's.
    needs: needs.map((need) => (need.startsWith(':') ? need.slice(1) : place.prefix + need)),
    description: task.get('desc')?.text ?? task.get('summary')?.text?.split('\n')[0],
    internal:
      place.internal ||
      task.get('internal')?.value === true ||
      isWindowsOnly(task) ||
      (unset.length > 0 && placeholder === undefined),
  };
}

/** `cd` where the commands do not run beside the root Taskfile. */
function changeTo(own: string | undefined, place: Place, values: ReadonlyMap<string, string>): readonly string[] {
  const filled = own === undefined ? '' : fillIn(own, values);
  if (filled.includes('{{')) return [];
  // A path from the root folder is no path within the include's folder.
  const from = own?.includes('_DIR') ? '' : place.dir;
  const dir = joinPath(from, filled);
  return dir === undefined || dir === '' ? [] : [`cd ${dir}`];
}

function commandsOf(
  task: Tree,
  values: ReadonlyMap<string, string>,
): { lines: readonly string[]; needs: readonly string[] } {
  const lines: string[] = [];
  const needs: string[] = [];
  const add = (text: string): void => {
    for (const line of fillIn(text, values)
      .trim()
      .replace(/ ?\\\n\s*/g, ' ')
      .split('\n')) {
      if (line.trim() !== '' && !line.trimStart().startsWith('#') && lines.length < 200) lines.push(line.trimEnd());
    }
  };
  const single = task.get('cmd');
  const list = task.kind === 'map' ? [...(single ? [single] : []), ...(task.get('cmds')?.items() ?? [])] : task.items();
  const plain = task.text ?? task.get('cmds')?.text;
  if (plain !== undefined) add(plain);
  for (const item of list) {
    if (isWindowsOnly(item)) continue;
    const command = item.text ?? item.get('cmd')?.text;
    if (command !== undefined) add(command);
    else needs.push(...called(item, values));
  }
  return { lines, needs };
}

function dependenciesOf(deps: Tree | undefined, values: ReadonlyMap<string, string>): readonly string[] {
  return (deps?.items() ?? []).flatMap((item) =>
    item.text === undefined ? called(item, values) : [fillIn(item.text, values)],
  );
}

/** `task: x`, or one for each of `for: [a, b]`. */
function called(item: Tree, values: ReadonlyMap<string, string>): readonly string[] {
  const name = item.get('task')?.text;
  if (name === undefined) return [];
  const items = item.get('for')?.texts() ?? [];
  if (items.length === 0) return [fillIn(name, values)];
  const variable = item.get('as')?.text ?? 'ITEM';
  return items.map((value) => fillIn(name, new Map([...values, [variable, value]])));
}

function isWindowsOnly(tree: Tree): boolean {
  const platforms = tree.get('platforms')?.texts() ?? [];
  return platforms.length > 0 && platforms.every((platform) => platform.startsWith('windows'));
}
