import { git } from '../git.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { wantsChanges } from './approvals.ts';
import { wantsResolved } from './discussions.ts';
import { projectsOf } from './refresh.ts';
import { tipOf } from './tips.ts';

export interface Mergeability {
  /** doc/api/merge_requests.md#merge-status: of those that a merge request without pipelines and required approvals can have. */
  readonly status: 'mergeable' | Held | 'commits_status' | 'conflict';
  readonly conflicts: boolean;
  /** The tree that merging makes; without conflicts. */
  readonly tree: string | null;
}

/** What forbids the merge, whatever git says. */
type Held = 'not_open' | 'draft_status' | 'discussions_not_resolved' | 'requested_changes';

export function isHeld(status: Mergeability['status']): status is Held {
  return (HELD as readonly string[]).includes(status);
}

const HELD: readonly Held[] = ['not_open', 'draft_status', 'discussions_not_resolved', 'requested_changes'];

/** Merges in git, without leaving a trace, to see whether it can be done. */
export async function mergeability(world: World, mergeRequest: MergeRequest): Promise<Mergeability> {
  if (mergeRequest.state !== 'opened') return { status: 'not_open', conflicts: false, tree: null };
  const { target } = projectsOf(world, mergeRequest);
  const targetTip = await tipOf(target, mergeRequest.targetBranch);
  const version = mergeRequest.versions.at(-1);
  if (targetTip === undefined || version === undefined || version.base === version.head) {
    return { status: heldBy(world, target, mergeRequest) ?? 'commits_status', conflicts: true, tree: null };
  }
  const merged = await git(
    target.gitDir,
    ['merge-tree', '--write-tree', '--allow-unrelated-histories', targetTip, mergeRequest.sha],
    { codes: [1] },
  );
  const [tree = '', ...conflicts] = merged.toString('utf8').trim().split('\n');
  const clean = conflicts.length === 0;
  const status = heldBy(world, target, mergeRequest) ?? (clean ? 'mergeable' : 'conflict');
  return { status, conflicts: !clean, tree: clean ? tree : null };
}

function heldBy(world: World, target: Project, mergeRequest: MergeRequest): Held | undefined {
  if (isDraft(mergeRequest.title) && world.rule('draft-not-merged')) return 'draft_status';
  if (wantsResolved(world, target, mergeRequest)) return 'discussions_not_resolved';
  return wantsChanges(world, mergeRequest) ? 'requested_changes' : undefined;
}

/** By its title alone: doc/user/project/merge_requests/drafts.md. */
export function isDraft(title: string): boolean {
  return /^\s*(\[draft\]|\(draft\)|draft:)/i.test(title);
}
