import { anywhere, type Fate } from '../history.ts';
import { isPlainPath } from '../plain-path.ts';
import { compareTrees } from './compare.ts';
import type { Repository } from './locate.ts';
import { LOG_OPTIONS } from './log-options.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { runGit } from './run.ts';

/** A longer list of paths is asked in parts: the command line has an end. */
const AT_ONCE = 500;
/** A move is followed this often: `a` became `b`, which became `c`. */
const MOVES = 5;

/** What became of each path before `tip`: see `History.fates`. */
export async function readFates(
  repository: Repository,
  tip: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Fate>> {
  const fates = new Map<string, Fate>();
  // Which of the paths asked for each path still open came from.
  let open = new Map([...new Set(paths)].filter(isAskable).map((path) => [path, [path]]));
  for (let move = 0; move <= MOVES && open.size > 0; move++) {
    const next = new Map<string, string[]>();
    for (const { commit, gone } of await removals(repository, tip, [...open.keys()])) {
      const moves = await movesIn(repository, commit);
      for (const { asked, path } of gone) {
        const origins = open.get(asked) ?? [];
        for (const origin of origins) if (!fates.has(origin)) fates.set(origin, { path, commit });
        const to = destination(path, moves);
        if (to === undefined) continue;
        if (await isThere(repository, tip, to)) {
          for (const origin of origins) fates.set(origin, { ...fates.get(origin)!, movedTo: to });
        } else next.set(to, [...(next.get(to) ?? []), ...origins]);
      }
    }
    open = next;
  }
  return fates;
}

const ANYWHERE = anywhere('');

function isAskable(path: string): boolean {
  return isPlainPath(path.startsWith(ANYWHERE) ? path.slice(ANYWHERE.length) : path);
}

interface Removal {
  readonly commit: string;
  readonly gone: { readonly asked: string; readonly path: string }[];
}

/** The newest commit that removed each path; of a folder, the last of its files. */
async function removals(repository: Repository, tip: string, paths: readonly string[]): Promise<readonly Removal[]> {
  const found: Removal[] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const part = paths.slice(start, start + AT_ONCE);
    const output = await runGit([...LOG, '--end-of-options', tip, '--', ...part.flatMap(pathspecs)], {
      dir: repository.dir,
      maxBytes: MAX_LISTING_BYTES,
    });
    const open = new Set(part);
    forEachRecord(output, (text) => {
      const mark = text.indexOf('\x01');
      if (mark !== -1) {
        found.push({ commit: text.slice(mark + 1), gone: [] });
        return;
      }
      const file = text.trimStart();
      for (const asked of open) {
        const path = matched(asked, file);
        if (path === undefined) continue;
        found.at(-1)?.gone.push({ asked, path });
        open.delete(asked);
      }
    });
  }
  return found.filter(({ gone }) => gone.length > 0);
}

function pathspecs(asked: string): readonly string[] {
  if (!asked.startsWith(ANYWHERE)) return [`:(top,literal)${asked}`];
  const name = asked.slice(ANYWHERE.length).replaceAll(/[\\*?[\]]/g, '\\$&');
  return [`:(top,glob)**/${name}`, `:(top,glob)**/${name}/**`];
}

/** The file or folder that was asked for, where a removed file is it or lay in it. */
function matched(asked: string, file: string): string | undefined {
  if (!asked.startsWith(ANYWHERE)) return file === asked || file.startsWith(`${asked}/`) ? asked : undefined;
  const at = `/${file}/`.indexOf(`/${asked.slice(ANYWHERE.length)}/`);
  return at === -1 ? undefined : file.slice(0, at + asked.length - ANYWHERE.length);
}

const LOG = ['log', '--diff-filter=D', '--name-only', ...LOG_OPTIONS];

async function movesIn(repository: Repository, commit: string): Promise<ReadonlyMap<string, string>> {
  const changes = await compareTrees(repository, `${commit}^`, commit).catch(() => []);
  return new Map(changes.flatMap(({ from, path }): [string, string][] => (from === undefined ? [] : [[from, path]])));
}

/** Where a file went, or most of a folder's files, keeping what they were called below it. */
export function destination(path: string, moves: ReadonlyMap<string, string>): string | undefined {
  const direct = moves.get(path);
  if (direct !== undefined) return direct;
  const votes = new Map<string, number>();
  let inside = 0;
  for (const [from, to] of moves) {
    if (!from.startsWith(`${path}/`)) continue;
    inside++;
    const tail = from.slice(path.length);
    if (to.endsWith(tail)) votes.set(to.slice(0, -tail.length), (votes.get(to.slice(0, -tail.length)) ?? 0) + 1);
  }
  const [most] = [...votes].sort((a, b) => b[1] - a[1]);
  return most !== undefined && most[0] !== '' && most[1] * 2 > inside ? most[0] : undefined;
}

async function isThere(repository: Repository, commit: string, path: string): Promise<boolean> {
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path];
  return (await runGit(args, { dir: repository.dir })).length > 0;
}
