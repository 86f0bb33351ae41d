import { signedIn } from '../access.ts';
import { type App, applied, badRequest, type Ctx, forbidden, invalid, notFound } from '../api.ts';
import {
  type Discussion,
  discussionNamed,
  discussionsOf,
  isResolvable,
  mayResolve,
  resolve,
  unresolve,
} from '../merge-requests/discussions.ts';
import { changeNote } from '../merge-requests/post-note.ts';
import { postWithReview } from '../merge-requests/submit-review.ts';
import { paged } from '../paginate.ts';
import { presentDiscussion, presentNote } from '../present/note.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';
import { bodyOf, checkMayChange, checkMayNote, commandsOnly, noteOf } from './notes.ts';
import { positionParam } from './position-param.ts';

const ALL = '/projects/:id/merge_requests/:iid/discussions';
const ONE = `${ALL}/:discussion_id`;

/** Threads of merge requests: lib/api/discussions.rb, lib/api/helpers/notes_helpers.rb. */
export function discussionRoutes(api: App, world: World): void {
  api.get(ALL, async (c) => {
    signedIn(c);
    const { mergeRequest } = await mergeRequestOf(c, world);
    return paged(c, world, discussionsOf(mergeRequest), {
      mode: 'legacy',
      key: ({ id }) => id,
      present: (page) => Promise.all(page.map((one) => presentDiscussion(world, mergeRequest, one))),
    });
  });
  api.post(ALL, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayNote(world, project);
    const body = bodyOf(c);
    const position = positionParam(c, world);
    const post = { body, thread: true, position, misbehaviour: c.get('misbehaviour') };
    const { note, done } = await postWithReview(world, actor, project, mergeRequest, post);
    applied(c);
    if (!note) return c.json(commandsOnly(done), 202);
    return c.json(await presentDiscussion(world, mergeRequest, { id: note.discussionId, notes: [note] }), 201);
  });
  api.get(ONE, async (c) => {
    signedIn(c);
    const { mergeRequest } = await mergeRequestOf(c, world);
    return c.json(await presentDiscussion(world, mergeRequest, discussionOf(c, mergeRequest)));
  });
  api.put(ONE, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const { id, notes } = discussionOf(c, mergeRequest);
    const resolved = c.get('params').flag('resolved');
    if (resolved === undefined) throw invalid('resolved is missing');
    const can = notes.some(isResolvable) || !world.rule('only-threads-resolve');
    if (!can || !mayResolve(world, actor, project, mergeRequest)) throw forbidden();
    if (resolved) resolve(world, mergeRequest, notes, actor.user.id);
    else unresolve(notes);
    applied(c);
    return c.json(await presentDiscussion(world, mergeRequest, { id, notes }));
  });
  noteRoutesOf(api, world);
}

/** The notes of a thread. */
function noteRoutesOf(api: App, world: World): void {
  api.get(`${ONE}/notes`, async (c) => {
    signedIn(c);
    const { mergeRequest } = await mergeRequestOf(c, world);
    const { notes } = discussionOf(c, mergeRequest);
    return c.json(await Promise.all(notes.map((note) => presentNote(world, mergeRequest, note))));
  });
  api.post(`${ONE}/notes`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayNote(world, project);
    const body = bodyOf(c);
    const answers = discussionOf(c, mergeRequest);
    if (answers.notes[0]?.system && world.rule('no-answer-to-system')) {
      throw badRequest('400 Bad request - Discussion can not be replied to.');
    }
    const { note, done } = await postWithReview(world, actor, project, mergeRequest, {
      body,
      answers,
      misbehaviour: c.get('misbehaviour'),
    });
    applied(c);
    if (!note) return c.json(commandsOnly(done), 202);
    return c.json(await presentNote(world, mergeRequest, note), 201);
  });
  api.get(`${ONE}/notes/:note_id`, async (c) => {
    signedIn(c);
    const { mergeRequest } = await mergeRequestOf(c, world);
    return c.json(await presentNote(world, mergeRequest, noteOf(c, discussionOf(c, mergeRequest))));
  });
  api.put(`${ONE}/notes/:note_id`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const params = c.get('params');
    const note = noteOf(c, discussionOf(c, mergeRequest));
    const resolved = params.flag('resolved');
    const body = params.text('body');
    if (body === undefined && resolved === undefined) {
      throw invalid('body, resolved are missing, exactly one parameter must be provided');
    }
    if (body !== undefined && resolved !== undefined && world.rule('body-or-resolved')) {
      throw invalid('body, resolved are mutually exclusive');
    }
    if (resolved === undefined) {
      checkMayChange(world, actor, project, note);
      await changeNote(world, actor, project, mergeRequest, note, body ?? '');
    } else {
      if (!mayResolve(world, actor, project, mergeRequest)) throw forbidden();
      if (!isResolvable(note) && world.rule('only-threads-resolve')) {
        throw badRequest('400 Bad request - Note is not resolvable');
      }
      if (resolved) resolve(world, mergeRequest, [note], actor.user.id);
      else unresolve([note]);
    }
    applied(c);
    return c.json(await presentNote(world, mergeRequest, note));
  });
  api.delete(`${ONE}/notes/:note_id`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const note = noteOf(c, discussionOf(c, mergeRequest));
    checkMayChange(world, actor, project, note);
    mergeRequest.notes.splice(mergeRequest.notes.indexOf(note), 1);
    applied(c);
    return c.body(null, 204);
  });
}

function discussionOf(c: Ctx, mergeRequest: MergeRequest): Discussion {
  const discussion = discussionNamed(mergeRequest, c.req.param('discussion_id'));
  if (!discussion) throw notFound('Discussion');
  return discussion;
}
