import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { entriesBelow } from '../../forge/entries-below.ts';
import { CATEGORIES, SEVERITIES } from '../findings/finding.ts';

/** A folder of stored merge requests is not one, or one in it is broken. */
export class EvalSetError extends Error {
  override readonly name = 'EvalSetError';
  readonly exitCode = 2;
}

const CASE_FILE = 'case.yaml';
/** Trees that several cases begin with. */
const REPOSITORIES = 'repositories';
const NAME = /^[a-z0-9][a-z0-9-]{0,79}$/;

const path = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\]+$/, 'expected a path from the top of the repository');
const lines = z
  .union([z.int().positive(), z.string().regex(/^[1-9]\d*-[1-9]\d*$/)])
  .transform((text) => {
    const [from, to] = typeof text === 'number' ? [text, text] : (text.split('-').map(Number) as [number, number]);
    return { from, to };
  })
  .refine(({ from, to }) => from <= to, 'the last line stands before the first');
const place = { path, lines, side: z.enum(['new', 'old']).default('new') };

const defect = z.strictObject({
  id: z.string().regex(NAME),
  ...place,
  /** Where else it may rightly be told: the caller that had to change, too. */
  alsoAt: z.array(z.strictObject(place)).default([]),
  category: z.enum(CATEGORIES),
  /** Categories under which it is told rightly, too. */
  alsoAccept: z.array(z.enum(CATEGORIES)).default([]),
  severity: z.enum(SEVERITIES),
  what: z.string().min(1),
});

const caseSchema = z
  .strictObject({
    title: z.string().min(1),
    description: z.string().default(''),
    /** A folder in `repositories/` that it begins with; without one it is `before/` of the case. */
    repository: z.string().regex(NAME).optional(),
    /** Messages of commits on the target branch, oldest first. */
    targetCommits: z.array(z.string().min(1)).min(1).default(['Import']),
    /** The message of the change's own commit; the title unless told. */
    commit: z.string().min(1).optional(),
    /** Paths that the change takes away. */
    deleted: z.array(path).default([]),
    /** `starter`, or a folder of the repository that is read at the target branch. */
    codex: z.union([z.literal('starter'), path]).optional(),
    clean: z.boolean().default(false),
    twinOf: z.string().regex(NAME).optional(),
    defects: z.array(defect).default([]),
  })
  .superRefine(({ clean, defects }, context) => {
    if (clean && defects.length > 0) context.addIssue({ code: 'custom', message: 'clean, and yet it has defects' });
    if (!clean && defects.length === 0)
      context.addIssue({ code: 'custom', message: 'neither defects nor clean: true' });
    if (new Set(defects.map(({ id }) => id)).size < defects.length)
      context.addIssue({ code: 'custom', message: 'two defects have one id' });
  });

export type Defect = z.output<typeof defect>;
/** Where a defect may be told. */
export type DefectPlace = Pick<Defect, 'path' | 'lines' | 'side'>;

/** One stored merge request. */
export interface EvalCase extends z.output<typeof caseSchema> {
  readonly name: string;
  readonly before: Tree;
  /** Files that the change adds or replaces. */
  readonly after: Tree;
  /** Of all that a reviewer can see, and not of the labels: mended labels need no new review. */
  readonly hash: string;
}

export interface StoredFile {
  readonly bytes: Buffer;
  readonly executable: boolean;
}
/** Files by path. */
export type Tree = ReadonlyMap<string, StoredFile>;

/**
 * The merge requests that a folder holds, by name. Nothing of them is run.
 *
 * @param only names; all without any.
 * @throws {EvalSetError} naming every case that is broken.
 */
export async function readCases(dir: string, only: readonly string[] = []): Promise<readonly EvalCase[]> {
  const names = namesIn(dir);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new EvalSetError(`${dir}: no merge request is called ${unknown.join(', ')}`);
  const wanted = only.length === 0 ? names : names.filter((name) => only.includes(name));
  const read = await Promise.allSettled(wanted.map((name) => readCase(dir, name)));
  const failed = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const unforeseen = failed.find((reason) => !(reason instanceof EvalSetError));
  if (unforeseen !== undefined) throw unforeseen;
  if (failed.length > 0) throw new EvalSetError(failed.map((reason) => (reason as Error).message).join('\n'));
  const cases = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const { name, twinOf } of cases)
    if (twinOf !== undefined && !names.includes(twinOf))
      throw new EvalSetError(`${join(dir, name, CASE_FILE)}: twinOf: no merge request is called ${twinOf}`);
  return cases;
}

function namesIn(dir: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    throw new EvalSetError(`${dir}: cannot be read as a folder of merge requests`, { cause: error });
  }
  const names = entries
    .filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, CASE_FILE)))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0)
    throw new EvalSetError(`${dir}: no merge requests in it; each is a folder with a ${CASE_FILE} (docs/eval.md)`);
  const odd = names.find((name) => !NAME.test(name));
  if (odd !== undefined)
    throw new EvalSetError(`${join(dir, odd)}: expected a name of small letters, digits and hyphens`);
  return names;
}

async function readCase(dir: string, name: string): Promise<EvalCase> {
  const file = join(dir, name, CASE_FILE);
  const told = caseOf(readFileSync(file, 'utf8'), file);
  const from = told.repository === undefined ? join(dir, name, 'before') : join(dir, REPOSITORIES, told.repository);
  const [before, after] = await Promise.all([treeOf(from), treeOf(join(dir, name, 'after'))]);
  for (const path of told.deleted)
    if (!before.has(path)) throw new EvalSetError(`${file}: deleted: ${path} is not there before the change`);
  const seen = [told.title, told.description, told.targetCommits, told.commit, told.deleted, told.codex];
  return { ...told, name, before, after, hash: hashOf(seen, before, after) };
}

function caseOf(text: string, file: string): z.output<typeof caseSchema> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new EvalSetError(`${file}: no YAML: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
  const read = caseSchema.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
  );
  throw new EvalSetError(problems.map((problem) => `${file}: ${problem}`).join('\n'));
}

/** Links are refused: a set that somebody else made could show any file of this machine to a model. */
async function treeOf(folder: string): Promise<Tree> {
  const files: [string, StoredFile][] = [];
  for (const path of listed(folder)) {
    const stat = await lstat(join(folder, path));
    if (!stat.isFile()) throw new EvalSetError(`${join(folder, path)}: neither a file nor a folder`);
    files.push([path, { bytes: await readFile(join(folder, path)), executable: (stat.mode & 0o100) !== 0 }]);
  }
  return new Map(files);
}

function listed(folder: string): readonly string[] {
  try {
    return entriesBelow(folder);
  } catch (error) {
    throw new EvalSetError(`${folder}: no such folder`, { cause: error });
  }
}

function hashOf(seen: unknown, ...trees: readonly Tree[]): string {
  const hash = createHash('sha256').update(JSON.stringify(seen));
  for (const tree of trees) {
    hash.update(`\n${tree.size}`);
    for (const [path, { bytes, executable }] of tree)
      hash.update(`\n${JSON.stringify([path, executable, bytes.length])}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

/** The repository as it is with the change. */
export function treeAfter({ before, after, deleted }: Pick<EvalCase, 'before' | 'after' | 'deleted'>): Tree {
  const tree = new Map([...before, ...after]);
  for (const path of deleted) tree.delete(path);
  return tree;
}
