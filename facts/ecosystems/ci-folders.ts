import { isPackage } from '../commands/manifests.ts';
import type { PathIndex } from '../path-index.ts';
import { globMatcher } from './generated/glob.ts';

const MAX_FOLDERS = 20;

/**
 * The folders with a manifest that a path may mean of which an expression hides a part: `packages/${{ inputs.package }}`
 * is one of the packages. Wholly hidden it is the root, if that is a package. `unknown` matches an expression, every one
 * of them (`g`).
 */
export function possibleFolders(text: string, unknown: RegExp, paths: PathIndex): readonly string[] {
  const glob = text
    .replace(/^(?:\.\/)+|\/$/g, '')
    .replace(unknown, '*')
    .replace(/\*+/g, '*');
  if (glob.startsWith('*')) return isPackage('', paths) ? [''] : [];
  if (text.replace(unknown, '').search(/[*?[]/) >= 0) return [];
  const fits = globMatcher(glob);
  return [...paths.dirs()].filter((dir) => fits(dir) && isPackage(dir, paths)).slice(0, MAX_FOLDERS);
}

/** The one folder that such a path can mean; `undefined` where there are several, or none. */
export function hiddenFolder(text: string, unknown: RegExp, paths: PathIndex): string | undefined {
  const all = possibleFolders(text, unknown, paths);
  return all.length === 1 ? all[0] : undefined;
}
