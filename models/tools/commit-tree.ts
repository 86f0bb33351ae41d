import type { Listed } from '../../forge/bounded-reader.ts';
import type { CatFile } from '../../forge/git/cat-file.ts';
import { readContents, readLinks } from '../../forge/git/read-objects.ts';
import { isGitFolder, partsOf } from './path.ts';
import { Refused } from './refusals.ts';
import { MOST_LINKS, type Names, type Place, type Sight } from './sight.ts';

type Entry =
  | { readonly kind: 'folder'; readonly names: string[] }
  | { readonly kind: 'file' | 'link'; readonly oid: string };

interface TreePlace extends Place {
  readonly entry: Entry;
}

/** By path; '' is the top. */
export type Tree = ReadonlyMap<string, Entry>;

/** A commit of a repository, of which there may be no checkout: its files come out of git's objects, and links lead within it. */
export class CommitTree implements Sight<TreePlace> {
  readonly #tree: () => Promise<Tree>;
  readonly #objects: CatFile;

  constructor(tree: () => Promise<Tree>, objects: CatFile) {
    this.#tree = tree;
    this.#objects = objects;
  }

  /** @throws Refused */
  async resolve(asked: string): Promise<TreePlace> {
    const left = [...partsOf(asked)];
    const tree = await this.#tree();
    const found: string[] = [];
    let entry = tree.get('')!;
    let links = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (found.pop() === undefined) throw new Refused('link-outside', asked);
        entry = tree.get(found.join('/'))!;
        continue;
      }
      if (isGitFolder(part)) throw new Refused('git-folder', asked);
      const next = entry.kind === 'folder' ? tree.get([...found, part].join('/')) : undefined;
      if (next === undefined) throw new Refused('not-found', asked);
      if (next.kind !== 'link') {
        found.push(part);
        entry = next;
        continue;
      }
      if (++links > MOST_LINKS) throw new Refused('link-loop', asked);
      const [target] = await readLinks(this.#objects, [next.oid]);
      if (target === undefined) throw new Refused('not-found', asked);
      // Where the repository would lie is nobody's business: nothing absolute is within a commit.
      if (target.startsWith('/')) throw new Refused('link-outside', asked);
      left.unshift(...target.split('/'));
    }
    return { path: found.join('/'), isFolder: entry.kind === 'folder', entry };
  }

  /** @throws Refused */
  async read({ path, entry }: TreePlace, mostBytes: number): Promise<Buffer> {
    if (entry.kind === 'folder') throw new Refused('not-a-file', path);
    const [got] = await readContents(this.#objects, [{ oid: entry.oid }], (bytes) =>
      bytes > mostBytes ? { ok: false, reason: 'too-large', detail: `${bytes} bytes` } : undefined,
    );
    if (Buffer.isBuffer(got)) return got;
    throw got?.reason === 'too-large'
      ? new Refused('too-large', `${path}: ${got.detail}`)
      : new Refused('git-failed', path);
  }

  /** @throws Refused */
  names({ path, entry }: TreePlace, most: number): Names {
    if (entry.kind !== 'folder') throw new Refused('not-a-folder', path);
    return { names: entry.names.slice(0, most).sort(), more: entry.names.length > most };
  }
}

/** Without what some file system takes for `.git`; of two things with one name, which only a crafted tree holds, the first counts. */
export function treeOf(listed: readonly Listed<string>[]): Tree {
  const top: Entry = { kind: 'folder', names: [] };
  const tree = new Map<string, Entry>([['', top]]);

  function folder(path: string): Entry | undefined {
    return tree.get(path) ?? add(path, { kind: 'folder', names: [] }, '/');
  }

  function add(path: string, entry: Entry, mark: string): Entry | undefined {
    const at = path.lastIndexOf('/');
    const name = path.slice(at + 1);
    if (tree.has(path) || isGitFolder(name)) return undefined;
    const parent = at === -1 ? top : folder(path.slice(0, at));
    if (parent?.kind !== 'folder') return undefined;
    parent.names.push(`${name}${mark}`);
    tree.set(path, entry);
    return entry;
  }

  for (const { path, kind, blob } of listed) {
    if (kind === 'symlink') add(path, { kind: 'link', oid: blob }, '@');
    // As in a checkout whose submodules were not fetched.
    else if (kind === 'submodule') add(path, { kind: 'folder', names: [] }, '/');
    else add(path, { kind: 'file', oid: blob }, '');
  }
  return tree;
}

/** Paths of all that a search looks at. */
export function filesOf(tree: Tree): readonly string[] {
  return [...tree].flatMap(([path, { kind }]) => (kind === 'file' ? [path] : [])).sort();
}
