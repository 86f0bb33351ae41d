import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { isNoLead, isWithin, upwards } from '../native/side-folders.ts';

/** A Cargo.toml. */
export interface Crate {
  readonly dir: string;
  readonly file: SourceFile;
  readonly tree: Tree;
  /** `undefined` for a workspace without a package of its own. */
  readonly name: string | undefined;
  /** The folders that a workspace leaves out. */
  readonly excluded: ReadonlySet<string>;
  /** The line of the package's name, or of `[workspace]`. */
  readonly line: Evidence;
}

/** What one `cargo` call in a folder can reach: a workspace, or a package that is in none. */
export interface CargoProject {
  readonly root: Crate;
  /** The other packages of the workspace, without the root's own. */
  readonly members: readonly Crate[];
  readonly isWorkspace: boolean;
  /** A plain `cargo test` reaches every package; with `default-members`, or beside a root package, it does not. */
  readonly plainReachesAll: boolean;
}

const MAX_LEADS = 6;
const MAX_MEMBERS = 2000;

/** Every project, the shallowest first: packages of a workspace are folded into it. */
export function cargoProjects(repo: RepoView): readonly CargoProject[] {
  const crates = repo.files.filter(({ name }) => name === 'Cargo.toml').flatMap(readCrate);
  const byDir = new Map(crates.map((crate) => [crate.dir, crate]));
  const workspaces = crates.filter(({ tree }) => tree.get('workspace') !== undefined);
  const workspaceOf = (crate: Crate): Crate | undefined => {
    if (workspaces.includes(crate)) return crate;
    for (const dir of upwards(crate.dir)) {
      const above = workspaces.find((candidate) => candidate.dir === dir);
      if (above) return isExcluded(above, crate.dir) ? undefined : above;
    }
    return undefined;
  };
  return crates.flatMap((root): readonly CargoProject[] => {
    const workspace = workspaceOf(root);
    if (workspace !== undefined && workspace !== root) return [];
    if (!workspace) return [{ root, members: [], isWorkspace: false, plainReachesAll: true }];
    const members = membersOf(root, byDir).filter((crate) => workspaceOf(crate) === root);
    const chosen = root.tree.get('workspace', 'default-members')?.texts() ?? [];
    const plainReachesAll = members.length === 0 || (root.name === undefined && chosen.length === 0);
    return [{ root, members, isWorkspace: true, plainReachesAll }];
  });
}

/** The project at the root, or where there is none, the shallowest that are no examples, benchmarks or tools. */
export function leadProjects(projects: readonly CargoProject[]): readonly CargoProject[] {
  const top = projects.find(({ root }) => root.dir === '');
  if (top) return [top];
  const others = projects.filter(({ root }) => !isNoLead(root.dir));
  const depth = others[0]?.root.dir.split('/').length;
  return others.filter(({ root }) => root.dir.split('/').length === depth).slice(0, MAX_LEADS);
}

function readCrate(file: SourceFile): readonly Crate[] {
  const tree = file.toml();
  if (!tree) return [];
  const name = tree.get('package', 'name');
  const section = tree.get('workspace');
  if (name?.text === undefined && !section) return [];
  const line = name?.text === undefined ? (section?.line ?? 1) : name.keyLine;
  const excluded = new Set(
    section
      ?.get('exclude')
      ?.texts()
      .flatMap((path) => joinPath(file.dir, path) ?? []),
  );
  return [{ dir: file.dir, file, tree, name: name?.text, excluded, line: file.at(line) }];
}

/** https://doc.rust-lang.org/cargo/reference/workspaces.html: `members`, and every path dependency inside the folder. */
function membersOf(root: Crate, byDir: ReadonlyMap<string, Crate>): readonly Crate[] {
  const found = new Map<string, Crate>();
  const add = (crate: Crate | undefined): void => {
    if (!crate || crate.name === undefined || crate === root || found.has(crate.dir) || isExcluded(root, crate.dir))
      return;
    found.set(crate.dir, crate);
  };
  for (const pattern of root.tree.get('workspace', 'members')?.texts().slice(0, MAX_MEMBERS) ?? []) {
    const path = joinPath(root.dir, pattern);
    if (path === undefined) continue;
    if (!/[*?]/.test(path)) add(byDir.get(path));
    else for (const crate of byDir.values()) if (globMatches(path, crate.dir)) add(crate);
  }
  // A Map goes on to what is added while it is walked.
  for (const path of root.name === undefined ? [] : localDependencies(root)) add(byDir.get(path));
  for (const crate of found.values())
    for (const path of localDependencies(crate)) if (isWithin(path, root.dir)) add(byDir.get(path));
  return [...found.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

function* localDependencies(crate: Crate): Iterable<string> {
  for (const section of ['dependencies', 'dev-dependencies', 'build-dependencies']) {
    for (const [, dependency] of crate.tree.get(section)?.entries() ?? []) {
      const path = dependency.get('path')?.text;
      const dir = path === undefined ? undefined : joinPath(crate.dir, path);
      if (dir !== undefined) yield dir;
    }
  }
}

function isExcluded(workspace: Crate, dir: string): boolean {
  return upwards(dir).some((folder) => workspace.excluded.has(folder));
}

/** Matches part by part; `**` matches whatever follows. */
function globMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  const any = wanted.indexOf('**');
  if (any < 0 && wanted.length !== parts.length) return false;
  return wanted.slice(0, any < 0 ? undefined : any).every((part, i) => partMatches(part, parts[i]));
}

/** `*` and `?` within one part, without going back over it twice: no pattern can take long. */
function partMatches(pattern: string, part: string | undefined): boolean {
  if (part === undefined) return false;
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < part.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === part[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
