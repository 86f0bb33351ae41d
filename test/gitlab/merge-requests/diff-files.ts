import { git, gitLine } from '../git.ts';
import type { DiffFile } from '../positions/check.ts';
import { presentDiffs } from '../present/diff.ts';
import type { Position } from '../review-state.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';
import { isTooLarge } from './diff-limits.ts';

export type DiffRefs = Pick<Position, 'base_sha' | 'start_sha' | 'head_sha'>;

/**
 * The files that a position can mean: of the diff between the commits that it names, whatever the merge request's are, and
 * of its own paths alone (lib/gitlab/diff/position.rb: find_diff_file; diff_refs.rb: compare_in). What is collapsed elsewhere
 * has its text here. `undefined` where a commit is not there.
 */
export async function filesOf(
  world: World,
  project: Project,
  refs: DiffRefs,
  paths: readonly (string | null)[],
): Promise<DiffFile[] | undefined> {
  const shas = [refs.base_sha, refs.start_sha, refs.head_sha];
  for (const sha of shas) if (!(await isCommit(project, sha))) return undefined;
  const straight = refs.start_sha === refs.base_sha;
  const base = straight ? refs.base_sha : await gitLine(project.gitDir, ['merge-base', refs.start_sha, refs.head_sha]);
  const own = [...new Set(paths.filter((path) => path !== null && path !== ''))] as string[];
  if (!base || own.length === 0) return [];
  const diffs = await presentDiffs(world, project, base, refs.head_sha, own);
  return Promise.all(
    diffs.map(async (diff) => ({
      oldPath: diff.old_path,
      newPath: diff.new_path,
      newFile: diff.new_file,
      deletedFile: diff.deleted_file,
      diff: isTooLarge(world, diff) ? null : diff.diff,
      oldLines: diff.new_file ? 0 : (await linesAt(project, base, diff.old_path)).length,
    })),
  );
}

/** The lines of a file, each with its end; none where it is not there. */
export async function linesAt(project: Project, commit: string, path: string): Promise<string[]> {
  const bytes = await git(project.gitDir, ['cat-file', 'blob', `${commit}:${path}`], { codes: [128] });
  return bytes.toString('utf8').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

async function isCommit(project: Project, sha: string): Promise<boolean> {
  return (
    /^[0-9a-f]{40}$/.test(sha) &&
    (await gitLine(project.gitDir, ['rev-parse', '--verify', '--quiet', `${sha}^{commit}`])) === sha
  );
}
