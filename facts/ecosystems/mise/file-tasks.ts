import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import { SourceFile } from '../../source-file.ts';
import { placeholderFor } from '../just/placeholder.ts';
import { isTypable } from '../make/task-name.ts';
import { shellBody } from '../scripts/shell-body.ts';
import { changeTo, dependenciesIn, type MiseTask, requiredInUsage } from './tasks.ts';

/** Where mise looks for executables that are tasks, unless it is told otherwise. */
export const DEFAULT_TASK_DIRS: readonly string[] = [
  'mise-tasks',
  '.mise-tasks',
  '.mise/tasks',
  '.config/mise/tasks',
  'mise/tasks',
];

const MAX_FILES = 200;

/** The executables and TOML files of the task folders, and what `task_config.includes` names instead. */
export function namedFiles(repo: RepoView, dir: string, configs: readonly SourceFile[]): readonly string[] {
  const found: string[] = [];
  for (const place of taskDirs(configs)) {
    const path = joinPath(dir, place);
    if (path === undefined || path === '') continue;
    if (repo.paths.isFile(path)) found.push(path);
    else {
      for (const { path: below } of repo.paths.under(path)) {
        if (below.slice(path.length).includes('/.')) continue;
        if (repo.paths.isExecutable(below) || (below.endsWith('.toml') && repo.paths.isFile(below))) found.push(below);
      }
    }
  }
  return found.slice(0, MAX_FILES);
}

function taskDirs(configs: readonly SourceFile[]): readonly string[] {
  for (const config of configs) {
    const includes = config.toml()?.get('task_config', 'includes');
    if (includes) return includes.texts().filter((text) => !/[{*]|::|^[/~]/.test(text));
  }
  return DEFAULT_TASK_DIRS;
}

/** A script as a task: `test/unit.sh` is `test:unit`, `test/_default` is `test`. */
export function fileTask(file: SourceFile, dir: string, configs: readonly SourceFile[]): MiseTask | undefined {
  const relative = dir === '' ? file.path : file.path.slice(dir.length + 1);
  const home = taskDirs(configs)
    .find((place) => relative.startsWith(`${place.replace(/^\.\/|\/$/g, '')}/`))
    ?.replace(/^\.\/|\/$/g, '');
  if (home === undefined || /\.(?:ps1|bat|cmd|md|json|ya?ml)$/.test(file.name)) return undefined;
  const parts = relative.slice(home.length + 1).split('/');
  const last = parts.pop()!.replace(/(?!^)\.[^.]*$/, '');
  const name = [...parts, ...(last === '_default' ? [] : [last])].join(':');
  if (!isTypable(name)) return undefined;
  const header = headerOf(file);
  const { lines, numbers } = shellBody(file);
  const required = requiredInUsage(header.usage);
  const argument = required.length === 1 ? placeholderFor(required[0]!) : undefined;
  return {
    name,
    at: file.at(header.line ?? numbers[0] ?? 1),
    body: [...changeTo(header.tree?.get('dir')?.text), ...lines],
    depends: dependenciesIn(header.tree?.get('depends')),
    aliases: header.tree?.get('alias')?.texts() ?? [],
    description: header.tree?.get('description')?.text,
    internal: header.tree?.get('hide')?.value === true || (required.length > 0 && argument === undefined),
    argument,
  };
}

/** The `#MISE key=value` lines are TOML; `#USAGE` lines are the arguments. */
function headerOf(file: SourceFile): { tree: ReturnType<SourceFile['toml']>; usage: string; line: number | undefined } {
  const settings: string[] = [];
  const usage: string[] = [];
  let line: number | undefined;
  for (let number = 1; number <= Math.min(file.lines.count, 60); number++) {
    const [, kind, rest = ''] = /^(?:#|\/\/|--)\s?\[?(MISE|mise|USAGE)\]?\s+(.*)$/.exec(file.lines.line(number)) ?? [];
    if (kind === 'USAGE') usage.push(rest);
    else if (kind !== undefined) {
      settings.push(rest);
      line ??= number;
    }
  }
  const tree = settings.length === 0 ? undefined : new SourceFile(file.path, settings.join('\n')).toml();
  return { tree, usage: usage.join('\n'), line };
}
