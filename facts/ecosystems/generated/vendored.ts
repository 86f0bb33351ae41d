import { depthOf, type PathIndex } from '../../path-index.ts';

/** A folder of other people's code. */
export interface VendoredDir {
  readonly dir: string;
  /** Files that may serve as evidence: what is not read proves nothing. */
  readonly samples: readonly string[];
  /** The line of the first sample that names it. */
  readonly at?: string;
}

const NAMES = new Set([
  'vendor',
  'third_party',
  'third-party',
  'thirdparty',
  '3rdparty',
  'node_modules',
  'bower_components',
]);
const MAX_DEPTH = 4;
const MAX_DIRS = 8;
const MAX_SAMPLES = 3;

/** Vendored folders, Yarn's own releases and submodules, rootmost first. */
export function vendoredDirs(paths: PathIndex): readonly VendoredDir[] {
  const dirs: string[] = [];
  for (const dir of paths.dirs()) {
    const parts = dir.split('/');
    if (!NAMES.has(parts.at(-1)!) || parts.length > MAX_DEPTH) continue;
    if (parts.slice(0, -1).some((part) => NAMES.has(part) || /^(tests?|testdata|fixtures|examples?)$/.test(part)))
      continue;
    dirs.push(dir);
  }
  dirs.push(...bundles(paths));
  dirs.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const found: VendoredDir[] = [];
  for (const dir of dirs) {
    const samples = samplesOf(paths, dir);
    if (samples.length > 0) found.push({ dir, samples });
  }
  if (paths.hasDir('.yarn/releases') && paths.isFile('.yarnrc.yml')) {
    found.push({ dir: '.yarn/releases', samples: ['.yarnrc.yml'], at: '.yarn/releases' });
  }
  for (const { path, kind } of paths.entries) {
    if (kind === 'submodule') found.push({ dir: path, samples: ['.gitmodules'], at: `path = ${path}` });
  }
  return found.slice(0, MAX_DIRS);
}

/** So many releases side by side (`lib/zstd-1.5.7/`) are a collection of libraries. */
const MANY_RELEASES = 3;
const BUNDLE = /(?:^|\/)(?:libs?|deps|dependencies|contrib|ext|external|extern|imports)\/[^/]+$/;

function bundles(paths: PathIndex): readonly string[] {
  const releases = new Map<string, number>();
  for (const dir of paths.dirs()) {
    if (!/-v?\d+\.\d+(?:\.\d+)*$/.test(dir) || !BUNDLE.test(dir)) continue;
    const parent = dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
    if (parent !== '' && depthOf(parent) < 2) releases.set(parent, (releases.get(parent) ?? 0) + 1);
  }
  return [...releases].filter(([, count]) => count >= MANY_RELEASES).map(([parent]) => parent);
}

const ABOUT = /(?:^|\/)(?:modules\.txt|README[\w.]*|LICEN[CS]E[\w.-]*|COPYING)$/i;

/** Text files near the folder's top: lists and licences before code. */
function samplesOf(paths: PathIndex, dir: string): readonly string[] {
  const files = paths.under(dir).filter(({ path, kind }) => kind === 'file' && !/(^|\/)\.(git)?keep$/.test(path));
  const text = files.filter(({ path }) =>
    /\.(txt|md|json|ya?ml|toml|go|js|css|rb|php|py|c|h|cc|cpp|rs|java|ts|bzl|bazel|cfg)$|\/(LICENSE|COPYING|README|METADATA|BUILD|Makefile)$/i.test(
      path,
    ),
  );
  const ordered = text.map(({ path }) => path).sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const about = ordered.filter((path) => ABOUT.test(path));
  return (about.length ? about : ordered).slice(0, MAX_SAMPLES);
}
