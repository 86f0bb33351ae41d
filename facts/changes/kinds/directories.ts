import { keyMateriality } from '../../keys.ts';
import { isAside, parentDir } from '../../path-index.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { isShown } from '../places.ts';

/** A folder directly below the root is known by name from this many files on. */
const LEAST_AT_ROOT = 5;
/** A folder further down is a major one from this many files on; below the second level, with this share of all. */
const LEAST_BELOW = 10;
const LEAST_SHARE = 0.05;
/** Deeper folders are details. */
const DEEPEST = 3;
/** Most of a folder went where it went. */
const MOST = 0.6;

/**
 * Major folders that moved or are gone: what documents point at, and where agents put new files. Vendored code, examples and
 * documentation move without anybody's work changing.
 */
export const directories: Kind = {
  id: 'major folder restructured',
  *find(comparison) {
    const foreign = foreignTo(comparison.before);
    const known: Known = { comparison, foreign, total: ownFiles(comparison.before, foreign) };
    const told: string[] = [];
    for (const change of [...moved(known), ...removed(known)]) {
      // A folder inside one that was told of went with it.
      if (told.some((dir) => change.dir === dir || change.dir.startsWith(`${dir}/`))) continue;
      told.push(change.dir);
      yield change;
    }
  },
};

interface Known {
  readonly comparison: Comparison;
  readonly foreign: (path: string) => boolean;
  readonly total: number;
}

function* moved(known: Known): Generator<FactChange> {
  const { comparison, foreign } = known;
  for (const { from, to, files } of comparison.moves.folders) {
    const own = files.filter((file) => !foreign(file.from) && !foreign(file.to));
    yield* movedWhole(from, to, own, known);
  }
}

/** The folder, where most of it went; else those of its folders of which most did. */
function* movedWhole(
  from: string,
  to: string,
  files: readonly { readonly from: string; readonly to: string }[],
  known: Known,
): Generator<FactChange> {
  const { comparison, foreign, total } = known;
  const [first] = files;
  if (!first || depth(from) > DEEPEST) return;
  const held = comparison.before.survey.paths.under(from).filter(({ path }) => !foreign(path)).length;
  if (from !== '' && files.length >= held * MOST) {
    if (!isMajor(from, files.length, total)) return;
    const evidence = [{ path: comparison.after.survey.paths.has(first.to) ? first.to : first.from, line: 1 }];
    const place = to === '' ? '.' : to;
    yield { key: 'directory', dir: from, from, to: place, materiality: keyMateriality('directory'), evidence };
    return;
  }
  const start = from === '' ? 0 : from.length + 1;
  const below = Map.groupBy(files, (file) => file.from.slice(start, Math.max(start, file.from.indexOf('/', start))));
  for (const [name, inside] of below) {
    if (name !== '') yield* movedWhole(joined(from, name), joined(to, name), inside, known);
  }
}

/** Folders of which nothing is left and nothing went elsewhere. */
function* removed({ comparison, foreign, total }: Known): Generator<FactChange> {
  const { after, files, moves } = comparison;
  const gone = new Map<string, string[]>();
  for (const { status, path } of files) {
    if (status !== 'deleted' || foreign(path)) continue;
    for (let dir = parentDir(path); dir !== ''; dir = parentDir(dir)) {
      if (depth(dir) > DEEPEST) continue;
      const held = gone.get(dir);
      if (held) held.push(path);
      else gone.set(dir, [path]);
    }
  }
  for (const [dir, paths] of [...gone].sort((a, b) => depth(a[0]) - depth(b[0]))) {
    if (after.survey.paths.hasDir(dir) || moves.dir(dir) !== undefined) continue;
    if (paths.length < LEAST_BELOW || paths.length < total * LEAST_SHARE) continue;
    if (dir.startsWith('.')) continue;
    const evidence = [{ path: paths[0]!, line: 1 }];
    yield { key: 'directory', dir, from: dir, to: null, materiality: keyMateriality('directory'), evidence };
  }
}

function isMajor(dir: string, files: number, total: number): boolean {
  if (dir.startsWith('.')) return false;
  if (depth(dir) === 1) return files >= LEAST_AT_ROOT;
  return files >= LEAST_BELOW && (depth(dir) === 2 || files >= total * LEAST_SHARE);
}

function depth(dir: string): number {
  return dir.split('/').length;
}

function joined(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

/** Code of other people, examples and documentation: by the names of folders, and by what the facts say. */
function foreignTo({ survey }: Side): (path: string) => boolean {
  const vendored = survey.facts.facts.flatMap(({ key, value }) =>
    key === 'vendored' ? [value.replace(/\/\**$/, '')] : [],
  );
  const roots = new Set(vendored);
  return (path) => {
    if (isAside(`${path}/`) || isShown(parentDir(path)) || isShown(path)) return true;
    if (VERSIONED.test(path)) return true;
    if (roots.size === 0) return false;
    for (let at = path; at !== ''; at = parentDir(at)) if (roots.has(at)) return true;
    return false;
  };
}

function ownFiles({ survey }: Side, foreign: (path: string) => boolean): number {
  return survey.paths.entries.reduce((sum, { path }) => sum + (foreign(path) ? 0 : 1), 0);
}

/** `librdkafka-2.4.0/`, `LuaJIT-f94e2f01/`: a folder with its release in its name is a copy. */
const VERSIONED = /(?:^|\/)[^/]*[-_@]v?(?:\d+(?:\.\d+)+[^/]*|(?=[0-9a-f]*\d)[0-9a-f]{7,40})(?:\/|$)/;
