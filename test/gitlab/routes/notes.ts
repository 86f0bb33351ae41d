import { levelOf, projectOf, signedIn } from '../access.ts';
import { type Actor, type App, applied, type Ctx, forbidden, notFound } from '../api.ts';
import { changeNote } from '../merge-requests/post-note.ts';
import type { Done } from '../merge-requests/quick-actions.ts';
import { postWithReview } from '../merge-requests/submit-review.ts';
import { paged } from '../paginate.ts';
import { presentNote } from '../present/note.ts';
import { ACCESS_LEVELS, type Note, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';

const NOTES = '/projects/:id/merge_requests/:iid/notes';

/** Notes of merge requests: doc/api/notes.md. */
export function noteRoutes(api: App, world: World): void {
  api.get(NOTES, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    const params = c.get('params');
    const order =
      params.oneOf('order_by', ['created_at', 'updated_at'] as const) === 'updated_at' ? 'updatedAt' : 'createdAt';
    const direction = params.oneOf('sort', ['asc', 'desc'] as const) === 'asc' ? 1 : -1;
    const filter = params.oneOf('activity_filter', ['all_notes', 'only_comments', 'only_activity'] as const);
    const shown = mergeRequest.notes.filter(
      ({ system }) => !filter || filter === 'all_notes' || system === (filter === 'only_activity'),
    );
    const notes = shown.toSorted((a, b) => direction * (a[order].localeCompare(b[order]) || a.id - b.id));
    return paged(c, world, notes, {
      mode: 'legacy',
      key: ({ id }) => String(id),
      present: (page) => Promise.all(page.map((note) => presentNote(world, mergeRequest, note))),
    });
  });
  api.post(NOTES, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    checkMayNote(world, project);
    const body = bodyOf(c);
    const { note, done } = await postWithReview(world, actor, project, mergeRequest, {
      body,
      misbehaviour: c.get('misbehaviour'),
    });
    applied(c);
    if (!note) return c.json(commandsOnly(done), 202);
    return c.json(await presentNote(world, mergeRequest, note), 201);
  });
  api.get(`${NOTES}/:note_id`, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    return c.json(await presentNote(world, mergeRequest, noteOf(c, mergeRequest)));
  });
  api.put(`${NOTES}/:note_id`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const note = noteOf(c, mergeRequest);
    checkMayChange(world, actor, project, note);
    await changeNote(world, actor, project, mergeRequest, note, bodyOf(c));
    applied(c);
    return c.json(await presentNote(world, mergeRequest, note));
  });
  api.delete(`${NOTES}/:note_id`, async (c) => {
    const actor = signedIn(c);
    projectOf(c, world, 'read_merge_request');
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const note = noteOf(c, mergeRequest);
    checkMayChange(world, actor, project, note);
    mergeRequest.notes.splice(mergeRequest.notes.indexOf(note), 1);
    applied(c);
    return c.body(null, 204);
  });
}

/** The note of the route's `:note_id`. @throws {ApiError} 404. */
export function noteOf(c: Ctx, { notes }: { readonly notes: readonly Note[] }): Note {
  const note = notes.find(({ id }) => id === Number(c.req.param('note_id')));
  if (!note) throw notFound();
  return note;
}

/** The text of a note; that it does is looked at later. */
export function bodyOf(c: Ctx): string {
  return c.get('params').text('body') ?? c.get('params').required('body');
}

/** Its author and maintainers; nobody changes the instance's own. @throws {ApiError} 403. */
export function checkMayChange(world: World, actor: Actor, project: Project, note: Note): void {
  checkMayNote(world, project);
  const own = note.authorId === actor.user.id || levelOf(world, actor, project) >= ACCESS_LEVELS.maintainer;
  if (note.system || (!own && world.rule('note-of-others'))) throw forbidden();
}

/** @throws {ApiError} 403. */
export function checkMayNote(world: World, project: Project): void {
  if (project.archived && world.rule('archived-read-only')) throw forbidden();
}

/** What is told of a text that was quick actions and nothing else. */
export function commandsOnly(done: readonly Done[]) {
  return { commands_changes: {}, summary: done.map(({ name }) => `Executed /${name}.`) };
}
