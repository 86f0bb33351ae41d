import * as z from 'zod';
import type { MergeRequest } from '../../port.ts';
import type { Answer } from '../http/port.ts';
import { isOwn, mergeRequestOf } from '../merge-request.ts';
import { restMergeRequest, restNote, understood } from '../schema.ts';

/** Reads GitLab's answers to writes, and to the looks before and after them. All throw `ForgeError` `not-understood`. */

/** The id of the commit that was made. */
export function readCommit(answer: Answer): { readonly sha: string } {
  return { sha: read(answer, COMMIT, 'commit').id };
}

const COMMIT = z.looseObject({ id: z.string() });

/** A branch's tip. */
export interface Tip {
  readonly sha: string;
  readonly message: string;
  /** Empty also where GitLab does not say: branches may come without. */
  readonly parents: readonly string[];
}

export function readTip(answer: Answer): Tip {
  const { id, message, parent_ids } = read(answer, BRANCH, 'branch').commit;
  return { sha: id, message, parents: parent_ids ?? [] };
}

const BRANCH = z.looseObject({
  commit: z.looseObject({ id: z.string(), message: z.string(), parent_ids: z.array(z.string()).nullish() }),
});

export function readMergeRequest(answer: Answer): MergeRequest {
  return mergeRequestOf(read(answer, restMergeRequest, 'merge request'));
}

/** Those from a branch of the project itself. */
export function readOwnMergeRequests(answer: Answer): readonly MergeRequest[] {
  return read(answer, z.array(restMergeRequest), 'merge requests').filter(isOwn).map(mergeRequestOf);
}

/** What a new merge request became, and user names of its people; no names where GitLab does not tell them. */
export interface OpenedAnswer {
  readonly mergeRequest: MergeRequest;
  readonly assignees?: readonly string[];
  readonly reviewers?: readonly string[];
}

export function readOpened(answer: Answer): OpenedAnswer {
  const { assignees, reviewers, ...raw } = read(answer, OPENED, 'merge request');
  return {
    mergeRequest: mergeRequestOf(raw),
    ...(assignees && { assignees: assignees.map(({ username }) => username) }),
    ...(reviewers && { reviewers: reviewers.map(({ username }) => username) }),
  };
}

const PEOPLE = z.array(z.looseObject({ username: z.string() })).nullish();
const OPENED = restMergeRequest.extend({ assignees: PEOPLE, reviewers: PEOPLE });

export function readNoteId(answer: Answer): { readonly id: string } {
  return { id: String(read(answer, restNote, 'comment').id) };
}

export function readNotes(answer: Answer): readonly z.infer<typeof restNote>[] {
  return read(answer, z.array(restNote), 'comments');
}

/** The id of the active user of that name; GitLab does not tell upper from lower case in it. */
export function readUserId(answer: Answer, username: string): number | null {
  const same = read(answer, USERS, 'users').find((user) => user.username.toLowerCase() === username.toLowerCase());
  return same === undefined || (same.state ?? 'active') !== 'active' ? null : same.id;
}

const USERS = z.array(z.looseObject({ id: z.int(), username: z.string(), state: z.string().nullish() }));

function read<T>(answer: Answer, schema: z.ZodType<T>, what: string): T {
  return understood(schema, answer.json(), `GitLab's answer, a ${what}`);
}
