import type { Signal } from '../../signal.ts';
import { fileOf, type PythonProject } from './project.ts';

/** What manages a project, how its tools are started, and what builds it. A workspace's members say nothing new. */
export function* managerSignals(project: PythonProject): Iterable<Signal> {
  const { manager, dir, memberOf } = project;
  if (memberOf !== undefined) return;
  if (manager.name && manager.at) {
    const { evidence } = manager;
    yield { kind: 'fact', key: 'package-manager', value: manager.name, dir, source: manager.source, evidence };
    yield { kind: 'launcher', language: 'python', prefix: manager.launcher, dir, at: manager.at };
  }
  yield* buildSystem(project);
}

/** What builds packages; see https://packaging.python.org/en/latest/specifications/pyproject-toml/#pyproject-build-system-table */
function* buildSystem(project: PythonProject): Iterable<Signal> {
  const { toml, pyproject, setupPy, dir } = project;
  const table = toml?.get('build-system');
  const backend = table?.get('build-backend');
  if (pyproject && table) {
    const named = (backend ? BACKENDS.find(([prefix]) => backend.text?.startsWith(prefix)) : undefined)?.[1];
    // A backend in the repository itself wraps the one that is required.
    const required = (table.get('requires')?.texts() ?? []).flatMap(
      (text) => BACKENDS.find(([prefix]) => text.startsWith(prefix))?.[1] ?? [],
    );
    const value = named ?? required[0] ?? (backend?.text ? undefined : 'setuptools');
    const at = pyproject.at((backend ?? table).line);
    if (value) yield { kind: 'fact', key: 'build-system', value, dir, source: 'config', evidence: [at] };
    return;
  }
  const old = setupPy ?? fileOf(project, 'setup.cfg');
  const line = old?.find(/\bsetuptools\b|^\[metadata\]/);
  if (old && line) {
    yield { kind: 'fact', key: 'build-system', value: 'setuptools', dir, source: 'config', evidence: [old.at(line)] };
  }
}

/** How the backends' modules, or the packages they come in, begin; the longer before the shorter. */
const BACKENDS: readonly (readonly [prefix: string, name: string])[] = [
  ['hatchling', 'hatchling'],
  ['poetry', 'poetry-core'],
  ['setuptools_rust', 'setuptools-rust'],
  ['setuptools', 'setuptools'],
  ['flit', 'flit'],
  ['maturin', 'maturin'],
  ['scikit_build_core', 'scikit-build-core'],
  ['scikit-build-core', 'scikit-build-core'],
  ['mesonpy', 'meson-python'],
  ['meson-python', 'meson-python'],
  ['pdm', 'pdm-backend'],
  ['uv_build', 'uv_build'],
  ['sipbuild', 'sip'],
];
