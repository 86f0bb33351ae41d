import { diffTexts, type Hunk } from '../../forge/git/diff-texts.ts';
import type { FileChange } from '../../forge/history.ts';
import type { EntryKind, FileRead, RepoReader, Unreadable } from '../../forge/reader.ts';
import { isAside, isManifest } from '../scope/aside.ts';
import { type Noise, noiseOfPath, noiseOfText } from '../scope/noise.ts';
import { announcesSecurity } from '../scope/security-text.ts';
import { type Sensitive, sensitivityOf, sensitivityOfText } from '../scope/sensitive.ts';
import { type Tiered, tierOf } from '../scope/tier.ts';

/** What a change did to one file. */
export interface ChangedFile extends FileChange {
  /** What it is now, or was where it is gone. */
  readonly kind: EntryKind;
  /** What it was, where that is another kind: a file that became a link, a script that may be run now. */
  readonly was?: EntryKind;
  /** Lines of text; 0 of what has none. */
  readonly added: number;
  readonly removed: number;
  /** With three lines around each. */
  readonly hunks: readonly Hunk[];
  /** Why there are no lines to show, where there are none: of a file it is what could not be read. */
  readonly unread?: Unreadable;
  /** Why nobody reads its change. */
  readonly noise?: Noise;
  readonly sensitive?: Sensitive;
}

/** A change, file by file, and how closely it has to be looked at. */
export interface ChangeSet {
  /** All of them, noise too, in the order of their paths. */
  readonly files: readonly ChangedFile[];
  readonly risk: Tiered;
}

/** Lines around a change. */
const CONTEXT = 3;

/**
 * Reads a change from both of its sides. Submodules and links are what they point to, and are never followed. A file that is too large, or
 * whose content is not there, is dropped alone, and named.
 */
export async function changeSetOf(change: {
  readonly files: readonly FileChange[];
  readonly before: RepoReader;
  readonly after: RepoReader;
  /** Its title, and the first lines of its commits' messages: they can only have it looked at more closely. */
  readonly said?: readonly string[] | undefined;
}): Promise<ChangeSet> {
  const { before, after } = change;
  const [olds, news] = await Promise.all([kindsOf(before), kindsOf(after)]);
  const sides = change.files.map((file) => {
    const { status, path, from = path } = file;
    const was = status === 'added' ? undefined : olds.get(from);
    const is = status === 'deleted' ? undefined : news.get(path);
    return { file, from, was, is, path: noiseOfPath(path) };
  });
  // What a path already tells to be noise is not read: lock files are the largest of all.
  const read = sides.filter(({ path, was, is }) => path === undefined && [was, is].some(isText));
  const [oldTexts, newTexts] = await Promise.all([
    before.read(read.flatMap(({ from, was }) => (isText(was) ? [from] : []))),
    after.read(read.flatMap(({ file, is }) => (isText(is) ? [file.path] : []))),
  ]);
  const texts = sides.map(({ file, from, was, is, path }) => {
    if (path !== undefined) return undefined;
    return { old: isText(was) ? oldTexts.get(from) : undefined, now: isText(is) ? newTexts.get(file.path) : undefined };
  });
  const versions = texts.map((pair) =>
    pair && unreadOf(pair) === undefined ? { before: textOf(pair.old), after: textOf(pair.now) } : NOTHING,
  );
  const hunks = await diffTexts(versions, CONTEXT);
  const files = sides.map(({ file, from, was, is, path: byPath }, at): ChangedFile => {
    const pair = texts[at];
    const unread = pair && unreadOf(pair);
    const told = byPath === undefined ? (sensitivityOf(file.path) ?? sensitivityOf(from)) : undefined;
    // Instructions and pipelines are read, whoever is said to have written them.
    const mayBeNoise = told === undefined || told === 'security';
    const noise =
      byPath ?? (mayBeNoise ? noiseOfText(file.path, pair?.old?.ok ? pair.old.text : undefined) : undefined);
    const sensitive = told ?? (noise ? undefined : sensitivityOfText(file.path, hunks[at]!.flatMap(changedLines)));
    const kind = is ?? was ?? 'file';
    return {
      ...file,
      kind,
      ...(was !== undefined && was !== kind ? { was } : {}),
      ...countsOf(hunks[at]!),
      hunks: hunks[at]!,
      ...(unread ? { unread } : {}),
      ...(noise ? { noise } : {}),
      ...(sensitive ? { sensitive } : {}),
    };
  });
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), risk: riskOf(files, change.said ?? []) };
}

/** The files that somebody reads. */
export function readable({ files }: Pick<ChangeSet, 'files'>): readonly ChangedFile[] {
  return files.filter(({ noise }) => noise === undefined);
}

function riskOf(files: readonly ChangedFile[], said: readonly string[]): Tiered {
  const kept = readable({ files });
  return tierOf({
    lines: kept.reduce((sum, { added, removed }) => sum + added + removed, 0),
    files: kept.length,
    sensitive: kept.flatMap(({ path, sensitive }) => (sensitive ? [{ path, kind: sensitive }] : [])),
    announced: said.some(announcesSecurity) && kept.some(({ path }) => !isAside(path) && !isManifest(path)),
    unread: kept.flatMap(({ path, unread }) => (unread === undefined || HARMLESS.has(unread) ? [] : [path])),
  });
}

/** A picture is no risk for being one. */
const HARMLESS: ReadonlySet<Unreadable> = new Set(['binary', 'lfs-pointer', 'not-a-file']);

function changedLines({ lines }: Hunk): readonly string[] {
  return lines.flatMap((line) => (line[0] === ' ' ? [] : [line.slice(1)]));
}

const NOTHING = { before: '', after: '' };

async function kindsOf(reader: RepoReader): Promise<ReadonlyMap<string, EntryKind>> {
  return new Map((await reader.paths()).map(({ path, kind }) => [path, kind]));
}

function isText(kind: EntryKind | undefined): boolean {
  return kind === 'file' || kind === 'executable';
}

interface Pair {
  readonly old: FileRead | undefined;
  readonly now: FileRead | undefined;
}

function unreadOf({ old, now }: Pair): Unreadable | undefined {
  for (const read of [now, old]) if (read && !read.ok) return read.reason;
  return undefined;
}

function textOf(read: FileRead | undefined): string {
  return read?.ok ? read.text : '';
}

function countsOf(hunks: readonly Hunk[]): { readonly added: number; readonly removed: number } {
  let added = 0;
  let removed = 0;
  for (const { lines } of hunks)
    for (const line of lines) {
      if (line[0] === '+') added++;
      else if (line[0] === '-') removed++;
    }
  return { added, removed };
}
