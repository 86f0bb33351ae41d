import type { FileChange } from '../history.ts';
import type { RepoReader } from '../reader.ts';

/** A file that came or went, and the id of its content. */
export interface Candidate {
  readonly path: string;
  readonly oid: string;
}

type Read = Pick<RepoReader, 'read'>;

/** Beyond so many pairs only files with the very same content count as moved. */
const MOST_PAIRS = 10_000;
/** Git's own: half of the content stayed. */
const ENOUGH = 0.5;

/**
 * Which of the added files are deleted ones at a new place: first those with the same content, then the most alike, each
 * file once. The rest are additions and deletions. `before` has the deleted files, `after` the added ones.
 */
export async function withRenames(
  added: readonly Candidate[],
  deleted: readonly Candidate[],
  before: Read,
  after: Read,
): Promise<readonly FileChange[]> {
  const from = new Map<string, string>();
  const gone = new Set<string>();
  const pair = (to: string, old: string): void => {
    if (from.has(to) || gone.has(old)) return;
    from.set(to, old);
    gone.add(old);
  };
  const byContent = Map.groupBy(deleted, ({ oid }) => oid);
  for (const { path, oid } of added) {
    const old = byContent.get(oid)?.find((each) => !gone.has(each.path));
    if (old) pair(path, old.path);
  }
  const came = added.flatMap(({ path }) => (from.has(path) ? [] : [path]));
  const went = deleted.flatMap(({ path }) => (gone.has(path) ? [] : [path]));
  if (came.length * went.length <= MOST_PAIRS) {
    for (const { to, old } of likest(await outlines(came, after), await outlines(went, before))) pair(to, old);
  }
  return [
    ...added.map(({ path }): FileChange => {
      const old = from.get(path);
      return old === undefined ? { status: 'added', path } : { status: 'renamed', path, from: old };
    }),
    ...deleted.filter(({ path }) => !gone.has(path)).map(({ path }): FileChange => ({ status: 'deleted', path })),
  ];
}

/** What of a file is compared: how often each line occurs in it, and its length in characters. */
interface Outline {
  readonly path: string;
  readonly lines: ReadonlyMap<string, number>;
  readonly size: number;
}

/** Of files that have a text. */
async function outlines(paths: readonly string[], reader: Read): Promise<readonly Outline[]> {
  return [...(await reader.read(paths))].flatMap(([path, read]) =>
    read.ok && read.text !== '' ? [{ path, lines: countsOf(read.text), size: read.text.length }] : [],
  );
}

/** The pairs that are alike enough, the most alike first. */
function likest(
  came: readonly Outline[],
  went: readonly Outline[],
): readonly { readonly to: string; readonly old: string }[] {
  const pairs = came.flatMap((to) =>
    went.flatMap((old) => {
      const larger = Math.max(old.size, to.size);
      if (Math.min(old.size, to.size) < larger * ENOUGH) return [];
      const likeness = inCommon(to.lines, old.lines) / larger;
      return likeness < ENOUGH ? [] : [{ to: to.path, old: old.path, likeness }];
    }),
  );
  return pairs.sort((a, b) => b.likeness - a.likeness);
}

/** How often each line occurs. */
function countsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** So many characters stand in lines of both. */
function inCommon(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let characters = 0;
  for (const [line, count] of a) characters += Math.min(count, b.get(line) ?? 0) * (line.length + 1);
  return characters;
}
