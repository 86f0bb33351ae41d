import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, FactSource } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { djangoOf } from './django.ts';
import { commandOf, declared, fileOf, iniSection, manifestLine, type PythonProject, run } from './project.ts';
import { isTestFile } from './test-files.ts';
import { workspaceMembers } from './workspaces.ts';

/** How the tests of a project are run: with pytest where anything says so, else with what the test files import. */
export function* testSignals(project: PythonProject): Iterable<Signal> {
  if (coveredByRoot(project)) return;
  const django = djangoOf(project);
  const pytest = pytestSign(project);
  if (django && !(pytest && (pytest.source === 'config' || declared(project, 'pytest-django')))) {
    const python = `${launcherOf(project)}python manage.py test`;
    const [at, dir] = [django.at, django.dir];
    yield { ...commandOf(project, 'test', 'config')(python, at, 3), dir };
    yield { ...commandOf(project, 'test-single', 'config')(`${python} <name>`, at, 3), dir };
    yield fact(project, 'test-framework', 'django', at, 'config', 2);
  }
  if (pytest) yield* pytestCommands(project, pytest);
  else if (!django) yield* unittestCommands(project);
}

/** A member of a workspace whose root runs pytest is tested from there, unless it has a configuration of its own. */
function coveredByRoot(project: PythonProject): boolean {
  if (project.memberOf === undefined || pytestConfig(project)) return false;
  return pytestConfig(project.memberOf) !== undefined;
}

interface Sign {
  readonly at: Evidence;
  readonly source: 'config' | 'convention';
}

/** Where pytest is configured, else declared, else known by a conftest.py that nobody else would have. */
function pytestSign(project: PythonProject): Sign | undefined {
  const { testFiles } = project;
  const at = pytestConfig(project)?.at;
  if (at) return { at, source: 'config' };
  const dependency = project.dependencies.find(({ name }) => name === 'pytest' || name.startsWith('pytest-'));
  const tested = testFiles.length > 0 || workspaceMembers(project.repo, project.dir).length > 0;
  if (!tested) return undefined;
  if (dependency) return { at: dependency.at, source: 'convention' };
  for (const file of importing(project.repo, testFiles, /^\s*(?:import pytest|from pytest)\b/))
    return { ...file, source: 'convention' };
  const inherited = project.memberOf === undefined ? undefined : declared(project, 'pytest');
  const manifest = manifestLine(project);
  const conftest = testFiles.some((path) => path.endsWith('/conftest.py'));
  return manifest && (inherited ?? conftest) ? { at: manifest, source: 'convention' } : undefined;
}

/** The table or section that configures pytest; see https://docs.pytest.org/en/stable/reference/customize.html */
function pytestConfig(
  project: PythonProject,
): { readonly at: Evidence; readonly testpaths?: { text: string; at: Evidence } } | undefined {
  for (const [name, section] of INI_SECTIONS) {
    const found = iniSection(project, name, section);
    if (!found) continue;
    const paths = found.tree.get('testpaths');
    const at = found.file.at(found.tree.line);
    return paths?.text ? { at, testpaths: { text: paths.text, at: found.file.at(paths.keyLine) } } : { at };
  }
  const table = project.toml?.get('tool', 'pytest');
  if (!table || !project.pyproject) return undefined;
  const at = project.pyproject.at(table.line);
  const paths = table.get('ini_options', 'testpaths') ?? table.get('testpaths');
  const text = paths?.texts().join(' ');
  return paths && text ? { at, testpaths: { text, at: project.pyproject.at(paths.keyLine) } } : { at };
}

const INI_SECTIONS = [
  ['pytest.ini', 'pytest'],
  ['.pytest.ini', 'pytest'],
  ['pytest.toml', 'pytest'],
  ['tox.ini', 'pytest'],
  ['setup.cfg', 'tool:pytest'],
] as const;

function* pytestCommands(project: PythonProject, { at, source }: Sign): Iterable<Signal> {
  const manager = project.manager.name;
  const dependency = declared(project, 'pytest') ?? project.dependencies.find(({ name }) => name.startsWith('pytest'));
  const builtIn = manager === 'hatch' && (!dependency || dependency.group === 'hatch-test');
  const launched = dependency ? run(project, 'pytest', dependency) : `${launcherOf(project)}pytest`;
  const command = builtIn ? 'hatch test' : launched;
  const weight = source === 'config' ? 2 : 1;
  yield commandOf(project, 'test', source)(command, at, weight);
  const single = commandOf(project, 'test-single', source);
  yield single(`${command} <file>`, at, weight);
  yield single(`${command} <file>::<name>`, at, weight - 1);
  yield fact(project, 'test-framework', 'pytest', at, source, 1);
  yield* layout(project);
}

/** Tests need what the project needs, so that they start through its manager even where pytest itself is not named. */
function launcherOf({ manager }: PythonProject): string {
  return manager.launcher === '' ? '' : `${manager.launcher} `;
}

/** `testpaths` is how a project says where its tests are. */
function* layout(project: PythonProject): Iterable<Signal> {
  const paths = pytestConfig(project)?.testpaths;
  for (const text of paths?.text.split(/[\s"'[\],]+/) ?? []) {
    const dir = [project.dir, text.replace(/^\.\/|\/$/g, '')].filter(Boolean).join('/');
    if (!paths || !project.repo.paths.hasDir(dir) || dir === project.dir) continue;
    if (project.repo.paths.under(dir).some(({ path }) => isTestFile(path))) {
      yield fact(project, 'layout.tests', dir, paths.at, 'config', 1);
    }
  }
}

function* unittestCommands(project: PythonProject): Iterable<Signal> {
  const { testFiles } = project;
  const ofDjango = [...importing(project.repo, testFiles, /^\s*(?:import|from) django\b/)].length > 0;
  if (ofDjango) {
    yield* djangoPackage(project);
    return;
  }
  for (const { at } of importing(project.repo, testFiles, /^\s*(?:import|from) unittest\b/)) {
    const within = at.path.slice(project.dir === '' ? 0 : project.dir.length + 1);
    const top = within.split('/')[0] ?? '';
    const found = project.repo.paths.isFile([project.dir, top, '__init__.py'].filter(Boolean).join('/'));
    const python = `${launcherOf(project)}python -m unittest`;
    // Discovery only looks into packages: from a folder that is none it has to be started there.
    const command = found || top === within ? python : `${python} discover -s ${top}`;
    yield commandOf(project, 'test', 'config')(command, at, 1);
    yield commandOf(project, 'test-single', 'config')(`${python} <file>`, at, 1);
    yield fact(project, 'test-framework', 'unittest', at, 'config', 0);
    return;
  }
}

/** The tests of a package for Django need settings, which a script of this name gives them by custom. */
function* djangoPackage(project: PythonProject): Iterable<Signal> {
  const script = fileOf(project, 'runtests.py') ?? fileOf(project, 'tests/runtests.py');
  if (!script || script.lines.count === 0) return;
  const path = script.path.slice(project.dir === '' ? 0 : project.dir.length + 1);
  const at = script.at(script.find(/\bdjango\b/) ?? 1);
  yield commandOf(project, 'test', 'config')(`${launcherOf(project)}python ${path}`, at, 1);
  yield fact(project, 'test-framework', 'django', at, 'config', 0);
}

/** Test files that were read and import something, with the line that does. */
function* importing(repo: RepoView, paths: readonly string[], wanted: RegExp): Iterable<{ readonly at: Evidence }> {
  for (const path of paths) {
    const file = repo.file(path);
    const line = file?.find(wanted);
    if (file && line) yield { at: file.at(line) };
  }
}

/** More test files say no more about what they are written with. */
const MAX_SAMPLES = 4;

/** What starts the tests of a Python project, within a line of commands. */
export const STARTS_TESTS =
  /\b(?:pytest|py\.test|unittest|stestr|trial|nose2|nosetests|behave|runtests|zope-testrunner|(?:django|django-admin|manage\.py) test)\b/;

/** The test files worth reading to know what tests are written with; none where the project says it itself. */
export function testSamples(project: PythonProject): readonly string[] {
  const known = pytestConfig(project) ?? project.dependencies.find(({ name }) => name.startsWith('pytest'));
  return known ? [] : project.testFiles.slice(0, MAX_SAMPLES);
}

function fact(
  { dir }: PythonProject,
  key: string,
  value: string,
  at: Evidence,
  source: FactSource,
  weight: number,
): Signal {
  return { kind: 'fact', key, value, dir, source, evidence: [at], weight };
}
