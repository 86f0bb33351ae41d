import { lastName } from '../../../facts/path-index.ts';
import { anywhere, type History } from '../../../forge/history.ts';

/** A history that knows what became of these paths: where each went, or `undefined` for what was deleted. */
export function pastOf(gone: Readonly<Record<string, string | undefined>>): History {
  const known = Object.entries(gone).flatMap(([path, movedTo]) => {
    const fate = { path, commit: 'c0', ...(movedTo === undefined ? {} : { movedTo }) };
    return [[path, fate] as const, [anywhere(lastName(path)), fate] as const];
  });
  const fates = new Map(known);
  return {
    complete: true,
    changes: async () => [],
    fates: async (paths) => new Map(paths.flatMap((path) => (fates.has(path) ? [[path, fates.get(path)!]] : []))),
  };
}
