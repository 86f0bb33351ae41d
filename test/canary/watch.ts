import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../../forge/entries-below.ts';
import { canaryIn } from './canary.ts';
import { nameByContent, objectsIn } from './git-objects.ts';

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

/** Objects of git, by names that are made of what is in them: nothing was found in these. */
const clean = new Set<string>();

/**
 * Looks through what others get to read as well: state, cache, reports, transcripts, audit logs, what git was given to keep.
 * @param path A folder with all that is in it, or a file; what is not there is nothing.
 */
export function watchFiles(path: string): void {
  for (const file of filesAt(path)) {
    const name = nameByContent(file);
    if (name !== undefined && clean.has(name)) continue;
    const bytes = contentOf(file);
    const around = canaryIn(bytes) ?? (name === undefined ? undefined : canaryInObjects(file, name, bytes));
    if (around !== undefined) hits.add(`${file}: …${around}…`);
  }
}

/** Tests damage objects on purpose: in what cannot be read nobody reads a secret. */
function canaryInObjects(file: string, name: string, bytes: Buffer): string | undefined {
  try {
    for (const object of objectsIn(file, bytes)) {
      const around = canaryIn(object);
      if (around !== undefined) return around;
    }
    clean.add(name);
  } catch {}
  return undefined;
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

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.of();
  }
}
