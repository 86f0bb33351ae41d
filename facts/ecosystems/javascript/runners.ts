import type { Invocation } from '../../commands/shell.ts';
import { unwrap } from '../../commands/unwrap.ts';
import { plain } from './script-calls.ts';

/** A command that runs tests, and how it would run one file. */
export interface RunnerCall {
  /** The framework, as facts name it. */
  readonly framework: string;
  /** The runner as it is typed, with its subcommand: `vitest run`, `mocha`, `node --test`. */
  readonly head: string;
  /** What the head needs to find and load the tests: config, loaders, setup files. */
  readonly settings: readonly string[];
  /** How a file is named to it: `<file>`, `--spec <file>`; `undefined` where it takes none. */
  readonly argument: string | undefined;
  /** It already names files or patterns: more words would widen it, not narrow it. */
  readonly narrowed: boolean;
  /** It stays and waits for changes. */
  readonly watches: boolean;
  /** A tool of `node_modules/.bin`; else a runtime (`node --test`, `bun test`) or a path, typed as it is. */
  readonly bin: boolean;
  /** End-to-end: seldom what "the tests" means. */
  readonly endToEnd: boolean;
}

interface Runner {
  readonly framework: string;
  /** The first words of the command. */
  readonly words: readonly string[];
  readonly head?: string;
  /** `<file>` unless told; `null` where it takes no file. */
  readonly argument?: string | null;
  readonly endToEnd?: true;
}

const RUNNERS: readonly Runner[] = [
  { framework: 'vitest', words: ['vitest', 'run'] },
  { framework: 'vitest', words: ['vitest', 'watch'] },
  { framework: 'vitest', words: ['vitest', 'dev'] },
  { framework: 'vitest', words: ['vitest'], head: 'vitest run' },
  { framework: 'jest', words: ['jest'] },
  { framework: 'jest', words: ['react-scripts', 'test'] },
  { framework: 'jest', words: ['craco', 'test'] },
  { framework: 'jest', words: ['backstage-cli', 'package', 'test'] },
  { framework: 'jest', words: ['backstage-cli', 'repo', 'test'] },
  { framework: 'jest', words: ['wp-scripts', 'test-unit-js'] },
  { framework: 'jest', words: ['kcd-scripts', 'test'] },
  { framework: 'jest', words: ['tsdx', 'test'] },
  { framework: 'jest', words: ['vue-cli-service', 'test:unit'] },
  { framework: 'mocha', words: ['mocha'] },
  { framework: 'mocha', words: ['_mocha'], head: 'mocha' },
  { framework: 'mocha', words: ['ts-mocha'] },
  { framework: 'mocha', words: ['electron-mocha'] },
  { framework: 'ava', words: ['ava'] },
  { framework: 'tap', words: ['tap', 'run'] },
  { framework: 'tap', words: ['tap'] },
  { framework: 'tape', words: ['tape'] },
  { framework: 'uvu', words: ['uvu'], argument: '<pattern>' },
  { framework: 'jasmine', words: ['jasmine'] },
  { framework: 'qunit', words: ['qunit'] },
  { framework: 'web-test-runner', words: ['wtr'], argument: '--files <file>' },
  { framework: 'web-test-runner', words: ['web-test-runner'], argument: '--files <file>' },
  { framework: 'karma', words: ['karma', 'start'], argument: null },
  { framework: 'karma', words: ['ng', 'test'], argument: '--include <file>' },
  { framework: 'playwright', words: ['playwright', 'test'], endToEnd: true },
  { framework: 'cypress', words: ['cypress', 'run'], argument: '--spec <file>', endToEnd: true },
  { framework: 'node:test', words: ['borp'] },
  { framework: 'lab', words: ['lab'] },
  { framework: 'bun test', words: ['bun', 'test'] },
  { framework: 'deno test', words: ['deno', 'test'] },
];
/** Subcommands that only look like a run. */
const OTHER_VERBS = new Set([
  'bench',
  'list',
  'init',
  'typecheck',
  'related',
  'config',
  'replay',
  'dump',
  'plugin',
  'report',
  'repl',
]);

/** Flags of the runners (and of node) that take the next word. */
const VALUES = [
  '--config',
  '-c',
  '--project',
  '-p',
  '--require',
  '-r',
  '--import',
  '--loader',
  '--experimental-loader',
  '--reporter',
  '-R',
  '--reporters',
  '--timeout',
  '-t',
  '--testTimeout',
  '--test-timeout',
  '--mode',
  '--dir',
  '--root',
  '--rootDir',
  '--env',
  '--environment',
  '--ui',
  '-u',
  '--extension',
  '--ext',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-concurrency',
  '--test-name-pattern',
  '--test-isolation',
  '--maxWorkers',
  '-w',
  '--workers',
  '--shard',
  '--testNamePattern',
  '-g',
  '--grep',
  '--preload',
  '--tsconfig',
  '--conditions',
  '-C',
  '--file',
  '--spec',
  '--pool',
  '--coverage.provider',
  '--coverageReporters',
  '--coverageDirectory',
  '--selectProjects',
  '--browser',
  '-b',
  '--outputFile',
  '--output-file',
  '--env-file',
  '--jobs',
  '-j',
  '--ignore',
  '-i',
  '--sort',
  '--node-arg',
  '--test-coverage-include',
  '--test-coverage-exclude',
  '--retries',
  '--slow',
  '--exclude',
  '--files',
];
/** Flags without which the tests would not load; all others are taste. */
const SETTINGS =
  /^(?:--(?:config|project|require|import|loader|experimental-[\w-]+|extension|ext|ui|root|rootDir|dir|env|environment|preload|tsconfig|conditions|env-file|file|check-leaks|exit|allow-[\w-]+|no-check|no-lock|unstable[\w-]*|no-warnings)|-[crCA])(?:=|$)/;

/**
 * Reads one command as a run of tests, looking through launchers, coverage tools and paths into `node_modules`;
 * `undefined` where it is something else or says something only a shell would know.
 */
export function runnerCall({ words, dynamic }: Pick<Invocation, 'words' | 'dynamic'>): RunnerCall | undefined {
  const inner = unwrap(words, dynamic);
  const start = testWords(inner.words);
  if (!start) return undefined;
  const { runner, prefix, rest } = start;
  if (inner.dynamic.slice(inner.words.length - rest.length).some(Boolean) || OTHER_VERBS.has(rest[0] ?? ''))
    return undefined;
  const positional = [...plain(rest, VALUES), ...afterDashes(rest)];
  const argument = runner.argument === undefined ? '<file>' : (runner.argument ?? undefined);
  // The first word after uvu is the folder of its tests, after `karma start` its configuration.
  const roots = runner.framework === 'uvu' || runner.words[0] === 'karma' ? positional.splice(0, 1) : [];
  return {
    framework: runner.framework,
    head: [prefix ?? runner.head ?? runner.words.join(' '), ...roots.map(quoted)].join(' '),
    // They stand before `--test` already.
    settings: runner.framework === 'node:test' && prefix !== undefined ? [] : settingsOf(rest),
    argument,
    // uvu's first word is the folder of its tests, karma's its configuration.
    narrowed:
      positional.length > (runner.framework === 'karma' && argument === undefined ? 1 : 0) ||
      rest.some((word) => /^--(?:spec|files|include|testPathPatterns?|dir)(?:=|$)/.test(word)),
    watches:
      rest.some((word) => /^--(?:watch|watchAll|watch-all)(?:=true)?$|^-w$/.test(word)) ||
      runner.words[1] === 'watch' ||
      runner.words[1] === 'dev',
    bin: prefix === undefined && !['bun', 'deno'].includes(runner.words[0]!),
    endToEnd: runner.endToEnd === true,
  };
}

function afterDashes(rest: readonly string[]): readonly string[] {
  const dashes = rest.indexOf('--');
  return dashes < 0 ? [] : rest.slice(dashes + 1);
}

interface Start {
  readonly runner: Runner;
  /** Words before the runner's own that have to stay: `node --experimental-vm-modules node_modules/jest/bin/jest.js`. */
  readonly prefix: string | undefined;
  readonly rest: readonly string[];
}

const COVERAGE = new Set([
  'c8',
  'nyc',
  'env-cmd',
  'dotenvx',
  'dotenv',
  'start-server-and-test',
  'is-ci',
  'ts-node',
  'cross-env-shell',
]);
const MAX_LOOK = 16;

function testWords(words: readonly string[]): Start | undefined {
  const program = baseOf(words[0] ?? '');
  if (program === 'node' || program === 'tsx' || program === 'ts-node') return nodeTest(program, words.slice(1));
  if (program === 'c8' || COVERAGE.has(program)) {
    for (let i = 1; i < Math.min(words.length, MAX_LOOK); i++) {
      const found = testWords(words.slice(i));
      if (found) return found;
    }
    return undefined;
  }
  // `pnpm vitest`, `yarn jest`, `bun --bun vitest`, `bun run jest`: the manager finds the tool.
  if (['pnpm', 'yarn', 'bun'].includes(program)) {
    const after = words
      .slice(1)
      .filter(
        (word, i, all) =>
          !(word === '--bun' || (word === 'run' && all.slice(0, i).every((flag) => flag.startsWith('-')))),
      );
    const direct = program === 'bun' && after[0] === 'test' ? undefined : match(after);
    if (direct) return direct;
  }
  return match([program, ...words.slice(1)]);
}

function match(words: readonly string[]): Start | undefined {
  const runner = RUNNERS.find((candidate) =>
    candidate.words.every((word, i) => (i === 0 ? baseOf(words[0] ?? '') : words[i]) === word),
  );
  return runner && { runner, prefix: undefined, rest: words.slice(runner.words.length) };
}

/** `node --test`, `tsx --test`, and a runner's own file started by node. */
function nodeTest(program: string, rest: readonly string[]): Start | undefined {
  const file = rest.findIndex((word, i) => !word.startsWith('-') && !VALUES.includes(rest[i - 1] ?? ''));
  const script = file < 0 ? '' : rest[file]!;
  const direct = /(?:^|\/)(?:\.bin\/(\w+)|(jest|mocha|vitest|ava|tap)\/(?:bin\/)?[\w.]+\.[cm]?js)$/.exec(script);
  const name = direct?.[1] ?? direct?.[2];
  const runner = RUNNERS.find(({ words }) => words.length === 1 && words[0] === name);
  if (runner) {
    const run = name === 'vitest' && rest[file + 1] === 'run' ? ' run' : '';
    return {
      runner,
      prefix: [program, ...rest.slice(0, file + 1)].join(' ') + run,
      rest: rest.slice(file + 1 + (run ? 1 : 0)),
    };
  }
  const test = rest.indexOf('--test');
  if (test < 0 || (file >= 0 && file < test)) return undefined;
  const others = rest.toSpliced(test, 1);
  const kept = settingsOf(others);
  const head = [program, ...kept, '--test'].join(' ');
  return {
    runner: { framework: 'node:test', words: [program] },
    prefix: program === 'node' ? head : `npx ${head}`,
    rest: others,
  };
}

function settingsOf(rest: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === '--') break;
    if (!SETTINGS.test(word)) {
      if (VALUES.includes(word)) i++;
      continue;
    }
    kept.push(quoted(word));
    if (VALUES.includes(word) && rest[i + 1] !== undefined) kept.push(quoted(rest[++i]!));
  }
  return kept;
}

/** A word as a shell would have to read it. */
function quoted(word: string): string {
  return /^[\w./:@=,+~-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** `./node_modules/.bin/mocha` is `mocha`. */
function baseOf(program: string): string {
  return program.includes('/') ? program.slice(program.lastIndexOf('/') + 1) : program;
}
