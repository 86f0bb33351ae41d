import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import { parseIni } from '../../parse/ini.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { ConventionalCommand } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { type Dependency, readDependencies } from './dependencies.ts';
import { chooseManager, type ManagerChoice } from './managers.ts';
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
  /** The folder of the uv workspace that this project is a member of. */
  readonly memberOf: string | undefined;
}

const MANIFESTS = new Set(['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile']);

/** Folders of projects, shallowest first: those with a manifest, and those with requirements and Python beside or below them. */
export function projectDirs(repo: RepoView): readonly string[] {
  const dirs = new Set<string>();
  for (const file of repo.files) {
    if (MANIFESTS.has(file.name) && isManifest(file)) dirs.add(file.dir);
    else if (file.name === 'manage.py') dirs.add(nearest(file.dir, dirs) ?? file.dir);
    else if (isRequirements(file)) {
      const dir = file.dir === 'requirements' || file.dir.endsWith('/requirements') ? parent(file.dir) : file.dir;
      if (!HELPERS.test(dir) && repo.paths.under(dir).some(({ path }) => path.endsWith('.py'))) dirs.add(dir);
    }
  }
  return [...dirs];
}

/** Reads what the files of a folder declare. */
export function readProject(repo: RepoView, dir: string): PythonProject {
  const at = (name: string): SourceFile | undefined => repo.file(dir === '' ? name : `${dir}/${name}`);
  const pyproject = at('pyproject.toml');
  const toml = pyproject?.toml();
  const setupCfg = at('setup.cfg');
  const setupPy = at('setup.py');
  const hatchToml = at('hatch.toml');
  const hatchEnvs = hatchToml?.toml()?.get('envs') ?? toml?.get('tool', 'hatch', 'envs');
  const hatchFile = hatchToml?.toml()?.get('envs') ? hatchToml : pyproject;
  const hatch = hatchEnvs && hatchFile ? { file: hatchFile, envs: hatchEnvs } : undefined;
  const requirements = repo.files.filter(
    (file) => isRequirements(file) && (file.dir === dir || file.dir === joinPath(dir, 'requirements')),
  );
  const memberOf = pyproject && dir !== '' ? workspaceRootOf(repo, dir) : undefined;
  const dependencies = readDependencies({
    pyproject,
    toml,
    hatch,
    setupCfg: setupCfg && { file: setupCfg, tree: parseIni(setupCfg.text) },
    setupPy,
    pipfile: at('Pipfile'),
    requirements,
  });
  const manager = chooseManager({ repo, dir, pyproject, toml, hatch, requirements, setupPy, memberOf });
  return { repo, dir, pyproject, toml, setupPy, hatch, requirements, dependencies, manager, memberOf };
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
  if (own || project.memberOf === undefined) return own;
  return readProject(project.repo, project.memberOf).dependencies.find(({ name }) => names.includes(name));
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
  return (command: string, at: Evidence, weight = 0): ConventionalCommand => {
    return { kind: 'command', purpose, run: command, dir: project.dir, source, evidence: [at], weight };
  };
}

/** A line that shows there is a Python project: its manifest's most telling one. */
export function manifestLine(project: PythonProject): Evidence | undefined {
  const { pyproject, toml, setupPy, requirements } = project;
  const table = toml?.get('project') ?? toml?.get('tool', 'poetry') ?? toml?.get('build-system');
  if (pyproject && table) return pyproject.at(table.line);
  const file = setupPy ?? fileOf(project, 'setup.cfg') ?? requirements[0] ?? pyproject ?? fileOf(project, 'Pipfile');
  return file && file.lines.count > 0 ? file.at(1) : undefined;
}

/** Folders whose projects show or help something else: examples, documentation, benchmarks, automation. */
export function isSecondary(dir: string): boolean {
  return dir.split('/').some((part) => part.startsWith('.') || SECONDARY.test(part));
}

const SECONDARY =
  /^(?:examples?|samples?|demos?|docs?|documentation|website|benchmarks?|bench|perf|tutorials?|notebooks?|recipes|playground|docs?_src|test_?projects?|e2e|docker|dockerfiles|contrib)$/i;

/** Requirements in such a folder belong to the project around it. */
const HELPERS = /(?:^|\/)(?:tests?|scripts?|tools?|ci|hack|build|deploy|etc|misc)$/i;

/** requirements.txt, requirements-dev.txt, dev-requirements.txt, requirements/dev.txt; never constraints. */
function isRequirements(file: SourceFile): boolean {
  if (!file.name.endsWith('.txt') || file.name.includes('constraint')) return false;
  return file.name.includes('requirements') || file.dir === 'requirements' || file.dir.endsWith('/requirements');
}

/** A pyproject.toml or setup.cfg that only configures tools makes no project of a folder below the root. */
function isManifest(file: SourceFile): boolean {
  if (file.dir === '') return true;
  if (file.name === 'setup.cfg') return file.find(/^\[(?:metadata|options)\]/) !== undefined;
  if (file.name !== 'pyproject.toml') return true;
  const toml = file.toml();
  const says = ['project', 'build-system', 'dependency-groups'].some((key) => toml?.get(key) !== undefined);
  return says || ['poetry', 'pdm', 'hatch', 'uv'].some((key) => toml?.get('tool', key) !== undefined);
}

function nearest(dir: string, dirs: ReadonlySet<string>): string | undefined {
  for (let at = dir; at !== ''; at = parent(at)) if (dirs.has(at)) return at;
  return dirs.has('') ? '' : undefined;
}

function parent(dir: string): string {
  return dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
}
