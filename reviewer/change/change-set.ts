import { pipelineFiles } from '../../facts/pipeline-files.ts';
import { diffTexts, type Hunk } from '../../forge/git/diff-texts.ts';
import type { FileChange } from '../../forge/history.ts';
import type { EntryKind, FileRead, RepoReader, Unreadable } from '../../forge/reader.ts';
import { isAside, isManifest, isOpaque } from '../scope/aside.ts';
import {
  isBorneOut,
  type Noise,
  needsBearingOut,
  noiseOfPath,
  noiseOfText,
  type Texts,
  vendoredFolder,
} from '../scope/noise.ts';
import { announcesSecurity, isTooLong } from '../scope/security-text.ts';
import { type Sensitive, sensitivityOf, sensitivityOfKind, sensitivityOfText } from '../scope/sensitive.ts';
import { type Tiered, tierOf } from '../scope/tier.ts';

/** What a change did to one file. */
export interface ChangedFile extends FileChange {
  /** What it is now, or was where it is gone. */
  readonly kind: EntryKind;
  /** What it was, where that is another kind: a file that became a link, a script that may be run now. */
  readonly was?: EntryKind;
  /** Lines of text; 0 of what has none, and of noise. */
  readonly added: number;
  readonly removed: number;
  /** With three lines around each. */
  readonly hunks: readonly Hunk[];
  /** Why there are no lines to show, where there should be some. */
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
  /** Folders that decide about reviews by what is configured, from the top of the repository; '' is all of it. */
  readonly steering?: readonly string[] | undefined;
}): Promise<ChangeSet> {
  const { before, after } = change;
  const [olds, news] = await Promise.all([kindsOf(before), kindsOf(after)]);
  const steers = await steeringOf(change);
  const vendored = new Set([...olds.keys()].map(vendoredFolder));
  const sides = change.files.map((file): Sides => {
    const { status, path, from = path } = file;
    const was = status === 'added' ? undefined : olds.get(from);
    const is = status === 'deleted' ? undefined : news.get(path);
    const told = (steers(path) ?? steers(from)) === undefined ? noiseOfPath(path, from) : undefined;
    // A folder of other people's code that comes with the change is its author's.
    const byPath = told === 'vendored' && !vendored.has(vendoredFolder(path)) ? undefined : told;
    return { file, from, was, is, byPath, byKind: sensitivityOfKind(was, is) };
  });
  const read = sides.filter(isRead);
  const [oldTexts, newTexts] = await Promise.all([
    before.read(read.flatMap(({ from, was }) => (isText(was) ? [from] : []))),
    after.read(read.flatMap(({ file, is }) => (isText(is) ? [file.path] : []))),
  ]);
  const looked = sides.map((side) => {
    const { file, from, was, is } = side;
    return lookedAt(
      side,
      isText(was) ? oldTexts.get(from) : undefined,
      isText(is) ? newTexts.get(file.path) : undefined,
      steers(file.path) ?? steers(from),
    );
  });
  const hunks = await diffTexts(
    looked.map(({ noise, texts }) => ({
      before: (noise ? undefined : texts?.before) ?? '',
      after: (noise ? undefined : texts?.after) ?? '',
    })),
    CONTEXT,
  );
  const files = looked.map((file, at) => changedFile(file, hunks[at]!));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), risk: riskOf(files, change.said ?? []) };
}

/** What files are sensitive for that no name tells: somebody configured them, or a pipeline includes them. */
async function steeringOf({
  files,
  before,
  after,
  steering = [],
}: Parameters<typeof changeSetOf>[0]): Promise<(path: string) => Sensitive | undefined> {
  // GitLab includes nothing else.
  const asked = files.some(({ path, from = path }) => [path, from].some((each) => /\.ya?ml$/.test(each)));
  const included = asked ? await Promise.all([before, after].map(pipelineFiles)) : [];
  return (path) => {
    if (steering.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`)))
      return 'review-configuration';
    return included.some((paths) => paths.has(path)) ? 'pipeline' : undefined;
  };
}

/** A file on both sides of a change, before its text is looked at. */
interface Sides {
  readonly file: FileChange;
  /** Its path before. */
  readonly from: string;
  /** `undefined`: it was not there, is there no more. */
  readonly was: EntryKind | undefined;
  readonly is: EntryKind | undefined;
  readonly byPath: Noise | undefined;
  readonly byKind: Sensitive | undefined;
}

/** What its path tells to be noise is not read, but for what its text has to bear out. */
function isRead({ byPath, byKind }: Sides): boolean {
  return byKind !== undefined || byPath === undefined || needsBearingOut(byPath);
}

interface Looked extends Sides {
  /** `undefined`: they could not be read. */
  readonly texts: Texts | undefined;
  readonly unread: Unreadable | undefined;
  readonly noise: Noise | undefined;
  /** By all but its lines. */
  readonly sensitive: Sensitive | undefined;
}

function lookedAt(
  side: Sides,
  old: FileRead | undefined,
  now: FileRead | undefined,
  steering: Sensitive | undefined,
): Looked {
  const { file, from, byPath, byKind } = side;
  const unread = [now, old].flatMap((read) => (read && !read.ok ? [read.reason] : []))[0];
  const texts = unread ? undefined : { before: textOf(old), after: textOf(now) };
  const byName = byPath !== undefined && isBorneOut(file.path, byPath, texts) ? byPath : undefined;
  const told = byName === undefined ? (steering ?? sensitivityOf(file.path) ?? sensitivityOf(from)) : undefined;
  // Instructions and pipelines are read, whoever is said to have written them.
  const mayBeNoise = told === undefined || told === 'security';
  const byText = mayBeNoise && texts ? noiseOfText(file.path, texts) : undefined;
  const noise = byKind === undefined ? (byName ?? byText) : undefined;
  const origin = byPath === 'lock-file' && byName === undefined ? 'origin' : undefined;
  return { ...side, texts, unread, noise, sensitive: told ?? byKind ?? origin };
}

function changedFile({ file, was, is, unread, noise, sensitive: told }: Looked, hunks: readonly Hunk[]): ChangedFile {
  const kind = is ?? was ?? 'file';
  const sensitive = told ?? (noise ? undefined : sensitivityOfText(file.path, hunks.flatMap(changedLines)));
  return {
    ...file,
    kind,
    ...(was !== undefined && was !== kind ? { was } : {}),
    ...countsOf(hunks),
    hunks,
    ...(unread && !noise ? { unread } : {}),
    ...(noise ? { noise } : {}),
    ...(sensitive ? { sensitive } : {}),
  };
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
    unread: kept.flatMap((file) => (isHidden(file) || hasLongLine(file) ? [file.path] : [])),
  });
}

/** Whether a file holds something that somebody should have read and nobody could. A picture is no risk for being one. */
export function isHidden({ path, unread }: Pick<ChangedFile, 'path' | 'unread'>): boolean {
  if (unread === 'binary' || unread === 'lfs-pointer') return !isOpaque(path) && !isAside(path);
  return unread !== undefined;
}

/** A page of code may be put on one line, which counts as one. */
function hasLongLine({ path, hunks }: ChangedFile): boolean {
  return !isAside(path) && hunks.some((hunk) => changedLines(hunk).some(isTooLong));
}

function changedLines({ lines }: Hunk): readonly string[] {
  return lines.flatMap((line) => (line[0] === ' ' ? [] : [line.slice(1)]));
}

async function kindsOf(reader: RepoReader): Promise<ReadonlyMap<string, EntryKind>> {
  return new Map((await reader.paths()).map(({ path, kind }) => [path, kind]));
}

function isText(kind: EntryKind | undefined): boolean {
  return kind === 'file' || kind === 'executable';
}

function textOf(read: FileRead | undefined): string | undefined {
  return read?.ok ? read.text : undefined;
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
