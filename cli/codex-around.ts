import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * The codex that a folder lies in, as a path from there: the nearest folder upwards with a ledger of IDs or a `codex.yaml`,
 * within the working tree of git. Outside of one only the folder itself: anybody may write into those above it.
 */
export function codexAround(start: string): string | undefined {
  const from = resolve(start);
  let found: string | undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    if (found === undefined && isCodex(folder)) found = folder;
    const isTop = existsSync(join(folder, '.git'));
    if (!isTop && dirname(folder) !== folder) continue;
    return found === undefined || (!isTop && found !== from) ? undefined : relative(from, found) || '.';
  }
}

function isCodex(folder: string): boolean {
  return isFile(join(folder, 'codex.yaml')) || isLedger(join(folder, 'ids.json'));
}

/** By the name of its schema alone: a ledger that is broken is one all the same. */
function isLedger(file: string): boolean {
  return isFile(file) && readFileSync(file, 'utf8').includes('"agentsmd/codex-ids/1"');
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
