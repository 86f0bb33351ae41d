import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import { shallowFirst } from '../../match-files.ts';
import { parseIni } from '../../parse/ini.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath, type PathIndex } from '../../path-index.ts';
import type { ConventionalCommand } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { type Dependency, readDependencies } from './dependencies.ts';
import { chooseManager, type ManagerChoice } from './managers.ts';
import { requirementsFiles } from './requirements.ts';
import { workspaceRootOf } from './workspaces.ts';

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
  /** The folders of the projects below this one: what lies in them is theirs. */
  readonly inner: readonly string[];
}

const MANIFESTS = new Set(['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile']);

/** The projects of a repository, the shallowest first; those of examples and documentation are nobody's work. */
export function readProjects(repo: RepoView): readonly PythonProject[] {
  const requirements = requirementsFiles(repo);
  const dirs = projectDirs(repo, requirements);
  const projects = new Map<string, PythonProject>();
  for (const dir of dirs) {
    if (isSecondary(dir) || isOthers(repo, dir)) continue;
    const root = workspaceRootOf(repo, dir);
    const above = root === undefined ? undefined : projects.get(root);
    const memberOf = above?.manager.name === 'uv' ? above : undefined;
    projects.set(dir, readProject(repo, dir, { dirs, requirements, memberOf }));
  }
  return [...projects.values()];
}

/** Folders with a manifest, and those with requirements or a manage.py, and Python beside or below them. */
function projectDirs(repo: RepoView, requirements: readonly SourceFile[]): readonly string[] {
  const dirs = new Set<string>();
  for (const file of repo.files) {
    if (file.dir === '' ? isRootSign(file) : MANIFESTS.has(file.name) && isManifest(repo, file)) dirs.add(file.dir);
  }
  for (const file of requirements) {
    const dir = /(?:^|\/)requirements$/.test(file.dir) ? parent(file.dir) : file.dir;
    const material = dirs.has('') && isAmongTests(dir);
    if (!dirs.has(dir) && !material && !HELPERS.test(dir) && hasPython(repo, dir)) dirs.add(dir);
  }
  for (const file of repo.files)
    if (file.name === 'manage.py' && !isWithinAny(file.path, [...dirs])) dirs.add(file.dir);
  return [...dirs].sort(shallowFirst);
}

/** What is around a project. */
interface Surroundings {
  readonly dirs: readonly string[];
  readonly requirements: readonly SourceFile[];
  readonly memberOf: PythonProject | undefined;
}

/** Reads what the files of a folder declare. */
export function readProject(
  repo: RepoView,
  dir: string,
  { dirs, requirements: known, memberOf }: Surroundings = { dirs: [], requirements: [], memberOf: undefined },
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
  const inner = dirs.filter((other) => other !== dir && isWithin(other, dir));
  return { repo, dir, pyproject, toml, setupPy, hatch, requirements, dependencies, manager, memberOf, inner };
}

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

/** Folders whose projects show or help something else: examples, documentation, benchmarks, automation. */
export function isSecondary(dir: string): boolean {
  return dir.split('/').some((part) => part.startsWith('.') || SECONDARY.test(part));
}

const SECONDARY =
  /^(?:examples?|samples?|demos?|docs?|documentation|website|benchmarks?|bench|perf|tutorials?|notebooks?|recipes|playground|docs?_src|test_?projects?|e2e|sandbox|docker|dockerfiles|contrib)$/i;

/** In a C or C++ repository the libraries that come with it, and whatever carries its version in its name. */
function isOthers({ paths }: RepoView, dir: string): boolean {
  if (/-\d+\.\d+(?:\.\d+)*(?:\/|$)/.test(dir)) return true;
  const native = ['CMakeLists.txt', 'configure.ac', 'meson.build', 'Makefile.am'].some((name) => paths.has(name));
  return native && /(?:^|\/)(?:libs?|deps?|subprojects|external|extern|submodules)\//.test(dir);
}

/** True for a folder that is, or lies in, one of tests. */
export function isAmongTests(dir: string): boolean {
  return /(?:^|\/)(?:tests?|testing)(?:\/|$)/i.test(dir);
}

/** True where more than a requirements file says that the folder is a project. */
export function hasManifest(project: PythonProject): boolean {
  return [...MANIFESTS].some((name) => fileOf(project, name) !== undefined);
}

/** Requirements in such a folder belong to the project around it. */
const HELPERS = /(?:^|\/)(?:tests?|scripts?|tools?|ci|hack|build|deploy|etc|misc)$/i;

/** At the root the configuration of a Python tool is enough. */
function isRootSign(file: SourceFile): boolean {
  return (
    MANIFESTS.has(file.name) ||
    /^\.?(?:ruff|mypy|flake8|pytest|pyrefly|ty|pylintrc|pyrightconfig)(?:\.|$)/.test(file.name)
  );
}

/** A pyproject.toml or setup.cfg that only configures tools makes no project of a folder below the root. */
function isManifest(repo: RepoView, file: SourceFile): boolean {
  if (file.name === 'setup.py') return isSetupScript(repo, file);
  if (file.name === 'setup.cfg') return file.find(/^\[(?:metadata|options)\]/) !== undefined;
  if (file.name !== 'pyproject.toml') return true;
  const toml = file.toml();
  const says = ['project', 'build-system', 'dependency-groups'].some((key) => toml?.get(key) !== undefined);
  return says || ['poetry', 'pdm', 'hatch', 'uv'].some((key) => toml?.get('tool', key) !== undefined);
}

/** A module may be called setup.py too. */
function isSetupScript(repo: RepoView, file: SourceFile): boolean {
  if (repo.paths.isFile(`${file.dir}/__init__.py`)) return false;
  return file.find(/\bsetup\(/) !== undefined && file.find(/\b(?:setuptools|distutils|skbuild)\b/) !== undefined;
}

function hasPython(repo: RepoView, dir: string): boolean {
  return repo.paths.once('python folders', foldersWithPython).has(dir);
}

function foldersWithPython({ entries }: PathIndex): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { path } of entries) {
    if (!path.endsWith('.py')) continue;
    for (let dir = parent(path); !found.has(dir); dir = parent(dir)) found.add(dir);
  }
  return found;
}

/** True for what lies in one of the folders. */
export function isWithinAny(path: string, dirs: readonly string[]): boolean {
  return dirs.some((dir) => isWithin(path, dir));
}

function isWithin(path: string, dir: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

function parent(dir: string): string {
  return dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
}
