import type { Signal } from '../signal.ts';
import type { Body } from './bodies.ts';
import type { Candidate } from './candidate.ts';
import { unwrap } from './unwrap.ts';

const JS = ['JavaScript', 'TypeScript', 'Vue', 'Svelte', 'CoffeeScript'];
const PYTHON = ['Python', 'Cython', 'Starlark'];
/** Its tests are written in Go or Python: Terratest, tftest. */
const INFRASTRUCTURE = ['HCL', 'Go Template', 'Smarty'];
const JVM = ['Java', 'Kotlin', 'Scala', 'Groovy', 'Clojure'];
/** Which languages programs serve, by Linguist’s names. Programs that serve every language are not listed. */
const GROUPS: readonly (readonly [programs: string, languages: readonly string[]])[] = [
  [
    'npm pnpm yarn bun npx bunx node deno eslint oxlint prettier biome tsc vitest jest mocha playwright turbo nx lerna vite webpack tsup',
    JS,
  ],
  [
    'pip pip3 python python3 uv uvx poetry pdm hatch pipenv tox nox pytest ruff black isort flake8 pylint mypy pyright basedpyright ty twine',
    [...PYTHON, ...INFRASTRUCTURE],
  ],
  ['go gofmt gofumpt goimports golangci-lint staticcheck gotestsum mage ginkgo', ['Go', ...INFRASTRUCTURE]],
  ['cargo rustfmt rustup', ['Rust']],
  ['ant gradle gradlew ./gradlew mvn mvnw ./mvnw sbt mill', JVM],
  ['cmake ctest meson ninja clang-format clang-tidy', ['C', 'C++', 'Objective-C', 'Cuda', 'Fortran']],
  ['zig', ['Zig']],
  ['bundle rspec rubocop standardrb srb steep rails gem bin/rails bin/rubocop', ['Ruby', 'HTML+ERB', 'Haml', 'Slim']],
  [
    'composer php phpunit pest paratest phpstan psalm phpcs phpcbf php-cs-fixer pint ecs rector castor robo sail symfony',
    ['PHP', 'Hack', 'Blade', 'Twig', 'Latte'],
  ],
  ['mix iex elixir rebar3 ./rebar3 erlfmt elvis gleam', ['Elixir', 'Erlang', 'Gleam']],
  ['dotnet msbuild nuget fantomas csharpier nuke fake cake fun.build', ['C#', 'F#', 'Visual Basic .NET']],
  ['dart flutter fvm melos very_good', ['Dart']],
  [
    'swift xcodebuild swiftlint swiftformat swift-format tuist xcodegen pod carthage',
    ['Swift', 'Objective-C', 'Objective-C++'],
  ],
  ['fastlane', ['Swift', 'Objective-C', 'Objective-C++', 'Kotlin', 'Java', 'Dart']],
  ['helm ct helm-docs helmfile', ['Go Template', 'Smarty']],
  ['terraform tofu terragrunt tflint terraform-docs', ['HCL']],
  ['bazel bazelisk buildifier', []],
];
const BY_PROGRAM = new Map(
  GROUPS.flatMap(([programs, languages]) => programs.split(' ').map((program) => [program, languages] as const)),
);

/**
 * A command of another language than the repository is written in: tooling, most of the time. A Rust workspace with a
 * Python package on top is still built with cargo.
 */
export function isForeign(candidate: Candidate, languages: readonly string[], body?: Body): boolean {
  if (body && servesMain(body, languages)) return false;
  return servesOther(
    candidate.task ? candidate.task.runner : (unwrap(candidate.run.split(' ')).words[0] ?? ''),
    languages,
  );
}

/**
 * Whether anything at the root serves the main language. A user interface may have more files than the service at the
 * root: then it is the service's build that people start there.
 */
export function isAtHome(signals: readonly Signal[], languages: readonly string[]): boolean {
  const [main] = languages;
  // With no manager at the root nobody is at home there: what serves another language is tooling all the same.
  if (!signals.some((signal) => signal.kind === 'fact' && signal.key === 'package-manager' && signal.dir === ''))
    return true;
  return signals.some((signal) => {
    if (signal.dir !== '' || (signal.kind !== 'command' && signal.kind !== 'fact')) return false;
    if (signal.kind === 'fact' && signal.key !== 'package-manager') return false;
    const program = signal.kind === 'fact' ? signal.value : (unwrap(signal.run.split(' ')).words[0] ?? '');
    return main !== undefined && BY_PROGRAM.get(program)?.includes(main) === true;
  });
}

/** `npm run test:php` that starts PHPUnit, in a container perhaps: whoever runs it, it is the repository's own test. */
function servesMain({ readings }: Body, languages: readonly string[]): boolean {
  const [main] = languages;
  return main !== undefined && readings.some(({ words }) => BY_PROGRAM.get(words[0] ?? '')?.includes(main));
}

/** A program that serves other languages than the main one; unknown programs and languages serve each other. */
export function servesOther(program: string, languages: readonly string[]): boolean {
  const serves = BY_PROGRAM.get(program);
  const [main] = languages;
  return serves !== undefined && serves.length > 0 && main !== undefined && KNOWN.has(main) && !serves.includes(main);
}

const KNOWN: ReadonlySet<string> = new Set(GROUPS.flatMap(([, languages]) => languages));
