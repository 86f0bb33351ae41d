import { movesOf } from '../../facts/changes/moves.ts';
import { lastName, parentDir } from '../../facts/path-index.ts';
import { anywhere, type Fate, type FileChange, type History } from '../../forge/history.ts';

/** What became of paths between two commits: the past that matters to a change is the change itself. */
export function fatesBetween(files: readonly FileChange[], commit: string): Pick<History, 'fates'> {
  const moves = movesOf(files);
  const gone = new Set<string>();
  const named = new Map<string, string>();
  for (const { status, path, from } of files) {
    const old = status === 'renamed' ? from : status === 'deleted' ? path : undefined;
    if (old === undefined) continue;
    for (let at = old; at !== '' && !gone.has(at); at = parentDir(at)) {
      gone.add(at);
      const name = anywhere(lastName(at));
      if (!named.has(name)) named.set(name, at);
    }
  }
  return {
    fates: async (paths) => {
      const fates = new Map<string, Fate>();
      for (const asked of paths) {
        const path = named.get(asked) ?? (gone.has(asked) ? asked : undefined);
        if (path === undefined) continue;
        const to = moves.file(path) === path ? moves.dir(path) : moves.file(path);
        fates.set(asked, { path, commit, ...(to === undefined ? {} : { movedTo: to }) });
      }
      return fates;
    },
  };
}
