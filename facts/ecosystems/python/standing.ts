import { isAside } from '../../path-index.ts';
import { isSecondary, parentOf } from './folders.ts';
import type { PythonProject } from './project.ts';

/**
 * What Python is in a folder that another language's manifest shares: what the folder is about, a part of it, or only a
 * helper (a pyproject.toml for the documentation of a Go module) that has no tests and builds nothing.
 */
export type Standing = 'alone' | 'main' | 'part' | 'helper';

export function standingOf(project: PythonProject): Standing {
  const { repo, dir, toml } = project;
  const at = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  if (!FOREIGN.some((name) => repo.paths.has(at(name)))) return 'alone';
  let python = 0;
  let others = 0;
  for (const { path } of repo.paths.under(dir)) {
    const isPython = PYTHON.test(path);
    if ((!isPython && !OTHERS.test(path)) || isAside(path)) continue;
    if (isSecondary(parentOf(path)) || !project.owns(path)) continue;
    if (isPython) python++;
    else others++;
  }
  if (python >= others) return 'main';
  const backend = toml?.get('build-system', 'build-backend')?.text ?? '';
  if (COMPILING.test(backend) || python * 4 >= others) return 'part';
  return project.testFiles.length > 0 && python * 20 >= others ? 'part' : 'helper';
}

/** Manifests of other languages that tell what a folder is. */
const FOREIGN = [
  'package.json', 'deno.json', 'Cargo.toml', 'go.mod', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle',
  'settings.gradle.kts', 'build.sbt', 'Gemfile', 'composer.json', 'mix.exs', 'pubspec.yaml', 'CMakeLists.txt', 'meson.build',
  'configure.ac', 'Package.swift', 'stack.yaml', 'MODULE.bazel', 'WORKSPACE', 'Makefile.am', 'global.json', 'Directory.Build.props',
]; // biome-ignore format: a table of names

const PYTHON = /\.(?:py|pyi|pyx)$/;
const OTHERS =
  /\.(?:[cm]?[jt]sx?|vue|svelte|rs|go|java|kt|scala|c|h|cc|cpp|cxx|hpp|hh|cs|fs|rb|php|exs?|dart|swift|hs|m|mm|zig|erl)$/;
/** Backends whose packages are written in another language: there the other manifest is the package's own. */
const COMPILING = /^(?:maturin|mesonpy|scikit_build_core|setuptools_rust|py_build_cmake)/;
