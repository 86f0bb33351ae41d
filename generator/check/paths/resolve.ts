import { joinPath, lastName, type PathIndex } from '../../../facts/path-index.ts';
import type { PathReference } from './reference.ts';

/** Where a reference may start from, most likely first; folders from the root, without a trailing slash. */
export type Bases = readonly string[];

/**
 * Whether a reference means something that is there: from one of the bases; as the end of some path of the tree
 * (`commands/git.ts` for `src/commands/git.ts`); or without its file ending, as modules are named.
 */
export function isThere({ path }: Pick<PathReference, 'path'>, bases: Bases, paths: PathIndex): boolean {
  return standsAt({ path }, bases, paths) !== undefined || endsLike(path, paths) || isList(path, bases, paths);
}

/** The path of the repository that a reference is, from the first base where it is one. */
export function standsAt({ path }: Pick<PathReference, 'path'>, bases: Bases, paths: PathIndex): string | undefined {
  for (const base of bases) {
    const full = joinPath(base, path);
    if (full !== undefined && (exists(full, paths) || isModule(full, paths))) return full;
  }
  return undefined;
}

/** A file, a folder, or something inside of a submodule or behind a link, which is not looked into. */
export function exists(path: string, paths: PathIndex): boolean {
  if (paths.has(path) || paths.hasDir(path) || isComposedAlike(path, paths)) return true;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const above = path.slice(0, slash);
    if (paths.has(above)) return !paths.isFile(above);
  }
  return false;
}

/** A Mac writes `ö` into names as two characters, people as one. */
function isComposedAlike(path: string, paths: PathIndex): boolean {
  if (!/\P{ASCII}/u.test(path)) return false;
  return paths.once('composed paths', composed).has(path.normalize('NFC'));
}

function composed(paths: PathIndex): ReadonlySet<string> {
  return new Set([...paths.entries.map((entry) => entry.path), ...paths.dirs()].map((path) => path.normalize('NFC')));
}

/** `src/foo` is `src/foo.ts`; `./foo.js` imports `foo.ts`. */
function isModule(path: string, paths: PathIndex): boolean {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dir = slash < 0 ? '' : path.slice(0, slash);
  const stems = paths.once('stems of each folder', stemsOf).get(dir);
  return stems?.has(name.replace(/\.(?:[cm]?js|jsx)$/, '')) === true && !/\.(?!(?:[cm]?js|jsx)$)\w+$/.test(name);
}

function stemsOf({ entries }: PathIndex): ReadonlyMap<string, ReadonlySet<string>> {
  const stems = new Map<string, Set<string>>();
  for (const { path } of entries) {
    const slash = path.lastIndexOf('/');
    const dir = slash < 0 ? '' : path.slice(0, slash);
    const name = path.slice(slash + 1);
    const known = stems.get(dir) ?? new Set<string>();
    stems.set(dir, known);
    for (let dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) known.add(name.slice(0, dot));
  }
  return stems;
}

/** Some path of the tree ends with the reference. */
function endsLike(path: string, paths: PathIndex): boolean {
  return ending(path, paths).length > 0;
}

/** Every file and folder of the tree that the reference is the end of. */
export function ending(reference: string, paths: PathIndex): readonly string[] {
  const path = reference.replace(/^(?:\.\.\/)+/, '');
  const name = lastName(path);
  const tail = `/${path}`;
  const files = paths.named(name).filter((each) => each === path || each.endsWith(tail));
  const folders = paths.once('folders by name', foldersByName).get(name) ?? [];
  return [...files, ...folders.filter((each) => each === path || each.endsWith(tail))];
}

function foldersByName(paths: PathIndex): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const dir of paths.dirs()) {
    const name = lastName(dir);
    const same = byName.get(name);
    if (same) same.push(dir);
    else byName.set(name, [dir]);
  }
  return byName;
}

/** `src/tools/` for `src/app/tools/`: the folders are there, in this order, from a base; what lies between is left out. */
export function elided(path: string, bases: Bases, paths: PathIndex): boolean {
  const names = path.split('/');
  const first = names[0] ?? '';
  if (names.length < 2 || first === '..') return false;
  const candidates = paths.once('folders by name', foldersByName).get(names.at(-1)!) ?? [];
  return bases.some((base) => {
    const start = joinPath(base, first);
    return (
      start !== undefined &&
      candidates.some(
        (candidate) =>
          candidate.startsWith(`${start}/`) && inOrder(names.slice(1), candidate.slice(start.length + 1).split('/')),
      )
    );
  });
}

function inOrder(names: readonly string[], within: readonly string[]): boolean {
  let at = 0;
  for (const part of within) if (part === names[at]) at++;
  return at === names.length;
}

/** `plugin-java/kotlin/scala`: the first is there, and so is each other one in its place. */
function isList(path: string, bases: Bases, paths: PathIndex): boolean {
  const [first = '', ...others] = path.split('/');
  if (others.length === 0 || /\.\w+$/.test(path)) return false;
  const lead = first.replace(/[^-_]*$/, '');
  return bases.some((base) =>
    [first, ...others.map((other) => lead + other)].every((name) => {
      const full = joinPath(base, name);
      return full !== undefined && exists(full, paths);
    }),
  );
}

/** The only path that is this one but for capital and small letters. */
export function otherCase(path: string, paths: PathIndex): string | undefined {
  const folded = paths.once('paths in small letters', inSmallLetters).get(path.toLowerCase());
  return folded?.length === 1 ? folded[0] : undefined;
}

function inSmallLetters(paths: PathIndex): ReadonlyMap<string, readonly string[]> {
  const folded = new Map<string, string[]>();
  for (const path of [...paths.entries.map((entry) => entry.path), ...paths.dirs()]) {
    const small = path.toLowerCase();
    const same = folded.get(small);
    if (same) same.push(path);
    else folded.set(small, [path]);
  }
  return folded;
}
