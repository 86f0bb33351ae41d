import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { modStatements } from './go/mod-file.ts';
import { goTools } from './go/tools.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isWithin } from './native/side-folders.ts';

/** golangci-lint runs in a module and looks for its file upwards, so that one file serves the modules below it. */
const MAX_MODULES = 6;

/** golangci-lint (https://golangci-lint.run/docs/configuration/file/), versions 1 and 2. */
export const golangci = ecosystem({
  id: 'golangci',
  title: 'golangci-lint',
  files: ['.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json', 'go.mod', '/staticcheck.conf'],
  depth: 2,
  *detect(repo) {
    const configs = repo.files.filter(({ name }) => name.startsWith('.golangci.'));
    for (const config of configs) {
      for (const dir of modulesOf(repo, config, configs)) yield* describe(repo, config, dir);
    }
    const staticcheck = repo.file('staticcheck.conf');
    if (staticcheck) yield plain('linter', 'staticcheck', '', staticcheck.at(1));
  },
});

/** The config's own folder where it is a module; else the shallowest modules below, unless a nearer config serves them. */
function modulesOf(repo: RepoView, config: SourceFile, configs: readonly SourceFile[]): readonly string[] {
  const dirs = repo.files.filter(({ name }) => name === 'go.mod').map(({ dir }) => dir);
  if (dirs.includes(config.dir)) return [config.dir];
  const nearer = configs.filter(({ dir }) => dir !== config.dir && isWithin(dir, config.dir)).map(({ dir }) => dir);
  const served = dirs.filter(
    (dir) => isWithin(dir, config.dir) && !isNoLead(dir) && !nearer.some((other) => isWithin(dir, other)),
  );
  const depth = served[0]?.split('/').length;
  return served.filter((dir) => dir.split('/').length === depth).slice(0, MAX_MODULES);
}

function* describe(repo: RepoView, config: SourceFile, dir: string): Iterable<Signal> {
  const tree = treeOf(config);
  const mod = repo.file(at(dir, 'go.mod'));
  const tool = mod && goTools({ statements: modStatements(mod), file: mod }).get('golangci-lint');
  const program = tool ? 'go tool golangci-lint' : 'golangci-lint';
  // Its settings do not name the tool, the file's name does: a convention, if a strong one.
  const line = config.at(firstKey(tree) ?? 1);
  yield plain('linter', 'golangci-lint', dir, line);
  yield command('lint', `${program} run`, dir, tool ?? line, { weight: 1, source: tool ? 'config' : 'convention' });
  yield* formatters(config, tree, dir, program);
}

/** Version 2 formats by itself (`formatters:`); version 1 only looks, so that the formatters run on their own. */
function* formatters(config: SourceFile, tree: Tree | undefined, dir: string, program: string): Iterable<Signal> {
  const second = enabled(tree, 'formatters');
  const named = second.length > 0 ? second : enabled(tree, 'linters').filter(({ name }) => STANDALONE.has(name));
  if (second.length > 0) {
    const line = config.at(tree?.get('formatters')?.keyLine ?? 1);
    yield command('format', `${program} fmt`, dir, line);
  }
  for (const { name, line } of named) {
    yield plain('formatter', name, dir, config.at(line));
    const run = STANDALONE.get(name);
    if (run)
      yield command('format', run, dir, config.at(line), {
        weight: -1,
        source: second.length > 0 ? 'convention' : 'config',
      });
  }
}

const STANDALONE: ReadonlyMap<string, string> = new Map([
  ['gofumpt', 'gofumpt -w .'],
  ['goimports', 'goimports -w .'],
  ['gofmt', 'gofmt -w .'],
]);

function enabled(tree: Tree | undefined, section: string): readonly { name: string; line: number }[] {
  const items = tree?.get(section, 'enable')?.items() ?? [];
  return items.flatMap((item) => (item.text === undefined ? [] : [{ name: item.text, line: item.line }]));
}

function treeOf(config: SourceFile): Tree | undefined {
  if (config.name.endsWith('.toml')) return config.toml();
  return config.name.endsWith('.json') ? config.json() : config.yaml();
}

/** Where the settings begin: what is above is a licence or a comment. */
function firstKey(tree: Tree | undefined): number | undefined {
  return tree?.entries()[0]?.[1].keyLine;
}
