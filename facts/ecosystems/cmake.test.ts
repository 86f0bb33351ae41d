import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { cmake } from './cmake.ts';

const HEAD = 'cmake_minimum_required(VERSION 3.20)\nproject(lamp C)\n';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(cmake, files)).signals).filter((line) => only.test(line));
}

/** What a person types to configure, for a root file with these lines. */
async function configure(lines: string): Promise<string | undefined> {
  const files = { 'CMakeLists.txt': HEAD + lines, 'tests/CMakeLists.txt': 'add_test(NAME a COMMAND a)\n' };
  return (await said(files, /^install/))[0]?.replace(/^install: | \|.*/g, '');
}

describe('cmake', () => {
  it('follows the files of a project and turns its tests on', async () => {
    expect(await said(fixture('cmake/library'))).toEqual([
      'build-system = cmake | CMakeLists.txt:1 | config 0',
      'runtime.cmake = 3.20 | CMakeLists.txt:1 | config 0',
      'test-framework = catch2 | tests/CMakeLists.txt:2 | config 0',
      'test-framework = ctest | CMakeLists.txt:13 | convention -1',
      'install: cmake -S . -B build -DLANTERN_BUILD_TESTS=ON | CMakeLists.txt:1 CMakeLists.txt:4 | convention 0',
      'install: cmake -S . -B build | CMakeLists.txt:1 | convention -1',
      'build: cmake --build build | CMakeLists.txt:1 | convention 0',
      'test: ctest --test-dir build --output-on-failure | CMakeLists.txt:1 CMakeLists.txt:13 | convention 0',
      'test-single: ctest --test-dir build -R <name> --output-on-failure | CMakeLists.txt:1 CMakeLists.txt:13 | convention 0',
      'task cmake --build build --target format | cmake/tools.cmake:2 { clang-format -i src/lantern.cpp }',
      'task cmake --build build --target tidy | cmake/tools.cmake:6 { run-clang-tidy -p build } needs format',
    ]);
  });

  it.each([
    ['option(LAMP_TESTS "x" OFF)\nif(LAMP_TESTS)\nadd_subdirectory(tests)\nendif()', ' -DLAMP_TESTS=ON'],
    ['option(LAMP_TESTS "x" No)\nif(LAMP_TESTS)\nenable_testing()\nendif()', ' -DLAMP_TESTS=On'],
    ['option(LAMP_TESTS "x")\nif(${LAMP_TESTS})\ninclude(CTest)\nendif()', ' -DLAMP_TESTS=ON'],
    [
      'set(LAMP_TEST FALSE CACHE BOOL "x")\nif(BUILD_TESTING AND (LAMP_TEST))\nadd_subdirectory(tests)\nendif()',
      ' -DLAMP_TEST=ON',
    ],
    ['option(LAMP_TESTS "x" ON)\nif(LAMP_TESTS)\nadd_subdirectory(tests)\nendif()', ''],
    ['option(LAMP_TESTS "x" ${TOP})\nif(LAMP_TESTS)\nadd_subdirectory(tests)\nendif()', ''],
    ['option(LAMP_FUZZ_TESTS "x" OFF)\nif(LAMP_FUZZ_TESTS)\nadd_subdirectory(tests)\nendif()', ''],
    ['option(LAMP_NO_TESTS "x" OFF)\nif(NOT LAMP_NO_TESTS)\nadd_subdirectory(tests)\nendif()', ''],
    ['option(LAMP_TESTS "x" OFF)\nif(LAMP_TESTS)\nelse()\nadd_subdirectory(tests)\nendif()', ''],
    ['# option(LAMP_TESTS "x" OFF)\n#[[ if(LAMP_TESTS)\n]]\nadd_subdirectory(tests)', ''],
  ])('%j is configured with "%s"', async (lines, flags) => {
    expect(await configure(`${lines}\n`)).toBe(`cmake -S . -B build${flags}`);
  });

  it('does not speak of ctest where CMake does not run the tests', async () => {
    expect(await said({ 'CMakeLists.txt': `${HEAD}add_executable(tests t.c)\n` }, /^test/)).toEqual([]);
  });

  it('types the presets of a project that has them, the plain ones first', async () => {
    const presets = {
      version: 6,
      include: ['cmake/more.json'],
      configurePresets: [
        { name: 'base', hidden: true, binaryDir: '${sourceDir}/out/${presetName}' },
        { name: 'windows', inherits: 'base' },
        { name: 'dev', inherits: ['base'] },
        { name: 'ci-linux', inherits: 'base' },
      ],
    };
    const files = {
      'CMakeLists.txt': HEAD,
      'CMakePresets.json': JSON.stringify(presets, null, 1),
      'cmake/more.json': '{"testPresets":[{"name":"quick","configurePreset":"dev"}]}',
    };
    expect(await said(files, /preset|out/)).toEqual([
      'install: cmake --preset dev | CMakePresets.json:17 | config 1',
      'install: cmake --preset ci-linux | CMakePresets.json:23 | config 0',
      'test: ctest --preset quick | cmake/more.json:1 | config 1',
      'test-single: ctest --preset quick -R <name> | cmake/more.json:1 | config 1',
      'build: cmake --build out/dev | CMakePresets.json:17 | convention 1',
    ]);
  });

  it('takes the project one folder down where there is none at the root, Android and examples aside', async () => {
    const files = {
      'native/CMakeLists.txt': HEAD,
      'examples/CMakeLists.txt': HEAD,
      'android/CMakeLists.txt': HEAD,
      'android/build.gradle': '',
    };
    expect(await said(files, /^(?:build:|build-system)/)).toEqual([
      'build-system = cmake in native | native/CMakeLists.txt:1 | config 0',
      'build: cmake --build build in native | native/CMakeLists.txt:1 | convention 0',
    ]);
  });

  it('steps back where CMake only builds a Python package', async () => {
    const files = { 'CMakeLists.txt': HEAD, 'pyproject.toml': '[build-system]\nrequires = ["scikit-build-core"]\n' };
    expect(await said(files, /^build:/)).toEqual(['build: cmake --build build | CMakeLists.txt:1 | convention -3']);
  });

  it.each([
    ['find_package(GTest REQUIRED)', 'googletest'],
    ['target_link_libraries(t PRIVATE Catch2::Catch2WithMain)', 'catch2'],
    ['add_subdirectory(external/doctest)', 'doctest'],
    ['find_package(Boost COMPONENTS unit_test_framework)', 'boost.test'],
    ['pkg_check_modules(CM REQUIRED cmocka)', 'cmocka'],
  ])('%s brings %s', async (line, library) => {
    expect(await said({ 'CMakeLists.txt': `${HEAD}${line}\n` }, /^test-framework/)).toEqual([
      `test-framework = ${library} | CMakeLists.txt:3 | config 0`,
    ]);
  });

  it('follows a folder only once, and never out of the repository', async () => {
    const loop = 'add_subdirectory(.)\nadd_subdirectory(..)\nadd_subdirectory(../..)\ninclude(CMakeLists.txt)\n';
    expect(await said({ 'CMakeLists.txt': HEAD + loop }, /^build:/)).toHaveLength(1);
  });

  it.each([
    ['a file without project()', 'add_library(x x.c)\n'],
    ['an empty file', ''],
  ])('is silent about %s', async (_, text) => {
    expect(await said({ 'CMakeLists.txt': text })).toEqual([]);
  });

  it.each([
    ['CRLF', HEAD.replaceAll('\n', '\r\n')],
    ['a bracket that never closes', `${HEAD}add_library(x`],
    ['a text that never closes', `${HEAD}message("`],
    ['a comment that never closes', `${HEAD}#[[ `],
    ['an unresolved merge', `${HEAD}<<<<<<< ours\nadd_library(a)\n=======\n>>>>>>> theirs\n`],
    ['presets of the wrong shape', HEAD],
  ])('survives %s', async (_, text) => {
    const files = {
      'CMakeLists.txt': text,
      'CMakePresets.json': '{"configurePresets":{"a":1},"include":3,"testPresets":[2,{"name":4}]}',
    };
    expect(await said(files, /^build:/)).toEqual(['build: cmake --build build | CMakeLists.txt:1 | convention 0']);
  });

  it('tests from outside of the folder that the build makes', async () => {
    const tested = async (...steps: readonly string[]) => {
      const runs = steps.map((run) => `      - run: ${run}\n`).join('');
      const workflow = `on: pull_request\njobs:\n  a:\n    steps:\n${runs}`;
      const files = { ...fixture('cmake/library'), '.github/workflows/ci.yml': workflow };
      const { facts } = await analyze(memoryRepository(files));
      return facts.find(({ key }) => key === 'command.test');
    };
    expect(await tested('cmake -S . -B out', 'cmake --build out', 'cd out && ctest -C Debug')).toMatchObject({
      value: 'ctest --test-dir out -C Debug',
      dir: '',
      evidence: [{ path: '.github/workflows/ci.yml', line: 7 }],
    });
    // Beside the repository nobody else has that folder.
    for (const run of ['cd ../out && ctest', 'ctest --test-dir ../out'])
      expect(await tested(run)).toMatchObject({ value: 'ctest --test-dir build --output-on-failure' });
  });
});
