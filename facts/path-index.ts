import type { RepoEntry } from '../forge/reader.ts';

/** Folders whose contents say nothing about how this repository itself is worked on. */
const ASIDE = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'vendored',
  'third_party',
  'thirdparty',
  'third-party',
  'external',
  'extern',
  'fixtures',
  '__fixtures__',
  'fixture',
  'testdata',
  'test-data',
  'test_data',
  '__snapshots__',
  '__mocks__',
  'templates',
  'template',
  'site-packages',
  '.venv',
  'venv',
  'Pods',
  'Carthage',
  '.yarn',
  '.terraform',
  'cookiecutter',
  'skeleton',
  'scaffold',
]);

/** Which paths there are. Built in one pass over the list; every question is then a look-up. */
export class PathIndex {
  readonly entries: readonly RepoEntry[];
  readonly #kinds = new Map<string, RepoEntry['kind']>();
  readonly #byName = new Map<string, string[]>();
  readonly #dirs = new Set<string>(['']);
  readonly #computed = new Map<string, unknown>();

  constructor(entries: readonly RepoEntry[]) {
    this.entries = entries;
    let lastDir = '';
    for (const { path, kind } of entries) {
      this.#kinds.set(path, kind);
      const slash = path.lastIndexOf('/');
      const name = slash < 0 ? path : path.slice(slash + 1);
      const same = this.#byName.get(name);
      if (same) same.push(path);
      else this.#byName.set(name, [path]);
      const dir = slash < 0 ? '' : path.slice(0, slash);
      if (dir !== lastDir) {
        this.#addDir(dir);
        lastDir = dir;
      }
    }
  }

  #addDir(dir: string): void {
    for (let at = dir; at !== '' && !this.#dirs.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
      this.#dirs.add(at);
  }

  /** A path of any kind that is not a folder. */
  has(path: string): boolean {
    return this.#kinds.has(path);
  }

  /** A regular file: never a symbolic link or a submodule. */
  isFile(path: string): boolean {
    const kind = this.#kinds.get(path);
    return kind === 'file' || kind === 'executable';
  }

  isExecutable(path: string): boolean {
    return this.#kinds.get(path) === 'executable';
  }

  hasDir(dir: string): boolean {
    return this.#dirs.has(dir);
  }

  /** Every path whose last part is `name`. */
  named(name: string): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  /** Every last part of a path, once. */
  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Every folder, the root (`""`) included. */
  dirs(): ReadonlySet<string> {
    return this.#dirs;
  }

  /** The paths below a folder, at any depth. */
  under(dir: string): readonly RepoEntry[] {
    if (dir === '') return this.entries;
    const prefix = `${dir}/`;
    const start = this.#firstAtOrAfter(prefix);
    let end = start;
    while (end < this.entries.length && this.entries[end]!.path.startsWith(prefix)) end++;
    return this.entries.slice(start, end);
  }

  /** Something worked out from the whole list, once for everybody who asks by the same name. */
  once<T>(name: string, compute: (paths: PathIndex) => T): T {
    if (!this.#computed.has(name)) this.#computed.set(name, compute(this));
    return this.#computed.get(name) as T;
  }

  #firstAtOrAfter(path: string): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.path < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** True below a folder of fixtures, vendored code, templates and the like. */
export function isAside(path: string): boolean {
  let start = 0;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
    if (ASIDE.has(path.slice(start, slash))) return true;
    start = slash + 1;
  }
  return false;
}

/** How many folders a path lies below the root. */
export function depthOf(path: string): number {
  let depth = 0;
  for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) depth++;
  return depth;
}

/** Joins a folder and a relative path, `.` and `..` resolved; `undefined` where it would leave the repository. */
export function joinPath(dir: string, relative: string): string | undefined {
  const parts = relative.startsWith('/') ? [] : dir.split('/').filter(Boolean);
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The folder that a path lies in; `""` at the root. */
export function parentDir(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
