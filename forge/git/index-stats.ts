import type { Stats } from 'node:fs';
import { isPlainPath } from '../plain-path.ts';
import type { DiskPath } from './real-directories.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { runGit } from './run.ts';

/** What the index knows of a file: its content, and what the file on disk looked like when it had that content. */
export interface IndexEntry {
  readonly oid: string;
  readonly disk: DiskPath;
  /** In ms since 1970; nothing where git does not say. */
  readonly mtime: number | undefined;
  readonly ctime: number | undefined;
  /** In bytes. */
  readonly size: number;
}

/**
 * The index with its file times. Git itself is not asked which files changed, because it runs the repository's filters to
 * find out.
 */
export async function readIndex(top: string): Promise<ReadonlyMap<string, IndexEntry>> {
  const args = ['ls-files', '-z', '--stage', '--debug'];
  return parseIndex(await runGit(args, { dir: top, maxBytes: MAX_LISTING_BYTES }));
}

/**
 * Reads `MODE OID STAGE<TAB>PATH<NUL>`, each followed by lines such as `  mtime: SECONDS:NANOSECONDS`. Git promises nothing of
 * their form: a time that is not understood is none.
 */
function parseIndex(output: Buffer): ReadonlyMap<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>();
  let last: { path: string; oid: string; disk: DiskPath } | undefined;
  const finish = (debug: string): void => {
    if (!last || entries.has(last.path)) return;
    const { path, ...entry } = last;
    const [mtime, ctime] = [timeOf(debug, 'mtime'), timeOf(debug, 'ctime')];
    entries.set(path, { ...entry, mtime, ctime, size: Number(/^ {2}size: (\d+)/m.exec(debug)?.[1] ?? -1) });
  };
  // The last record's lines have no NUL behind them.
  forEachRecord(Buffer.concat([output, Buffer.of(0)]), (text, raw) => {
    const start = /^[0-7]{6} [0-9a-f]+ \d\t/m.exec(text);
    finish(start ? text.slice(0, start.index) : text);
    last = undefined;
    if (!start) return;
    const name = start.index + start[0].length;
    const path = text.slice(name);
    // What stands before the name is ASCII, so it is as long in bytes as in characters.
    if (isPlainPath(path))
      last = { path, oid: start[0].split(' ')[1]!, disk: raw === undefined ? path : raw.subarray(name) };
  });
  return entries;
}

function timeOf(debug: string, name: string): number | undefined {
  const found = new RegExp(`^ {2}${name}: (\\d+):(\\d+)$`, 'm').exec(debug);
  return found ? Number(found[1]) * 1000 + Number(found[2]) / 1e6 : undefined;
}

/** Numbers of this size are good to a quarter of a microsecond. */
const SAME_TIME_MS = 0.001;

/**
 * Whether a file is certainly what the index has: looks as it did, and was not written in the moment the index was, after
 * which it would look the same with other content.
 */
export function isAsIndexed(entry: IndexEntry, file: Stats, indexWritten: number): boolean {
  return (
    entry.mtime !== undefined &&
    entry.ctime !== undefined &&
    Math.abs(entry.mtime - file.mtimeMs) < SAME_TIME_MS &&
    Math.abs(entry.ctime - file.ctimeMs) < SAME_TIME_MS &&
    entry.size === file.size &&
    file.mtimeMs < indexWritten - SAME_TIME_MS
  );
}
