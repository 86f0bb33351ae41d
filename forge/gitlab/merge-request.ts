import type { MergeRequest } from '../port.ts';
import type { RestMergeRequest } from './schema.ts';

/** Whatever became of them. Gitbeaker's type (43.8.0) lacks it. */
export const ANY_STATE = 'all' as 'opened';

/** A merge request as REST tells it. */
export function mergeRequestOf(raw: RestMergeRequest): MergeRequest {
  return {
    iid: raw.iid,
    url: raw.web_url,
    state: raw.state,
    title: raw.title,
    description: raw.description ?? '',
    labels: raw.labels,
    draft: raw.draft ?? raw.work_in_progress ?? false,
    source: raw.source_branch,
    target: raw.target_branch,
    head: raw.sha ?? null,
    author: raw.author?.username ?? '',
    hasConflicts: raw.has_conflicts ?? false,
    createdAt: raw.created_at ?? null,
    updatedAt: raw.updated_at ?? null,
    endedAt: raw.merged_at ?? raw.closed_at ?? null,
  };
}

/** Of a branch of the project itself: anybody can open one from a fork's branch of the same name. */
export function isOwn(raw: RestMergeRequest): boolean {
  return raw.source_project_id === (raw.target_project_id ?? raw.project_id);
}
