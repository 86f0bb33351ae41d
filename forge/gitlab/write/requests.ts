import type { CommitFile, CommitPlan, MergeRequestPlan } from '../../port.ts';
import { type MergeRequestChanges, titleOf } from '../../publish/merge-request-text.ts';
import { messageOf } from '../../publish/run-trailer.ts';
import { marked } from '../../render/note-marker.ts';
import type { SafeText } from '../../render/safe-text.ts';
import type { WriteRequest } from '../../write-request.ts';

/** The writes of a publisher, as plain data; those of a review are in ../review/requests.ts. Nothing here sends anything. `project` is the number. */

/**
 * One commit over `base`. `force` only moves a branch that is there: without it GitLab itself refuses a branch that
 * somebody made meanwhile. No `last_commit_id`: `start_sha` pins what every file is compared with, and GitLab would
 * look the id up on a branch that was not named (app/services/files/multi_service.rb).
 */
export function commitRequest(project: string, plan: CommitPlan, why: string): WriteRequest {
  return {
    method: 'POST',
    path: `/projects/${project}/repository/commits`,
    body: {
      branch: plan.branch,
      start_sha: plan.base,
      ...(plan.expectedTip !== null && { force: true }),
      commit_message: messageOf(plan),
      ...(plan.author && { author_name: plan.author.name, author_email: plan.author.email }),
      actions: plan.files.map(action),
    },
    why,
  };
}

function action({ path, text, exists }: CommitFile): Readonly<Record<string, unknown>> {
  if (text === null) return { action: 'delete', file_path: path };
  const verb = { action: exists ? 'update' : 'create', file_path: path };
  // GitLab refuses a parameter with a NUL, or that is no UTF-8 (lib/gitlab/middleware/handle_malformed_strings.rb).
  return text.includes('\0') || !text.isWellFormed()
    ? { ...verb, content: Buffer.from(text).toString('base64'), encoding: 'base64' }
    : { ...verb, content: text };
}

/** Ids of users. */
export interface People {
  readonly assignees: readonly number[];
  readonly reviewers: readonly number[];
}

export function createMergeRequest(
  project: string,
  plan: MergeRequestPlan,
  { assignees, reviewers }: People,
  why: string,
): WriteRequest {
  return {
    method: 'POST',
    path: `/projects/${project}/merge_requests`,
    body: {
      source_branch: plan.source,
      target_branch: plan.target,
      title: titleOf(plan.title, plan.draft),
      description: plan.description,
      ...(plan.labels.length > 0 && { labels: plan.labels.join(',') }),
      ...(assignees.length > 0 && { assignee_ids: assignees }),
      ...(reviewers.length > 0 && { reviewer_ids: reviewers }),
      remove_source_branch: plan.removeSourceBranch,
      squash: plan.squash,
      allow_collaboration: true,
    },
    why,
  };
}

export function updateMergeRequest(
  project: string,
  iid: number,
  { title, description, target, addLabels }: MergeRequestChanges,
  why: string,
): WriteRequest {
  return {
    method: 'PUT',
    path: mergeRequestPath(project, iid),
    body: {
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...(target !== undefined && { target_branch: target }),
      ...(addLabels !== undefined && { add_labels: addLabels.join(',') }),
    },
    why,
  };
}

export function closeMergeRequest(project: string, iid: number, why: string): WriteRequest {
  return { method: 'PUT', path: mergeRequestPath(project, iid), body: { state_event: 'close' }, why };
}

export function createNote(project: string, iid: number, marker: string, body: SafeText, why: string): WriteRequest {
  return { method: 'POST', path: `${mergeRequestPath(project, iid)}/notes`, body: { body: marked(body, marker) }, why };
}

export function deleteBranch(project: string, branch: string, why: string): WriteRequest {
  return { method: 'DELETE', path: branchPath(project, branch), why };
}

export function branchPath(project: string, branch: string): string {
  return `/projects/${project}/repository/branches/${encodeURIComponent(branch)}`;
}

export function mergeRequestPath(project: string, iid: number): string {
  return `/projects/${project}/merge_requests/${iid}`;
}
