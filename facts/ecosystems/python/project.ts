import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import { parseIni } from '../../parse/ini.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { ConventionalCommand } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { type Dependency, readDependencies } from './dependencies.ts';
import { chooseManager, type ManagerChoice } from './managers.ts';

/** One folder that is worked on as a Python project. */
export interface PythonProject {
  readonly repo: RepoView;
  readonly dir: string;
  readonly pyproject: SourceFile | undefined;
  readonly toml: Tree | undefined;
  readonly setupPy: SourceFile | undefined;
  readonly hatch: { readonly file: SourceFile; readonly envs: Tree } | undefined;
  readonly requirements: readonly SourceFile[];
  readonly dependencies: readonly Dependency[];
  readonly manager: ManagerChoice;
  /** The root of the uv workspace that this project is a member of. */
  readonly memberOf: PythonProject | undefined;
  /** True for what lies in this project and not in one below it. */
  readonly owns: (path: string) => boolean;
  /** The test files it owns, the shallowest first. */
  readonly testFiles: readonly string[];
}

/** What is around a project. */
interface Surroundings {
  readonly owns: (path: string) => boolean;
  readonly testFiles: readonly string[];
  readonly requirements: readonly SourceFile[];
  readonly memberOf: PythonProject | undefined;
}

/** Reads what the files of a folder declare. */
export function readProject(
  repo: RepoView,
  dir: string,
  { owns, testFiles, requirements: known, memberOf }: Surroundings = ALONE,
): PythonProject {
  const at = (name: string): SourceFile | undefined => repo.file(dir === '' ? name : `${dir}/${name}`);
  const pyproject = at('pyproject.toml');
  const toml = pyproject?.toml();
  const setupCfg = at('setup.cfg');
  const setupPy = at('setup.py');
  const hatchToml = at('hatch.toml');
  const hatchEnvs = hatchToml?.toml()?.get('envs') ?? toml?.get('tool', 'hatch', 'envs');
  const hatchFile = hatchToml?.toml()?.get('envs') ? hatchToml : pyproject;
  const hatch = hatchEnvs && hatchFile ? { file: hatchFile, envs: hatchEnvs } : undefined;
  const requirements = known.filter((file) => file.dir === dir || file.dir === joinPath(dir, 'requirements'));
  const dependencies = readDependencies({
    pyproject,
    toml,
    hatch,
    setupCfg: setupCfg && { file: setupCfg, tree: parseIni(setupCfg.text) },
    setupPy,
    pipfile: at('Pipfile'),
    requirements,
  });
  const manager = chooseManager({
    repo,
    dir,
    pyproject,
    toml,
    hatch,
    requirements,
    setupPy,
    member: memberOf !== undefined,
  });
  return { repo, dir, pyproject, toml, setupPy, hatch, requirements, dependencies, manager, memberOf, owns, testFiles };
}

const ALONE: Surroundings = { owns: () => true, testFiles: [], requirements: [], memberOf: undefined };

/** A file of the project's folder, if it was read. */
export function fileOf(project: Pick<PythonProject, 'repo' | 'dir'>, name: string): SourceFile | undefined {
  return project.repo.file(project.dir === '' ? name : `${project.dir}/${name}`);
}

/** A section of an INI file of the project's folder. */
export function iniSection(
  project: Pick<PythonProject, 'repo' | 'dir'>,
  name: string,
  section: string,
): { readonly file: SourceFile; readonly tree: Tree } | undefined {
  const file = fileOf(project, name);
  const tree = file && parseIni(file.text).get(section);
  return file && tree && { file, tree };
}

/** Where a package is declared, the project's own files first, then those of its workspace's root. */
export function declared(project: PythonProject, ...names: readonly string[]): Dependency | undefined {
  const own = project.dependencies.find(({ name }) => names.includes(name));
  return own ?? project.memberOf?.dependencies.find(({ name }) => names.includes(name));
}

/** What a person types to start a tool: through the manager where the project declares it, bare where it does not. */
export function run(project: PythonProject, command: string, dependency: Dependency | undefined): string {
  const { name, launcher } = project.manager;
  if (!dependency) return command;
  if (name !== 'hatch') return launcher === '' ? command : `${launcher} ${command}`;
  if (dependency.scope !== 'env' || dependency.group === 'default') return `hatch run ${command}`;
  return `hatch run ${dependency.group}:${command}`;
}

/** Says a command of a project, resting on a line: by default on a manifest that need not name it. */
export function commandOf(project: PythonProject, purpose: Purpose, source: 'config' | 'convention' = 'convention') {
  return (command: string, at: Evidence | readonly Evidence[], weight = 0): ConventionalCommand => {
    const evidence = 'path' in at ? [at] : at;
    return { kind: 'command', purpose, run: command, dir: project.dir, source, evidence, weight };
  };
}

/** A line that shows there is a Python project: its manifest's most telling one. A program, setup.py, is no such line. */
export function manifestLine(project: PythonProject): Evidence | undefined {
  const { pyproject, toml, requirements } = project;
  const table = toml?.get('project') ?? toml?.get('tool', 'poetry') ?? toml?.get('build-system');
  if (pyproject && table) return pyproject.at(table.line);
  const file = fileOf(project, 'setup.cfg') ?? requirements[0] ?? fileOf(project, 'Pipfile');
  return file && file.lines.count > 0 ? file.at(1) : undefined;
}
