import { parentDir } from '../path-index.ts';
import type { Dependency } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';

/** One declaration of a manifest; an empty range is none. */
export function declared(
  registry: string,
  file: SourceFile,
  line: number,
  what: {
    readonly name: string;
    readonly range?: string | undefined;
    readonly locked?: string | undefined;
    readonly dev?: boolean;
    readonly indirect?: boolean;
  },
): Dependency {
  const range = what.range?.trim();
  return {
    kind: 'dependency',
    registry,
    name: what.name,
    ...(range ? { range } : {}),
    ...(what.locked ? { locked: what.locked } : {}),
    dev: what.dev ?? false,
    ...(what.indirect ? { indirect: true as const } : {}),
    dir: file.dir,
    at: file.at(line),
  };
}

/** Looks for a file of the same folder, then of each folder above: a workspace has one lock for all its members. */
export function nearestAbove<T>(dir: string, at: (dir: string) => T | undefined): T | undefined {
  for (let folder = dir; ; folder = parentDir(folder)) {
    const found = at(folder);
    if (found !== undefined || folder === '') return found;
  }
}
