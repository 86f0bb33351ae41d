import type { Purpose } from '../fact.ts';

/**
 * What a task's name says it is for. A name is split into words; one of them must stand for a purpose, and the others
 * say how special the task is: `test` is the whole, `test:e2e` a part, `test:watch` nothing a pipeline would run.
 */
export interface NameReading {
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** 0: the plain name of the purpose; higher: a part or a variant of it. */
  readonly special: number;
}

const WORDS: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  test: { test: 1 },
  tests: { test: 1 },
  unittest: { test: 1 },
  unittests: { test: 1 },
  spec: { test: 0.8 },
  pytest: { test: 0.8 },
  vitest: { test: 0.8 },
  jest: { test: 0.8 },
  gotest: { test: 0.8 },
  lint: { lint: 1 },
  lints: { lint: 1 },
  linter: { lint: 0.9 },
  linters: { lint: 0.9 },
  linting: { lint: 0.9 },
  eslint: { lint: 0.8 },
  oxlint: { lint: 0.8 },
  biome: { lint: 0.8 },
  clippy: { lint: 0.8 },
  ruff: { lint: 0.8 },
  flake8: { lint: 0.8 },
  pylint: { lint: 0.8 },
  vet: { lint: 0.7 },
  staticcheck: { lint: 0.8 },
  golangci: { lint: 0.8 },
  rubocop: { lint: 0.8 },
  checkstyle: { lint: 0.8 },
  stylecheck: { lint: 0.9 },
  stylelint: { lint: 0.6 },
  phpcs: { lint: 0.8 },
  credo: { lint: 0.8 },
  quality: { lint: 0.7 },
  analyze: { lint: 0.7 },
  analyse: { lint: 0.7 },
  analysis: { lint: 0.6 },
  style: { lint: 0.6 },
  precommit: { lint: 0.6 },
  check: { lint: 0.5, test: 0.35, typecheck: 0.3 },
  checks: { lint: 0.5, test: 0.35 },
  verify: { lint: 0.4, test: 0.4 },
  validate: { lint: 0.4 },
  format: { format: 1 },
  fmt: { format: 1 },
  formatting: { format: 0.9 },
  reformat: { format: 0.9 },
  prettier: { format: 0.8 },
  black: { format: 0.8 },
  gofmt: { format: 0.8 },
  gofumpt: { format: 0.8 },
  rustfmt: { format: 0.8 },
  pretty: { format: 0.7 },
  phpcbf: { format: 0.8 },
  fix: { format: 0.6 },
  autofix: { format: 0.6 },
  tidy: { format: 0.4, lint: 0.2 },
  typecheck: { typecheck: 1 },
  typechecks: { typecheck: 1 },
  typechecking: { typecheck: 0.9 },
  tsc: { typecheck: 0.8 },
  types: { typecheck: 0.7 },
  type: { typecheck: 0.7 },
  typing: { typecheck: 0.7 },
  mypy: { typecheck: 0.8 },
  pyright: { typecheck: 0.8 },
  phpstan: { typecheck: 0.8 },
  psalm: { typecheck: 0.8 },
  dialyzer: { typecheck: 0.8 },
  build: { build: 1 },
  compile: { build: 0.9 },
  bundle: { build: 0.6 },
  assemble: { build: 0.8 },
  dist: { build: 0.6 },
  package: { build: 0.5 },
  binary: { build: 0.6 },
  install: { install: 0.9 },
  setup: { install: 0.8 },
  bootstrap: { install: 0.8 },
  deps: { install: 0.7 },
  dependencies: { install: 0.7 },
  sync: { install: 0.6 },
  venv: { install: 0.5 },
  start: { run: 1 },
  run: { run: 0.9 },
  serve: { run: 0.9 },
  server: { run: 0.7 },
  dev: { run: 0.9 },
  develop: { run: 0.7 },
  up: { run: 0.4 },
  generate: { generate: 1 },
  generated: { generate: 0.8 },
  gen: { generate: 1 },
  codegen: { generate: 1 },
  regenerate: { generate: 1 },
  proto: { generate: 0.7 },
  protos: { generate: 0.7 },
  protobuf: { generate: 0.7 },
  mocks: { generate: 0.6 },
  mockgen: { generate: 0.7 },
};

/** Two words that mean another thing together. */
const PAIRS: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  'type check': { typecheck: 1 },
  'types check': { typecheck: 0.9 },
  'check types': { typecheck: 1 },
  'check type': { typecheck: 1 },
  'test types': { typecheck: 0.6 },
  'build check': { typecheck: 0.6, build: 0.4 },
  'lint fix': { format: 0.75, lint: 0.6 },
  'fix lint': { format: 0.75, lint: 0.6 },
  'fix all': { format: 0.6, lint: 0.4 },
  'format check': { format: 0.5, lint: 0.4 },
  'check format': { format: 0.5, lint: 0.4 },
  'check formatting': { format: 0.5, lint: 0.4 },
  'fmt check': { format: 0.5, lint: 0.4 },
  'check fmt': { format: 0.5, lint: 0.4 },
  'prettier check': { format: 0.5, lint: 0.3 },
  'style check': { lint: 0.9 },
  'check style': { lint: 0.9 },
  'style fix': { format: 0.7 },
  'style format': { format: 1 },
  'style lint': { lint: 1 },
  'pre commit': { lint: 0.7 },
  'check lint': { lint: 1 },
  'check all': { lint: 0.4, test: 0.4 },
  'unit test': { test: 1 },
  'unit tests': { test: 1 },
  'test unit': { test: 1 },
  'run tests': { test: 1 },
  'run test': { test: 1 },
  'static check': { lint: 0.8 },
  'static analysis': { lint: 0.8 },
  'dev setup': { install: 0.9 },
  'setup dev': { install: 0.9 },
  'install dev': { install: 0.9 },
  'dev install': { install: 0.9 },
  'install deps': { install: 0.9 },
  'install dependencies': { install: 0.9 },
  'go build': { build: 0.9 },
  'test format': { format: 0.4, lint: 0.3 },
  'test lint': { lint: 0.7 },
  'test style': { lint: 0.8 },
  'style test': { lint: 0.8 },
  'test fmt': { format: 0.4, lint: 0.3 },
};

/** Words that leave a task what it is. */
const NEUTRAL = new Set([
  'all',
  'ci',
  'unit',
  'run',
  'code',
  'project',
  'full',
  'js',
  'ts',
  'src',
  'py',
  'python',
  'go',
  'rust',
  'cargo',
  'default',
  'app',
  'local',
]);
/** Words that make a task a variant of the plain one. */
const VARIANT = new Set([
  'fix',
  'check',
  'fast',
  'quick',
  'short',
  'race',
  'verbose',
  'parallel',
  'node',
  'changed',
  'release',
  'debug',
  'prod',
  'production',
  'nextest',
  'dev',
  'lib',
  'libs',
  'core',
  'only',
  'no',
  'with',
  'strict',
]);
/** Words that make a task a part of the whole, however often a pipeline runs it. */
const PART = new Set([
  'e2e',
  'integration',
  'acceptance',
  'smoke',
  'system',
  'functional',
  'contract',
  'examples',
  'example',
  'docs',
  'doc',
  'docker',
  'image',
  'bench',
  'benchmark',
  'benchmarks',
  'perf',
  'performance',
  'browser',
  'ui',
  'fuzz',
  'mutation',
  'snapshot',
  'snapshots',
  'regression',
  'nightly',
  'long',
  'slow',
  'helm',
  'windows',
  'macos',
  'linux',
  'android',
  'ios',
  'wasm',
  'arm64',
  'operator',
  'storybook',
  'visual',
  'a11y',
  'links',
  'spelling',
  'markdown',
  'md',
  'yaml',
  'sh',
  'shell',
  'commit',
  'commits',
  'licenses',
  'license',
  'website',
  'site',
  'plugin',
  'demo',
]);
/** Words that make a task no answer at all to "how do I ...". */
const NEVER = new Set([
  'watch',
  'clean',
  'publish',
  'deploy',
  'release-notes',
  'upload',
  'push',
  'login',
  'help',
  'version',
  'debug',
  'inspect',
  'report',
  'update',
  'upgrade',
  'bump',
  'stop',
  'down',
  'logs',
  'uninstall',
  'reset',
  'remove',
  'delete',
  'destroy',
  'preview',
  'changelog',
  'changeset',
]);

/** The words of a task's name: `lint:fix`, `build_docs`, `checkFormat`. */
export function nameWords(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

/** What a name says; `undefined` where it says nothing about a purpose. */
export function readName(name: string): NameReading | undefined {
  const words = nameWords(name);
  if (words.some((word) => NEVER.has(word))) return undefined;
  for (let i = 0; i + 1 < words.length; i++) {
    const pair = PAIRS[`${words[i]} ${words[i + 1]}`];
    if (pair) {
      const part = words[i] === 'unit' || words[i + 1] === 'unit' ? 0.1 : 0;
      return { purposes: pair, special: specialness(words.toSpliced(i, 2)) + part };
    }
  }
  // The first word that means something leads (`test:lint` tests, `lint:test` lints); `run` and `dev` only lead alone.
  const at = words.findIndex(
    (word) => WORDS[word] && !(words.length > 1 && NEUTRAL.has(word)) && !(words.length > 1 && word === 'dev'),
  );
  const word = words[at] ?? (words.length > 0 && WORDS[words[0]!] ? words[0] : undefined);
  const purposes = word === undefined ? undefined : WORDS[word];
  if (!purposes) return undefined;
  return { purposes, special: specialness(words.toSpliced(at < 0 ? 0 : at, 1)) };
}

/** The name speaks of one part of the whole: `lint:links`, `test:e2e`. */
export function isPart(name: string): boolean {
  return nameWords(name).some((word) => PART.has(word));
}

/** How far words lead away from the plain purpose. */
export function specialness(others: readonly string[]): number {
  let special = 0;
  for (const word of others) special += NEUTRAL.has(word) ? 0.1 : VARIANT.has(word) ? 0.5 : PART.has(word) ? 1.5 : 1;
  return special;
}
