import { isGenerated, isMinified } from '../../codex/by-hand.ts';
import { isMigration } from './migration.ts';
import { partsOf } from './words.ts';

/** Why nobody reads the change of a file. */
export const NOISE = ['lock-file', 'vendored', 'minified', 'source-map', 'generated'] as const;
export type Noise = (typeof NOISE)[number];

/** Noise that a path tells. Schema migrations are none, whatever they are called. */
export function noiseOfPath(path: string): Noise | undefined {
  if (isMigration(path)) return undefined;
  const { folders, name } = partsOf(path);
  if (LOCKS.has(name)) return 'lock-file';
  if (folders.some((folder) => VENDORED.has(folder.toLowerCase()))) return 'vendored';
  if (/\.map$/i.test(name) && /\.(?:[cm]?js|css|ts)\.map$/i.test(name)) return 'source-map';
  return isMinified(path) || BUNDLES.test(name) ? 'minified' : undefined;
}

/**
 * Noise that the text tells: the notice of a generator that was there before the change. What only the change brings would let it switch
 * its own review off.
 *
 * @param before the text that the file had where the branch left its target; `undefined`: it was not there.
 */
export function noiseOfText(path: string, before: string | undefined): Noise | undefined {
  if (before === undefined || isMigration(path)) return undefined;
  return isGenerated(path, before) ? 'generated' : undefined;
}

/** What managers write, by whole names. */
const LOCKS: ReadonlySet<string> = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock'],
  ...[
    'Cargo.lock',
    'go.sum',
    'go.work.sum',
    'poetry.lock',
    'Pipfile.lock',
    'uv.lock',
    'pdm.lock',
    'pixi.lock',
    'conda-lock.yml',
  ],
  ...[
    'flake.lock',
    'composer.lock',
    'Gemfile.lock',
    'gems.locked',
    'mix.lock',
    'pubspec.lock',
    'Podfile.lock',
    'Cartfile.resolved',
  ],
  ...[
    'Package.resolved',
    'packages.lock.json',
    'paket.lock',
    'gradle.lockfile',
    'buildscript-gradle.lockfile',
    'stack.yaml.lock',
  ],
  ...[
    'cabal.project.freeze',
    'Manifest.toml',
    'rebar.lock',
    'shard.lock',
    'MODULE.bazel.lock',
    '.terraform.lock.hcl',
    'Chart.lock',
  ],
  ...[
    '.pnp.cjs',
    '.pnp.loader.mjs',
    'elm-stuff',
    'vcpkg-lock.json',
    'conan.lock',
    'dub.selections.json',
    'renv.lock',
    'cpanfile.snapshot',
  ],
]);

const VENDORED: ReadonlySet<string> = new Set([
  ...[
    'node_modules',
    'bower_components',
    'vendor',
    'vendored',
    'third_party',
    'third-party',
    'thirdparty',
    'site-packages',
  ],
  ...['pods', 'carthage', 'godeps', 'jspm_packages', '.yarn'],
]);

const BUNDLES = /[.-](?:min|bundle)\.(?:[cm]?js|css)$/i;
