import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence, Purpose } from '../fact.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { bazelCi } from './bazel/bazel-ci.ts';
import { bazelOptions, importedRcFiles, type Option } from './bazel/bazelrc.ts';
import { runnables } from './bazel/runnables.ts';
import { PIPELINES, type Standing, standing } from './bazel/standing.ts';
import { targets } from './bazel/targets.ts';
import { command, plain } from './native/leads.ts';
import { isNoLead } from './native/side-folders.ts';

/**
 * Bazel. Labels are typed from the root: `//...` is everything, `//dir:name` one target. It has no step that installs;
 * Bazelisk starts the version that `.bazelversion` pins, and is itself called `bazel` by most who have it.
 */
export const bazel = ecosystem({
  id: 'bazel',
  title: 'Bazel',
  files: [
    'MODULE.bazel',
    '/WORKSPACE',
    '/WORKSPACE.bazel',
    '/.bazelversion',
    '/.bazelrc',
    '/package.json',
    ...['', 'tools/', 'tools/*/', 'dev/', 'bazel/', 'build/', 'ci/'].flatMap((folder) => [
      `/${folder}BUILD`,
      `/${folder}BUILD.bazel`,
    ]),
    ...PIPELINES,
  ],
  depth: 2,
  follow: importedRcFiles,
  *detect(repo) {
    const root = ['MODULE.bazel', 'WORKSPACE.bazel', 'WORKSPACE'].flatMap((name) => repo.file(name) ?? [])[0];
    if (!root) return;
    const role = standing(repo);
    const weight = WEIGHTS[role];
    const at = root.at(tellingLine(root));
    // What others fetch with it is no manager of ours.
    if (role !== 'beside') yield plain('package-manager', 'bazel', '', at, { weight });
    yield plain('build-system', 'bazel', '', at, { weight });
    yield* version(repo);
    yield* modules(repo, weight);
    const options = bazelOptions(repo);
    yield* commands(at, options, weight);
    yield* configured(options, weight);
    yield* runnables(repo, weight);
    yield* bazelCi(repo);
  },
});

/** Against the managers of languages, which say 0: see {@link Standing}. */
const WEIGHTS: Readonly<Record<Standing, number>> = { only: 1, main: 1, beside: -3 };

/** The line that names the module; of a WORKSPACE, which has none, one that shows what tool it is for. */
function tellingLine(file: SourceFile): number {
  return file.find(/^module\(/) ?? file.find(/^(?!#).*\bbazel/) ?? file.find(/\bbazel/i) ?? 1;
}

function* version(repo: RepoView): Iterable<Signal> {
  const file = repo.file('.bazelversion');
  const line = file?.find(/\S/);
  // A fork is written before its version: `some-org/7.1.0`.
  if (file && line) yield plain('runtime.bazel', file.lines.line(line).trim().replace(/^.*\//, ''), '', file.at(line));
}

/** Modules below the root are built by themselves. */
function* modules(repo: RepoView, weight: number): Iterable<Signal> {
  for (const file of repo.files) {
    if (file.name !== 'MODULE.bazel') continue;
    const named = targets(file);
    for (const { rule, name, line } of named) {
      const tests = rule === 'bazel_dep' ? FRAMEWORKS.get(name) : undefined;
      if (tests && file.dir === '') yield plain('test-framework', tests, '', file.at(line), { weight: weight - 1 });
    }
    if (file.dir === '' || isNoLead(file.dir)) continue;
    const module = named.find(({ rule, name }) => rule === 'module' && /^[\w.+-]+$/.test(name));
    if (!module) continue;
    yield plain('workspace', module.name, file.dir, file.at(module.line));
    yield command('test', 'bazel test //...', file.dir, file.at(module.line), { weight: -1 });
  }
}

const FRAMEWORKS: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    rules_testing: 'rules_testing',
    googletest: 'googletest',
    catch2: 'catch2',
  }),
);

function* commands(manifest: Evidence, options: readonly Option[], weight: number): Iterable<Signal> {
  const say = (purpose: Purpose, run: string, words: readonly string[], less = 0): Signal => {
    // A line that sets options for a command shows that it is used.
    const option = options.find((each) => each.config === undefined && words.includes(each.command));
    return command(purpose, run, '', option ? [option.file.at(option.line), manifest] : manifest, {
      source: option ? 'config' : 'convention',
      weight: weight - less,
    });
  };
  yield say('build', 'bazel build //...', ['build']);
  yield say('test', 'bazel test //...', ['test']);
  yield say('test-single', 'bazel test //<dir>:<name>', ['test']);
  yield say('test-single', 'bazel test //<dir>:<name> --test_filter=<pattern>', ['test'], 1);
}

/** Configurations by whose name a build is a check, and runs of tests that were made for working. */
const CONFIGS: readonly (readonly [config: RegExp, purpose: Purpose, command: string, weight: number])[] = [
  [/^lint(?:ers?)?$/, 'lint', 'build', 0],
  [/^(?:clippy|clang-?tidy|nogo|checkstyle|ruff|eslint|spotbugs)$/, 'lint', 'build', -1],
  [/^(?:mypy|pyright|pyrefly|type-?check|tsc)$/, 'typecheck', 'build', 0],
  [/^(?:unit|fast)(?:[-_]?tests?)?$/, 'test', 'test', -0.5],
];

function* configured(options: readonly Option[], weight: number): Iterable<Signal> {
  const said = new Set<string>();
  for (const { config, file, line } of options) {
    if (config === undefined || said.has(config)) continue;
    const found = CONFIGS.find(([pattern]) => pattern.test(config));
    if (!found) continue;
    said.add(config);
    const [, purpose, verb, less] = found;
    yield command(purpose, `bazel ${verb} --config=${config} //...`, '', file.at(line), {
      source: 'config',
      weight: weight + less,
    });
  }
}
