import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { CmakeCommand } from './cmake/commands.ts';
import { presetCommands, presetIncludes } from './cmake/presets.ts';
import { type CmakeProject, cmakeProjects } from './cmake/project.ts';
import { testingLine, testLibraries, testOptions } from './cmake/tests.ts';
import { command, plain } from './native/leads.ts';
import { at } from './native/side-folders.ts';

const MAX_TARGETS = 40;

/**
 * CMake. Nothing is evaluated: files are followed where their paths are plain, and an `if` only tells which option
 * holds the tests back. Commands build into `build`, the folder CMake's own documentation uses.
 */
export const cmake = ecosystem({
  id: 'cmake',
  title: 'CMake',
  files: ['CMakeLists.txt', 'CMakePresets.json'],
  depth: 1,
  *follow(repo) {
    for (const { dir, wanted } of cmakeProjects(repo)) {
      yield* wanted;
      yield* presetIncludes(repo, dir);
      yield at(dir, 'pyproject.toml');
    }
  },
  *detect(repo) {
    for (const project of cmakeProjects(repo)) {
      const shift = weightOf(repo, project);
      yield* facts(project, shift);
      yield* commands(project, shift);
      yield* presetCommands(repo, project.dir, shift + 1);
      yield* targets(project);
    }
  },
});

function* facts(project: CmakeProject, shift: number): Iterable<Signal> {
  const { dir, file, line, commands } = project;
  yield plain('build-system', 'cmake', dir, file.at(line), { weight: shift });
  const minimum = commands.find(({ name, path }) => name === 'cmake_minimum_required' && path === file.path);
  const version = minimum?.args[minimum.args.indexOf('VERSION') + 1];
  if (minimum && version !== undefined && /^\d/.test(version))
    yield plain('runtime.cmake', version, dir, file.at(minimum.line));
  for (const [library, evidence] of testLibraries(project))
    yield plain('test-framework', library, dir, evidence, { weight: shift });
  const testing = testingLine(project);
  if (testing) yield plain('test-framework', 'ctest', dir, testing, { weight: shift - 1, source: 'convention' });
}

function* commands(project: CmakeProject, shift: number): Iterable<Signal> {
  const { dir, file, line } = project;
  const manifest = file.at(line);
  const options = testOptions(project);
  const flags = options.map(({ name, on }) => ` -D${name}=${on}`).join('');
  yield command('install', `cmake -S . -B build${flags}`, dir, [manifest, ...options.map((option) => option.at)], {
    weight: shift,
  });
  if (flags !== '') yield command('install', 'cmake -S . -B build', dir, manifest, { weight: shift - 1 });
  yield command('build', 'cmake --build build', dir, manifest, { weight: shift });
  const testing = testingLine(project);
  if (!testing) return;
  const evidence = testing.path === manifest.path && testing.line === manifest.line ? manifest : [manifest, testing];
  yield command('test', 'ctest --test-dir build --output-on-failure', dir, evidence, { weight: shift });
  yield command('test-single', 'ctest --test-dir build -R <name> --output-on-failure', dir, evidence, {
    weight: shift,
  });
}

/** `add_custom_target(format COMMAND clang-format ...)`: what a person builds by name. */
function* targets({ dir, commands }: CmakeProject): Iterable<Signal> {
  const custom = new Map<string, CmakeCommand>();
  for (const candidate of commands) {
    const name = candidate.name === 'add_custom_target' ? (candidate.args[0] ?? '') : '';
    if (/^[\w.+-]+$/.test(name) && !custom.has(name) && custom.size < MAX_TARGETS) custom.set(name, candidate);
  }
  for (const [name, { args, path, line }] of custom) {
    yield {
      kind: 'task',
      runner: 'cmake',
      name,
      run: `cmake --build build --target ${name}`,
      dir,
      at: { path, line },
      body: sections(args, 'COMMAND').map((words) => words.map((word) => plainWord(word, path)).join(' ')),
      needs: sections(args, 'DEPENDS')
        .flat()
        .filter((need) => custom.has(need) && need !== name),
    };
  }
}

/** `${CLANG_FORMAT_EXECUTABLE}` as people call it, and paths as they stand in the repository. */
function plainWord(word: string, path: string): string {
  const here = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return word
    .replace(/^\$\{(?:CMAKE_)?(\w+?)(?:_EXECUTABLE|_COMMAND|_BIN|_BINARY|_PROGRAM|_PATH|_EXE)\}$/, (_, name: string) =>
      toolName(name),
    )
    .replace(/^\$\{(CLANG_FORMAT|CLANG_TIDY|CPPCHECK|PYTHON3?)\}$/i, (_, name: string) => toolName(name))
    .replace(/\$\{(?:CMAKE|PROJECT)_SOURCE_DIR\}\//g, '')
    .replace(/\$\{CMAKE_CURRENT_(?:SOURCE|LIST)_DIR\}\//g, here);
}

function toolName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

const KEYWORDS = new Set([
  'ALL',
  'COMMAND',
  'DEPENDS',
  'BYPRODUCTS',
  'WORKING_DIRECTORY',
  'COMMENT',
  'JOB_POOL',
  'VERBATIM',
  'USES_TERMINAL',
  'COMMAND_EXPAND_LISTS',
  'SOURCES',
]);

function sections(args: readonly string[], keyword: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let open: string[] | undefined;
  for (const argument of args) {
    if (KEYWORDS.has(argument)) {
      open = argument === keyword ? [] : undefined;
      if (open) found.push(open);
    } else open?.push(argument);
  }
  return found;
}

/** Less where CMake serves something else: a Python package's own builder, or Meson beside it. */
function weightOf(repo: RepoView, { dir }: CmakeProject): number {
  const python = repo.file(at(dir, 'pyproject.toml'));
  if (python && /scikit[-_]build|py-build-cmake|cmake-build-extension/.test(python.text)) return -3;
  return repo.paths.isFile(at(dir, 'meson.build')) ? -1 : 0;
}
