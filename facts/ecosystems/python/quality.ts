import type { Evidence, Purpose } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { Signal } from '../../signal.ts';
import type { Dependency } from './dependencies.ts';
import { declared, fileOf, iniSection, type PythonProject, run } from './project.ts';

/** A tool that judges or rewrites code, and all the ways a project can say that it uses it. */
interface Tool {
  readonly name: string;
  readonly role: 'linter' | 'formatter' | 'type-checker';
  /** Below `[tool]` in pyproject.toml. */
  readonly table: string;
  /** Files of its own; with the section that must be there where the file is shared. */
  readonly files: readonly (readonly [file: string, section?: string])[];
  readonly hooks: readonly string[];
  readonly command: (project: PythonProject) => string;
  /** Whether its command makes sense where only pre-commit installs it: it needs nothing of the project's environment. */
  readonly alone: boolean;
}

/** The preferred of a role first. */
const TOOLS: readonly Tool[] = [
  { name: 'ruff', role: 'linter', table: 'ruff', files: [['ruff.toml'], ['.ruff.toml']], hooks: ['ruff', 'ruff-check'], command: () => 'ruff check', alone: true },
  { name: 'flake8', role: 'linter', table: 'flake8', files: [['.flake8', 'flake8'], ['setup.cfg', 'flake8'], ['tox.ini', 'flake8']], hooks: ['flake8'], command: () => 'flake8', alone: true },
  { name: 'pylint', role: 'linter', table: 'pylint', files: [['.pylintrc'], ['pylintrc'], ['.pylintrc.toml']], hooks: ['pylint'], command: (project) => `pylint ${sources(project) ?? '--recursive=y .'}`, alone: false },
  { name: 'black', role: 'formatter', table: 'black', files: [], hooks: ['black', 'black-jupyter'], command: () => 'black .', alone: true },
  { name: 'yapf', role: 'formatter', table: 'yapf', files: [['setup.cfg', 'yapf'], ['.style.yapf']], hooks: ['yapf'], command: () => 'yapf -ir .', alone: true },
  { name: 'isort', role: 'formatter', table: 'isort', files: [['.isort.cfg'], ['setup.cfg', 'isort'], ['setup.cfg', 'tool:isort'], ['tox.ini', 'isort']], hooks: ['isort'], command: () => 'isort .', alone: true },
  { name: 'mypy', role: 'type-checker', table: 'mypy', files: [['mypy.ini', 'mypy'], ['.mypy.ini', 'mypy'], ['setup.cfg', 'mypy']], hooks: ['mypy'], command: mypy, alone: false },
  { name: 'pyright', role: 'type-checker', table: 'pyright', files: [['pyrightconfig.json']], hooks: ['pyright'], command: () => 'pyright', alone: false },
  { name: 'basedpyright', role: 'type-checker', table: 'basedpyright', files: [], hooks: ['basedpyright'], command: () => 'basedpyright', alone: false },
  { name: 'ty', role: 'type-checker', table: 'ty', files: [['ty.toml']], hooks: ['ty', 'ty-check'], command: () => 'ty check', alone: false },
  { name: 'pyrefly', role: 'type-checker', table: 'pyrefly', files: [['pyrefly.toml']], hooks: ['pyrefly', 'pyrefly-check'], command: () => 'pyrefly check', alone: false },
]; // biome-ignore format: a table of tools

const PURPOSE = { linter: 'lint', formatter: 'format', 'type-checker': 'typecheck' } as const;

/** What checks and formats the code. A member of a workspace says only what its root does not say already. */
export function* qualitySignals(project: PythonProject): Iterable<Signal> {
  const used = usedTools(project);
  const root = project.memberOf;
  const above = new Set(root && usedTools(root).map(({ role }) => role));
  for (const use of used) if (!above.has(use.role)) yield* say(project, use);
}

/** That a project uses a tool, and on which lines it says so. */
interface Use {
  readonly name: string;
  readonly role: Tool['role'];
  readonly command: string;
  readonly alone: boolean;
  readonly config: Evidence | undefined;
  /** The configuration's line shows the tool's name. */
  readonly named: boolean;
  readonly dependency: Evidence | undefined;
  readonly hook: Evidence | undefined;
  readonly weight: number;
}

function usedTools(project: PythonProject): readonly Use[] {
  const hooks = preCommitHooks(project);
  const used = TOOLS.flatMap((tool) => usesOf(project, tool, hooks));
  const format = ruffFormat(project, hooks, used);
  const all = format ? [format, ...used] : used;
  // A table that a project left behind when it moved to another tool is no longer how it is worked on.
  return all.filter(
    (use) => use.dependency ?? use.hook ?? !all.some((other) => other.role === use.role && other.weight > use.weight),
  );
}

function usesOf(project: PythonProject, tool: Tool, hooks: ReadonlyMap<string, Evidence>): Use[] {
  const config = configOf(project, tool);
  const dependency = tool.role === 'formatter' ? ofDevelopers(project, tool.name) : ownDependency(project, tool.name);
  const hook = tool.hooks.map((id) => hooks.get(id)).find((at) => at !== undefined);
  if (!config && !dependency && !hook) return [];
  const order = TOOLS.filter(({ role }) => role === tool.role).indexOf(tool) / 10;
  const signs = [config, dependency, hook].filter((sign) => sign !== undefined).length;
  const known = signs > 1 ? 1 : config ? 0.5 : dependency ? 0 : -0.5;
  // Sorting imports is not all of formatting.
  const weight = known - (tool.name === 'isort' ? 2 : order);
  const { name, role, alone } = tool;
  const command =
    tool.name === 'ruff' ? ruff(project, 'check') : run(project, tool.command(project), declared(project, tool.name));
  return [
    {
      name,
      role,
      command,
      alone,
      config: config?.at,
      named: config?.named ?? false,
      dependency: dependency?.at,
      hook,
      weight,
    },
  ];
}

function ownDependency({ dependencies }: PythonProject, tool: string): Dependency | undefined {
  return dependencies.find(({ name }) => name === tool);
}

/** Where a tool is declared for more than the documentation: a formatter there formats examples. */
function ofDevelopers({ dependencies }: PythonProject, tool: string): Dependency | undefined {
  const found = dependencies.filter(({ name }) => name === tool);
  const ofDocs = new Set(found.filter(({ group }) => /doc/.test(group)).map(({ at }) => at));
  return found.find(({ at }) => !ofDocs.has(at));
}

/**
 * Ruff formats where it is told how to, where pre-commit has it format, or where it is at hand and nothing else formats.
 * A [tool.ruff] table alone says that it lints.
 */
function ruffFormat(
  project: PythonProject,
  hooks: ReadonlyMap<string, Evidence>,
  used: readonly Use[],
): Use | undefined {
  const own = fileOf(project, 'ruff.toml') ?? fileOf(project, '.ruff.toml');
  const inOwn = own?.toml()?.get('format');
  const table = project.toml?.get('tool', 'ruff', 'format');
  const config = inOwn ? own?.at(inOwn.line) : table && project.pyproject?.at(table.line);
  const hook = hooks.get('ruff-format');
  const dependency = ownDependency(project, 'ruff')?.at;
  const others = used.filter(({ role, name }) => role === 'formatter' && name !== 'isort');
  if (!config && !hook && (!dependency || others.some((use) => use.config ?? use.hook))) return undefined;
  const lints = used.some(({ name, config }) => name === 'ruff' && config);
  const weight = config && dependency ? 1.2 : (config ?? hook) ? 0.7 : lints && others.length === 0 ? 0.2 : -0.2;
  const command = ruff(project, 'format');
  return { name: 'ruff', role: 'formatter', command, alone: true, config, named: true, dependency, hook, weight };
}

/** Hatch brings Ruff itself, as `hatch fmt`, where its default environment does not hold it. */
function ruff(project: PythonProject, verb: 'check' | 'format'): string {
  const dependency = declared(project, 'ruff');
  const builtIn = project.manager.name === 'hatch' && !(dependency?.scope === 'env' && dependency.group === 'default');
  if (builtIn) return verb === 'check' ? 'hatch fmt --check' : 'hatch fmt';
  return run(project, `ruff ${verb}`, dependency);
}

function* say(project: PythonProject, use: Use): Iterable<Signal> {
  const { dir } = project;
  const evidence = [use.config, use.hook, use.dependency].filter((at) => at !== undefined);
  const source = (use.config && (use.named || evidence.length > 1)) || use.hook ? 'config' : 'convention';
  yield { kind: 'fact', key: use.role, value: use.name, dir, source, evidence, weight: use.weight };
  if (!use.config && !use.dependency && !use.alone) return;
  const purpose: Purpose = PURPOSE[use.role];
  const command = { kind: 'command', purpose, run: use.command, dir, weight: use.weight } as const;
  // The lines that show Ruff do not show Hatch, which starts it.
  const { at } = project.manager;
  if (use.command.startsWith('hatch fmt') && at)
    yield { ...command, source: 'convention', evidence: [at, ...evidence] };
  else yield { ...command, source, evidence };
}

function configOf(project: PythonProject, tool: Tool): { readonly at: Evidence; readonly named: boolean } | undefined {
  for (const [name, section] of tool.files) {
    const file = fileOf(project, name);
    if (!file || file.lines.count === 0) continue;
    if (section !== undefined) {
      const line = file.find(`[${section}]`);
      if (line) return { at: file.at(line), named: true };
      continue;
    }
    const line = file.find(tool.name);
    if (line) return { at: file.at(line), named: true };
    if (/\.(?:toml|cfg|json)$/.test(name)) return { at: file.at(1), named: false };
  }
  const table = project.toml?.get('tool', tool.table);
  return table && project.pyproject ? { at: project.pyproject.at(table.line), named: true } : undefined;
}

/** The hooks of .pre-commit-config.yaml by their id; what is commented out is not there. */
function preCommitHooks(project: PythonProject): ReadonlyMap<string, Evidence> {
  const file = fileOf(project, '.pre-commit-config.yaml') ?? fileOf(project, '.pre-commit-config.yml');
  const hooks = new Map<string, Evidence>();
  for (const repo of file?.yaml()?.get('repos')?.items() ?? []) {
    for (const hook of repo.get('hooks')?.items() ?? []) {
      const id = hook.get('id');
      if (file && id?.text && !hooks.has(id.text)) hooks.set(id.text, file.at(id.line));
    }
  }
  return hooks;
}

/** mypy checks what its configuration names; without that it wants to be told. */
function mypy(project: PythonProject): string {
  const configured: (Tree | undefined)[] = [
    ...['mypy.ini', '.mypy.ini', 'setup.cfg'].map((name) => iniSection(project, name, 'mypy')?.tree),
    project.toml?.get('tool', 'mypy'),
  ];
  const names = ['files', 'packages', 'modules'];
  if (configured.some((table) => names.some((name) => table?.get(name) !== undefined))) return 'mypy';
  return sources(project) === 'src' ? 'mypy src' : 'mypy .';
}

/** Where the code is: `src`, or the one package beside the manifest. */
function sources({ repo, dir }: PythonProject): string | undefined {
  const at = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  const src = at('src/');
  if (repo.paths.under(at('src')).some(({ path }) => /^[^/]+\/__init__\.py$/.test(path.slice(src.length))))
    return 'src';
  const depth = dir === '' ? 1 : dir.split('/').length + 1;
  const packages = repo.paths.named('__init__.py').flatMap((path) => {
    const parts = path.split('/');
    const name = parts.at(-2) ?? '';
    return parts.length === depth + 1 && path === at(`${name}/__init__.py`) && !/^(?:tests?|docs?)$/.test(name)
      ? [name]
      : [];
  });
  return packages.length === 1 ? packages[0] : undefined;
}
