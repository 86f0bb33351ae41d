import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';
import { placeholderFor } from '../just/placeholder.ts';
import { isTypable } from '../make/task-name.ts';
import { type Arguments, fillIn } from './template.ts';

export interface MiseTask {
  readonly name: string;
  readonly at: Evidence;
  readonly body: readonly string[];
  /** Names, aliases or groups (`lint:*`). */
  readonly depends: readonly string[];
  readonly aliases: readonly string[];
  readonly description: string | undefined;
  readonly internal: boolean;
  /** A placeholder for the one argument it requires. */
  readonly argument: string | undefined;
}

const MAX_BODY = 200;

/** The tasks of a `[tasks]` table, or of a TOML file that holds nothing else. */
export function* tasksIn(file: SourceFile, table: Tree | undefined, config: Tree | undefined): Iterable<MiseTask> {
  const vars = new Map<string, string>();
  for (const [name, value] of config?.get('vars')?.entries() ?? [])
    if (value.text !== undefined) vars.set(name, value.text);
  const base = config?.get('task_config', 'dir')?.text;
  for (const [name, task] of table?.entries() ?? []) {
    if (!isTypable(name)) continue;
    const args: Arguments = { required: [] };
    const body = bodyOf(task, vars, args);
    const usage = task.get('usage')?.text ?? '';
    args.required.push(...requiredInUsage(usage));
    const required = [...new Set(args.required)];
    const argument = required.length === 1 ? placeholderFor(required[0]!) : undefined;
    yield {
      name,
      at: file.at(task.keyLine),
      body: [...changeTo(task.get('dir')?.text ?? base), ...body.lines],
      depends: [...dependenciesIn(task.get('depends')), ...body.calls, ...dependenciesIn(task.get('depends_post'))],
      aliases: [...(task.get('alias')?.texts() ?? []), ...(task.get('aliases')?.texts() ?? [])].filter(isTypable),
      description: task.get('description')?.text,
      internal: task.get('hide')?.value === true || (required.length > 0 && argument === undefined),
      argument,
    };
  }
}

/** `cd` where a task does not run beside its configuration. */
export function changeTo(dir: string | undefined): readonly string[] {
  const plain = dir?.replace(/^\{\{\s*config_root\s*\}\}\/?/, '').replace(/^\.\/?/, '');
  return plain === undefined || plain === '' || plain.includes('{{') ? [] : [`cd ${plain}`];
}

/** `depends = "a"`, `["a", "b --flag"]`, `[{ task = "a" }]`. */
export function dependenciesIn(depends: Tree | undefined): readonly string[] {
  const plain = depends?.texts() ?? [];
  const tables = [...(depends?.items() ?? []), depends].flatMap((item) => item?.get('task')?.text ?? []);
  return [...plain, ...tables].flatMap((name) => name.trim().split(/\s+/)[0] || []);
}

/** The names of `arg "<x>"` in a usage spec; `[x]` and one with a default are optional. */
export function requiredInUsage(spec: string): readonly string[] {
  return spec.split('\n').flatMap((line) => {
    const name = /^\s*arg\s+"?<([\w-]+)>/.exec(line)?.[1];
    return name === undefined || /\bdefault=|\brequired=#?false/.test(line) ? [] : [name];
  });
}

function bodyOf(
  task: Tree,
  vars: ReadonlyMap<string, string>,
  args: Arguments,
): { lines: readonly string[]; calls: readonly string[] } {
  const lines: string[] = [];
  const calls: string[] = [];
  const run = task.kind === 'map' ? task.get('run') : task;
  const script = task.get('file')?.text;
  if (script !== undefined && !script.includes('://')) lines.push(`bash ${script}`);
  for (const item of run?.kind === 'list' ? run.items() : run ? [run] : []) {
    calls.push(...[...(item.get('task')?.texts() ?? []), ...(item.get('tasks')?.texts() ?? [])]);
    const text = item.text?.trim();
    if (
      text === undefined ||
      (text.startsWith('#!') && !/^#!.*\b(?:ba|z|da)?sh\b/.test(text.slice(0, 200).split('\n')[0]!))
    )
      continue;
    for (const line of fillIn(text, vars, args)
      .replace(/ ?\\\n\s*/g, ' ')
      .split('\n')) {
      if (line.trim() !== '' && !line.trimStart().startsWith('#') && lines.length < MAX_BODY)
        lines.push(line.trimEnd());
    }
  }
  return { lines, calls };
}
