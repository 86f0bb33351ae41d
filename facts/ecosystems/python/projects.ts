import type { RepoView } from '../../ecosystem.ts';
import { shallowFirst } from '../../match-files.ts';
import type { PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { isAmongTests, isOthers, isSecondary, ownerOf, parentOf } from './folders.ts';
import { fileOf, type PythonProject, readProject } from './project.ts';
import { requirementsFiles } from './requirements.ts';
import { testFiles } from './test-files.ts';
import { workspaceRootOf } from './workspaces.ts';

/** The projects of a repository, the shallowest first; those of examples and documentation are nobody's work. */
export function readProjects(repo: RepoView): readonly PythonProject[] {
  const requirements = requirementsFiles(repo);
  const dirs = projectDirs(repo, requirements);
  const tests = Map.groupBy(testFiles(repo.paths), (path) => ownerOf(path, dirs));
  const projects = new Map<string, PythonProject>();
  for (const dir of dirs) {
    if (isSecondary(dir) || isOthers(repo.paths, dir)) continue;
    const root = workspaceRootOf(repo, dir);
    const above = root === undefined ? undefined : projects.get(root);
    const owns = (path: string): boolean => ownerOf(path, dirs) === dir;
    const memberOf = above?.manager.name === 'uv' ? above : undefined;
    projects.set(dir, readProject(repo, dir, { owns, testFiles: tests.get(dir) ?? [], requirements, memberOf }));
  }
  return [...projects.values()];
}

/** Folders with a manifest, and those with requirements or a manage.py, and Python beside or below them. */
function projectDirs(repo: RepoView, requirements: readonly SourceFile[]): ReadonlySet<string> {
  const dirs = new Set<string>();
  for (const file of repo.files) {
    if (file.dir === '' ? isRootSign(file) : MANIFESTS.has(file.name) && isManifest(repo, file)) dirs.add(file.dir);
  }
  for (const file of requirements) {
    const dir = /(?:^|\/)requirements$/.test(file.dir) ? parentOf(file.dir) : file.dir;
    const material = dirs.has('') && isAmongTests(dir);
    if (!dirs.has(dir) && !material && !HELPERS.test(dir) && hasPython(repo, dir)) dirs.add(dir);
  }
  for (const file of repo.files)
    if (file.name === 'manage.py' && ownerOf(file.path, dirs) === undefined) dirs.add(file.dir);
  return new Set([...dirs].sort(shallowFirst));
}

const MANIFESTS = new Set(['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile']);

/** Requirements in such a folder belong to the project around it. */
const HELPERS = /(?:^|\/)(?:tests?|scripts?|tools?|ci|hack|build|deploy|etc|misc)$/i;

/** True where more than a requirements file says that the folder is a project. */
export function hasManifest(project: PythonProject): boolean {
  return [...MANIFESTS].some((name) => fileOf(project, name) !== undefined);
}

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
    for (let dir = parentOf(path); !found.has(dir); dir = parentOf(dir)) found.add(dir);
  }
  return found;
}
