/**
 * One commit of a bare repository, read with plain git, and commits made from it in a temporary repository that borrows its
 * objects: nothing is written into the original.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';

/** What stands at a path: git's mode and object. */
interface Entry {
  readonly mode: string;
  readonly object: string;
}

const NOBODY = { name: 'mutants', email: 'mutants@example.invalid', date: '2030-01-01T00:00:00Z' };
const AUTHORS = {
  GIT_AUTHOR_NAME: NOBODY.name,
  GIT_AUTHOR_EMAIL: NOBODY.email,
  GIT_AUTHOR_DATE: NOBODY.date,
  GIT_COMMITTER_NAME: NOBODY.name,
  GIT_COMMITTER_EMAIL: NOBODY.email,
  GIT_COMMITTER_DATE: NOBODY.date,
};

export class Tree {
  readonly dir: string;
  readonly commit: string;
  /** Every file of the commit by path: blobs, symbolic links, submodules. */
  readonly files: ReadonlyMap<string, Entry>;
  /** Every folder that holds one of them. */
  readonly folders: ReadonlySet<string>;

  constructor(dir: string, commit: string) {
    this.dir = resolve(dir);
    this.commit = commit;
    const files = new Map<string, Entry>();
    const folders = new Set<string>();
    for (const line of git(this.dir, ['ls-tree', '-r', '-z', '--full-tree', commit]).split('\0')) {
      const [, mode, object, path] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
      if (mode === undefined || object === undefined || path === undefined) continue;
      files.set(path, { mode, object });
      for (let folder = dirname(path); folder !== '.' && !folders.has(folder); folder = dirname(folder))
        folders.add(folder);
    }
    this.files = files;
    this.folders = folders;
  }

  has(path: string): boolean {
    return this.files.has(path) || this.folders.has(path);
  }

  /** Of a regular file; undefined for everything else, and where the object is not there. */
  text(path: string): string | undefined {
    const entry = this.files.get(path);
    if (entry === undefined || !entry.mode.startsWith('100')) return undefined;
    try {
      return git(this.dir, ['cat-file', 'blob', entry.object]);
    } catch {
      return undefined;
    }
  }

  /** The file behind symbolic links. */
  real(path: string): string {
    let at = path;
    for (let hop = 0; hop < 8 && this.files.get(at)?.mode === '120000'; hop++)
      at = posix.join(dirname(at), git(this.dir, ['cat-file', 'blob', this.files.get(at)!.object]).trim());
    return at;
  }

  /** Those of some paths that the ignore files of the commit cover; `scratch` is an empty folder to put these files in. */
  ignored(paths: readonly string[], scratch: string): ReadonlySet<string> {
    execFileSync('git', ['init', '-q', scratch]);
    for (const path of this.files.keys()) {
      if (posix.basename(path) !== '.gitignore') continue;
      mkdirSync(join(scratch, dirname(path)), { recursive: true });
      writeFileSync(join(scratch, path), this.text(path) ?? '');
    }
    try {
      const said = execFileSync('git', ['-C', scratch, 'check-ignore', '--no-index', '-z', '--stdin'], {
        input: paths.join('\0'),
        encoding: 'utf8',
      });
      return new Set(said.split('\0').filter(Boolean));
    } catch {
      return new Set(); // git ends with 1 where none is ignored
    }
  }
}

/** A change of the tree: what is put at each path; null takes it away, with everything in it. */
export type Edits = ReadonlyMap<string, Entry | { readonly text: string } | null>;

/** A bare repository at `dir` in which commits on top of a tree's commit can be made. */
export class Workshop {
  readonly dir: string;
  readonly #tree: Tree;

  constructor(dir: string, tree: Tree) {
    this.dir = dir;
    this.#tree = tree;
    execFileSync('git', ['init', '-q', '--bare', dir]);
    mkdirSync(join(dir, 'objects/info'), { recursive: true });
    writeFileSync(join(dir, 'objects/info/alternates'), `${join(tree.dir, 'objects')}\n`);
    git(dir, ['update-ref', 'HEAD', tree.commit]);
  }

  /** The git object of a path in the commit, folders included. */
  entry(path: string): Entry {
    const [mode, , object] = git(this.dir, ['ls-tree', '--full-tree', this.#tree.commit, '--', path]).split(/[ \t]/);
    return { mode: mode!, object: object! };
  }

  /** A commit with the edits, whose parent is the tree's commit. */
  mutate(edits: Edits): string {
    const root = git(this.dir, ['rev-parse', `${this.#tree.commit}^{tree}`]).trim();
    let tree: string | undefined = root;
    for (const [path, wanted] of edits) {
      const entry = wanted !== null && 'text' in wanted ? this.#write(path, wanted.text) : wanted;
      tree = this.#put(tree, path.split('/'), entry);
    }
    if (tree === undefined || tree === root) throw new Error(`no change: ${[...edits.keys()].join(', ')}`);
    return git(this.dir, ['commit-tree', tree, '-p', this.#tree.commit, '-m', 'x']).trim();
  }

  #write(path: string, text: string): Entry {
    const object = git(this.dir, ['hash-object', '-w', '--stdin'], text).trim();
    return { mode: this.#tree.files.get(path)?.mode ?? '100644', object };
  }

  /** The tree with an entry put at a path; undefined where nothing is left in it. */
  #put(tree: string | undefined, [name, ...rest]: readonly string[], entry: Entry | null): string | undefined {
    const lines = tree === undefined ? [] : git(this.dir, ['ls-tree', '-z', tree]).split('\0').filter(Boolean);
    const others = lines.filter((line) => line.slice(line.indexOf('\t') + 1) !== name);
    const old = lines.find((line) => line.slice(line.indexOf('\t') + 1) === name);
    let own = entry;
    if (rest.length > 0) {
      const below = this.#put(old?.startsWith('040000') ? old.split(/[ \t]/)[2] : undefined, rest, entry);
      own = below === undefined ? null : { mode: '040000', object: below };
    }
    if (own) others.push(`${own.mode} ${own.mode === '040000' ? 'tree' : 'blob'} ${own.object}\t${name}`);
    // A blob may be absent in a repository that holds no large files.
    return others.length === 0
      ? undefined
      : git(this.dir, ['mktree', '-z', '--missing'], others.map((l) => `${l}\0`).join('')).trim();
  }
}

function git(dir: string, words: readonly string[], input?: string): string {
  return execFileSync('git', ['--git-dir', dir, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...AUTHORS, GIT_NO_LAZY_FETCH: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input === undefined ? {} : { input }),
  });
}
