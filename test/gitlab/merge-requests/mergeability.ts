import { git } from '../git.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { wantsChanges } from './approvals.ts';
import { projectsOf } from './refresh.ts';
import { tipOf } from './tips.ts';

export interface Mergeability {
  /** doc/api/merge_requests.md#merge-status: of those that a merge request without pipelines and required approvals can have. */
  readonly status: 'mergeable' | 'not_open' | 'draft_status' | 'requested_changes' | 'commits_status' | 'conflict';
  readonly conflicts: boolean;
  /** The tree that merging makes; without conflicts. */
  readonly tree: string | null;
}

/** Merges in git, without leaving a trace, to see whether it can be done. */
export async function mergeability(world: World, mergeRequest: MergeRequest): Promise<Mergeability> {
  if (mergeRequest.state !== 'opened') return { status: 'not_open', conflicts: false, tree: null };
  const { target } = projectsOf(world, mergeRequest);
  const targetTip = await tipOf(target, mergeRequest.targetBranch);
  const version = mergeRequest.versions.at(-1);
  const draft = isDraft(mergeRequest.title) && world.rule('draft-not-merged');
  if (targetTip === undefined || version === undefined || version.base === version.head) {
    return { status: draft ? 'draft_status' : 'commits_status', conflicts: true, tree: null };
  }
  const merged = await git(
    target.gitDir,
    ['merge-tree', '--write-tree', '--allow-unrelated-histories', targetTip, mergeRequest.sha],
    { codes: [1] },
  );
  const [tree = '', ...conflicts] = merged.toString('utf8').trim().split('\n');
  const clean = conflicts.length === 0;
  const held = draft ? 'draft_status' : wantsChanges(world, mergeRequest) ? 'requested_changes' : undefined;
  const status = held ?? (clean ? 'mergeable' : 'conflict');
  return { status, conflicts: !clean, tree: clean ? tree : null };
}

/** By its title alone: doc/user/project/merge_requests/drafts.md. */
export function isDraft(title: string): boolean {
  return /^\s*(\[draft\]|\(draft\)|draft:)/i.test(title);
}
