import { joinPath, type PathIndex } from '../path-index.ts';

const JAVASCRIPT = ['package.json', 'package.json5', 'package.yaml'];
const PYTHON = ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'Pipfile'];
/** What a package manager reads to know what to install. */
const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
  bundle: ['Gemfile', 'gems.rb'],
  npm: JAVASCRIPT,
  pnpm: [...JAVASCRIPT, 'pnpm-workspace.yaml'],
  yarn: JAVASCRIPT,
  bun: JAVASCRIPT,
  composer: ['composer.json'],
  mix: ['mix.exs'],
  rebar3: ['rebar.config'],
  gleam: ['gleam.toml'],
  dart: ['pubspec.yaml'],
  flutter: ['pubspec.yaml'],
  go: ['go.mod', 'go.work'],
  cargo: ['Cargo.toml'],
  uv: PYTHON,
  poetry: ['pyproject.toml'],
  pdm: ['pyproject.toml'],
  pipenv: ['Pipfile', 'requirements.txt', 'setup.py'],
  pod: ['Podfile'],
  carthage: ['Cartfile'],
  swift: ['Package.swift'],
};
const ALL: readonly string[] = [...new Set(Object.values(MANIFESTS).flat())];
/** Files that are a manifest of their own kind, and of a build. */
const BUILDS = [
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'build.sbt',
  'build.xml',
  'CMakeLists.txt',
  'meson.build',
  'Makefile',
  'Chart.yaml',
  'main.tf',
];
/** Flags that send the manager to another folder, or to a manifest of another name. */
const ELSEWHERE =
  /^(?:--prefix|-C|--cwd|--dir|--directory|--working-dir|-d|--project|--project-directory|--manifest-path|--gemfile|-g|--global)(?:=|$)/;

/**
 * Whether what installs has something to install: a pipeline's `bundler-cache: true` says nothing where the Gemfile lies
 * in `docs/`. Managers look for their manifest upwards. What is no known manager passes.
 */
export function hasManifest(words: readonly string[], dir: string, paths: PathIndex): boolean {
  const names = Object.hasOwn(MANIFESTS, words[0] ?? '') ? MANIFESTS[words[0]!]! : undefined;
  if (names === undefined || words.some((word) => ELSEWHERE.test(word) || word === 'pip')) return true;
  for (let at: string | undefined = dir; at !== undefined; at = at === '' ? undefined : (joinPath(at, '..') ?? '')) {
    if (names.some((name) => paths.has(at === '' ? name : `${at}/${name}`))) return true;
  }
  return false;
}

/** A folder in which something is built or installed. */
export function isPackage(dir: string, paths: PathIndex): boolean {
  return [...ALL, ...BUILDS].some((name) => paths.isFile(dir === '' ? name : `${dir}/${name}`));
}
