import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { djangoSignals, firstMigrations, migrationSignals } from './python/django.ts';
import { isAmongTests, isSecondary } from './python/folders.ts';
import { buildCommands, installCommands } from './python/install.ts';
import { invokeTasks } from './python/invoke.ts';
import { managerSignals } from './python/manager-facts.ts';
import { automationPaths } from './python/managers.ts';
import { entrypointSignals, runtimeSignals } from './python/pins.ts';
import type { PythonProject } from './python/project.ts';
import { hasManifest, readProjects } from './python/projects.ts';
import { qualitySignals } from './python/quality.ts';
import { requirementsPaths } from './python/requirements.ts';
import { scriptSets, scriptTasks } from './python/scripts.ts';
import { type Standing, standingOf } from './python/standing.ts';
import { testSamples, testSignals } from './python/test-commands.ts';
import { workspaceMembers, workspaceSignals } from './python/workspaces.ts';

/**
 * Python projects, whatever manages them. tox and Nox are plugins of their own; pre-commit's hooks are read here only
 * to know which tools a project uses.
 */
export const python = ecosystem({
  id: 'python',
  title: 'Python (uv, Poetry, PDM, Hatch, pip)',
  files: [
    'pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', '*requirements*.txt', 'hatch.toml', 'tox.ini',
    'pytest.ini', '.pytest.ini', 'pytest.toml', 'ruff.toml', '.ruff.toml', '.flake8', '.pylintrc', 'pylintrc', '.isort.cfg',
    '.style.yapf', 'mypy.ini', '.mypy.ini', 'pyrightconfig.json', 'ty.toml', 'pyrefly.toml', '.pre-commit-config.yaml',
    '.python-version', '/runtime.txt', 'manage.py', 'runtests.py', '/tasks.py', '/duties.py', 'alembic.ini',
  ], // biome-ignore format: a table of names
  *follow(repo) {
    yield* requirementsPaths(repo);
    for (const file of repo.files) {
      if (file.name === 'pyproject.toml')
        for (const dir of workspaceMembers(repo, file.dir)) yield `${dir}/pyproject.toml`;
    }
    const projects = readProjects(repo);
    if (projects.some(({ dir, toml }) => dir === '' && toml !== undefined)) yield* automationPaths(repo);
    for (const project of projects) yield* testSamples(project);
    if (projects.length > 0) yield* firstMigrations(repo);
  },
  *detect(repo) {
    for (const signals of worthTelling(readProjects(repo).map(told))) yield* signals;
    for (const { name, dir } of repo.files) {
      if (name === 'pyproject.toml' && !isSecondary(dir) && !isAmongTests(dir)) yield* workspaceSignals(repo, dir);
    }
  },
});

interface Told {
  readonly project: PythonProject;
  readonly signals: readonly Signal[];
}

function told(project: PythonProject): Told {
  const standing = standingOf(project);
  return {
    project,
    signals: [...signalsOf(project, standing)].map((signal) => weighed(signal, WEIGHTS[standing])),
  };
}

/** So many projects below the root that have nothing to run are the material of something, not what is worked on. */
const MAX_IDLE = 8;

/**
 * The root, the members of its workspace, and every other folder where something can be run. Of those with nothing but
 * a manifest, a few; a requirements file alone tells of no project. What lies among the tests of a Python project is
 * material for them.
 */
function worthTelling(all: readonly Told[]): readonly (readonly Signal[])[] {
  const hasRoot = all.some(({ project }) => project.dir === '' && project.manager.name !== undefined);
  const others = all.filter(({ project }) => !isAmongTests(project.dir) || !hasRoot);
  const kept = ({ project, signals }: Told): boolean => project.dir === '' || !!project.memberOf || signals.some(isUse);
  const idle = others.filter((each) => !kept(each) && hasManifest(each.project) && !isAmongTests(each.project.dir));
  const few = idle.length <= MAX_IDLE;
  return others.filter((each) => kept(each) || (few && idle.includes(each))).map(({ signals }) => signals);
}

function isUse(signal: Signal): boolean {
  return (
    signal.kind === 'task' || (signal.kind === 'command' && (signal.purpose === 'test' || signal.purpose === 'run'))
  );
}

/** How far what Python says of a folder stands above or below what the folder's other languages say. */
const WEIGHTS: Readonly<Record<Standing, number>> = { alone: 0, main: 0.5, part: -1, helper: -10 };

function* signalsOf(project: PythonProject, standing: Standing): Iterable<Signal> {
  yield* scriptSets(project);
  yield* scriptTasks(project);
  yield* invokeTasks(project);
  yield* managerSignals(project);
  yield* installCommands(project);
  if (project.memberOf === undefined) yield* runtimeSignals(project);
  if (standing === 'helper') return;
  yield* testSignals(project);
  yield* qualitySignals(project);
  yield* buildCommands(project);
  yield* djangoSignals(project);
  yield* migrationSignals(project);
  yield* entrypointSignals(project);
}

function weighed(signal: Signal, by: number): Signal {
  if (signal.kind !== 'fact' && signal.kind !== 'command') return signal;
  return { ...signal, weight: Math.round(((signal.weight ?? 0) + by) * 100) / 100 };
}
