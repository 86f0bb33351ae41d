import type { Evidence } from '../../fact.ts';
import type { CmakeCommand } from './commands.ts';
import type { CmakeProject } from './project.ts';

/** A switch that must be turned on before there are tests to run. */
export interface TestOption {
  readonly name: string;
  /** `ON`, or `On` in a project that writes its own values so. */
  readonly on: string;
  readonly at: Evidence;
}

const STARTS_TESTING =
  /^(?:enable_testing|add_test|gtest_discover_tests|gtest_add_tests|catch_discover_tests|doctest_discover_tests|ament_add_gtest)$/;
/** Tests of a special kind, which an ordinary run leaves out. */
const SPECIAL =
  /fuzz|bench|perf|sample|example|coverage|install|gui|cuda|stress|valgrind|python|performance|asan|tsan|sanit/i;
const MAX_OPTIONS = 4;

/** The line after which `ctest` finds something; `undefined` where CMake's own testing is not used. */
export function testingLine({ commands }: CmakeProject): Evidence | undefined {
  const found =
    commands.find(({ name, args }) => name === 'include' && /^(?:CTest|Dart)$/.test(args[0] ?? '')) ??
    commands.find(({ name }) => name === 'enable_testing');
  return found && { path: found.path, line: found.line };
}

/**
 * Options that are off unless told and that hold the tests back: an `if` on their name stands around a command that
 * adds tests or a folder of them. Of several around one command the outermost counts, the others pick among the tests.
 */
export function testOptions({ commands }: CmakeProject): readonly TestOption[] {
  const off = new Map<string, TestOption>();
  for (const command of commands) {
    const declared = declaration(command);
    if (!declared || !/tests?(?:ing|s)?/i.test(declared.name) || SPECIAL.test(declared.name)) continue;
    if (off.has(declared.name) || !/^(?:|0|off|no|false|n)$/i.test(declared.value)) continue;
    const on = /^(?:Off|No|False)$/.test(declared.value) ? 'On' : 'ON';
    off.set(declared.name, { name: declared.name, on, at: { path: command.path, line: command.line } });
  }
  const found = new Set<TestOption>();
  for (const { name, args, conditions } of off.size === 0 ? [] : commands) {
    const tests =
      STARTS_TESTING.test(name) ||
      (name === 'include' && args[0] === 'CTest') ||
      (name === 'add_subdirectory' && /(?:^|\/)(?:unit_?)?tests?(?:\/|$)/i.test(args[0] ?? ''));
    const gate = tests ? conditions.find((words) => [...positive(words)].some((word) => off.has(word))) : undefined;
    for (const word of gate ? positive(gate) : []) {
      const option = off.get(word);
      if (option) found.add(option);
    }
  }
  return [...found].slice(0, MAX_OPTIONS);
}

/** The names an `if` asks to be on: what stands behind `NOT` asks for the opposite. */
function* positive(condition: readonly string[]): Iterable<string> {
  for (let i = 0; i < condition.length; i++) {
    if (condition[i] === 'NOT') i++;
    else yield condition[i]!.replace(/^\$\{(\w+)\}$/, '$1');
  }
}

/** `option(X "help" OFF)`, `cmake_dependent_option(X "help" OFF "A" OFF)`, `set(X OFF CACHE BOOL "help")`. */
function declaration({ name, args }: CmakeCommand): { name: string; value: string } | undefined {
  const [declared, ...rest] = args;
  if (declared === undefined) return undefined;
  if (name === 'option' || name === 'cmake_dependent_option') return { name: declared, value: rest[1] ?? '' };
  if (name === 'set' && rest[1] === 'CACHE' && rest[2] === 'BOOL') return { name: declared, value: rest[0] ?? '' };
  return undefined;
}

const FRAMEWORKS: readonly (readonly [RegExp, string])[] = [
  [/^(?:.*\/)?(?:gtest|googletest|googlemock|gmock|gtest_main|gmock_main|gtest::\w+)$/i, 'googletest'],
  [/^(?:.*\/)?catch2?(?:::\w+)?$/i, 'catch2'],
  [/^(?:.*\/)?doctest(?:::\w+)?$/i, 'doctest'],
  [/^(?:.*\/)?cmocka(?:::\w+)?$/i, 'cmocka'],
  [/^(?:unit_test_framework|boost::unit_test_framework)$/i, 'boost.test'],
  [/^(?:.*\/)?cpputest$/i, 'cpputest'],
  [/^(?:.*\/)?(?:unity|unity::framework)$/, 'unity'],
];
const BRINGS = new Set([
  'find_package',
  'fetchcontent_declare',
  'fetchcontent_makeavailable',
  'cpmaddpackage',
  'add_subdirectory',
  'include',
  'target_link_libraries',
  'pkg_check_modules',
]);

/** What the tests are written with: the first line that brings each library in. */
export function testLibraries({ commands }: CmakeProject): ReadonlyMap<string, Evidence> {
  const found = new Map<string, Evidence>();
  for (const { name, args, path, line } of commands) {
    if (!BRINGS.has(name)) continue;
    for (const argument of args) {
      const library = FRAMEWORKS.find(([pattern]) => pattern.test(argument))?.[1];
      if (library !== undefined && !found.has(library)) found.set(library, { path, line });
    }
  }
  return found;
}
