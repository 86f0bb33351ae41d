import { type Actor, ApiError, badRequest } from '../api.ts';
import type { Misbehaviour } from '../port.ts';
import { sentPosition } from '../present/position.ts';
import type { DraftNote } from '../review-state.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { setReviewerState } from './approvals.ts';
import { discussionNamed, isResolvable, mayResolve, resolve, unresolve } from './discussions.ts';
import { judgePosition, positionOf, type Sent } from './place.ts';
import { postNote } from './post-note.ts';

export interface DraftWish {
  readonly note: string;
  readonly position: Sent | undefined;
  readonly answers: string | undefined;
  readonly resolves: boolean;
  readonly commitId: string | undefined;
}

/**
 * Keeps a note for later: app/services/draft_notes/create_service.rb. Only the form of its position is looked at.
 * @throws {ApiError} 400.
 */
export async function addDraft(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  wish: DraftWish,
): Promise<DraftNote> {
  const thread = discussionNamed(mergeRequest, wish.answers);
  if (wish.answers !== undefined && !thread) throw badRequest({ base: ['Thread to reply to cannot be found'] });
  if (thread?.notes[0]?.system && world.rule('no-answer-to-system')) {
    throw badRequest({ base: ['Replies to system notes are not allowed'] });
  }
  const resolves = thread?.notes.some(isResolvable) && mayResolve(world, actor, project, mergeRequest);
  if (wish.resolves && !resolves && world.rule('draft-resolves-own-thread')) {
    throw badRequest({ base: ['User is not allowed to resolve thread'] });
  }
  const own = draftsOf(mergeRequest, actor);
  if (thread && own.some(({ discussionId }) => discussionId === thread.id) && world.rule('draft-once')) {
    throw badRequest({ author_id: ['has already been taken'] });
  }
  const draft: DraftNote = {
    id: world.nextId(),
    authorId: actor.user.id,
    note: wish.note,
    discussionId: thread?.id ?? null,
    resolveDiscussion: wish.resolves,
    commitId: wish.commitId ?? null,
    ...(await draftPlace(world, project, wish.position)),
  };
  mergeRequest.drafts.push(draft);
  if (own.length === 0) setReviewerState(world, mergeRequest, actor.user.id, 'review_started');
  return draft;
}

/** @throws {ApiError} 400 for one of another form. */
export async function draftPlace(
  world: World,
  project: Project,
  sent: Sent | undefined,
): Promise<Pick<DraftNote, 'position' | 'lineCode'>> {
  if (!sent) return { position: null, lineCode: null };
  const checked = await judgePosition(world, project, sent);
  if ('lineCode' in checked) return { position: positionOf(sent), lineCode: checked.lineCode };
  const refused = checked.fault === 'schema' ? world.rule('position-schema') : !world.rule('draft-unchecked');
  if (refused) throw badRequest(checked.message);
  return { position: positionOf(sent), lineCode: null };
}

export function draftsOf({ drafts }: MergeRequest, { user }: Actor): DraftNote[] {
  return drafts.filter(({ authorId }) => authorId === user.id);
}

/**
 * Makes notes of drafts, one after the other and not all or none: app/services/draft_notes/publish_service.rb.
 * @throws {ApiError} 500 where one does not do; those before it are published, and every draft is left.
 */
export async function publishDrafts(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  drafts: readonly DraftNote[],
  misbehaviour: Misbehaviour | undefined,
): Promise<void> {
  const lost = misbehaviour === 'bad-draft-lost' || !world.rule('draft-bad-line');
  for (const draft of drafts) {
    await publishOne(world, actor, project, mergeRequest, draft).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      if (error.status >= 500 || !lost) throw failure();
    });
  }
  if (misbehaviour === 'published-then-500') throw failure();
  for (const draft of drafts) mergeRequest.drafts.splice(mergeRequest.drafts.indexOf(draft), 1);
}

async function publishOne(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  draft: DraftNote,
): Promise<void> {
  const { position, discussionId, note: body } = draft;
  const answers = discussionNamed(mergeRequest, discussionId ?? undefined);
  if (discussionId !== null && !answers) throw badRequest('Discussion to reply to cannot be found');
  const { note } = await postNote(world, actor, project, mergeRequest, {
    body,
    thread: true,
    position: position && !answers ? sentPosition(position) : undefined,
    answers,
  });
  if (!note && world.rule('draft-of-commands')) throw failure();
  const notes = answers && discussionNamed(mergeRequest, answers.id)?.notes;
  if (!notes) return;
  if (draft.resolveDiscussion && mayResolve(world, actor, project, mergeRequest)) {
    resolve(world, mergeRequest, notes, actor.user.id);
  } else if (world.rule('draft-reopens')) unresolve(notes);
}

function failure(): ApiError {
  return new ApiError(500, { message: '500 Internal Server Error' });
}
