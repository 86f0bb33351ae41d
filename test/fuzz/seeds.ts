import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Input } from './target.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Longer files say nothing that shorter ones do not, and take the time of many. */
const LONGEST = 40_000;

/** Paths below a folder of this repository whose names end so. */
function pathsIn(folder: string, ends: RegExp): readonly string[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && ends.test(entry.name) && !/(?:^|\/)node_modules(?:\/|$)/.test(entry.parentPath),
    )
    .map((entry) => relative(ROOT, `${entry.parentPath}/${entry.name}`))
    .sort();
}

/** Files of this repository, as inputs that stand at their paths. */
export function filesIn(folder: string, ends: RegExp, most = 60): readonly Input[] {
  const all = pathsIn(folder, ends)
    .map((at) => ({ at, text: textAt(at) }))
    .filter(({ text }) => text.length <= LONGEST);
  if (all.length === 0) throw new Error(`${folder}: no file whose name ends with ${ends}`);
  // From all of them, not the first folders alone.
  return all.filter((_, at) => at % Math.ceil(all.length / most) === 0);
}

export function textAt(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** What GitLab once answered to a request whose path ends so. */
export function recorded(end: string): readonly unknown[] {
  return ['danger', 'glab'].flatMap((name) => {
    const all = JSON.parse(textAt(`test/gitlab/data/recorded/${name}.json`)) as { path: string; body: unknown }[];
    return all.filter(({ path }) => path.endsWith(end)).map(({ body }) => body);
  });
}
