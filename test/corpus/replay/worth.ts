import { isDeepStrictEqual } from 'node:util';
import type { Changes } from '../../../facts/changes/index.ts';
import { lintFile } from '../../../facts/changes/lint-files.ts';
import type { Survey } from '../../../facts/index.ts';
import { lastName } from '../../../facts/path-index.ts';
import type { FileChange } from '../../../forge/history.ts';
import { kindOf } from '../../../generator/documents/find.ts';

/**
 * Whether a change could alter a fact or what is true of a document: most alter code that nobody speaks of, and a replay
 * of thousands of them need not read those.
 *
 * @param documents what stands in the agent documents, in one text.
 */
export function mayMatter(files: readonly FileChange[], known: Survey, documents: string): boolean {
  const unread = new Set(known.facts.problems.map(({ path }) => path));
  return files.some(
    ({ status, path }) =>
      status === 'deleted' ||
      status === 'renamed' ||
      (status === 'added' && !CODE.test(path)) ||
      known.files.has(path) ||
      unread.has(path) ||
      kindOf(path) !== undefined ||
      lintFile(path) !== undefined ||
      READ_BY_RULES.test(path) ||
      documents.includes(lastName(path)),
  );
}

/** A new file of this kind makes nothing false that is said already; facts have it from the next merge that matters. */
const CODE = /\.(?:c|cc|cpp|h|go|java|jsx?|mdx?|py|rb|rs|snap|tsx?|vue)$/;

/** Rules read these besides what facts rest on. */
const READ_BY_RULES = /(?:^|\/)(?:\.[\w-]*ignore|package\.json)$/;

/** Whether there is more to a change than new files of which no fact speaks. */
export function isMoreThanNewFiles(
  files: readonly FileChange[],
  { before, after, changes }: Changes,
  documents: string,
): boolean {
  if (changes.length > 0 || !isDeepStrictEqual(before.signals, after.signals)) return true;
  return files.some(
    ({ status, path }) =>
      status === 'deleted' || status === 'renamed' || kindOf(path) !== undefined || documents.includes(lastName(path)),
  );
}
