import type { ChangeSet } from '../../forge/history.ts';
import { coupledByTool, sameStem } from './coupled.ts';
import { existing, isTest, newFolder, patternOf } from './patterns.ts';

/** Something seen often enough in the history to be looked at more closely. */
export interface Mined {
  /** `new`: a file of `when` (a pattern) is added; `changed`: the file `when` is modified. */
  readonly on: 'new' | 'changed';
  /** A pattern (`jobs/*.ts`; `packages/*` followed by a slash is a new folder), or a path. */
  readonly when: string;
  /** The file that changes with it. */
  readonly also: string;
  /** In how many changes both happened. */
  readonly support: number;
  /** Of the changes with `when`, the part in which `also` changed too. */
  readonly confidence: number;
  /** The same for the last five of them: habits end. */
  readonly recent: number;
  /** How many times likelier `also` is to change with `when` than without knowing of it. */
  readonly lift: number;
  /** Up to three commits that show it, newest first. */
  readonly commits: readonly string[];
  /** For `new`: today's files (or folders) of the pattern, those added last first. */
  readonly members: readonly string[];
}

/** A change of more files than this is a move, an import or a reformatting: it says nothing about two of them. */
const MOST_FILES = 60;
/** Files of one pattern added at once: more is an import. */
const MOST_ADDED = 6;
const LEAST_SUPPORT = 3;
const LEAST_CONFIDENCE = 0.5;
const LEAST_LIFT = 3;
/** How many of the newest occasions have to show the habit still. */
const RECENT = 5;
/** What is looked at more closely. */
const MOST_MINED = 400;

/** Which existing file changes when a file of a pattern, or a folder, is added. */
export function mineNewFiles(changes: readonly ChangeSet[], paths: readonly string[]): readonly Mined[] {
  const today = new Set(paths);
  const tree = existing(paths);
  const touched = changes.map(({ modified }) => new Set(modified));
  const occasions = new Map<string, { readonly change: number; readonly added: readonly string[] }[]>();
  const modified = new Map<string, number>();
  for (const [at, change] of changes.entries()) {
    for (const path of change.modified) modified.set(path, (modified.get(path) ?? 0) + 1);
    tree.undo(change);
    if (sizeOf(change) > MOST_FILES || change.added.length === 0) continue;
    // A folder whose files are all new is one thing, however many files it has.
    const byPattern = Map.groupBy(change.added, (path) => newFolder(path, tree) ?? patternOf(path));
    for (const [pattern, added] of byPattern) {
      if (isTest(pattern) || (!pattern.endsWith('/') && added.length > MOST_ADDED)) continue;
      const list = occasions.get(pattern);
      if (list) list.push({ change: at, added });
      else occasions.set(pattern, [{ change: at, added }]);
    }
  }
  const mined: Mined[] = [];
  for (const [when, seen] of occasions) {
    if (seen.length < LEAST_SUPPORT) continue;
    const counts = new Map<string, number>();
    for (const { change } of seen)
      for (const path of changes[change]!.modified) if (today.has(path)) counts.set(path, (counts.get(path) ?? 0) + 1);
    for (const [also, support] of counts) {
      const confidence = support / seen.length;
      if (support < LEAST_SUPPORT || confidence < LEAST_CONFIDENCE || coupledByTool(when, also)) continue;
      const lift = confidence / ((modified.get(also) ?? 1) / changes.length);
      if (lift < LEAST_LIFT) continue;
      mined.push({
        on: 'new',
        when,
        also,
        support,
        confidence,
        recent: shareOf(seen.slice(0, RECENT), ({ change }) => touched[change]!.has(also)),
        lift,
        commits: seen
          .filter(({ change }) => touched[change]!.has(also))
          .slice(0, 3)
          .map(({ change }) => changes[change]!.commit),
        members: [],
      });
    }
  }
  const groups = patternsOf(paths);
  return strongest(mined).map((rule) => ({
    ...rule,
    members: members(rule.when, occasions.get(rule.when)!, groups.get(rule.when) ?? []),
  }));
}

/** Which file changes when another does. */
export function minePairs(changes: readonly ChangeSet[], paths: readonly string[]): readonly Mined[] {
  const today = new Map(paths.map((path, at) => [path, at]));
  const sets = changes
    .filter((change) => sizeOf(change) <= MOST_FILES)
    .map((change) => ({
      commit: change.commit,
      files: change.modified.flatMap((path) => today.get(path) ?? []).sort((a, b) => a - b),
    }));
  const alone = new Map<number, number>();
  for (const { files } of sets) for (const file of files) alone.set(file, (alone.get(file) ?? 0) + 1);
  const together = new Map<number, number>();
  for (const { files } of sets) {
    // Rare files cannot reach the support that is asked.
    const often = files.filter((file) => alone.get(file)! >= LEAST_PAIR_SUPPORT);
    for (let i = 0; i < often.length; i++)
      for (let k = i + 1; k < often.length; k++) {
        const pair = often[i]! * paths.length + often[k]!;
        together.set(pair, (together.get(pair) ?? 0) + 1);
      }
  }
  const mined: Mined[] = [];
  for (const [pair, support] of together) {
    if (support < LEAST_PAIR_SUPPORT) continue;
    const ends = [Math.floor(pair / paths.length), pair % paths.length] as const;
    for (const [from, to] of [ends, [ends[1], ends[0]] as const]) {
      const confidence = support / alone.get(from)!;
      const lift = confidence / (alone.get(to)! / sets.length);
      if (confidence < LEAST_PAIR_CONFIDENCE || lift < LEAST_LIFT) continue;
      const [when, also] = [paths[from]!, paths[to]!];
      if (coupledByTool(when, also) || sameStem(when, also)) continue;
      const seen = sets.filter(({ files }) => files.includes(from));
      mined.push({
        on: 'changed',
        when,
        also,
        support,
        confidence,
        recent: shareOf(seen.slice(0, RECENT), ({ files }) => files.includes(to)),
        lift,
        commits: seen
          .filter(({ files }) => files.includes(to))
          .slice(0, 3)
          .map(({ commit }) => commit),
        members: [],
      });
    }
  }
  return strongest(mined);
}

const LEAST_PAIR_SUPPORT = 8;
const LEAST_PAIR_CONFIDENCE = 0.8;

function sizeOf({ added, modified, deleted }: ChangeSet): number {
  return added.length + modified.length + deleted.length;
}

function shareOf<T>(list: readonly T[], test: (each: T) => boolean): number {
  return list.length === 0 ? 0 : list.filter(test).length / list.length;
}

function strongest(mined: readonly Mined[]): readonly Mined[] {
  const worth = ({ support, confidence }: Mined): number => Math.log2(support + 1) * confidence;
  return mined
    .toSorted((a, b) => worth(b) - worth(a) || (a.when + a.also < b.when + b.also ? -1 : 1))
    .slice(0, MOST_MINED);
}

/** Today's files and folders by the pattern that a new one of their like would be seen as. */
function patternsOf(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  const add = (pattern: string, member: string): void => {
    const group = groups.get(pattern);
    if (group) group.add(member);
    else groups.set(pattern, new Set([member]));
  };
  let last = '';
  for (const path of paths) {
    add(patternOf(path), path);
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    // Paths come sorted: most share the folder of the one before.
    if (folder === last) continue;
    last = folder;
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
      add(`${path.slice(0, path.lastIndexOf('/', at - 1) + 1)}*/`, path.slice(0, at));
  }
  return new Map([...groups].map(([pattern, group]) => [pattern, [...group]]));
}

/** The files or folders of a pattern, those that were added last first. */
function members(
  pattern: string,
  seen: readonly { readonly added: readonly string[] }[],
  today: readonly string[],
): readonly string[] {
  const there = new Set(today);
  const depth = pattern.length - '*/'.length;
  const named = (path: string): string =>
    pattern.endsWith('/') ? path.slice(0, Math.max(depth, path.indexOf('/', depth))) : path;
  const recent = seen.flatMap(({ added }) => added.map(named)).filter((path) => there.has(path));
  return [...new Set([...recent, ...today])];
}
