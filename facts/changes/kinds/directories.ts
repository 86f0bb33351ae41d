import { keyMateriality } from '../../keys.ts';
import { isAside, type PathIndex } from '../../path-index.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { dirOf, isShown } from '../places.ts';

/** A folder directly below the root is known by name from this many files on. */
const LEAST_AT_ROOT = 5;
/** A folder further down is a major one from this many files on, and this share of the repository's. */
const LEAST_BELOW = 10;
const LEAST_SHARE = 0.05;
/** Most of a folder went where it went. */
const MOST = 0.6;

/**
 * Major folders that moved or are gone: what documents point at, and where agents put new files. Vendored code, examples and
 * documentation move without anybody's work changing.
 */
export const directories: Kind = {
  id: 'major folder restructured',
  *find(comparison) {
    yield* moved(comparison);
    yield* removed(comparison);
  },
};

function* moved({ before, after, moves }: Comparison): Generator<FactChange> {
  const foreign = foreignTo(before);
  const total = ownFiles(before, foreign);
  for (const { from, to, files } of moves.folders) {
    if (from === '' || foreign(from) || foreign(to) || sameButVersion(from, to)) continue;
    const own = files.filter((file) => !foreign(file.from) && !foreign(file.to));
    const held = before.survey.paths.under(from).filter(({ path }) => !foreign(path)).length;
    if (own.length < held * MOST || !isMajor(from, own.length, total)) continue;
    const first = own[0]!;
    const evidence = after.survey.paths.has(first.to) ? { path: first.to, line: 1 } : { path: first.from, line: 1 };
    yield { key: 'directory', dir: from, from, to, materiality: keyMateriality('directory'), evidence: [evidence] };
  }
}

function* removed({ before, after, files, moves }: Comparison): Generator<FactChange> {
  const foreign = foreignTo(before);
  const total = ownFiles(before, foreign);
  const gone = new Map<string, string[]>();
  for (const { status, path } of files) {
    if (status !== 'deleted' || foreign(path)) continue;
    const top = path.slice(0, Math.max(0, path.indexOf('/')));
    if (top !== '') gone.set(top, [...(gone.get(top) ?? []), path]);
  }
  for (const [dir, paths] of gone) {
    if (after.survey.paths.hasDir(dir) || moves.dir(dir) !== undefined || sameAsVersioned(dir, after.survey.paths))
      continue;
    if (dir.startsWith('.') || paths.length < LEAST_BELOW || paths.length < total * LEAST_SHARE) continue;
    const evidence = [{ path: paths[0]!, line: 1 }];
    yield { key: 'directory', dir, from: dir, to: null, materiality: keyMateriality('directory'), evidence };
  }
}

function isMajor(dir: string, files: number, total: number): boolean {
  if (dir.startsWith('.')) return false;
  if (!dir.includes('/')) return files >= LEAST_AT_ROOT;
  return files >= LEAST_BELOW && files >= total * LEAST_SHARE;
}

/** Code of other people, examples and documentation: by the names of folders, and by what the facts say. */
function foreignTo({ survey }: Side): (path: string) => boolean {
  const vendored = survey.facts.facts.flatMap(({ key, value }) =>
    key === 'vendored' ? [value.replace(/\/\**$/, '')] : [],
  );
  const roots = new Set(vendored);
  return (path) => {
    if (isAside(`${path}/`) || isShown(dirOf(path)) || isShown(path)) return true;
    if (VERSIONED.test(path)) return true;
    if (roots.size === 0) return false;
    for (let at = path; at !== ''; at = dirOf(at)) if (roots.has(at)) return true;
    return false;
  };
}

function ownFiles({ survey }: Side, foreign: (path: string) => boolean): number {
  return survey.paths.entries.reduce((sum, { path }) => sum + (foreign(path) ? 0 : 1), 0);
}

/** `librdkafka-2.4.0/`, `LuaJIT-f94e2f01/`: a folder with its release in its name is a copy. */
const VERSIONED = /(?:^|\/)[^/]*[-_@]v?(?:\d+(?:\.\d+)+[^/]*|(?=[0-9a-f]*\d)[0-9a-f]{7,40})(?:\/|$)/;

function sameButVersion(from: string, to: string): boolean {
  return unversioned(from) === unversioned(to);
}

function unversioned(path: string): string {
  return path.replace(/\d+(?:\.\d+)*/g, '#');
}

function sameAsVersioned(dir: string, paths: PathIndex): boolean {
  const name = unversioned(dir);
  return name !== dir && [...paths.dirs()].some((other) => !other.includes('/') && unversioned(other) === name);
}
