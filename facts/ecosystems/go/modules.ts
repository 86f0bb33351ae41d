import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { isAside, joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { at, isNoLead, upwards } from '../native/side-folders.ts';
import { type ModStatement, modStatements } from './mod-file.ts';

/** A Go module of the repository, and which of the repository's files are its own. */
export interface GoModule {
  readonly dir: string;
  readonly file: SourceFile;
  readonly statements: readonly ModStatement[];
  /** The `module` line. */
  readonly line: Evidence;
  /** Its last part is what people call it: `github.com/acme/thing/v2` is `thing`. */
  readonly path: string;
  /** It has code that is more than a list of tools to install. */
  readonly hasCode: boolean;
  readonly hasTests: boolean;
}

/** More module folders than this hold nothing that the first ones do not show. */
const MAX_LEADS = 6;

/** Every module, the shallowest first. A go.mod without a `module` line is none. */
export function goModules(repo: RepoView): readonly GoModule[] {
  const manifests = repo.files.filter(({ name }) => name === 'go.mod');
  const own = ownSources(repo, new Set(manifests.map(({ dir }) => dir)));
  return manifests.flatMap((file) => {
    const statements = modStatements(file);
    const module = statements.find(({ verb, words }) => verb === 'module' && words[0] !== undefined);
    if (!module) return [];
    const { code = false, tests = false } = own.get(file.dir) ?? {};
    const path = module.words[0]!;
    return [{ dir: file.dir, file, statements, line: file.at(module.line), path, hasCode: code, hasTests: tests }];
  });
}

/**
 * The modules that the repository is about: the one at the root, or where there is none, the shallowest that are more
 * than an example or a tool. A module that only pins documentation themes or tools leads nothing.
 */
export function leadModules(modules: readonly GoModule[]): readonly GoModule[] {
  const root = modules.find(({ dir }) => dir === '');
  if (root?.hasCode) return [root];
  const others = modules.filter(({ dir, hasCode }) => dir !== '' && hasCode && !isNoLead(dir));
  const depth = others[0]?.dir.split('/').length;
  return others.filter(({ dir }) => dir.split('/').length === depth).slice(0, MAX_LEADS);
}

/** The folders that a go.work names. */
export function* workspaceDirs(work: SourceFile): Iterable<{ readonly dir: string; readonly line: number }> {
  for (const { verb, words, line } of modStatements(work)) {
    const dir = verb === 'use' && words[0] !== undefined ? joinPath(work.dir, words[0]) : undefined;
    if (dir !== undefined) yield { dir, line };
  }
}

/** The name people know a module by. */
export function baseName(modulePath: string): string {
  return modulePath.replace(/\/v\d+$/, '').replace(/^.*\//, '');
}

/** One pass over the paths: a source belongs to the nearest go.mod above it, and to none below `testdata` and the like. */
function ownSources(
  repo: RepoView,
  modules: ReadonlySet<string>,
): ReadonlyMap<string, { code: boolean; tests: boolean }> {
  const owners = new Map<string, string | undefined>();
  const own = new Map<string, { code: boolean; tests: boolean }>();
  for (const { path } of repo.paths.entries) {
    if (!path.endsWith('.go')) continue;
    const slash = path.lastIndexOf('/');
    const dir = slash < 0 ? '' : path.slice(0, slash);
    if (!owners.has(dir)) {
      owners.set(dir, isIgnoredByGo(dir) ? undefined : upwards(dir).find((candidate) => modules.has(candidate)));
    }
    const owner = owners.get(dir);
    if (owner === undefined) continue;
    const seen = own.get(owner) ?? { code: false, tests: false };
    if (path.endsWith('_test.go')) seen.tests = true;
    if (path.slice(slash + 1) !== 'tools.go') seen.code = true;
    own.set(owner, seen);
  }
  return own;
}

/** https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns: folders that begin with `.` or `_`, and `testdata`. */
function isIgnoredByGo(dir: string): boolean {
  return (
    dir !== '' && (isAside(`${dir}/`) || dir.split('/').some((part) => part.startsWith('_') || part.startsWith('.')))
  );
}

const MAY_GENERATE = ['generate.go', 'gen.go', 'doc.go', 'tools.go', 'main.go'];
const MAX_SOURCES = 60;

/** The few sources that are read: what stands in a module's own folder, its `cmd/x/main.go`, and where `go:generate` lines are kept. */
export function sourcesToRead(repo: RepoView): readonly string[] {
  const dirs = repo.files.filter(({ name }) => name === 'go.mod').map(({ dir }) => dir);
  const wanted = new Set<string>();
  for (const dir of dirs.filter((dir) => dir === '' || !isNoLead(dir)).slice(0, MAX_LEADS)) {
    for (const path of goFilesIn(repo, dir).slice(0, 8)) wanted.add(path);
    for (const path of commandsOf(repo, dir).slice(0, 20)) wanted.add(path);
  }
  for (const name of MAY_GENERATE) {
    for (const path of repo.paths.named(name)) {
      if (path.split('/').length <= 4 && !isIgnoredByGo(path.slice(0, path.lastIndexOf('/') + 1))) wanted.add(path);
    }
  }
  return [...wanted].slice(0, MAX_SOURCES);
}

/** The `cmd/x/main.go` of a module; a folder with a go.mod of its own belongs to another one. */
export function commandsOf(repo: RepoView, dir: string): readonly string[] {
  const cmd = at(dir, 'cmd');
  const found = repo.paths
    .under(cmd)
    .filter(({ path }) => path.endsWith('/main.go') && path.split('/').length === cmd.split('/').length + 2);
  return found.map(({ path }) => path).filter((path) => moduleOf(repo, path) === dir);
}

/** The folder of the module that a file belongs to. */
export function moduleOf(repo: RepoView, path: string): string | undefined {
  const dir = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return upwards(dir).find((here) => repo.paths.isFile(at(here, 'go.mod')));
}

/** The sources right in a folder, `main.go` first, without tests. */
export function goFilesIn(repo: RepoView, dir: string): readonly string[] {
  const prefix = dir === '' ? '' : `${dir}/`;
  const found: string[] = [];
  for (const name of repo.paths.names()) {
    if (name.endsWith('.go') && !name.endsWith('_test.go') && repo.paths.isFile(prefix + name))
      found.push(prefix + name);
  }
  return found.sort((a, b) => Number(b === `${prefix}main.go`) - Number(a === `${prefix}main.go`) || (a < b ? -1 : 1));
}
