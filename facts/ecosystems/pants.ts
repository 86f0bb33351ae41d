import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Purpose } from '../fact.ts';
import { isAside } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { isSideFolder } from './native/side-folders.ts';

/** What backends bring, by the last words of their names. */
const LINTERS = [
  'flake8',
  'pylint',
  'bandit',
  'ruff.check',
  'shellcheck',
  'hadolint',
  'golangci_lint',
  'yamllint',
  'autoflake',
];
const FORMATTERS = [
  'black',
  'isort',
  'ruff.format',
  'yapf',
  'docformatter',
  'shfmt',
  'gofmt',
  'prettier',
  'scalafmt',
  'taplo',
];
const CHECKERS = ['mypy', 'pyright'];

/** Pants: `::` is everything. Backends decide which goals have something to do. https://www.pantsbuild.org/stable/docs */
export const pants = ecosystem({
  id: 'pants',
  title: 'Pants',
  files: ['/pants.toml'],
  *detect(repo) {
    const file = repo.file('pants.toml');
    const global = file?.toml()?.get('GLOBAL');
    if (!file || !global) return;
    const listed = global.get('backend_packages');
    const backends = [...(listed?.items() ?? []), ...(listed?.get('add')?.items() ?? [])].flatMap((item) =>
      item.text === undefined ? [] : [{ name: item.text, line: item.line }],
    );
    const pin = global.get('pants_version');
    const at = file.at(pin?.keyLine ?? global.keyLine);
    // Whoever has Pants types no tool that it runs: the others lack what it sets up for them.
    const shift = servesMost(repo, backends) ? 3 : -3;
    if (pin?.text) yield plain('runtime.pants', pin.text, '', at);
    yield plain('build-system', 'pants', '', at, { weight: shift });
    if (shift > 0) yield plain('package-manager', 'pants', '', at);
    yield* goals(repo, file, backends, shift);
    yield* tools(file, backends);
  },
});

interface Backend {
  readonly name: string;
  readonly line: number;
}

/** Languages by the last word of their backend's name. */
const SOURCES: readonly (readonly [backend: RegExp, files: RegExp])[] = [
  [/\.python$/, /\.pyi?$/],
  [/\.go$/, /\.go$/],
  [/\.java$/, /\.java$/],
  [/\.scala$/, /\.scala$/],
  [/\.kotlin$/, /\.kts?$/],
  [/\.(?:javascript|typescript)$/, /\.[cm]?[jt]sx?$/],
];
const CODE = /\.(?:pyi?|go|java|scala|kts?|[cm]?[jt]sx?|rs|rb|c|cc|cpp|swift|dart|ex|cs|php)$/;

/** False where Pants only looks after the scripts beside a program in a language that it is not told of. */
function servesMost(repo: RepoView, backends: readonly Backend[]): boolean {
  const served = SOURCES.filter(([backend]) => backends.some(({ name }) => backend.test(name)));
  let [ours, all] = [0, 0];
  for (const { path } of repo.paths.entries) {
    if (!CODE.test(path) || isAside(path) || isSideFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))))) continue;
    all++;
    if (served.some(([, files]) => files.test(path))) ours++;
  }
  return ours * 2 >= all;
}

function* goals(repo: RepoView, file: SourceFile, backends: readonly Backend[], shift: number): Iterable<Signal> {
  const about = (pattern: RegExp) => backends.find(({ name }) => pattern.test(name));
  // Before 2.16 Pants was started by a script of the repository; many have kept it and no longer use it.
  const old = /^(?:1|2\.(?:\d|1[0-5]))\./.test(file.toml()?.get('GLOBAL', 'pants_version')?.text ?? '');
  const pants = old && repo.paths.isExecutable('pants') ? './pants' : 'pants';
  const say = (purpose: Purpose, goal: string, backend: Backend | undefined, less = 0): Signal[] =>
    backend
      ? [
          command(purpose, `${pants} ${goal}`, '', file.at(backend.line), {
            source: 'config',
            weight: shift - less,
          }),
        ]
      : [];
  const code = about(/^pants\.backend\.(?:experimental\.)?(?:python|go|java|scala|kotlin|javascript|shell)$/);
  yield* say('test', 'test ::', code);
  yield* say('test-single', 'test <file>', code);
  yield* say('build', 'package ::', code, 1);
  yield* say('lint', 'lint ::', about(/\.(?:lint|fmt|fix)\./));
  yield* say('format', 'fmt ::', about(backendOf(FORMATTERS)));
  yield* say('format', 'fix ::', about(/\.lint\.(?:autoflake|ruff|pyupgrade)|\.fix\./), 1);
  yield* say('typecheck', 'check ::', about(/\.typecheck\.|\.experimental\.(?:go|java|scala|kotlin)$/));
}

function* tools(file: SourceFile, backends: readonly Backend[]): Iterable<Signal> {
  const all = [
    ['linter', LINTERS],
    ['formatter', FORMATTERS],
    ['type-checker', CHECKERS],
  ] as const;
  for (const [key, names] of all) {
    for (const tool of names) {
      const backend = backends.find(({ name }) => backendOf([tool]).test(name));
      if (backend)
        yield plain(key, tool.replace(/\..*/, '').replace('_', '-'), '', file.at(backend.line), { weight: 1 });
    }
  }
}

/** `pants.backend.python.lint.black`. */
function backendOf(tools: readonly string[]): RegExp {
  return new RegExp(`\\.(?:lint|fmt|typecheck|tools)\\.(?:${tools.join('|').replaceAll('.', '\\.')})$`);
}
