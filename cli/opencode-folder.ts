import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOpenCodeExport, type OpenCodeFile } from '../models/agents/opencode.ts';
import { UsageError } from './errors.ts';
import { statOf } from './stat-of.ts';
import { writeWorkingTree } from './working-tree.ts';

/**
 * Writes an export below `dir`/.opencode, where people keep agents and commands of their own, too: all files or none, and never over
 * one that no export wrote. What an earlier export wrote and this one does not have is removed.
 *
 * @throws {UsageError} where somebody's own file has one of the names, or a link stands in the way.
 */
export function writeOpenCode(
  dir: string,
  files: readonly OpenCodeFile[],
): { readonly written: readonly string[]; readonly removed: readonly string[] } {
  if (!statOf(dir)?.isDirectory()) throw new UsageError(`--out ${dir}: no such folder; name the top of a project`);
  for (const { path } of files) {
    const text = textAt(join(dir, path));
    if (text !== undefined && !isOpenCodeExport(text))
      throw new UsageError(`${join(dir, path)}: no export of ours wrote what is there; move it away first`);
  }
  writeWorkingTree(dir, files, true);
  const wanted = new Set(files.map(({ path }) => path));
  const removed = ['.opencode/agent', '.opencode/command'].flatMap((folder) =>
    markdownIn(dir, folder).filter((path) => !wanted.has(path) && isOpenCodeExport(textAt(join(dir, path)) ?? '')),
  );
  for (const path of removed) rmSync(join(dir, path));
  return { written: [...wanted], removed };
}

/** Of a regular file; what else may be there is refused when it is written. */
function textAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}

function markdownIn(dir: string, folder: string): readonly string[] {
  if (!lstatSync(join(dir, folder), { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(join(dir, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort();
}
