import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';
import { readRequirements, requirementName } from './requirements.ts';

/** A package that a Python project declares, and where. */
export interface Dependency {
  readonly name: string;
  readonly at: Evidence;
  /** `main`: needed at run time; `extra`, `group`: optional, by name; `env`: a Hatch environment; `file`: a requirements file. */
  readonly scope: 'main' | 'extra' | 'group' | 'env' | 'file';
  /** The name of the extra, group or environment; the path of the file. */
  readonly group: string;
}

/** The parsed files of one folder that may declare dependencies. */
export interface Declarations {
  readonly pyproject: SourceFile | undefined;
  readonly toml: Tree | undefined;
  readonly hatch: { readonly file: SourceFile; readonly envs: Tree } | undefined;
  readonly setupCfg: { readonly file: SourceFile; readonly tree: Tree } | undefined;
  readonly setupPy: SourceFile | undefined;
  readonly pipfile: SourceFile | undefined;
  readonly requirements: readonly SourceFile[];
}

/** Everything that is declared in any of these files, in the order in which people look for it. */
export function readDependencies(from: Declarations): readonly Dependency[] {
  return [
    ...(from.pyproject && from.toml ? ofPyproject(from.pyproject, from.toml) : []),
    ...(from.hatch ? ofHatch(from.hatch.file, from.hatch.envs) : []),
    ...(from.setupCfg ? ofSetupCfg(from.setupCfg.file, from.setupCfg.tree) : []),
    ...(from.setupPy ? ofSetupPy(from.setupPy) : []),
    ...(from.pipfile ? ofPipfile(from.pipfile) : []),
    ...from.requirements.flatMap(ofRequirements),
  ];
}

type Scope = Dependency['scope'];

function* ofPyproject(file: SourceFile, toml: Tree): Iterable<Dependency> {
  yield* listed(file, toml.get('project', 'dependencies'), 'main', '');
  const extras = toml.get('project', 'optional-dependencies');
  const itself = requirementName(toml.get('project', 'name')?.text ?? '');
  const direct = [...lists(file, extras, 'extra'), ...lists(file, toml.get('dependency-groups'), 'group')];
  yield* direct;
  yield* included(direct, toml.get('dependency-groups'), 'group', (item) => item.get('include-group')?.texts() ?? []);
  yield* included(direct, extras, 'extra', ({ text }) => {
    const [, name = '', inner = ''] = /^\s*([\w.-]+)\s*\[([^\]]*)\]/.exec(text ?? '') ?? [];
    return itself !== undefined && requirementName(name) === itself
      ? inner.split(',').map((extra) => extra.trim())
      : [];
  });
  yield* listed(file, toml.get('tool', 'uv', 'dev-dependencies'), 'group', 'dev');
  yield* lists(file, toml.get('tool', 'pdm', 'dev-dependencies'), 'group');
  const poetry = toml.get('tool', 'poetry');
  yield* keyed(file, poetry?.get('dependencies'), 'main', '');
  yield* keyed(file, poetry?.get('dev-dependencies'), 'group', 'dev');
  for (const [group, tree] of poetry?.get('group')?.entries() ?? []) {
    yield* keyed(file, tree.get('dependencies'), 'group', group);
  }
}

/** Groups that are made of so many others are read no further. */
const MAX_INCLUDED = 100;

/** What groups and extras hold through others: `{ include-group = "tests" }`, `itself[tests]`. */
function* included(
  direct: readonly Dependency[],
  table: Tree | undefined,
  scope: Scope,
  namesIn: (item: Tree) => readonly string[],
): Iterable<Dependency> {
  const groups = new Map(table?.entries().slice(0, MAX_INCLUDED));
  for (const [group] of groups) {
    const reached = new Set([group]);
    for (const at of reached) {
      for (const item of groups.get(at)?.items() ?? []) {
        if (reached.size < MAX_INCLUDED) for (const name of namesIn(item)) reached.add(name);
      }
    }
    for (const found of reached.size > 1 ? direct : []) {
      if (found.scope === scope && found.group !== group && reached.has(found.group)) yield { ...found, group };
    }
  }
}

function* ofHatch(file: SourceFile, envs: Tree): Iterable<Dependency> {
  for (const [env, tree] of envs.entries()) {
    yield* listed(file, tree.get('dependencies'), 'env', env);
    yield* listed(file, tree.get('extra-dependencies'), 'env', env);
  }
}

function* ofSetupCfg(file: SourceFile, tree: Tree): Iterable<Dependency> {
  yield* lined(file, tree.get('options', 'install_requires'), 'main', '');
  yield* lined(file, tree.get('options', 'tests_require'), 'extra', 'test');
  for (const [extra, value] of tree.get('options.extras_require')?.entries() ?? []) {
    yield* lined(file, value, 'extra', extra);
  }
}

/**
 * setup.py is a program that is not run: the strings within the brackets after `install_requires =`, `extras_require =`
 * and names like theirs are told, below the extra's name where there is one.
 */
function* ofSetupPy(file: SourceFile): Iterable<Dependency> {
  let depth = 0;
  let extra = '';
  for (let number = 1; number <= file.lines.count; number++) {
    const line = file.lines.line(number);
    if (line.length > 2000 || line.trimStart().startsWith('#')) continue;
    const opens =
      depth === 0 ? /^\s*\w*(?:require|deps|dependencies|extras)\w*\s*=\s*(?=[[{(])/i.exec(line) : undefined;
    if (depth === 0 && !opens) continue;
    if (opens) extra = '';
    const rest = line.slice(opens?.[0].length ?? 0);
    for (const [, text = '', key] of rest.matchAll(/['"]([\w.-]+)(?:\[[\w, -]*\])?[^'"]{0,200}['"](\s*:)?/g)) {
      const name = requirementName(text);
      if (key) extra = text;
      else if (name) yield { name, at: file.at(number), scope: extra ? 'extra' : 'main', group: extra };
    }
    depth += rest.split(/[[{(]/).length - rest.split(/[\]})]/).length;
    if (depth < 0) depth = 0;
  }
}

function* ofPipfile(file: SourceFile): Iterable<Dependency> {
  yield* keyed(file, file.toml()?.get('packages'), 'main', '');
  yield* keyed(file, file.toml()?.get('dev-packages'), 'group', 'dev');
}

function ofRequirements(file: SourceFile): readonly Dependency[] {
  return readRequirements(file).packages.map(({ name, line }) => ({
    name,
    at: file.at(line),
    scope: 'file' as const,
    group: file.path,
  }));
}

function* lists(file: SourceFile, table: Tree | undefined, scope: Scope): Iterable<Dependency> {
  for (const [group, list] of table?.entries() ?? []) yield* listed(file, list, scope, group);
}

function* listed(file: SourceFile, list: Tree | undefined, scope: Scope, group: string): Iterable<Dependency> {
  for (const item of list?.items() ?? []) {
    const name = requirementName(item.text ?? '');
    if (name) yield { name, at: file.at(item.line), scope, group };
  }
}

function* keyed(file: SourceFile, table: Tree | undefined, scope: Scope, group: string): Iterable<Dependency> {
  for (const [key, value] of table?.entries() ?? []) {
    const name = requirementName(key);
    if (name) yield { name, at: file.at(value.keyLine), scope, group };
  }
}

function* lined(file: SourceFile, value: Tree | undefined, scope: Scope, group: string): Iterable<Dependency> {
  for (const { text, line } of value?.textLines() ?? []) {
    const name = requirementName(text);
    if (name) yield { name, at: file.at(line), scope, group };
  }
}
