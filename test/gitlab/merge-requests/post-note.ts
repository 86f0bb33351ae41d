import { type Actor, badRequest } from '../api.ts';
import type { Misbehaviour } from '../port.ts';
import type { DiffPlace } from '../review-state.ts';
import type { MergeRequest, Note, Project } from '../state.ts';
import type { World } from '../world.ts';
import { addNote } from './add-note.ts';
import type { Discussion } from './discussions.ts';
import { judgePosition, placeAt, positionOf, type Sent } from './place.ts';
import { applyText, type Done } from './quick-actions.ts';
import { suggestionsIn } from './suggestions.ts';

export interface Post {
  readonly body: string;
  /** A thread, a note on a line, an answer, or else a comment by itself. */
  readonly thread?: boolean;
  readonly position?: Sent | undefined;
  readonly answers?: Discussion | undefined;
  readonly misbehaviour?: Misbehaviour | undefined;
}

/** A text of quick actions alone is executed and not kept. */
export interface Posted {
  readonly note: Note | undefined;
  readonly done: readonly Done[];
}

/**
 * Posts what somebody wrote: app/services/notes/create_service.rb.
 * @throws {ApiError} 400 for a text or a position that does not do.
 */
export async function postNote(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  post: Post,
): Promise<Posted> {
  checkBody(world, post.body);
  const place = post.position
    ? await placed(world, project, mergeRequest, post.position, post.misbehaviour)
    : (post.answers?.notes[0]?.place ?? null);
  const { text, done } = await applyText(world, actor, project, mergeRequest, post.body, 'note');
  if (text === '' && done.length > 0) return { note: undefined, done };
  const type = place ? 'DiffNote' : post.thread || post.answers ? 'DiscussionNote' : null;
  // An answer makes a thread of a comment: app/models/individual_note_discussion.rb, convert_to_discussion!.
  for (const note of post.answers?.notes ?? []) note.type ??= 'DiscussionNote';
  const note = addNote(world, mergeRequest, {
    authorId: actor.user.id,
    body: text,
    type,
    place,
    ...(post.answers ? { discussionId: post.answers.id } : {}),
  });
  note.suggestions = await suggestionsIn(world, project, note);
  return { note, done };
}

async function placed(
  world: World,
  project: Project,
  mergeRequest: MergeRequest,
  sent: Sent,
  misbehaviour: Misbehaviour | undefined,
): Promise<DiffPlace> {
  const checked = await judgePosition(world, project, sent, misbehaviour);
  const rule = 'fault' in checked && checked.fault === 'schema' ? 'position-schema' : 'position-line';
  if ('fault' in checked && world.rule(rule)) throw badRequest(checked.message);
  const lineCode = 'lineCode' in checked ? checked.lineCode : null;
  return placeAt(world, project, mergeRequest, positionOf(sent), lineCode);
}

/** Writes a note anew: app/services/notes/update_service.rb. What it had proposed is proposed no longer. */
export async function changeNote(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  note: Note,
  body: string,
): Promise<void> {
  checkBody(world, body);
  note.body = (await applyText(world, actor, project, mergeRequest, body, 'note')).text;
  note.updatedAt = new Date().toISOString();
  note.suggestions = await suggestionsIn(world, project, note);
}

/** @throws {ApiError} 400 as `Note {:note=>[…]}`. */
function checkBody(world: World, body: string): void {
  if (body.trim() === '') throw badRequest('400 Bad request - Note {:note=>["can\'t be blank"]}');
  if (body.length > 1_000_000 && world.rule('text-lengths')) {
    throw badRequest('400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}');
  }
}
