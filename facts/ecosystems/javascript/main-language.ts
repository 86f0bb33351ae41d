import type { RepoView } from '../../ecosystem.ts';
import { isAside } from '../../path-index.ts';

/** Manifests of other languages, and the files those languages are written in. */
const OTHERS: readonly (readonly [manifests: readonly string[], sources: RegExp])[] = [
  [['go.mod'], /\.go$/],
  [['Cargo.toml'], /\.rs$/],
  [['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'Pipfile'], /\.pyi?$/],
  [
    ['pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts', 'build.sbt'],
    /\.(?:java|kt|kts|scala|groovy)$/,
  ],
  [['CMakeLists.txt', 'meson.build', 'configure.ac'], /\.(?:c|cc|cpp|cxx|h|hpp)$/],
  [['composer.json'], /\.php$/],
  [['Gemfile'], /\.rb$/],
  [['mix.exs'], /\.exs?$/],
  [['pubspec.yaml'], /\.dart$/],
  [['Package.swift'], /\.swift$/],
  [['global.json', 'Directory.Build.props'], /\.(?:cs|fs|vb)$/],
];
const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

/**
 * False where a package.json beside another language's manifest only brings tools: fewer sources of ours than of
 * theirs. A root manifest alone is never demoted.
 */
export function isMainLanguage(repo: RepoView): boolean {
  const rivals = OTHERS.filter(([manifests]) => manifests.some((name) => repo.paths.isFile(name)));
  if (rivals.length === 0) return true;
  let ours = 0;
  const theirs = rivals.map(() => 0);
  for (const { path } of repo.paths.entries) {
    if (isAside(path) || path.endsWith('.d.ts') || path.endsWith('.min.js')) continue;
    if (SCRIPT.test(path)) ours++;
    else rivals.forEach(([, sources], i) => void (sources.test(path) && theirs[i]!++));
  }
  return ours >= Math.max(...theirs);
}
