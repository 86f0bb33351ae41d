import type { RepoView } from '../../ecosystem.ts';
import { isAside } from '../../path-index.ts';
import { isSideFolder } from '../native/side-folders.ts';

/**
 * What Bazel is to a repository. Many a library has BUILD files so that others can depend on it with Bazel, while its
 * own makers type `go test`, `cargo test` or `ctest`: there Bazel is only beside.
 */
export type Standing = 'only' | 'main' | 'beside';

/** Another manager at the root, and how a pipeline shows that it is used. */
const RIVALS: readonly (readonly [manifest: string, used: RegExp])[] = [
  ['package.json', /\b(?:npm|pnpm|yarn|bun)\b[^#\n]{0,40}\b(?:test|build|lint)\b/],
  ['Cargo.toml', /\bcargo\b[^#\n]{0,40}\b(?:test|build|clippy|check|nextest)\b/],
  ['go.mod', /\bgo (?:test|build|vet)\b/],
  ['pyproject.toml', /\b(?:pytest|tox|nox|uv run)\b/],
  ['setup.py', /\b(?:pytest|tox|nox)\b/],
  ['CMakeLists.txt', /\b(?:cmake|ctest)\b/],
  ['meson.build', /\bmeson\b/],
  ['pom.xml', /\bmvnw?\b/],
  ['build.gradle', /\bgradlew?\b/],
  ['build.gradle.kts', /\bgradlew?\b/],
  ['build.sbt', /\bsbt\b/],
  ['Package.swift', /\bswift (?:test|build)\b/],
];

/** Where pipelines stand; their lines are counted, not understood. */
export const PIPELINES = [
  '.github/workflows/*.yml',
  '.github/workflows/*.yaml',
  '/.gitlab-ci.yml',
  '/.circleci/config.yml',
  '/.travis.yml',
  '/cloudbuild.yaml',
  '.buildkite/*.yml',
  '.buildkite/*.yaml',
  '.bazelci/*.yml',
  '.bazelci/*.yaml',
  '/Makefile',
];

const RUNS_BAZEL = /\bbazel(?:isk|w)?\b[^#\n]{0,80}\b(?:test|build|coverage)\b/;
const RUNS_MAKE = /\bmake [^#\n]{0,40}\b(?:test|build|lint|check)\b/;
/** So much of the code has to lie in packages of Bazel for it to be what builds the whole. */
const MOST = 0.6;

export function standing(repo: RepoView): Standing {
  const rivals = RIVALS.filter(([manifest]) => repo.paths.isFile(manifest) && speaks(repo, manifest));
  if (rivals.length === 0) return 'only';
  // Rules for Bazel are made to be used with it.
  if (share(repo, (path) => path.endsWith('.bzl')) >= 0.25) return 'main';
  if (covered(repo) < MOST) return 'beside';
  const pipelines = repo.files.filter(({ path }) =>
    /^\.(?:github|gitlab|circleci|travis|buildkite|bazelci)|^cloudbuild/.test(path),
  );
  const makes = repo.file('Makefile')?.text ?? '';
  const wrapped = !RUNS_BAZEL.test(makes) && rivals.some(([, used]) => used.test(makes));
  let [bazel, others] = [0, 0];
  for (const { lines } of pipelines) {
    for (let line = 1; line <= lines.count; line++) {
      const text = lines.line(line);
      if (text.length > 500) continue;
      if (RUNS_BAZEL.test(text)) bazel++;
      else if (rivals.some(([, used]) => used.test(text)) || (wrapped && RUNS_MAKE.test(text))) others++;
    }
  }
  return bazel >= others ? 'main' : 'beside';
}

/** A package.json without scripts only names what Bazel is to fetch. */
function speaks(repo: RepoView, manifest: string): boolean {
  if (manifest !== 'package.json') return true;
  const scripts = repo.file(manifest)?.json()?.get('scripts')?.entries() ?? [];
  return scripts.some(([name, script]) => /^(?:test|build)\b/.test(name) && !/\bbazel/.test(script.text ?? ''));
}

const CODE =
  /\.(?:bzl|c|cc|cpp|cxx|h|hpp|m|mm|go|java|kt|kts|scala|py|rs|ts|tsx|js|jsx|mjs|swift|cs|rb|hs|proto|ml|dart|ex)$/;

function ownCode(repo: RepoView): readonly string[] {
  return repo.paths.once('code outside of asides', ({ entries }) =>
    entries.flatMap(({ path }) => {
      if (!CODE.test(path) || isAside(path)) return [];
      const dir = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      return dir === '' || !isSideFolder(dir) ? [path] : [];
    }),
  );
}

function share(repo: RepoView, which: (path: string) => boolean): number {
  const code = ownCode(repo);
  return code.length === 0 ? 0 : code.filter(which).length / code.length;
}

/** The share of code that lies in or below a folder with a BUILD file; the root's own is about the root only. */
function covered(repo: RepoView): number {
  const packages = new Set(
    ['BUILD', 'BUILD.bazel'].flatMap((name) =>
      repo.paths.named(name).map((path) => path.slice(0, Math.max(0, path.length - name.length - 1))),
    ),
  );
  return share(repo, (path) => {
    for (let dir = path; dir.includes('/'); ) {
      dir = dir.slice(0, dir.lastIndexOf('/'));
      if (packages.has(dir)) return true;
    }
    return !path.includes('/') && packages.has('');
  });
}
