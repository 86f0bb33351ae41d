import { levelOf } from '../access.ts';
import { type Actor, ApiError, unauthorized } from '../api.ts';
import { git, gitLine } from '../git.ts';
import { moveBranch } from '../make-commit.ts';
import { isProtected } from '../push-check.ts';
import { ACCESS_LEVELS, type MergeRequest, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { isHeld, mergeability } from './mergeability.ts';
import { markMerged, projectsOf } from './refresh.ts';
import { tipOf } from './tips.ts';

export interface MergeWish {
  readonly sha?: string | undefined;
  readonly squash?: boolean | undefined;
  readonly removeSourceBranch?: boolean | undefined;
  readonly message?: string | undefined;
  readonly squashMessage?: string | undefined;
}

/**
 * Merges in git, as `PUT …/merge` of lib/api/merge_requests.rb does.
 * @throws {ApiError} 401, 405, 409, 422.
 */
export async function merge(world: World, actor: Actor, mergeRequest: MergeRequest, wish: MergeWish): Promise<void> {
  const { source, target } = projectsOf(world, mergeRequest);
  if (!mayMerge(world, actor, target, mergeRequest.targetBranch)) throw unauthorized();
  const { status, tree } = await mergeability(world, mergeRequest);
  if (isHeld(status)) throw new ApiError(405, { message: '405 Method Not Allowed' });
  if (tree === null) throw new ApiError(422, { message: 'Branch cannot be merged' });
  if (wish.sha !== undefined && wish.sha !== mergeRequest.sha && world.rule('merge-sha')) {
    throw new ApiError(409, { message: `SHA does not match HEAD of source branch: ${mergeRequest.sha}` });
  }
  const onto = await tipOf(target, mergeRequest.targetBranch);
  if (onto === undefined) throw new ApiError(422, { message: 'Branch cannot be merged' });
  const commit = (parents: readonly string[], message: string) => commitTree(target, actor, tree, parents, message);
  const squashed = wish.squash ?? mergeRequest.squash;
  const head = squashed
    ? await commit([mergeRequest.versions.at(-1)?.base ?? onto], wish.squashMessage ?? mergeRequest.title)
    : mergeRequest.sha;
  const message =
    wish.message ??
    `Merge branch '${mergeRequest.sourceBranch}' into '${mergeRequest.targetBranch}'\n\n${mergeRequest.title}\n\nSee merge request ${target.path}!${mergeRequest.iid}`;
  const merged = await commit([onto, head], message);
  if (!(await moveBranch(target.gitDir, mergeRequest.targetBranch, merged, onto))) {
    throw new ApiError(422, { message: 'Branch cannot be merged' });
  }
  mergeRequest.targetSha = merged;
  mergeRequest.squashCommitSha = squashed ? head : null;
  markMerged(world, mergeRequest, actor.user.id, merged);
  if (source && (wish.removeSourceBranch ?? mergeRequest.removeSourceBranch)) {
    await git(source.gitDir, ['update-ref', '-d', `refs/heads/${mergeRequest.sourceBranch}`]);
  }
}

export function mayMerge(world: World, actor: Actor, target: Project, branch: string): boolean {
  if (target.archived) return false;
  if (isProtected(target, branch) && world.rule('merge-protected')) return false;
  return levelOf(world, actor, target) >= ACCESS_LEVELS.developer || !world.rule('merge-needs-developer');
}

async function commitTree(target: Project, { user }: Actor, tree: string, parents: readonly string[], message: string) {
  const env = {
    GIT_AUTHOR_NAME: user.name,
    GIT_AUTHOR_EMAIL: user.email,
    GIT_COMMITTER_NAME: user.name,
    GIT_COMMITTER_EMAIL: user.email,
  };
  const line = await gitLine(target.gitDir, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
    input: message,
    env,
  });
  if (line === undefined) throw new ApiError(422, { message: 'Branch cannot be merged' });
  return line;
}
