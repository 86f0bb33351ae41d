import { wantsResolved } from '../merge-requests/discussions.ts';
import { isDraft, mergeability } from '../merge-requests/mergeability.ts';
import { projectsOf } from '../merge-requests/refresh.ts';
import { type CommitEntity, presentCommit } from '../present/commit.ts';
import { presentLabels } from '../present/label.ts';
import { simpleProject } from '../present/project.ts';
import type { MergeRequest, Project, User } from '../state.ts';
import type { World } from '../world.ts';

const VISIBILITY = { private: 0, internal: 10, public: 20 };
const STATES = { opened: 1, closed: 2, merged: 3, locked: 4 };

/** `hook_attrs` of app/models/project.rb. */
export function projectHook(world: World, project: Project) {
  const { name, web_url, ssh_url_to_repo, http_url_to_repo, namespace } = simpleProject(world, project);
  return {
    id: project.id,
    name,
    description: '',
    web_url,
    avatar_url: null,
    git_ssh_url: ssh_url_to_repo,
    git_http_url: http_url_to_repo,
    namespace: namespace.name,
    visibility_level: VISIBILITY[project.visibility],
    path_with_namespace: project.path,
    default_branch: project.defaultBranch,
    ci_config_path: null,
    homepage: web_url,
    url: ssh_url_to_repo,
    ssh_url: ssh_url_to_repo,
    http_url: http_url_to_repo,
  };
}

/** `hook_attrs` of app/models/user.rb; who shows no address has this one. */
export function userHook({ id, name, username }: User) {
  return { id, name, username, avatar_url: null, email: '[REDACTED]' };
}

/** `hook_attrs` of app/models/commit.rb. */
export function commitHook(commit: CommitEntity) {
  return {
    id: commit.id,
    message: commit.message,
    title: commit.title,
    timestamp: commit.committed_date,
    url: commit.web_url,
    author: { name: commit.author_name, email: commit.author_email },
  };
}

/** lib/gitlab/hook_data/merge_request_builder.rb. */
export async function mergeRequestHook(world: World, project: Project, mergeRequest: MergeRequest) {
  const { source, target } = projectsOf(world, mergeRequest);
  const known = await mergeability(world, mergeRequest);
  const isDraftNow = isDraft(mergeRequest.title);
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    source_project_id: mergeRequest.sourceProjectId,
    target_project_id: mergeRequest.targetProjectId,
    author_id: mergeRequest.authorId,
    assignee_id: mergeRequest.assigneeIds[0] ?? null,
    assignee_ids: mergeRequest.assigneeIds,
    reviewer_ids: mergeRequest.reviewerIds,
    title: mergeRequest.title,
    description: mergeRequest.description,
    created_at: hookTime(mergeRequest.createdAt),
    updated_at: hookTime(mergeRequest.updatedAt),
    last_edited_at: null,
    last_edited_by_id: null,
    updated_by_id: null,
    milestone_id: null,
    head_pipeline_id: null,
    state: mergeRequest.state,
    state_id: STATES[mergeRequest.state],
    blocking_discussions_resolved: !wantsResolved(world, target, mergeRequest),
    work_in_progress: isDraftNow,
    draft: isDraftNow,
    first_contribution: false,
    merge_status: known.conflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: known.status,
    merge_commit_sha: mergeRequest.mergeCommitSha,
    merge_error: null,
    merge_user_id: mergeRequest.mergedById,
    merge_when_pipeline_succeeds: false,
    merge_params: { force_remove_source_branch: mergeRequest.removeSourceBranch ? '1' : '0' },
    prepared_at: hookTime(mergeRequest.createdAt),
    time_estimate: 0,
    time_change: 0,
    total_time_spent: 0,
    human_time_estimate: null,
    human_time_change: null,
    human_total_time_spent: null,
    url: urlOf(world, project, mergeRequest),
    source: source ? projectHook(world, source) : null,
    target: projectHook(world, target),
    last_commit: commitHook(await presentCommit(world, target, mergeRequest.sha)),
    labels: presentLabels(target, mergeRequest.labels).map(({ id, name, color }) => ({
      id,
      title: name,
      color,
      project_id: target.id,
      created_at: hookTime(target.createdAt),
      updated_at: hookTime(target.createdAt),
      template: false,
      description: null,
      type: 'ProjectLabel',
      group_id: null,
    })),
  };
}

export function urlOf(world: World, { path }: Project, { iid }: MergeRequest): string {
  return `${world.url}/${path}/-/merge_requests/${iid}`;
}

/** As Ruby writes it: `2015-05-17 18:21:36 UTC`. */
export function hookTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC');
}
