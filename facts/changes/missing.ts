import type { FileChange } from '../../forge/history.ts';
import { isToolFile } from '../ecosystems/file-names.ts';
import type { Changes } from './index.ts';

/**
 * Paths of changed files whose content is not in the clone. A manifest among them would look as if it had come or gone, so that
 * nothing can be said of the change; of any other file, a binary that a large repository left out, little hangs on it.
 */
export function missingContent(
  files: readonly FileChange[],
  { before, after }: Pick<Changes, 'before' | 'after'>,
): { readonly manifest: string | undefined; readonly others: readonly string[] } {
  const touched = new Set(files.flatMap(({ path, from }) => [path, from]));
  const missing = [...before.facts.problems, ...after.facts.problems]
    .filter(({ path, message }) => touched.has(path) && message.startsWith('not read: missing'))
    .map(({ path }) => path);
  return { manifest: missing.find(isToolFile), others: missing.filter((path) => !isToolFile(path)) };
}
