import type { Evidence } from '../../fact.ts';
import type { ConventionalCommand } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import type { Dependency } from './dependencies.ts';
import { commandOf, declared, fileOf, manifestLine, type PythonProject, run } from './project.ts';
import { readRequirements, requirementName } from './requirements.ts';
import { workspaceMembers } from './workspaces.ts';

/** How the project and what its developers need are installed; the best way first. */
export function* installCommands(project: PythonProject): Iterable<ConventionalCommand> {
  const { manager } = project;
  if (project.memberOf !== undefined || !manager.at) return;
  const say = commandOf(project, 'install');
  if (manager.name === 'uv') yield* installUv(project, manager.evidence);
  else if (manager.name === 'poetry') yield say(`poetry install${missing(project, 'poetry')}`, manager.evidence, 1);
  else if (manager.name === 'pdm') yield say(`pdm install${missing(project, 'pdm')}`, manager.evidence, 1);
  else if (manager.name === 'hatch') yield say('hatch env create', manager.at, 1);
  else if (manager.launcher === 'pipenv run') yield say('pipenv install --dev', manager.at, 1);
  else yield* installPip(project);
}

/** What makes a package, or the compiled part of one. Nothing for a project that is not packaged. */
export function* buildCommands(project: PythonProject): Iterable<ConventionalCommand> {
  const { toml, pyproject, setupPy, manager } = project;
  const say = commandOf(project, 'build');
  const backend = toml?.get('build-system', 'build-backend');
  const compiled = setupPy?.find(/\bext_modules\b|\bcythonize\(/);
  if (setupPy && compiled && !backend?.text?.startsWith('poetry')) {
    yield say('python setup.py build_ext --inplace', setupPy.at(compiled), 0);
  }
  if (!pyproject || !backend?.text || project.memberOf !== undefined) return;
  const at = pyproject.at(backend.line);
  if (backend.text === 'maturin') {
    const dependency = declared(project, 'maturin');
    yield say(run(project, 'maturin develop', dependency), at, 2);
  }
  if (toml?.get('tool', 'uv', 'package')?.value === false) return;
  if (toml?.get('tool', 'poetry', 'package-mode')?.value === false) return;
  const build = declared(project, 'build');
  // What is installed from a requirements.txt is an application: hardly anybody packages it by hand.
  const application = project.requirements.some(({ name }) => name === 'requirements.txt');
  if (manager.name === 'pip') {
    if (build ?? !application) yield say('python -m build', build?.at ?? at, build ? 0 : -2);
    return;
  }
  if (manager.name) yield say(`${manager.name} build`, at, -1);
}

/** Tools of development: whoever installs a project to work on it wants the group or extra that holds them. */
const DEV_TOOLS = new Set([
  'pytest', 'pytest-cov', 'pytest-django', 'pytest-asyncio', 'ruff', 'black', 'mypy', 'flake8', 'pylint', 'isort', 'tox', 'nox',
  'pre-commit', 'prek', 'pyright', 'basedpyright', 'ty', 'pyrefly', 'poethepoet', 'taskipy', 'invoke', 'duty', 'coverage', 'hypothesis',
]); // biome-ignore format: a table of names

/** Tools that a package may also offer its users something for. */
const OFFERED = new Set(['tox', 'nox', 'coverage', 'hypothesis', 'invoke', 'duty', 'taskipy', 'poethepoet']);
const DEV_NAME = /^(?:dev(?:el|elop|elopment)?|tests?|testing|all)$/;

function developing({ dependencies }: PythonProject): readonly Dependency[] {
  return dependencies.filter(({ name, scope, group }) => {
    return DEV_TOOLS.has(name) && (scope !== 'extra' || !OFFERED.has(name) || DEV_NAME.test(group));
  });
}

function* installUv(project: PythonProject, at: readonly Evidence[]): Iterable<ConventionalCommand> {
  const say = commandOf(project, 'install');
  const options = missing(project, 'uv') + (coversMembers(project) ? '' : ' --all-packages');
  yield say(`uv sync${options}`, at, 1);
  if (options !== '') yield say('uv sync', at, 0);
}

/** `uv sync` installs the root with what it depends on: enough where it depends on every member. */
function coversMembers(project: PythonProject): boolean {
  const sources = project.toml?.get('tool', 'uv', 'sources')?.entries() ?? [];
  const named = new Set<string | undefined>(
    sources.flatMap(([name, tree]) => (tree.get('workspace')?.value === true ? [requirementName(name)] : [])),
  );
  for (const { name } of project.dependencies) named.add(name);
  return workspaceMembers(project.repo, project.dir).every((member) => {
    const name = project.repo.file(`${member}/pyproject.toml`)?.toml()?.get('project', 'name')?.text;
    return name !== undefined && named.has(requirementName(name));
  });
}

/** How each manager asks for more than it installs by itself. */
const OPTIONS = {
  uv: { group: '--group', groups: '--all-groups', extra: '--extra', extras: '--all-extras' },
  poetry: { group: '--with', groups: '--all-groups', extra: '--extras', extras: '--all-extras' },
  pdm: { group: '-G', groups: '-G:all', extra: '-G', extras: '-G:all' },
} as const;

/**
 * The option that brings the tools of development where the plain command leaves them out: nothing where one of them
 * comes by default, else the one group or extra that holds them, else all of them.
 */
function missing(project: PythonProject, manager: keyof typeof OPTIONS): string {
  const tools = developing(project);
  const included = defaultGroups(project, manager);
  if (tools.some(({ scope, group }) => scope === 'main' || (scope === 'group' && included(group)))) return '';
  const option = OPTIONS[manager];
  const groups = holders(tools, 'group');
  const extras = holders(tools, 'extra');
  if (groups.length > 0) return ` ${groups.length === 1 ? `${option.group} ${groups[0]}` : option.groups}`;
  if (extras.length > 0) return ` ${extras.length === 1 ? `${option.extra} ${extras[0]}` : option.extras}`;
  return '';
}

/** uv brings the group `dev`, Poetry every group that is not optional, PDM all. */
function defaultGroups({ toml }: PythonProject, manager: keyof typeof OPTIONS): (group: string) => boolean {
  if (manager === 'pdm') return () => true;
  if (manager === 'poetry') return (group) => toml?.get('tool', 'poetry', 'group', group, 'optional')?.value !== true;
  const said = toml?.get('tool', 'uv', 'default-groups');
  if (said?.text === 'all') return () => true;
  const groups = said?.texts() ?? ['dev'];
  return (group) => groups.includes(group);
}

/** The groups or extras that hold tools; the one that is made for developers alone where it brings the test runner. */
function holders(tools: readonly Dependency[], scope: 'group' | 'extra'): readonly string[] {
  const within = tools.filter((tool) => tool.scope === scope);
  const names = [...new Set(within.map(({ group }) => group))];
  const whole = names.filter((name) => /^dev(?:el|elop|elopment)?$|^all$/.test(name));
  const tested = within.some(({ name, group }) => name === 'pytest' && group === whole[0]);
  return whole.length > 0 && (tested || !within.some(({ name }) => name === 'pytest')) ? whole.slice(0, 1) : names;
}

function* installPip(project: PythonProject): Iterable<ConventionalCommand> {
  const { toml, pyproject } = project;
  const say = commandOf(project, 'install');
  const inSetup = project.setupPy?.find(/\binstall/);
  const shown = manifestLine(project) ?? (inSetup ? project.setupPy?.at(inSetup) : undefined);
  const packaged = toml?.get('project') ?? toml?.get('build-system') ?? project.setupPy ?? metadata(project);
  const tools = developing(project);
  const [extra] = tools.filter(({ scope, group }) => scope === 'extra' && group !== '').sort(devFirst);
  if (packaged && extra)
    yield say(`pip install -e ".[${extra.group}]"`, lineOfExtra(project, extra), DEV_NAME.test(extra.group) ? 3 : 1);
  const [group] = tools.filter(({ scope }) => scope === 'group').sort(devFirst);
  if (group && pyproject && !extra) {
    yield say(`pip install ${packaged ? '-e . ' : ''}--group ${group.group}`, group.at, 1);
  }
  const main = requirements(project, /^(?:requirements|base|main|common|prod|production|default)$/);
  const dev =
    requirements(project, /^(?:dev(?:el|elop|elopment)?|local|all)$/) ??
    requirements(project, /^(?:tests?|testing|ci)$/);
  const plain = main && `pip install -r ${within(project, main)}`;
  if (dev) {
    const alone = `pip install -r ${within(project, dev)}`;
    const known = brought(project, dev);
    if (known.project || (main ? known.paths.has(main.path) : !packaged)) yield say(alone, dev.at(1), 2);
    else yield say(`${plain ?? 'pip install -e .'} && ${alone}`, (main ?? dev).at(1), 2);
  }
  if (main && plain) yield say(plain, main.at(1), 1);
  if (packaged && shown) yield say('pip install -e .', shown, main ? -1 : 0);
}

/** In setup.py the line must show the extra itself: a program proves nothing by being there. */
function lineOfExtra({ setupPy }: PythonProject, { group, at }: Dependency): Evidence {
  const line = setupPy?.path === at.path ? (setupPy.find(`"${group}"`) ?? setupPy.find(`'${group}'`)) : undefined;
  return line ? { ...at, line } : at;
}

/** The requirements file for a role, by its name without `requirements` around it: the shallowest, shortest one. */
function requirements(project: PythonProject, role: RegExp): SourceFile | undefined {
  const roleOf = (name: string): string => {
    const bare = name.replace(/\.txt$/, '');
    return bare.replace(/[-_.]?requirements[-_.]?/, '') || bare;
  };
  return project.requirements
    .filter((file) => file.lines.count > 0 && role.test(roleOf(file.name)))
    .sort((a, b) => a.path.length - b.path.length)[0];
}

/** What a requirements file brings along through `-r`. */
function brought(
  project: PythonProject,
  file: SourceFile,
): { readonly paths: ReadonlySet<string>; readonly project: boolean } {
  const paths = new Set([file.path]);
  let itself = false;
  for (const path of paths) {
    const next = project.repo.file(path);
    const read = next && readRequirements(next);
    if (read?.project) itself = true;
    for (const include of read?.includes ?? []) paths.add(include);
  }
  return { paths, project: itself };
}

function devFirst(a: Dependency, b: Dependency): number {
  const rank = ({ group }: Dependency): number =>
    ['dev', 'develop', 'development', 'test', 'tests', 'testing'].indexOf(group) >>> 0;
  return rank(a) - rank(b);
}

function within(project: PythonProject, file: SourceFile): string {
  return project.dir === '' ? file.path : file.path.slice(project.dir.length + 1);
}

function metadata(project: PythonProject): SourceFile | undefined {
  const file = fileOf(project, 'setup.cfg');
  return file?.find(/^\[metadata\]/) ? file : undefined;
}
