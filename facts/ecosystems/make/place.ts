import type { RepoView } from '../../ecosystem.ts';

/** Files that make a folder a package: it is worked on by itself. */
export const MANIFESTS = [
  'go.mod',
  'package.json',
  'Cargo.toml',
  'pyproject.toml',
  'setup.py',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'composer.json',
  'Gemfile',
  'mix.exs',
  'Package.swift',
  'pubspec.yaml',
  'CMakeLists.txt',
  'meson.build',
];

/**
 * Folders whose task files say how a document, an example or a test bed is made, or somebody else's library
 * (`lib/zlib-1.3/`), not how the repository is worked on.
 */
const SIDE =
  /(?:^|\/)(?:docs?|documentation|examples?|samples?|demos?|tests?|bench(?:marks?)?|contrib|site|website|deps|subprojects|[^/]*-v?\d+\.[\d.]+[^/]*)\//i;

/**
 * Whether people run tasks in a folder: the root, a folder below it, or a package. Recursive make has Makefiles in
 * every folder, and those are parts of one build.
 */
export function isPlace(repo: RepoView, dir: string): boolean {
  if (dir === '') return true;
  if (SIDE.test(`${dir}/`)) return false;
  return !dir.includes('/') || MANIFESTS.some((name) => repo.paths.isFile(`${dir}/${name}`));
}
