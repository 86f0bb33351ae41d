import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../../forge/entries-below.ts';
import { canaryIn } from './canary.ts';

/** Where secrets of the tests showed up in this process, a sentence each. */
const hits = new Set<string>();

/** Looks at something that others get to read: what was printed, sent in a body, thrown. */
export function watch(what: string, text: string): void {
  const around = canaryIn(text);
  if (around !== undefined) hits.add(`${what}: …${around}…`);
}

/** All so far; they are forgotten. */
export function takeHits(): readonly string[] {
  const taken = [...hits];
  hits.clear();
  return taken;
}

/**
 * Looks through what others get to read as well: state, cache, reports, transcripts, audit logs.
 * @param path A folder with all that is in it, or a file; what is not there is nothing.
 */
export function watchFiles(path: string): void {
  for (const file of filesAt(path)) {
    const around = isPacked(file) ? undefined : canaryIn(contentOf(file));
    if (around !== undefined) hits.add(`${file}: …${around}…`);
  }
}

/** Files come and go while servers of a test still run; nor is there anything below a file. */
function filesAt(path: string): readonly string[] {
  try {
    if (!lstatSync(path).isDirectory()) return [path];
    return entriesBelow(path)
      .map((name) => join(path, name))
      .filter((file) => lstatSync(file).isFile());
  } catch {
    return [];
  }
}

/** Objects of git: nothing can be found in them as they lie there. What is sent to become one is watched on its way. */
function isPacked(path: string): boolean {
  return /\/objects\/(?:[0-9a-f]{2}|pack)\/[^/]+$/.test(path);
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.of();
  }
}
