import * as z from 'zod';
import type { Person, ReviewedMergeRequest, Thread } from '../../review-port.ts';
import type { Answer } from '../http/port.ts';
import { mergeRequestOf } from '../merge-request.ts';
import { restMergeRequest, restNote, understood } from '../schema.ts';

/** Reads what GitLab tells of a merge request under review. All throw `ForgeError` `not-understood`. */

const PERSON = z.looseObject({ id: z.int(), username: z.string() }).nullish();

const MERGE_REQUEST = restMergeRequest.extend({
  author: PERSON,
  reviewers: z.array(PERSON).nullish(),
  diff_refs: z
    .looseObject({ base_sha: z.string().nullish(), start_sha: z.string().nullish(), head_sha: z.string().nullish() })
    .nullish(),
});

/** Where it stands; all the rest of it is there once GitLab has worked out its diff. */
export interface SeenMergeRequest extends Pick<ReviewedMergeRequest, 'state' | 'target' | 'draft'> {
  readonly head: string | null;
  /** Who is to review it; `undefined` where GitLab does not say. */
  readonly reviewers: readonly Person[] | undefined;
  readonly ready: ReviewedMergeRequest | undefined;
}

export function readMergeRequest(answer: Answer): SeenMergeRequest {
  const { author, reviewers: asked, diff_refs, ...raw } = read(answer, MERGE_REQUEST, 'merge request');
  const { iid, url, state, title, description, draft, source, target, labels, head } = mergeRequestOf(raw);
  const { base_sha: base, start_sha: start, head_sha: of } = diff_refs ?? {};
  const reviewers = asked?.map(personOf);
  // After a push the one may be told before the other.
  const seen = { head, state, target, draft, reviewers };
  if (!head || !base || !start || of !== head) return { ...seen, ready: undefined };
  const refs = { base, start, head };
  const known = { iid, url, state, title, description, draft, source, target, labels, head, refs };
  return { ...seen, ready: { ...known, author: personOf(author) } };
}

const NOTE = restNote.extend({
  author: PERSON,
  updated_at: z.string(),
  resolvable: z.boolean().nullish(),
  resolved: z.boolean().nullish(),
  resolved_by: PERSON,
  resolved_at: z.string().nullish(),
  position: z.looseObject({ position_type: z.string().nullish() }).nullish(),
});

const DISCUSSION = z.looseObject({ id: z.string(), notes: z.array(NOTE) });

export type Discussion = z.infer<typeof DISCUSSION>;

export function readDiscussion(answer: Answer): Discussion {
  return read(answer, DISCUSSION, 'thread');
}

export function readDiscussions(answer: Answer): readonly Discussion[] {
  return read(answer, z.array(DISCUSSION), 'threads');
}

/** Of one that has notes. */
export function threadOf({ id, notes }: Discussion): Thread {
  const resolvable = notes.filter((note) => note.resolvable);
  const resolved = resolvable.length > 0 && resolvable.every((note) => note.resolved);
  const last = resolvable.toSorted((a, b) => Date.parse(a.resolved_at ?? '') - Date.parse(b.resolved_at ?? '')).at(-1);
  return {
    id,
    notes: notes.map((note) => ({
      id: String(note.id),
      author: personOf(note.author),
      system: note.system,
      body: note.body,
      createdAt: note.created_at,
      updatedAt: note.updated_at,
    })),
    resolvable: resolvable.length > 0,
    resolved,
    resolvedBy: resolved && last?.resolved_by ? personOf(last.resolved_by) : null,
    resolvedAt: (resolved && last?.resolved_at) || null,
  };
}

const DRAFT = z.looseObject({
  id: z.int(),
  author_id: z.int(),
  note: z.string(),
  discussion_id: z.string().nullish(),
  position: z.looseObject({ head_sha: z.string().nullish() }).nullish(),
});

export type Draft = z.infer<typeof DRAFT>;

export function readDraft(answer: Answer): Draft {
  return read(answer, DRAFT, 'draft');
}

export function readDrafts(answer: Answer): readonly Draft[] {
  return read(answer, z.array(DRAFT), 'drafts');
}

const EMOJI = z.array(z.looseObject({ name: z.string(), user: PERSON }));

export function readEmoji(answer: Answer): readonly { readonly name: string; readonly by: Person }[] {
  return read(answer, EMOJI, 'list of emoji').map(({ name, user }) => ({ name, by: personOf(user) }));
}

const APPROVALS = z.looseObject({ user_has_approved: z.boolean(), user_can_approve: z.boolean() });

export function readApprovals(answer: Answer): { readonly byUs: boolean; readonly mayApprove: boolean } {
  const { user_has_approved: byUs, user_can_approve: mayApprove } = read(answer, APPROVALS, 'list of approvals');
  return { byUs, mayApprove };
}

const REVIEWERS = z.array(z.looseObject({ user: PERSON, state: z.string().nullish() }));

/** How far somebody's review is; `undefined`: they are no reviewer. */
export function readReviewState(answer: Answer, person: Person): string | undefined {
  const own = read(answer, REVIEWERS, 'list of reviewers').find(({ user }) => String(user?.id) === person.id);
  return own && (own.state ?? '');
}

const VERSIONS = z.array(z.looseObject({ id: z.int(), created_at: z.string() }));

/** When the newest was made, in whatever order they come; `undefined`: there is none yet. */
export function readNewestVersion(answer: Answer): string | undefined {
  return read(answer, VERSIONS, 'list of versions').toSorted((a, b) => b.id - a.id)[0]?.created_at;
}

/** A deleted user is nobody. */
function personOf(raw: z.infer<typeof PERSON>): Person {
  return raw ? { id: String(raw.id), username: raw.username } : { id: '', username: '' };
}

function read<T>(answer: Answer, schema: z.ZodType<T>, what: string): T {
  return understood(schema, answer.json(), `GitLab's answer, a ${what}`);
}
