import type { Candidate } from './candidate.ts';
import { unwrap } from './unwrap.ts';

const JS = ['JavaScript', 'TypeScript', 'Vue', 'Svelte', 'CoffeeScript'];
const PYTHON = ['Python', 'Cython', 'Starlark'];
const JVM = ['Java', 'Kotlin', 'Scala', 'Groovy', 'Clojure'];
/** Which languages programs serve, by Linguist’s names. Programs that serve every language are not listed. */
const GROUPS: readonly (readonly [programs: string, languages: readonly string[]])[] = [
  [
    'npm pnpm yarn bun npx bunx node deno eslint oxlint prettier biome tsc vitest jest mocha playwright turbo nx lerna vite webpack tsup',
    JS,
  ],
  [
    'pip pip3 python python3 uv uvx poetry pdm hatch pipenv tox nox pytest ruff black isort flake8 pylint mypy pyright basedpyright ty twine',
    PYTHON,
  ],
  ['go gofmt gofumpt goimports golangci-lint staticcheck gotestsum mage ginkgo', ['Go']],
  ['cargo rustfmt rustup', ['Rust']],
  ['gradle gradlew ./gradlew mvn mvnw ./mvnw sbt mill', JVM],
  ['cmake ctest meson ninja clang-format clang-tidy', ['C', 'C++', 'Objective-C', 'Cuda', 'Fortran']],
  ['zig', ['Zig']],
  ['bundle rake rspec rubocop gem', ['Ruby']],
  ['composer php phpunit phpstan', ['PHP']],
  ['mix', ['Elixir', 'Erlang']],
  ['dotnet', ['C#', 'F#', 'Visual Basic .NET']],
  ['dart flutter melos', ['Dart']],
  ['swift xcodebuild', ['Swift', 'Objective-C']],
  ['helm ct', ['Go Template', 'Smarty']],
  ['terraform tflint', ['HCL']],
  ['bazel bazelisk buildifier', []],
];
const BY_PROGRAM = new Map(
  GROUPS.flatMap(([programs, languages]) => programs.split(' ').map((program) => [program, languages] as const)),
);

/**
 * A command of another language than the repository is written in: tooling, most of the time. A Rust workspace with a
 * Python package on top is still built with cargo.
 */
export function isForeign(candidate: Candidate, languages: readonly string[]): boolean {
  return servesOther(
    candidate.task ? candidate.task.runner : (unwrap(candidate.run.split(' ')).words[0] ?? ''),
    languages,
  );
}

/** A program that serves other languages than the main one; unknown programs and languages serve each other. */
export function servesOther(program: string, languages: readonly string[]): boolean {
  const serves = BY_PROGRAM.get(program);
  const [main] = languages;
  return serves !== undefined && serves.length > 0 && main !== undefined && KNOWN.has(main) && !serves.includes(main);
}

const KNOWN: ReadonlySet<string> = new Set(GROUPS.flatMap(([, languages]) => languages));
