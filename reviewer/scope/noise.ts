import { hasNotice, isDense, isMinified } from '../../codex/by-hand.ts';
import { lockHosts, OWN_HOSTS } from './lock-hosts.ts';
import { isMigration } from './migration.ts';
import { isPnp, programOf } from './pnp.ts';
import { isOfYarn } from './steering.ts';
import { partsOf } from './words.ts';

/** Why nobody reads the change of a file. */
export const NOISE = ['lock-file', 'vendored', 'minified', 'source-map', 'generated'] as const;
export type Noise = (typeof NOISE)[number];

/**
 * Noise that a path tells. Schema migrations are none, whatever they are called; nor is what comes to such a path from one that is none.
 *
 * @param from the path that the file had where the branch left its target.
 */
export function noiseOfPath(path: string, from: string = path): Noise | undefined {
  return noiseOfName(from) === undefined ? undefined : noiseOfName(path);
}

/** The texts of a file before and after a change; `undefined`: there is none. */
export interface Texts {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Whether a text is looked at before it counts as the noise that its path tells. */
export function needsBearingOut(told: Noise): boolean {
  return told === 'lock-file' || told in LOOKS;
}

/**
 * Whether it is the noise that its path tells: a minified file and a source map have to look like one, and a lock file that has packages
 * fetched from where none came from before, or a new one from elsewhere than managers do by themselves, is looked at, as is one that is a program and another one now.
 *
 * @param texts `undefined`: they could not be read.
 */
export function isBorneOut(path: string, told: Noise, texts: Texts | undefined): boolean {
  const { before, after } = texts ?? {};
  const looks = LOOKS[told];
  if (looks) return texts !== undefined && [before, after].every((text) => text === undefined || looks(text));
  if (isPnp(path) && (!texts || (after !== undefined && programOf(after) !== programOf(before ?? '')))) return false;
  if (told !== 'lock-file' || after === undefined) return true;
  return lockHosts(after).isSubsetOf(before === undefined ? OWN_HOSTS : lockHosts(before));
}

/** Node runs a file of any extension as a program, where another one asks for it. */
const LOOKS: Readonly<Partial<Record<Noise, (text: string) => boolean>>> = {
  minified: isDense,
  'source-map': isSourceMap,
};

/** tc39.es/ecma426: an object with `mappings`, or with `sections` that have them; a line before it keeps it from being run as a script. */
function isSourceMap(text: string): boolean {
  try {
    const map: unknown = JSON.parse(text.replace(/^\)\]\}[^\n]*\n/, ''));
    return typeof map === 'object' && map !== null && ('mappings' in map || 'sections' in map);
  } catch {
    return false;
  }
}

/**
 * Noise that the text tells: the notice of a generator that was there before the change and still is. What only the change brings would
 * let it switch its own review off, and a file that loses its notice is somebody's own from now on.
 */
export function noiseOfText(path: string, { before, after }: Texts): Noise | undefined {
  if (before === undefined || isMigration(path)) return undefined;
  return [before, after].every((text) => text === undefined || hasNotice(text)) ? 'generated' : undefined;
}

/** The folder of other people's code that a path lies in: the outermost. */
export function vendoredFolder(path: string): string | undefined {
  const { folders } = partsOf(path);
  if (isOfYarn(path)) return undefined;
  const at = folders.findIndex((folder) => VENDORED.has(folder.toLowerCase()));
  return at < 0 ? undefined : folders.slice(0, at + 1).join('/');
}

function noiseOfName(path: string): Noise | undefined {
  if (isMigration(path)) return undefined;
  const { name } = partsOf(path);
  if (LOCKS.has(name)) return 'lock-file';
  if (vendoredFolder(path) !== undefined) return 'vendored';
  if (/\.(?:[cm]?js|css|ts)\.map$/i.test(name)) return 'source-map';
  return isMinified(path) || BUNDLES.test(name) ? 'minified' : undefined;
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
    '.pnp.js',
    '.pnp.loader.mjs',
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
