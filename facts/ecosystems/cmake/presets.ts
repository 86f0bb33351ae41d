import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import { command } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';

/** One preset, with what it inherits. */
interface Preset {
  readonly name: string;
  readonly tree: Tree;
  readonly line: Evidence;
  readonly hidden: boolean;
}

const MAX_SAID = 2;
const MAX_PRESETS = 100;

/** Files that a presets file includes. */
export function* presetIncludes(repo: RepoView, dir: string): Iterable<string> {
  const seen = new Set<string>();
  const queue = [at(dir, 'CMakePresets.json')];
  for (const path of queue) {
    const file = seen.size < 20 && !seen.has(path) ? repo.file(path) : undefined;
    seen.add(path);
    for (const included of file?.json()?.get('include')?.texts() ?? []) {
      const next = included.includes('$') ? undefined : joinPath(file?.dir ?? '', included);
      if (next !== undefined) queue.push(next);
    }
  }
  yield* queue.slice(1);
}

/** CMakePresets.json (https://cmake.org/cmake/help/latest/manual/cmake-presets.7.html): the names people type. */
export function* presetCommands(repo: RepoView, dir: string, shift: number): Iterable<Signal> {
  const files = [at(dir, 'CMakePresets.json'), ...presetIncludes(repo, dir)];
  const configure = presetsOf(repo, files, 'configurePresets');
  const build = presetsOf(repo, files, 'buildPresets');
  const test = presetsOf(repo, files, 'testPresets');
  const usual = usable(configure);
  yield* say('install', usual, (name) => `cmake --preset ${name}`, dir, shift);
  const built = usable(build);
  yield* say('build', built, (name) => `cmake --build --preset ${name}`, dir, shift);
  const tested = usable(test);
  yield* say('test', tested, (name) => `ctest --preset ${name}`, dir, shift);
  if (tested[0])
    yield command('test-single', `ctest --preset ${tested[0].name} -R <name>`, dir, tested[0].line, config(shift));
  const first = usual[0];
  const folder = first && buildFolder(first, configure);
  if (!first || folder === undefined) return;
  if (built.length === 0) yield command('build', `cmake --build ${folder}`, dir, first.line, { weight: shift });
}

function* say(
  purpose: Purpose,
  presets: readonly Preset[],
  run: (name: string) => string,
  dir: string,
  shift: number,
): Iterable<Signal> {
  for (const [i, { name, line }] of presets.slice(0, MAX_SAID).entries()) {
    yield command(purpose, run(name), dir, line, config(shift - i));
  }
}

function config(weight: number) {
  return { source: 'config', weight } as const;
}

function presetsOf(repo: RepoView, paths: readonly string[], section: string): ReadonlyMap<string, Preset> {
  const presets = new Map<string, Preset>();
  for (const path of paths) {
    const file = repo.file(path);
    for (const tree of file?.json()?.get(section)?.items() ?? []) {
      const name = tree.get('name');
      if (!file || name?.text === undefined || !/^[\w.+-]+$/.test(name.text)) continue;
      const hidden = tree.get('hidden')?.value === true;
      if (!presets.has(name.text) && presets.size < MAX_PRESETS)
        presets.set(name.text, { name: name.text, tree, line: file.at(name.keyLine), hidden });
    }
  }
  return presets;
}

/** What can be typed on an ordinary machine, the plainest name first. */
function usable(presets: ReadonlyMap<string, Preset>): readonly Preset[] {
  const visible = [...presets.values()].filter((preset) => !preset.hidden);
  return visible.sort((a, b) => rank(a, presets) - rank(b, presets));
}

const NAMES = [/^default$/i, /^dev(?:el|elop)?$/i, /^debug$/i, /^(?:linux|unix|ninja|gcc|clang)/i];
const ELSEWHERE =
  /win|msvc|vs20|visual|mingw|mac|osx|darwin|ios|android|wasm|emscripten|cross|arm|xcode|asan|tsan|ubsan|msan|coverage|valgrind|fuzz/i;

function rank(preset: Preset, presets: ReadonlyMap<string, Preset>): number {
  const named = NAMES.findIndex((pattern) => pattern.test(preset.name));
  const elsewhere =
    ELSEWHERE.test(preset.name) || inherited(preset, presets, 'condition')?.get('rhs')?.text === 'Windows';
  const ci = /(?:^|[-_])ci(?:[-_]|$)/i.test(preset.name);
  return (named < 0 ? NAMES.length : named) + (elsewhere ? 20 : 0) + (ci ? 10 : 0);
}

/** The preset's own value of a key, or the first one it inherits. */
function inherited(preset: Preset, presets: ReadonlyMap<string, Preset>, key: string): Tree | undefined {
  const queue = [preset];
  const seen = new Set<string>();
  for (const { name, tree } of queue) {
    if (seen.has(name)) continue;
    seen.add(name);
    const value = tree.get(key);
    if (value) return value;
    for (const parent of tree.get('inherits')?.texts() ?? []) {
      const above = presets.get(parent);
      if (above) queue.push(above);
    }
  }
  return undefined;
}

/** `${sourceDir}/build/${presetName}` as a path from the project's folder. */
function buildFolder(preset: Preset, presets: ReadonlyMap<string, Preset>): string | undefined {
  const binaryDir = inherited(preset, presets, 'binaryDir')?.text;
  const path = binaryDir?.replace(/^\$\{sourceDir\}\//, '').replaceAll('${presetName}', preset.name);
  return path !== undefined && /^[\w./+-]+$/.test(path) && !path.startsWith('/') ? path.replace(/\/$/, '') : undefined;
}
