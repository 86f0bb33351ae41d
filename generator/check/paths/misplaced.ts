import type { Survey } from '../../../facts/index.ts';
import type { PathMention } from './mentions.ts';
import { ending, standsAt } from './resolve.ts';

/** Fewer paths show no custom. */
const LEAST_PATHS = 6;
/** So many of a document's paths must be found from where it says they are. */
const LEAST_EXACT = 0.85;

/**
 * Where a path really is that is written without the folders it lies in, in a document that otherwise writes whole
 * paths. Where a document often leaves them out, or the folder is a package of its own, a reader finds it: no finding.
 */
export function misplaced(
  { reference, bases, how }: PathMention,
  all: readonly PathMention[],
  { paths, facts }: Survey,
): string | undefined {
  if (how !== 'code' || !isWhole(reference)) return undefined;
  if (standsAt(reference, bases, paths) !== undefined) return undefined;
  const [only, another] = ending(reference.path, paths);
  if (only === undefined || another !== undefined) return undefined;
  const whole = all.filter((mention) => mention.how === 'code' && isWhole(mention.reference));
  const exact = whole.filter((mention) => standsAt(mention.reference, mention.bases.slice(0, 2), paths) !== undefined);
  if (whole.length < LEAST_PATHS || exact.length < whole.length * LEAST_EXACT) return undefined;
  const above = only.slice(0, only.length - reference.path.length - 1);
  // `utils/dep.ts` of `src/`: below the sources people write paths like imports.
  if (SOURCES.test(above) || facts.facts.some(({ dir, key }) => dir === above && key !== 'language')) return undefined;
  return only;
}

const SOURCES = /(?:^|\/)(?:src|lib|app|sources?|main|java|kotlin|internal|pkg)$/i;

function isWhole({ file, depth, path }: PathMention['reference']): boolean {
  return file && depth > 1 && !path.startsWith('..');
}
