import type { FilePosition, TextPosition } from '../../positions/position.ts';
import { changesRequested } from '../../render/quick-action.ts';
import type { SafeText } from '../../render/safe-text.ts';
import type { WriteRequest } from '../../write-request.ts';
import { GRAPHQL_PATH } from '../http/target.ts';
import { mergeRequestPath } from '../write/requests.ts';

/** The merge request that all of it is about: the project's number and path, and its own number there. */
export interface Subject {
  readonly project: { readonly id: string; readonly path: string };
  readonly iid: number;
}

/** Where a note stands; `undefined`: on the merge request. */
export type Position = TextPosition | FilePosition | undefined;

/** Every write of a review, as plain data; nothing here sends anything. */

export function createDraft(subject: Subject, note: SafeText, position: Position, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/draft_notes`, body: { note, ...(position && { position }) }, why };
}

/** Without `resolve_discussion` GitLab opens the thread again (app/services/draft_notes/publish_service.rb). */
export function createDraftReply(
  subject: Subject,
  note: SafeText,
  thread: string,
  resolve: boolean,
  why: string,
): WriteRequest {
  const body = { note, in_reply_to_discussion_id: thread, resolve_discussion: resolve };
  return { method: 'POST', path: `${at(subject)}/draft_notes`, body, why };
}

export function deleteDraft(subject: Subject, id: number, why: string): WriteRequest {
  return { method: 'DELETE', path: `${at(subject)}/draft_notes/${id}`, why };
}

export function publishDraft(subject: Subject, id: number, why: string): WriteRequest {
  return { method: 'PUT', path: `${at(subject)}/draft_notes/${id}/publish`, why };
}

/** Of all drafts of ours, whoever made them. */
export function publishDrafts(subject: Subject, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/draft_notes/bulk_publish`, why };
}

export function createThread(subject: Subject, body: SafeText, position: Position, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/discussions`, body: { body, ...(position && { position }) }, why };
}

export function createReply(subject: Subject, thread: string, body: SafeText, why: string): WriteRequest {
  return { method: 'POST', path: `${threadAt(subject, thread)}/notes`, body: { body }, why };
}

export function resolveThread(subject: Subject, thread: string, resolved: boolean, why: string): WriteRequest {
  return { method: 'PUT', path: threadAt(subject, thread), body: { resolved }, why };
}

export function createComment(subject: Subject, body: SafeText, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/notes`, body: { body }, why };
}

export function updateComment(subject: Subject, id: string, body: SafeText, why: string): WriteRequest {
  return { method: 'PUT', path: `${at(subject)}/notes/${encodeURIComponent(id)}`, body: { body }, why };
}

/** A thread goes with its last comment. */
export function deleteComment(subject: Subject, id: string, why: string): WriteRequest {
  return { method: 'DELETE', path: `${at(subject)}/notes/${encodeURIComponent(id)}`, why };
}

/** GitLab refuses it where `head` is not the tip any more. */
export function approve(subject: Subject, head: string, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/approve`, body: { sha: head }, why };
}

export function unapprove(subject: Subject, why: string): WriteRequest {
  return { method: 'POST', path: `${at(subject)}/unapprove`, why };
}

/** The request for changes of older versions: a quick action. */
export function commandChanges(subject: Subject, why: string): WriteRequest {
  return createComment(subject, changesRequested(), why);
}

export function requestChanges({ project, iid }: Subject, why: string): WriteRequest {
  const variables = { project: project.path, iid: String(iid) };
  return { method: 'POST', path: GRAPHQL_PATH, body: { query: REQUEST_CHANGES, variables }, why };
}

const REQUEST_CHANGES = `mutation($project: ID!, $iid: String!) {
  mergeRequestRequestChanges(input: { projectPath: $project, iid: $iid }) { errors }
}`;

function threadAt(subject: Subject, thread: string): string {
  return `${at(subject)}/discussions/${encodeURIComponent(thread)}`;
}

function at({ project, iid }: Subject): string {
  return mergeRequestPath(project.id, iid);
}
