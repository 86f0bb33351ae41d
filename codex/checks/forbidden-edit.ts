import type { FileChange } from '../../forge/history.ts';
import { globs } from '../globs.ts';
import type { ForbiddenEditCheck } from './check.ts';
import { fileHit } from './hit.ts';
import type { CheckKind, Hit } from './kind.ts';

/**
 * Files that people do not edit. Says nothing where no change is looked at. A file renamed away counts as edited, and is
 * told at its new path.
 */
export const forbiddenEdit: CheckKind<ForbiddenEditCheck> = {
  async prepare({ files, unlessAlsoChanged = [], allowNew = false }, rule) {
    const guarded = globs(files);
    const outside = globs(rule.appliesTo.notPaths);
    const source = globs(unlessAlsoChanged);
    const isGuarded = (path: string): boolean => guarded(path) && !outside(path);
    const unless = unlessAlsoChanged.length > 0 ? ` without ${unlessAlsoChanged.join(' or ')}` : '';
    const hit = (path: string, what: string): Hit => fileHit(path, `${rule.title}: ${what}${unless}`);

    const judge = (change: FileChange): readonly Hit[] => {
      const { status, path, from } = change;
      if (from !== undefined && isGuarded(from)) return [hit(path, `renamed from ${from}`)];
      if (!isGuarded(path)) return [];
      const isNew = status === 'added' || status === 'renamed';
      return isNew && allowNew ? [] : [hit(path, isNew ? 'added' : status)];
    };
    return {
      over: 'repository',
      async inspect({ changes = [] }) {
        if (changes.some((change) => pathsOf(change).some(source))) return [];
        return changes.flatMap(judge);
      },
    };
  },
};

function pathsOf({ path, from }: FileChange): readonly string[] {
  return from === undefined ? [path] : [path, from];
}
