import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { modStatements } from './go/mod-file.ts';
import { goFilesIn } from './go/modules.ts';
import { actionsOf, scopeOf } from './mage/body.ts';
import { type GoFile, type GoFunction, readGoFile } from './mage/functions.ts';
import { at, upwards } from './native/side-folders.ts';

const MAX_ROOT_FILES = 30;
const MAX_FUNCTIONS = 400;
const MAGE = 'github.com/magefile/mage';

/** Mage: every exported Go function of a magefile is a target (https://magefile.org/targets/). */
export const mage = ecosystem({
  id: 'mage',
  title: 'Mage',
  files: ['magefile.go', 'mage.go', 'magefiles/*.go', '*/magefiles/*.go', 'go.mod'],
  *follow(repo) {
    if (!repo.file('go.mod')?.text.includes(MAGE)) return;
    // Any file with the build tag is a magefile; people keep them at the root.
    yield* goFilesIn(repo, '').slice(0, MAX_ROOT_FILES);
    for (const { files } of projects(repo)) for (const file of files) yield* importedPaths(repo, file);
  },
  *detect(repo) {
    for (const { dir, files } of projects(repo)) yield* targetsOf(repo, dir, files);
  },
});

/** The files of each folder that mage can be run in; with a `magefiles` folder nothing else counts. */
function projects(repo: RepoView): readonly { readonly dir: string; readonly files: readonly SourceFile[] }[] {
  const byDir = new Map<string, Map<string, SourceFile>>();
  const root = goFilesIn(repo, '').flatMap((path) => repo.file(path) ?? []);
  for (const file of [...repo.files, ...root]) {
    if (!file.name.endsWith('.go') || file.name.endsWith('_test.go')) continue;
    const inFolder = /(?:^|\/)magefiles$/.test(file.dir);
    if (!isMagefile(file, inFolder)) continue;
    const dir = inFolder ? file.dir.slice(0, -'/magefiles'.length) : file.dir;
    if (!inFolder && repo.paths.hasDir(at(dir, 'magefiles'))) continue;
    const files = byDir.get(dir) ?? new Map<string, SourceFile>();
    byDir.set(dir, files.set(file.path, file));
  }
  return [...byDir].map(([dir, files]) => ({ dir, files: [...files.values()] }));
}

function isMagefile(file: SourceFile, inFolder: boolean): boolean {
  const line = file.find(/^\/\/ ?(?:go:build|\+build) /);
  const constraint = line === undefined ? '' : file.lines.line(line);
  return inFolder ? !/\bignore\b/.test(constraint) : /(?<![!\w])mage\b/.test(constraint);
}

function* targetsOf(repo: RepoView, dir: string, files: readonly SourceFile[]): Iterable<Signal> {
  const own = files.map((file) => readGoFile(file.path, file.text));
  const start = startsWith(repo, dir);
  yield* packageTargets(own, '', dir, start);
  for (const { path, prefix } of own.flatMap(({ imports }) => imports)) {
    const read = packageFiles(repo, dir, path).flatMap((source) => repo.file(source) ?? []);
    const imported = read.map((file) => readGoFile(file.path, file.text));
    yield* packageTargets(imported, prefix === '' ? '' : `${prefix}:`, dir, start);
  }
}

function* packageTargets(files: readonly GoFile[], prefix: string, dir: string, start: string): Iterable<Signal> {
  const all = files.flatMap(({ functions }) => functions);
  const namespaces = new Set(files.flatMap((file) => [...file.namespaces]));
  const targets = new Map<string, string>();
  for (const candidate of all) {
    const name = targetName(candidate, namespaces);
    if (name !== undefined) targets.set(qualified(candidate), prefix + name);
  }
  const helpers = new Map(all.filter(({ receiver }) => receiver === undefined).map((helper) => [helper.name, helper]));
  const top = scopeOf(files.flatMap(({ outside }) => outside));
  for (const target of all.slice(0, MAX_FUNCTIONS)) {
    const name = targets.get(qualified(target));
    if (name === undefined) continue;
    const { lines, needs } = actionsOf(target, helpers, targets, top);
    const asks = target.parameters.some(({ type }) => type !== 'context.Context' && !type.startsWith('*'));
    yield {
      kind: 'task',
      runner: 'mage',
      name,
      run: `${start} ${name}`,
      dir,
      at: { path: target.path, line: target.line },
      body: lines,
      needs: needs.filter((need) => need !== name),
      ...(target.doc === '' ? {} : { description: target.doc }),
      // Mage takes arguments by place: without them the target cannot be run.
      ...(asks ? { internal: true } : {}),
    };
  }
}

function qualified({ receiver, name }: GoFunction): string {
  return receiver === undefined ? name : `${receiver}.${name}`;
}

/** The name `mage -l` lists: exported, with parameters mage can fill, returning nothing or an error. */
function targetName(candidate: GoFunction, namespaces: ReadonlySet<string>): string | undefined {
  const { name, receiver, parameters, returns, generic } = candidate;
  if (!/^\p{Lu}/u.test(name) || generic || returns === 'other') return undefined;
  if (
    !parameters.every(({ type }) => /^(?:context\.Context|\*?(?:string|int|float64|bool|time\.Duration))$/.test(type))
  ) {
    return undefined;
  }
  if (receiver === undefined) return lowerFirst(name);
  if (!namespaces.has(receiver)) return undefined;
  return name === 'Default' ? lowerFirst(receiver) : `${lowerFirst(receiver)}:${lowerFirst(name)}`;
}

/** `TestRace` is `testRace`, `CIBuild` is `ciBuild`, `QA` is `qa`. */
function lowerFirst(name: string): string {
  const capitals = /^\p{Lu}+/u.exec(name)?.[0].length ?? 0;
  const first =
    capitals <= 1 || capitals === name.length || !/^\p{Ll}/u.test(name[capitals]!) ? capitals : capitals - 1;
  return name.slice(0, first).toLowerCase() + name.slice(first);
}

/** `go tool mage` where go.mod pins mage as a tool, else the program on the PATH. */
function startsWith(repo: RepoView, dir: string): string {
  for (const here of upwards(dir)) {
    const mod = repo.file(at(here, 'go.mod'));
    if (!mod) continue;
    return modStatements(mod).some(({ verb, words }) => verb === 'tool' && words[0] === MAGE) ? 'go tool mage' : 'mage';
  }
  return 'mage';
}

function* importedPaths(repo: RepoView, file: SourceFile): Iterable<string> {
  if (!file.text.includes('mage:import')) return;
  for (const { path } of readGoFile(file.path, file.text).imports) yield* packageFiles(repo, file.dir, path);
}

/** The files of a package of this repository, by its import path. */
function packageFiles(repo: RepoView, from: string, importPath: string): readonly string[] {
  for (const here of upwards(from)) {
    const mod = repo.file(at(here, 'go.mod'));
    if (!mod) continue;
    const module = modStatements(mod).find(({ verb }) => verb === 'module')?.words[0];
    if (module === undefined || !importPath.startsWith(`${module}/`)) continue;
    return goFilesIn(repo, at(here, importPath.slice(module.length + 1)));
  }
  return [];
}
