import { joinPath, type PathIndex, parentDir } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { DrawnTree } from '../../documents/drawn-tree.ts';
import type { Found, World } from '../rule.ts';
import { basesOf } from './bases.ts';
import { hasMadeName, isIgnored } from './ignored.ts';

/** A drawing of which less than this is there is of something else: another repository, what a generator makes. */
const LEAST_TRUE = 0.6;

/** The entries of a drawn folder tree that are not where it draws them. What is below one of them is not said again. */
export function* drawnMissing(tree: DrawnTree, document: AgentDocument, world: World): Iterable<Found> {
  const { paths } = world.survey;
  const base = baseOf(tree, document, paths);
  const absent = new Set(tree.entries.filter(({ path }) => !standsAt(base, path, paths)).map(({ path }) => path));
  const judged = tree.entries.filter(({ path }) => !absent.has(parentDir(path)));
  const missing = judged.filter(({ path }) => absent.has(path));
  if (missing.length > judged.length * (1 - LEAST_TRUE)) return;
  for (const { piece, path } of missing) {
    const full = joinPath(base, path);
    // Drawn below a file: the lines do not meet, and what is meant cannot be known.
    if (full === undefined || paths.has(parentDir(full)) || isIgnored(full, world)) continue;
    yield {
      at: piece,
      severity: 'warning',
      message: `${full} is not there`,
      doubt: {
        paths: [full],
        silent: hasMadeName(full),
        gone: (_, { movedTo }) => ({
          severity: 'warning',
          message: movedTo === undefined ? `${full} was deleted` : `${full} has moved to ${movedTo}`,
          ...replacement(piece.text, full, movedTo),
        }),
      },
    };
  }
}

/** In a drawing a name can be corrected in its place only while its folder stays the same. */
function replacement(name: string, full: string, movedTo: string | undefined): Pick<Found, 'replacement'> {
  const parent = full.slice(0, full.lastIndexOf('/') + 1);
  const to = movedTo?.startsWith(parent) ? movedTo.slice(parent.length) : undefined;
  return to === undefined || to.includes('/') ? {} : { replacement: name.endsWith('/') ? `${to}/` : to };
}

/** The folder the drawing is of: where most of it is found. */
function baseOf({ root, entries, place }: DrawnTree, document: AgentDocument, paths: PathIndex): string {
  const around = basesOf(document, place, paths);
  const bases = [
    ...(root === undefined
      ? []
      : around.flatMap((base) => joinPath(base, root) ?? []).filter((dir) => paths.hasDir(dir))),
    ...around,
  ];
  const score = (base: string): number => entries.filter(({ path }) => standsAt(base, path, paths)).length;
  return bases.reduce((best, base) => (score(base) > score(best) ? base : best), bases[0] ?? '');
}

function standsAt(base: string, path: string, paths: PathIndex): boolean {
  const full = joinPath(base, path);
  return full !== undefined && (paths.has(full) || paths.hasDir(full));
}
