import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { Signal } from '../signal.ts';
import { mainPackages } from './go/mains.ts';
import { modStatements } from './go/mod-file.ts';
import {
  baseName,
  type GoModule,
  goModules,
  leadModules,
  moduleOf,
  sourcesToRead,
  workspaceDirs,
} from './go/modules.ts';
import { testFrameworks, toolCommands } from './go/tools.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isSideFolder } from './native/side-folders.ts';

/** Other modules of a repository whose tests the root's `./...` does not reach; more would say nothing new. */
const MAX_NESTED = 12;

/**
 * Go modules. The toolchain is its own build system, formatter and test runner, so that a go.mod with sources is
 * enough to know the commands; golangci-lint and mage are plugins of their own.
 */
export const go = ecosystem({
  id: 'go',
  title: 'Go',
  files: ['go.mod', '/go.work', '/.go-version'],
  follow: sourcesToRead,
  *detect(repo) {
    const modules = goModules(repo);
    const leads = leadModules(modules);
    yield* versions(repo, modules, leads);
    yield* packages(repo, modules, leads);
    for (const module of leads) {
      yield* manager(module);
      yield* commands(repo, module);
      yield* testFrameworks(module);
      yield* toolCommands(module);
    }
  },
});

function* manager(module: GoModule): Iterable<Signal> {
  yield plain('package-manager', 'go', module.dir, module.line);
  yield plain('formatter', 'gofmt', module.dir, module.line, { source: 'convention', weight: -1 });
  if (module.hasTests) yield plain('test-framework', 'go test', module.dir, module.line, { source: 'convention' });
}

/** The pin: `toolchain` says what is used, `go` the oldest that will do. A module that agrees with the root is silent. */
function* versions(repo: RepoView, modules: readonly GoModule[], leads: readonly GoModule[]): Iterable<Signal> {
  const pinned = repo.file('.go-version');
  const version = pinned?.lines.line(1).trim().replace(/^go/, '') ?? '';
  if (pinned && /^\d/.test(version)) yield plain('runtime.go', version, '', pinned.at(1), { weight: 2 });
  const work = repo.file('go.work');
  const speaks = modules.filter(({ dir, hasCode }) => hasCode && !isNoLead(dir)).concat(leads);
  const top =
    work && !modules.some(({ dir }) => dir === '') ? [{ dir: '', file: work, statements: modStatements(work) }] : [];
  const above = new Set<string>();
  for (const { dir, file, statements } of [...top, ...new Set(speaks)]) {
    const pins = statements.flatMap(({ verb, words, line }) => {
      const pin = verb === 'toolchain' || verb === 'go' ? (words[0] ?? '').replace(/^go/, '') : '';
      return /^\d/.test(pin) ? [{ pin, line, weight: verb === 'toolchain' ? 1 : 0 }] : [];
    });
    if (dir === '') for (const { pin } of pins) above.add(pin);
    else if (pins.every(({ pin }) => above.has(pin))) continue;
    for (const { pin, line, weight } of pins) yield plain('runtime.go', pin, dir, file.at(line), { weight });
  }
}

/** The modules of a repository with several, and how to test those that the root's `./...` leaves out. */
function* packages(repo: RepoView, modules: readonly GoModule[], leads: readonly GoModule[]): Iterable<Signal> {
  const work = repo.file('go.work');
  const used = new Map(work ? [...workspaceDirs(work)].map(({ dir, line }) => [dir, work.at(line)]) : []);
  if (work && !leads.some(({ dir }) => dir === ''))
    yield plain('package-manager', 'go', '', work.at(modStatements(work)[0]?.line ?? 1), { weight: -1 });
  let nested = 0;
  for (const module of modules) {
    const { dir, line } = module;
    const isLead = leads.includes(module);
    if (dir === '' || modules.length < 2 || !module.hasCode) continue;
    const listed = used.get(dir);
    if (!isLead && (listed ? isSideFolder(dir) : isNoLead(dir))) continue;
    yield plain('workspace', dir, dir, listed ? [line, listed] : line);
    if (isLead || !module.hasTests || nested++ >= MAX_NESTED) continue;
    yield command('test', 'go test ./...', dir, line, { weight: -1 });
  }
}

function* commands(repo: RepoView, module: GoModule): Iterable<Signal> {
  const { dir, line } = module;
  const mains = mainPackages(repo, dir);
  if (!repo.paths.isFile(at(dir, 'vendor/modules.txt'))) yield command('install', 'go mod download', dir, line);
  yield* builds(module, mains);
  if (module.hasTests) {
    yield command('test', 'go test ./...', dir, line);
    yield command('test-single', 'go test ./<dir> -run <name>', dir, line);
    yield command('test-single', 'go test ./<dir>', dir, line, { weight: -1 });
  }
  yield command('lint', 'go vet ./...', dir, line, { weight: -2 });
  yield command('format', 'gofmt -w .', dir, line, { weight: -2 });
  const generates = generateLine(repo, dir);
  if (generates) yield command('generate', 'go generate ./...', dir, generates, { source: 'config' });
}

/** A program at the root is what a build is for; `./...` proves that everything compiles. */
function* builds(module: GoModule, mains: ReturnType<typeof mainPackages>): Iterable<Signal> {
  const { dir, line } = module;
  const root = mains.find(({ target }) => target === '.');
  const others = mains.filter(({ target }) => target !== '.');
  yield command('build', 'go build ./...', dir, line, { weight: root ? -1 : 0 });
  if (root) yield command('build', 'go build .', dir, [line, root.at]);
  const products = others.filter(({ target }) => !HELPER.test(target));
  const named = others.find(({ target }) => target === `./cmd/${baseName(module.path)}`);
  const single = named ?? (products.length === 1 ? products[0] : others.length === 1 ? others[0] : undefined);
  if (single && !root) yield command('build', `go build ${single.target}`, dir, [line, single.at], { weight: -1 });
  const program = root ?? single;
  if (program) yield command('run', `go run ${program.target}`, dir, [line, program.at]);
  for (const main of root || products.length > 0 ? mains.filter(({ target }) => !HELPER.test(target)) : mains) {
    yield plain('entrypoint', main.path, dir, main.at, { weight: main === program ? 1 : 0 });
  }
}

/** Programs that serve the repository's own makers: `cmd/gen-docs`, `cmd/lint_names`. */
const HELPER =
  /(?:^|[-_/])(?:gen|generate|generator|audit|docs?|help|tools?|tests?|testing|bench|benchmark|find|check|checker|lint|linter|debug|example|release)(?:[-_]|$)/;

function generateLine(repo: RepoView, dir: string): Evidence | undefined {
  for (const path of sourcesToRead(repo)) {
    const line = moduleOf(repo, path) === dir ? repo.file(path)?.find(/^\/\/go:generate /) : undefined;
    if (line !== undefined) return { path, line };
  }
  return undefined;
}
