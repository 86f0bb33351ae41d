import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Skill, SkillFile } from '../codex/export/skill.ts';
import { entriesBelow } from '../forge/entries-below.ts';
import { UsageError } from './errors.ts';
import { writeWorkingTree } from './working-tree.ts';

export interface WrittenSkill {
  readonly folder: string;
  /** Files of an earlier export that this one does not have. */
  readonly removed: readonly string[];
  /** Files that are not ours, or of ours changed by somebody, and not of this export. */
  readonly kept: readonly string[];
}

/** What proves that a file is of an export: its hash is here. */
const MARKER = 'assets/export.json';
const SCHEMA = 'agentsmd/codex-skill/1';

/**
 * Writes a skill to `dir`/`name`, in place of an earlier export: all files or none. What an earlier export wrote and this
 * one does not have is removed, unless somebody changed it.
 *
 * @throws {UsageError} where something else is there.
 */
export function writeSkill(dir: string, { name, files }: Skill): WrittenSkill {
  if (lstatSync(dir, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`--skill ${dir}: a file; name a folder`);
  const folder = join(dir, name);
  const before = readMarker(folder);
  const there = listFiles(folder);
  if (before === undefined && there.length > 0)
    throw new UsageError(
      `${folder} holds something that no export of ours wrote (${there[0]}); move it away, or name another folder`,
    );
  const ours = before ?? new Map<string, string>();
  const wanted = new Map(files.map((file) => [file.path, file.text]));
  const foreign = there.find((path) => wanted.has(path) && !ours.has(path));
  if (foreign !== undefined)
    throw new UsageError(
      `${join(folder, foreign)} is not of an export of ours and would be replaced; move it away first`,
    );
  mkdirSync(folder, { recursive: true });
  // The marker knows of every file before it is there: an export that was interrupted can be done again.
  writeWorkingTree(folder, [markerFile(files, ours)], true);
  writeWorkingTree(folder, files, true);
  const rest = there.filter((path) => !wanted.has(path) && path !== MARKER);
  const removed = rest.filter((path) => ours.get(path) === hashOf(readFileSync(join(folder, path))));
  for (const path of removed) remove(folder, path);
  const kept = rest.filter((path) => !removed.includes(path));
  // What somebody changed is theirs from now on.
  writeWorkingTree(folder, [markerFile(files, new Map())], true);
  return { folder, removed, kept };
}

function markerFile(files: readonly SkillFile[], earlier: ReadonlyMap<string, string>): SkillFile {
  const hashes = {
    ...Object.fromEntries(earlier),
    ...Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)])),
  };
  return { path: MARKER, text: `${JSON.stringify({ schema: SCHEMA, files: hashes }, null, 2)}\n` };
}

/** The files of the export that is there, and their hashes; `undefined`: there is none. */
function readMarker(folder: string): ReadonlyMap<string, string> | undefined {
  const path = join(folder, MARKER);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  try {
    const { schema, files } = JSON.parse(readFileSync(path, 'utf8')) as { schema?: unknown; files?: unknown };
    if (schema !== SCHEMA || typeof files !== 'object' || files === null) return undefined;
    return new Map(Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return undefined;
  }
}

function listFiles(folder: string): readonly string[] {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) throw new UsageError(`${folder} is not a folder; move it away first`);
  return entriesBelow(folder);
}

function remove(folder: string, path: string): void {
  rmSync(join(folder, path));
  const parent = join(folder, dirname(path));
  if (existsSync(parent) && parent !== folder && readdirSync(parent).length === 0) rmdirSync(parent);
}

function hashOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
