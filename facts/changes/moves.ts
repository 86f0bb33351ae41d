import type { FileChange } from '../../forge/history.ts';
import { parentDir } from '../path-index.ts';

/** Where folders went: read off the files that were renamed. */
export interface Moves {
  /** The path of a file after the change; itself where it was not renamed. */
  file(path: string): string;
  /** Where most of the renamed files of a folder went, keeping their names; `undefined` where they did not go together. */
  dir(path: string): string | undefined;
  /** Each folder that gave files to another: the widest folders that explain each rename. */
  readonly folders: readonly FolderMove[];
}

export interface FolderMove {
  readonly from: string;
  readonly to: string;
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

export function movesOf(changes: readonly FileChange[]): Moves {
  const renames = new Map<string, string>();
  for (const { from, path } of changes) if (from !== undefined) renames.set(from, path);
  const folders = foldersOf(renames);
  const votes = dirVotes(renames);
  return {
    file: (path) => renames.get(path) ?? path,
    dir: (path) => votes.get(path),
    folders,
  };
}

/** `a/b/c.ts -> x/b/c.ts` is `a -> x`; what only went one deeper (`a/b.ts -> x/a/b.ts`) is `a -> x/a`. */
function foldersOf(renames: ReadonlyMap<string, string>): readonly FolderMove[] {
  const found = new Map<string, { from: string; to: string; files: { from: string; to: string }[] }>();
  for (const [from, to] of renames) {
    const pair = widest(from, to);
    if (!pair) continue;
    const key = pair.join('\0');
    const known = found.get(key) ?? { from: pair[0], to: pair[1], files: [] };
    found.set(key, known);
    known.files.push({ from, to });
  }
  return [...found.values()];
}

function widest(from: string, to: string): readonly [string, string] | undefined {
  const a = from.split('/');
  const b = to.split('/');
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same++;
  if (same === 0) return undefined;
  // What moves needs a name; where it goes may be the root.
  const shared = Math.min(same, a.length - 1);
  return [a.slice(0, a.length - shared).join('/'), b.slice(0, b.length - shared).join('/')];
}

/** For each folder that lost files to renames the place most of them went to. */
function dirVotes(renames: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const [from, to] of renames) {
    for (let dir = parentDir(from); dir !== ''; dir = parentDir(dir)) {
      totals.set(dir, (totals.get(dir) ?? 0) + 1);
      const tail = from.slice(dir.length);
      if (!to.endsWith(tail) || to.length === tail.length) continue;
      const place = to.slice(0, -tail.length);
      const of = counts.get(dir) ?? new Map<string, number>();
      counts.set(dir, of);
      of.set(place, (of.get(place) ?? 0) + 1);
    }
  }
  const winners = new Map<string, string>();
  for (const [dir, places] of counts) {
    const [best] = [...places].sort((x, y) => y[1] - x[1]);
    if (best && best[1] * 2 > totals.get(dir)!) winners.set(dir, best[0]);
  }
  return winners;
}
