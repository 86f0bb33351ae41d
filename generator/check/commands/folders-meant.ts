import type { Survey } from '../../../facts/index.ts';
import { joinPath, lastName } from '../../../facts/path-index.ts';
import type { SaidCommand } from '../../documents/commands.ts';
import type { TargetIndex } from './target-index.ts';

const MOST = 40;

/**
 * The folders of the repository in which a command may run, that where it is typed first; empty where that is not known.
 * Others are those that the text around it names, by path, by the end of a path, or by a package's name.
 */
export function foldersMeant(
  { dir, folders }: Pick<SaidCommand, 'dir' | 'folders'>,
  home: string,
  { paths }: Survey,
  index: TargetIndex,
): readonly string[] {
  if (dir === undefined || !paths.hasDir(dir)) return [];
  const found = new Set([dir]);
  // A nested document speaks of the root's commands, too.
  if (dir === home || folders.includes('.')) found.add('');
  for (const folder of folders.slice(0, MOST)) {
    for (const base of folder === '.' ? [home] : new Set([home, ''])) {
      const path = joinPath(base, folder);
      if (path !== undefined && paths.hasDir(path)) found.add(path);
    }
    for (const path of index.packageDirs(folder)) found.add(path);
    for (const path of endingIn(folder, paths)) found.add(path);
  }
  return [...found];
}

/** Folders that a heading such as "Backend" or `plugins/x` may mean: few enough to look at, or none. */
function endingIn(name: string, paths: Survey['paths']): readonly string[] {
  if (!/^[\w.@-]+(?:\/[\w.@-]+)*$/.test(name) || name.length < 2) return [];
  const byLast = paths.once('folders by their last part', ({ dirs }) => {
    const last = new Map<string, string[]>();
    for (const dir of dirs.call(paths)) {
      const part = lastName(dir).toLowerCase();
      const same = last.get(part);
      if (same) same.push(dir);
      else last.set(part, [dir]);
    }
    return last;
  });
  const lower = name.toLowerCase();
  const candidates = byLast.get(lastName(lower)) ?? [];
  const ending = candidates.filter((dir) => dir.toLowerCase() === lower || dir.toLowerCase().endsWith(`/${lower}`));
  return ending.length > 8 ? [] : ending;
}
