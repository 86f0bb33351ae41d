import type { Actor } from '../api.ts';
import { git } from '../git.ts';
import { wantsResolved } from '../merge-requests/discussions.ts';
import { mayMerge } from '../merge-requests/merge.ts';
import { isDraft, type Mergeability, mergeability } from '../merge-requests/mergeability.ts';
import { projectsOf } from '../merge-requests/refresh.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { presentLabels } from './label.ts';
import { userOf } from './user.ts';

export interface MergeRequestView {
  readonly labelsDetails?: boolean;
  /** Just opened: its diff and whether it can be merged are worked out later. */
  readonly preparing?: boolean;
  /** How many commits the target branch has more: `include_diverged_commits_count`. */
  readonly diverged?: boolean;
}

/** `API_Entities_MergeRequestBasic`: an item of a list. */
export async function basicMergeRequest(world: World, mergeRequest: MergeRequest, view: MergeRequestView = {}) {
  const { target } = projectsOf(world, mergeRequest);
  const known = view.preparing ? UNKNOWN : await mergeability(world, mergeRequest);
  const users = (ids: readonly number[]) => ids.map((id) => userOf(world, id)).filter((user) => user !== null);
  const reference = `!${mergeRequest.iid}`;
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    project_id: target.id,
    title: mergeRequest.title,
    description: mergeRequest.description,
    state: mergeRequest.state,
    created_at: mergeRequest.createdAt,
    updated_at: mergeRequest.updatedAt,
    merged_by: userOf(world, mergeRequest.mergedById),
    merge_user: userOf(world, mergeRequest.mergedById),
    merged_at: mergeRequest.mergedAt,
    closed_by: userOf(world, mergeRequest.closedById),
    closed_at: mergeRequest.closedAt,
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    user_notes_count: mergeRequest.notes.filter((note) => !note.system).length,
    upvotes: 0,
    downvotes: 0,
    author: userOf(world, mergeRequest.authorId),
    assignees: users(mergeRequest.assigneeIds),
    assignee: userOf(world, mergeRequest.assigneeIds[0] ?? null),
    reviewers: users(mergeRequest.reviewerIds),
    source_project_id: mergeRequest.sourceProjectId,
    target_project_id: mergeRequest.targetProjectId,
    labels: view.labelsDetails ? presentLabels(target, mergeRequest.labels) : mergeRequest.labels.toSorted(),
    draft: isDraft(mergeRequest.title),
    imported: false,
    imported_from: 'none',
    work_in_progress: isDraft(mergeRequest.title),
    milestone: null,
    merge_when_pipeline_succeeds: false,
    ...statusOf(known, view),
    merge_after: null,
    sha: mergeRequest.sha,
    merge_commit_sha: mergeRequest.mergeCommitSha,
    squash_commit_sha: mergeRequest.squashCommitSha,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: mergeRequest.removeSourceBranch,
    prepared_at: view.preparing ? null : mergeRequest.createdAt,
    ...(mergeRequest.sourceProjectId === target.id
      ? {}
      : {
          allow_collaboration: mergeRequest.allowCollaboration,
          allow_maintainer_to_push: mergeRequest.allowCollaboration,
        }),
    reference,
    references: { short: reference, relative: reference, full: `${target.path}${reference}` },
    web_url: `${world.url}/${target.path}/-/merge_requests/${mergeRequest.iid}`,
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    squash: mergeRequest.squash,
    squash_on_merge: mergeRequest.squash,
    task_completion_status: tasksOf(mergeRequest.description),
    has_conflicts: known.conflicts,
    blocking_discussions_resolved: !wantsResolved(world, target, mergeRequest),
    ...(world.edition === 'ce' ? {} : { approvals_before_merge: null }),
  };
}

/** `API_Entities_MergeRequest`. */
export async function fullMergeRequest(
  world: World,
  actor: Actor | null,
  mergeRequest: MergeRequest,
  view: MergeRequestView = {},
) {
  const { target } = projectsOf(world, mergeRequest);
  const version = mergeRequest.versions.at(-1);
  return {
    ...(await basicMergeRequest(world, mergeRequest, view)),
    subscribed: actor?.user.id === mergeRequest.authorId,
    changes_count: view.preparing || !version ? null : await changesCount(target.gitDir, version.base, version.head),
    latest_build_started_at: null,
    latest_build_finished_at: null,
    first_deployed_to_production_at: null,
    pipeline: null,
    head_pipeline: null,
    diff_refs:
      view.preparing || !version ? null : { base_sha: version.base, head_sha: version.head, start_sha: version.start },
    merge_error: null,
    ...(view.diverged ? { diverged_commits_count: await divergedBy(target.gitDir, mergeRequest) } : {}),
    first_contribution: false,
    user: { can_merge: actor !== null && mayMerge(world, actor, target, mergeRequest.targetBranch) },
  };
}

const UNKNOWN: Mergeability = { status: 'mergeable', conflicts: false, tree: null };

function statusOf(known: Mergeability, view: MergeRequestView) {
  if (view.preparing) return { merge_status: 'checking', detailed_merge_status: 'preparing' };
  return { merge_status: known.conflicts ? 'cannot_be_merged' : 'can_be_merged', detailed_merge_status: known.status };
}

async function divergedBy(gitDir: string, { sha, targetSha }: MergeRequest): Promise<number> {
  return Number(await git(gitDir, ['rev-list', '--count', `${sha}..${targetSha}`]));
}

function tasksOf(description: string) {
  const tasks = [...description.matchAll(/^\s*(?:[-*+]|\d+[.)]) +\[([ xX])\] /gm)];
  return { count: tasks.length, completed_count: tasks.filter(([, mark]) => mark !== ' ').length };
}

/** As text, as GitLab counts: `"1000+"` is the most. */
export async function changesCount(gitDir: string, base: string, head: string): Promise<string> {
  const names = await git(gitDir, ['diff', '--name-only', '-z', '-M', base, head]);
  const count = names.toString('utf8').split('\0').length - 1;
  return count > 1000 ? '1000+' : String(count);
}
