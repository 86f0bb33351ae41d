import { globs } from './globs.ts';
import type { Scope } from './rule.ts';
import { languageOf } from './stack.ts';

/**
 * Which files a rule speaks of: within `paths`, not within `not-paths`, and of one of its languages where it names any.
 * Rules about manifests and pipelines name no language.
 */
export function scopeOf({
  languages,
  paths,
  notPaths,
}: Pick<Scope, 'languages' | 'paths' | 'notPaths'>): (path: string) => boolean {
  const within = paths.length === 0 ? () => true : globs(paths);
  const outside = notPaths.length === 0 ? () => false : globs(notPaths);
  const named = new Set(languages);
  return (path) => (named.size === 0 || named.has(languageOf(path) ?? '')) && within(path) && !outside(path);
}
