import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oneLine } from '../../forge/render/visible.ts';
import { type ChangedFile, isHidden } from '../change/change-set.ts';
import type { FilePatch } from './shared.ts';

/** The patches of a change, each line with its numbers on both sides; of what nobody reads there is none. */
export function patchesOf(files: readonly ChangedFile[]): readonly FilePatch[] {
  return files
    .filter(({ noise, hunks }) => noise === undefined && hunks.length > 0)
    .map((file) => ({ path: file.path, patch: numberedPatch(file) }));
}

/** Files of a change without a patch, with the reason, for a line each. */
export function withoutPatch(files: readonly ChangedFile[]): readonly string[] {
  return files.flatMap((file) => {
    const { path, noise, hunks } = file;
    if (noise === undefined && hunks.length > 0) return [];
    return [`${oneLine(path)}: ${oneLine(what(file))}${noise === undefined ? '' : ` (${noise})`}`];
  });
}

/**
 * One file's patch. A line is `number sign text`: of a line that is gone (`-`) the number before the change, of all others the one after it,
 * which is the side on which each can be named. Every token of a number is paid for by every agent. The text is that of the file, byte for byte.
 */
export function numberedPatch(file: ChangedFile): string {
  const lines = [what(file)];
  for (const { oldStart, oldLines, newStart, newLines, lines: changed } of file.hunks) {
    lines.push(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`);
    let [old, now] = [oldStart, newStart];
    for (const line of changed) {
      lines.push(`${line[0] === '-' ? old : now} ${line}`);
      if (line[0] !== '+') old++;
      if (line[0] !== '-') now++;
    }
  }
  return lines.join('\n');
}

function what(file: ChangedFile): string {
  const { status, path, from, kind, was, added, removed } = file;
  return [
    from !== undefined && from !== path ? `${status} from ${from}` : status,
    ...(kind === 'file' ? [] : [kind]),
    ...(was === undefined ? [] : [`was a ${was}`]),
    ...(added + removed > 0 ? [`+${added} -${removed}`] : []),
    ...(isHidden(file) ? [`cannot be shown: ${file.unread}`] : []),
  ].join(', ');
}

/** The name of the list in a folder of patches: of each path the name of its file. */
export const PATCH_INDEX = 'index.json';

/** Writes each patch into a file of its own, for the tool `patch`. Names of files are numbers: paths are foreign. */
export async function writePatches(folder: string, patches: readonly FilePatch[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const named = patches.map(({ path, patch }, at) => ({ path, patch, name: `${at}.patch` }));
  const index = Object.fromEntries(named.map(({ path, name }) => [path, name]));
  await Promise.all([
    writeFile(join(folder, PATCH_INDEX), JSON.stringify(index)),
    ...named.map(({ name, patch }) => writeFile(join(folder, name), patch)),
  ]);
}
