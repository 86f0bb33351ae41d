import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, FactSource } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';

/** What installs the dependencies of a project, and how its tools are started. */
export interface ManagerChoice {
  /** `undefined` where a folder only configures tools. */
  readonly name: 'uv' | 'poetry' | 'pdm' | 'hatch' | 'pip' | undefined;
  /** The command that stands for it; pip and pipenv share a name. */
  readonly launcher: 'uv run' | 'poetry run' | 'pdm run' | 'hatch run' | 'pipenv run' | '';
  readonly at: Evidence | undefined;
  /** `at`, and for a lock file the manifest it locks: lock files are often too large to be read again. */
  readonly evidence: readonly Evidence[];
  readonly source: FactSource;
}

interface Choosing {
  readonly repo: RepoView;
  readonly dir: string;
  readonly pyproject: SourceFile | undefined;
  readonly toml: Tree | undefined;
  readonly hatch: { readonly file: SourceFile; readonly envs: Tree } | undefined;
  readonly requirements: readonly SourceFile[];
  readonly setupPy: SourceFile | undefined;
  /** Of a uv workspace. */
  readonly member: boolean;
}

const LAUNCHERS = { uv: 'uv run', poetry: 'poetry run', pdm: 'pdm run', hatch: 'hatch run', pip: '' } as const;

/**
 * A lock file says it; without one the manager's own table in pyproject.toml, for uv only with groups that it installs
 * (its sources and workspace also serve those who install from Git); then the commands of the repository's
 * automation, because many libraries keep their lock file to themselves; else it is pip. A build backend says nothing:
 * hatchling and pdm.backend build what any manager installs. Only poetry-core hardly ever comes without Poetry.
 */
export function chooseManager(from: Choosing): ManagerChoice {
  const { repo, dir, pyproject, toml } = from;
  const lock = (name: string): Evidence | undefined => {
    const path = dir === '' ? name : `${dir}/${name}`;
    return repo.paths.isFile(path) ? { path, line: 1 } : undefined;
  };
  const manifest = toml?.get('project') ?? toml?.get('tool', 'poetry') ?? toml?.get('dependency-groups');
  const locked = (name: keyof typeof LAUNCHERS, at: Evidence): ManagerChoice => {
    const behind = pyproject && pyproject.lines.count > 0 ? [pyproject.at(manifest?.line ?? 1)] : [];
    return { ...choice(name, at, 'convention'), evidence: [at, ...behind] };
  };
  const table = (tree: Tree | undefined): Evidence | undefined => tree && pyproject?.at(tree.line);
  const uvLock = lock('uv.lock');
  const poetryLock = lock('poetry.lock');
  const poetry = toml?.get('tool', 'poetry');
  const byPoetry = POETRY_KEYS.some((key) => poetry?.get(key) !== undefined);
  const movedOn = toml?.get('dependency-groups') !== undefined || toml?.get('tool', 'uv') !== undefined;
  if (poetryLock && (!uvLock || (byPoetry && !movedOn))) return locked('poetry', poetryLock);
  if (uvLock) return locked('uv', uvLock);
  const pdmLock = lock('pdm.lock');
  if (pdmLock) return locked('pdm', pdmLock);
  const backend = toml?.get('build-system', 'build-backend');
  if (from.member) return choice('uv', table(toml?.get('project') ?? backend), 'config');
  const uv = toml?.get('tool', 'uv');
  const grouped = toml?.get('dependency-groups') ?? uv?.get('dev-dependencies') ?? uv?.get('default-groups');
  if (uv && grouped) return choice('uv', table(uv), 'config');
  if (poetry && (byPoetry || backend?.text?.startsWith('poetry'))) return choice('poetry', table(poetry), 'config');
  const pdm = toml?.get('tool', 'pdm');
  if (pdm?.entries().some(([key]) => !PDM_BUILD_KEYS.has(key))) return choice('pdm', table(pdm), 'config');
  const { hatch } = from;
  const pipfile = repo.file(dir === '' ? 'Pipfile' : `${dir}/Pipfile`);
  if (pipfile && pipfile.lines.count > 0) {
    return { ...choice('pip', pipfile.at(1), 'convention'), launcher: 'pipenv run' };
  }
  if (hatch?.envs.entries().some(([, env]) => env.get('scripts') ?? env.get('dependencies'))) {
    return choice('hatch', hatch.file.at(hatch.envs.line), 'config');
  }
  const used = pyproject && dir === '' ? usedInAutomation(repo) : undefined;
  if (used) return choice(used.name, used.at, 'convention');
  if (backend?.text?.startsWith('poetry')) return choice('poetry', table(backend), 'convention');
  if (backend?.text === 'uv_build') return choice('uv', table(backend), 'convention');
  return pip(from);
}

const POETRY_KEYS = ['name', 'dependencies', 'dev-dependencies', 'group', 'package-mode'];
/** Below [tool.pdm] and read by the build backend alone. */
const PDM_BUILD_KEYS = new Set([
  'version',
  'build',
  'distribution',
  'package-type',
  'package-dir',
  'includes',
  'excludes',
]);

function choice(name: keyof typeof LAUNCHERS, at: Evidence | undefined, source: FactSource): ManagerChoice {
  return { name, launcher: LAUNCHERS[name], at, evidence: at ? [at] : [], source };
}

function pip({ toml, pyproject, requirements, setupPy, repo, dir }: Choosing): ManagerChoice {
  const filled = requirements.filter(({ lines }) => lines.count > 0);
  const main = filled.find(({ name }) => name === 'requirements.txt');
  const other = setupPy?.lines.count ? setupPy : filled[0];
  const setupCfg = repo.file(dir === '' ? 'setup.cfg' : `${dir}/setup.cfg`);
  const metadata = setupCfg?.find(/^\[(?:metadata|options)\]/);
  const table = toml?.get('project') ?? toml?.get('build-system') ?? toml?.get('dependency-groups');
  const configured = (table && pyproject?.at(table.line)) ?? (metadata ? setupCfg?.at(metadata) : undefined);
  const at = main?.at(1) ?? configured ?? other?.at(1);
  if (at) return choice('pip', at, 'convention');
  return { name: undefined, launcher: '', at: undefined, evidence: [], source: 'convention' };
}

/** Files in which a repository's own people start their tools. */
export function automationPaths({ paths }: RepoView): readonly string[] {
  const workflows = paths.under('.github/workflows').map(({ path }) => path);
  return [...workflows.filter((path) => /\.ya?ml$/.test(path)), ...AUTOMATION].filter((path) => paths.isFile(path));
}

const AUTOMATION = ['.gitlab-ci.yml', 'Makefile', 'justfile', 'Justfile', 'Taskfile.yml', 'Taskfile.yaml'];

/** A project installed by its automation, or a tool of development started in it; a mere `uv run` may start any script. */
const MANAGED = [
  ['uv', /^[^#]*\buv (?:sync\b|run (?:--[\w-]+ )*(?:pytest|ruff|mypy|tox|nox|coverage|pre-commit)\b)/],
  ['hatch', /^[^#]*\bhatch (?:run|test|fmt)\b/],
  ['pdm', /^[^#]*\bpdm (?:install|sync)\b/],
] as const;

/** A project whose lock file is not committed shows its manager in its automation. */
function usedInAutomation(
  repo: RepoView,
): { readonly name: 'uv' | 'hatch' | 'pdm'; readonly at: Evidence } | undefined {
  for (const [name, pattern] of MANAGED) {
    for (const path of automationPaths(repo)) {
      const file = repo.file(path);
      const line = file?.find(pattern);
      if (file && line) return { name, at: file.at(line) };
    }
  }
  return undefined;
}
