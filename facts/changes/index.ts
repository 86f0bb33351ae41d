import type { FileChange } from '../../forge/history.ts';
import type { RepoEntry, RepoReader } from '../../forge/reader.ts';
import { type Survey, survey } from '../index.ts';
import { SourceFile } from '../source-file.ts';
import { byMateriality, type FactChange } from './change.ts';
import type { Comparison, Side } from './comparison.ts';
import { KINDS } from './kinds/index.ts';
import { movesOf } from './moves.ts';

export { type FactChange, materialityOf } from './change.ts';

/** What is true at two commits, and what of it is different. */
export interface Changes {
  readonly before: Survey;
  readonly after: Survey;
  /** What matters most first. */
  readonly changes: readonly FactChange[];
}

/**
 * Works out which facts changed from one commit to another. `files` is what changed between them. What agent documents
 * say proves nothing here: they are what a change makes stale.
 *
 * @param known what is true before, where it was worked out already: the `after` of the change that led there.
 */
export async function changesBetween(
  before: RepoReader,
  after: RepoReader,
  files: readonly FileChange[],
  known?: Survey,
): Promise<Changes> {
  const [paths, pathsNow] = await Promise.all([before.paths(), after.paths()]);
  if (!areSame(paths, pathsNow)) {
    const [old, now] = await Promise.all([known ?? surveyed(before), surveyed(after)]);
    return between(old, now, before, after, files);
  }
  const old = known ?? (await surveyed(before));
  return between(old, await untouched(old, after, files), before, after, files);
}

async function between(
  old: Survey,
  now: Survey,
  before: RepoReader,
  after: RepoReader,
  files: readonly FileChange[],
): Promise<Changes> {
  const [a, b] = await Promise.all([
    sideOf(
      before,
      old,
      files.map(({ path, from }) => from ?? path),
    ),
    sideOf(
      after,
      now,
      files.map(({ path }) => path),
    ),
  ]);
  return { before: old, after: now, changes: factChanges({ before: a, after: b, files }) };
}

/** The survey of before where nothing that it rests on was touched: most commits change code only. */
async function untouched(known: Survey, after: RepoReader, files: readonly FileChange[]): Promise<Survey> {
  const unread = new Set(known.facts.problems.map(({ path }) => path));
  const touched = files.some(({ path }) => known.files.has(path) || unread.has(path));
  return touched ? surveyed(after) : { ...known, facts: { ...known.facts, commit: after.commit } };
}

function areSame(a: readonly RepoEntry[], b: readonly RepoEntry[]): boolean {
  return a.length === b.length && a.every(({ path, kind }, i) => b[i]!.path === path && b[i]!.kind === kind);
}

function surveyed(reader: RepoReader): Promise<Survey> {
  return survey(reader, { agentDocs: false, dependencies: true });
}

async function sideOf(reader: RepoReader, known: Survey, touched: readonly string[]): Promise<Side> {
  const wanted = touched.filter(
    (path) => !known.files.has(path) && known.paths.isFile(path) && KINDS.some(({ reads }) => reads?.(path)),
  );
  const more = new Map<string, SourceFile>();
  for (const [path, read] of await reader.read(wanted)) if (read.ok) more.set(path, new SourceFile(path, read.text));
  return { survey: known, file: (path) => known.files.get(path) ?? more.get(path) };
}

/** The changes of two sides already read. Pure. */
function factChanges({ before, after, files }: Pick<Comparison, 'before' | 'after' | 'files'>): readonly FactChange[] {
  const touched = new Set(files.flatMap(({ path, from }) => (from === undefined ? [path] : [from, path])));
  const comparison: Comparison = { before, after, files, touched, moves: movesOf(files) };
  const seen = new Set<string>();
  return KINDS.flatMap((kind) => [...kind.find(comparison)])
    .filter(({ key, dir, from, to }) => {
      const id = [key, dir, ...(from === null ? ['', to] : [from])].join('\0');
      return !seen.has(id) && seen.add(id);
    })
    .sort(byMateriality);
}
