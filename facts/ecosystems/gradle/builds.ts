import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { codeLines } from '../jvm/code-lines.ts';
import { isSecondary, primaryDirs } from '../jvm/secondary.ts';
import { isFlutterPlatform } from '../native/side-folders.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { readScript, type Script } from './script.ts';
import { type Module, readSettings, type Settings } from './settings.ts';

/** A Gradle build: what one `settings.gradle` holds together, or a lone `build.gradle`. */
export interface Build {
  readonly dir: string;
  readonly settings: Settings | undefined;
  readonly modules: readonly Module[];
  /** The root's own script. */
  readonly root: Script | undefined;
  /** Scripts applied by name (`gradle/linting.gradle`) and convention plugins (`buildSrc`, included builds). */
  readonly shared: readonly Script[];
  /** Scripts of the modules, each with its module. */
  readonly own: ReadonlyMap<Module, Script>;
  readonly catalogs: readonly Catalog[];
  /** What a person types: `./gradlew`, `../gradlew`, `gradle`. */
  readonly program: string;
  readonly wrapper: string | undefined;
}

const MAX_BUILDS = 6;

/** The builds people work in, the root's first; builds of examples and tests only where there is no other. */
export function buildsOf(repo: RepoView): readonly Build[] {
  const settings = repo.files.filter((file) => isSettings(file.name)).map((file) => readSettings(file, repo.paths));
  const logic = new Set([
    ...settings.flatMap((one) => one.includedBuilds),
    ...settings.map((one) => joinPath(one.file.dir, 'buildSrc')!),
    'buildSrc',
  ]);
  const inLogic = (dir: string): boolean =>
    [...logic].some((root) => within(dir, root)) || dir.split('/').includes('buildSrc');
  const roots = new Map<string, Settings | undefined>();
  for (const one of settings) if (!inLogic(one.file.dir)) roots.set(one.file.dir, roots.get(one.file.dir) ?? one);
  const scripts = repo.files.filter((file) => isBuildScript(file.name));
  for (const { dir } of scripts) {
    if (!inLogic(dir) && ![...roots.keys()].some((root) => within(dir, root))) roots.set(dir, undefined);
  }
  const dirs = [...roots.keys()].filter((dir) => !isFlutterPlatform(repo.paths, dir));
  return primaryDirs(dirs, repo.paths)
    .slice(0, MAX_BUILDS)
    .map((dir) => readBuild(repo, dir, roots.get(dir), dirs, [...logic]));
}

/** Convention plugins may also be classes; this many of them are read. */
const MAX_LOGIC_SOURCES = 60;

/** The sources of build logic: classes in `buildSrc` and in included builds. */
export function* logicSources(repo: RepoView): Iterable<string> {
  const roots = new Set<string>();
  for (const file of repo.files) {
    if (!isSettings(file.name)) continue;
    for (const dir of readSettings(file, repo.paths).includedBuilds) roots.add(dir);
    roots.add(joinPath(file.dir, 'buildSrc')!);
  }
  let left = MAX_LOGIC_SOURCES;
  for (const root of roots) {
    for (const { path } of repo.paths.under(root)) {
      if (!/\/src\/main\/.*\.(kt|groovy)$/.test(path)) continue;
      if (left-- <= 0) return;
      yield path;
    }
  }
}

/** True for `settings.gradle` and `settings.gradle.kts`. */
function isSettings(name: string): boolean {
  return name === 'settings.gradle' || name === 'settings.gradle.kts';
}

function isBuildScript(name: string): boolean {
  return name === 'build.gradle' || name === 'build.gradle.kts';
}

function within(dir: string, root: string): boolean {
  return root === '' || dir === root || dir.startsWith(`${root}/`);
}

function readBuild(
  repo: RepoView,
  dir: string,
  settings: Settings | undefined,
  all: readonly string[],
  logic: readonly string[],
): Build {
  // Another build further down owns its own files.
  const sources = [...logicSources(repo)].flatMap((path) => repo.file(path) ?? []);
  const others = all.filter((other) => other !== dir && within(other, dir));
  const files = [...repo.files, ...sources].filter(
    (file) => within(file.dir, dir) && !others.some((other) => within(file.dir, other)),
  );
  const catalogs = files.filter((file) => file.name.endsWith('.versions.toml')).map(readCatalog);
  const modules = settings?.modules.length ? settings.modules : unnamedModules(files, dir, logic);
  const byDir = new Map(modules.map((module) => [module.dir, module]));
  const own = new Map<Module, Script>();
  const beside: Script[] = [];
  let root: Script | undefined;
  for (const file of files) {
    if (!isScript(file.name)) continue;
    const module = byDir.get(file.dir);
    if (file.dir === dir && isBuildScript(file.name)) root ??= readScript(file, catalogs);
    else if (module && (isBuildScript(file.name) || file.name.startsWith(`${module.path.split(':').at(-1)}.gradle`))) {
      if (!own.has(module)) own.set(module, readScript(file, catalogs));
    } else if (isShared(file, dir, logic)) beside.push(readScript(file, catalogs));
  }
  const shared = appliedOnes(beside, [...(root ? [root] : []), ...own.values()], settings, dir);
  const wrapper = wrapperOf(repo, dir);
  return {
    dir,
    settings,
    modules,
    root,
    shared,
    own,
    catalogs,
    program: wrapper?.program ?? 'gradle',
    wrapper: wrapper?.path,
  };
}

/** Init scripts are no part of a build, settings are read elsewhere. */
function isScript(name: string): boolean {
  return /\.(gradle|gradle\.kts|kt|groovy)$/.test(name) && !/(^|\.)(init|settings)\.gradle(\.kts)?$/.test(name);
}

/** Applied scripts lie in `gradle/` or beside the root script; convention plugins lie in builds of build logic. */
function isShared(file: SourceFile, dir: string, logic: readonly string[]): boolean {
  if (isBuildScript(file.name)) return false;
  if (logic.some((root) => within(file.dir, root))) return true;
  const below = dir === '' ? file.dir : file.dir.slice(dir.length + 1);
  return file.name.includes('.gradle') && !isSecondary(below);
}

/**
 * Scripts in `gradle/` and beside the root script do nothing until another script applies them by name. Where a script
 * applies what it computes, none of them is known to lie idle.
 */
function appliedOnes(
  beside: readonly Script[],
  others: readonly Script[],
  settings: Settings | undefined,
  dir: string,
): readonly Script[] {
  const applying = [
    ...[...others, ...beside].flatMap(({ lines, blocks }) =>
      lines.filter(({ bare }, i) => APPLIES.test(bare) || (blocks[i]?.at(-1) === 'apply' && /\bfrom\b/.test(bare))),
    ),
    ...(settings ? codeLines(settings.file.lines.all()).filter(({ bare }) => APPLIES.test(bare)) : []),
  ];
  const named = applying.map(({ code }) => /[\w.-]+\.gradle(?:\.kts)?(?=["'])/.exec(code)?.[0]);
  if (named.includes(undefined)) return beside;
  const places = [dir, joinPath(dir, 'gradle')];
  return beside.filter(({ file }) => !places.includes(file.dir) || named.includes(file.name));
}

const APPLIES = /\bapply[ \t]*\(?[ \t]*from\b/;

/** Where settings compute their projects, every folder with a build script is one. */
function unnamedModules(files: readonly SourceFile[], dir: string, logic: readonly string[]): readonly Module[] {
  if (!files.some((file) => isSettings(file.name) && file.dir === dir)) return [];
  return files
    .filter((file) => isBuildScript(file.name) && file.dir !== dir && !logic.some((root) => within(file.dir, root)))
    .map((file) => ({
      path: `:${(dir === '' ? file.dir : file.dir.slice(dir.length + 1)).replaceAll('/', ':')}`,
      dir: file.dir,
      at: file.at(1),
    }));
}

/** A script of a build and the module it belongs to; the root's and shared ones belong to none. */
export interface OwnedScript {
  readonly script: Script;
  readonly module: Module | undefined;
}

/** Every script of a build, the root's first. */
export function scriptsOf(build: Build): readonly OwnedScript[] {
  return [
    ...(build.root ? [{ script: build.root, module: undefined }] : []),
    ...build.shared.map((script) => ({ script, module: undefined })),
    ...[...build.own].map(([module, script]) => ({ script, module })),
  ];
}

/** The nearest `gradlew`, in the build's folder or above it. */
function wrapperOf(repo: RepoView, dir: string): { readonly path: string; readonly program: string } | undefined {
  const parts = dir === '' ? [] : dir.split('/');
  for (let up = 0; up <= parts.length; up++) {
    const path = [...parts.slice(0, parts.length - up), 'gradlew'].join('/');
    if (repo.paths.isFile(path)) return { path, program: `${up === 0 ? './' : '../'.repeat(up)}gradlew` };
  }
  return undefined;
}
