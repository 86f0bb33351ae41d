import { signedIn } from '../access.ts';
import { type Actor, type App, applied, badRequest, type Ctx, notFound } from '../api.ts';
import { setReviewerState } from '../merge-requests/approvals.ts';
import { addDraft, draftPlace, draftsOf, publishDrafts } from '../merge-requests/drafts.ts';
import { postNote } from '../merge-requests/post-note.ts';
import { publishReview } from '../merge-requests/submit-review.ts';
import { NO_POSITION, presentPosition } from '../present/position.ts';
import type { DraftNote } from '../review-state.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';
import { checkMayNote } from './notes.ts';
import { positionParam } from './position-param.ts';

const ALL = '/projects/:id/merge_requests/:iid/draft_notes';
const ONE = `${ALL}/:draft_note_id`;

/** Notes that are not published yet: lib/api/draft_notes.rb. */
export function draftRoutes(api: App, world: World): void {
  const own = async (c: Ctx) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    return { actor, project, mergeRequest, drafts: seenBy(world, mergeRequest, actor) };
  };

  api.get(ALL, async (c) => {
    const { mergeRequest, drafts } = await own(c);
    return c.json(drafts.map((draft) => presentDraft(mergeRequest, draft)));
  });
  api.post(ALL, async (c) => {
    const { actor, project, mergeRequest } = await own(c);
    checkMayNote(world, project);
    const params = c.get('params');
    const draft = await addDraft(world, actor, project, mergeRequest, {
      note: params.text('note') ?? params.required('note'),
      position: positionParam(c, world),
      answers: params.text('in_reply_to_discussion_id') || undefined,
      resolves: params.flag('resolve_discussion') ?? false,
      commitId: params.text('commit_id'),
    });
    applied(c);
    return c.json(presentDraft(mergeRequest, draft), 201);
  });
  api.post(`${ALL}/bulk_publish`, async (c) => {
    const { actor, project, mergeRequest } = await own(c);
    const review = reviewParams(c, world);
    checkMayNote(world, project);
    applied(c);
    await publishReview(world, actor, project, mergeRequest, c.get('misbehaviour'));
    if (review.note) await postNote(world, actor, project, mergeRequest, { body: review.note, thread: true });
    if (review.state) setReviewerState(world, mergeRequest, actor.user.id, review.state);
    return c.body(null, 204);
  });
  api.get(ONE, async (c) => {
    const { mergeRequest, drafts } = await own(c);
    return c.json(presentDraft(mergeRequest, draftOf(c, drafts)));
  });
  api.put(ONE, async (c) => {
    const { project, mergeRequest, drafts } = await own(c);
    const note = c.get('params').text('note') ?? '';
    if (note.trim() === '') throw badRequest('400 Bad request - Missing params to modify');
    const draft = draftOf(c, drafts);
    const sent = positionParam(c, world);
    const place = await draftPlace(world, project, sent);
    draft.note = note;
    if (sent || world.rule('draft-position-wiped')) Object.assign(draft, place);
    applied(c);
    return c.json(presentDraft(mergeRequest, draft));
  });
  api.delete(ONE, async (c) => {
    const { mergeRequest, drafts } = await own(c);
    mergeRequest.drafts.splice(mergeRequest.drafts.indexOf(draftOf(c, drafts)), 1);
    applied(c);
    return c.body(null, 204);
  });
  api.put(`${ONE}/publish`, async (c) => {
    const { actor, project, mergeRequest, drafts } = await own(c);
    const draft = draftOf(c, drafts);
    checkMayNote(world, project);
    applied(c);
    await publishDrafts(world, actor, project, mergeRequest, [draft], c.get('misbehaviour'));
    return c.body(null, 204);
  });
}

/** Of 19.2 and later. @throws {ApiError} 400. */
function reviewParams(c: Ctx, world: World) {
  if (!world.atLeast('19.2') && world.rule('review-state-19-2')) return {};
  const params = c.get('params');
  const state = params.oneOf('reviewer_state', ['reviewed', 'requested_changes'] as const);
  return { note: params.text('note'), state };
}

function seenBy(world: World, mergeRequest: MergeRequest, actor: Actor): readonly DraftNote[] {
  return world.rule('drafts-own') ? draftsOf(mergeRequest, actor) : mergeRequest.drafts;
}

function draftOf(c: Ctx, drafts: readonly DraftNote[]): DraftNote {
  const draft = drafts.find(({ id }) => id === Number(c.req.param('draft_note_id')));
  if (!draft) throw notFound();
  return draft;
}

/** `API_Entities_DraftNote`. */
function presentDraft(mergeRequest: MergeRequest, draft: DraftNote) {
  return {
    id: draft.id,
    author_id: draft.authorId,
    merge_request_id: mergeRequest.id,
    resolve_discussion: draft.resolveDiscussion,
    discussion_id: draft.discussionId,
    note: draft.note,
    commit_id: draft.commitId,
    line_code: draft.lineCode,
    position: draft.position ? presentPosition(draft.position) : NO_POSITION,
  };
}
