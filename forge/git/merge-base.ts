import { readFile } from 'node:fs/promises';
import type { Repository } from './locate.ts';
import { runGit } from './run.ts';

/** Where two commits meet. */
export type Meeting =
  | { readonly kind: 'at'; readonly commit: string }
  /** They have no commit in common. */
  | { readonly kind: 'nowhere' }
  /** The history that is here ends too early to tell. */
  | { readonly kind: 'cut-off' };

/**
 * The commit in which two commits meet. Where a shallow clone's history ends on the way to it, a nearer one may lie behind that end:
 * then nobody can tell, and no other commit is given in its place.
 *
 * @throws {GitError}
 */
export async function meetingOf(repository: Repository, a: string, b: string): Promise<Meeting> {
  if (a === b) return { kind: 'at', commit: a };
  const { dir } = repository;
  const [found, ends] = await Promise.all([
    runGit(['merge-base', '--end-of-options', a, b], { dir, codes: [0, 1] }),
    historyEnds(repository),
  ]);
  const commit = found.toString('utf8').trim();
  if (ends.size === 0) return commit === '' ? { kind: 'nowhere' } : { kind: 'at', commit };
  if (commit === '') return { kind: 'cut-off' };
  const between = await runGit(['rev-list', '--end-of-options', a, b, `^${commit}`], { dir });
  const isCut = between
    .toString('utf8')
    .split('\n')
    .some((id) => ends.has(id));
  return isCut ? { kind: 'cut-off' } : { kind: 'at', commit };
}

/** Commits of a shallow clone whose parents are not there; none in a whole one. */
async function historyEnds({ dir }: Repository): Promise<ReadonlySet<string>> {
  const file = await shallowFile(dir);
  return new Set(file === undefined ? [] : (await readFile(file, 'utf8')).split('\n').filter(Boolean));
}

/** The file that tells where the history of a shallow clone ends; `undefined` of a whole one. @throws {GitError} */
export async function shallowFile(dir: string): Promise<string | undefined> {
  const asked = await runGit(
    ['rev-parse', '--is-shallow-repository', '--path-format=absolute', '--git-path', 'shallow'],
    { dir },
  );
  const [isShallow, ...path] = asked.toString('utf8').replace(/\n$/, '').split('\n');
  return isShallow === 'true' ? path.join('\n') : undefined;
}
