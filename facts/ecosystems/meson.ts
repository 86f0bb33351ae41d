import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { isAside, joinPath } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { type MesonCall, mesonCalls } from './meson/calls.ts';
import { command, plain } from './native/leads.ts';
import { at, isSideFolder, isWithin } from './native/side-folders.ts';

const MAX_FILES = 80;
const MAX_LEADS = 4;

/** Meson (https://mesonbuild.com). Commands build into `build`, as its documentation does. */
export const meson = ecosystem({
  id: 'meson',
  title: 'Meson',
  files: ['meson.build', 'meson.options', 'meson_options.txt'],
  depth: 1,
  *follow(repo) {
    for (const { dir, wanted } of projects(repo)) {
      yield* wanted;
      yield at(dir, 'pyproject.toml');
    }
  },
  *detect(repo) {
    for (const project of projects(repo)) yield* describe(repo, project);
  },
});

interface MesonProject {
  readonly dir: string;
  readonly file: SourceFile;
  readonly project: MesonCall;
  /** Of the project's file and of every `subdir` below it. */
  readonly calls: readonly MesonCall[];
  readonly wanted: readonly string[];
}

/** The project at the root, or the shallowest; what lies in `subprojects` is other people's. */
function projects(repo: RepoView): readonly MesonProject[] {
  const files = repo.files.filter(({ name }) => name === 'meson.build');
  const found: MesonProject[] = [];
  for (const file of files) {
    if (file.dir !== '' && (isSideFolder(file.dir) || /(?:^|\/)subprojects(?:\/|$)/.test(file.dir))) continue;
    if (found.length >= MAX_LEADS || found.some(({ dir }) => isWithin(file.dir, dir))) continue;
    const calls: MesonCall[] = [];
    const wanted: string[] = [];
    const queue = [file];
    const seen = new Set([file.path]);
    for (const next of queue) {
      for (const call of mesonCalls(next)) {
        calls.push(call);
        const folder = call.name === 'subdir' ? joinPath(next.dir, call.texts[0] ?? '') : undefined;
        const path = folder === undefined ? undefined : at(folder, 'meson.build');
        if (path === undefined || seen.has(path) || seen.size >= MAX_FILES || isAside(path) || !repo.paths.isFile(path))
          continue;
        seen.add(path);
        const read = repo.file(path);
        if (read) queue.push(read);
        else wanted.push(path);
      }
    }
    const project = calls.find(({ name, path }) => name === 'project' && path === file.path);
    if (project) found.push({ dir: file.dir, file, project, calls, wanted });
  }
  return found;
}

function* describe(repo: RepoView, { dir, file, project, calls }: MesonProject): Iterable<Signal> {
  const python = repo.file(at(dir, 'pyproject.toml'));
  const weight = python && /mesonpy|meson-python/.test(python.text) ? -3 : 0;
  const line = file.at(project.line);
  // `meson_version: '>=1.0'`, `meson.get_compiler('c')`: a line that names the tool, where there is one.
  const shows = file.find(/\bmeson(?:_version|\.)/) ?? file.find(/meson|build/i);
  const manifest = shows === undefined || shows === project.line ? [line] : [line, file.at(shows)];
  yield plain('build-system', 'meson', dir, manifest, { weight });
  const version = project.named.get('meson_version')?.[0];
  if (version !== undefined)
    yield plain('runtime.meson', version, dir, file.at(file.find('meson_version') ?? project.line));

  if (shows === undefined) return;
  const options = testOptions(repo, dir);
  const flags = options.map(({ flag }) => ` ${flag}`).join('');
  yield command('install', `meson setup build${flags}`, dir, [...manifest, ...options.map((option) => option.at)], {
    weight,
  });
  yield command('build', 'meson compile -C build', dir, manifest, { weight });
  const test = calls.find(({ name }) => name === 'test');
  if (test) {
    const evidence = [{ path: test.path, line: test.line }, ...manifest];
    yield plain('test-framework', 'meson test', dir, evidence, { weight: weight - 1, source: 'convention' });
    yield command('test', 'meson test -C build', dir, evidence, { weight });
    yield command('test-single', 'meson test -C build <name>', dir, evidence, { weight });
  }
  yield* libraries(dir, calls, weight);
  yield* targets(dir, calls);
}

const LIBRARIES: ReadonlyMap<string, string> = new Map([
  ['gtest', 'googletest'],
  ['gmock', 'googletest'],
  ['gtest_main', 'googletest'],
  ['catch2', 'catch2'],
  ['catch2-with-main', 'catch2'],
  ['doctest', 'doctest'],
  ['cmocka', 'cmocka'],
  ['check', 'check'],
  ['criterion', 'criterion'],
  ['cppunit', 'cppunit'],
]);

function* libraries(dir: string, calls: readonly MesonCall[], weight: number): Iterable<Signal> {
  const said = new Set<string>();
  for (const { name, texts, path, line } of calls) {
    const library = name === 'dependency' ? LIBRARIES.get(texts[0] ?? '') : undefined;
    if (library === undefined || said.has(library)) continue;
    said.add(library);
    yield plain('test-framework', library, dir, { path, line }, { weight });
  }
}

/** `run_target('format', command: [...])`: what a person builds by name. */
function* targets(dir: string, calls: readonly MesonCall[]): Iterable<Signal> {
  for (const { name, texts, named, path, line } of calls) {
    const [target] = texts;
    if (name !== 'run_target' || target === undefined || !/^[\w.+-]+$/.test(target)) continue;
    const words = (named.get('command') ?? []).filter((word) => word !== 'find_program' && word !== 'files');
    yield {
      kind: 'task',
      runner: 'meson',
      name: target,
      run: `meson compile -C build ${target}`,
      dir,
      at: { path, line },
      body: words.length > 0 ? [words.join(' ')] : [],
      needs: [],
    };
  }
}

/** Tests that are built only when asked for. */
function testOptions(repo: RepoView, dir: string): readonly { readonly flag: string; readonly at: Evidence }[] {
  const file = repo.file(at(dir, 'meson.options')) ?? repo.file(at(dir, 'meson_options.txt'));
  const found: { flag: string; at: Evidence }[] = [];
  for (const { name, texts, named, line } of file ? mesonCalls(file) : []) {
    const [option = ''] = texts;
    if (!file || name !== 'option' || !/^(?:(?:build|enable|with)[-_])?(?:unit[-_]?)?tests?$/i.test(option)) continue;
    const value = named.get('value')?.[0];
    if (value === 'false') found.push({ flag: `-D${option}=true`, at: file.at(line) });
    else if (value === 'disabled') found.push({ flag: `-D${option}=enabled`, at: file.at(line) });
  }
  return found;
}
