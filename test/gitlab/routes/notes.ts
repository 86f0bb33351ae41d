import { levelOf, projectOf, signedIn } from '../access.ts';
import { type Actor, type App, applied, badRequest, type Ctx, forbidden, notFound } from '../api.ts';
import { applyText } from '../merge-requests/quick-actions.ts';
import { touch } from '../merge-requests/system-note.ts';
import { paged } from '../paginate.ts';
import { presentNote } from '../present/note.ts';
import { ACCESS_LEVELS, type MergeRequest, type Note, type Project } from '../state.ts';
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
      present: async (page) => page.map((note) => presentNote(world, mergeRequest, note)),
    });
  });
  api.post(NOTES, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    if (project.archived && world.rule('archived-read-only')) throw forbidden();
    const body = bodyOf(c, world);
    const { text, done } = await applyText(world, actor, project, mergeRequest, body, 'note');
    applied(c);
    if (text === '' && done.length > 0) {
      return c.json({ commands_changes: {}, summary: done.map(({ name }) => `Executed /${name}.`) }, 202);
    }
    const now = new Date().toISOString();
    const note: Note = {
      id: world.nextId(),
      authorId: actor.user.id,
      body: text,
      system: false,
      createdAt: now,
      updatedAt: now,
    };
    mergeRequest.notes.push(note);
    touch(mergeRequest);
    return c.json(presentNote(world, mergeRequest, note), 201);
  });
  api.get(`${NOTES}/:note_id`, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    return c.json(presentNote(world, mergeRequest, noteOf(c, mergeRequest)));
  });
  api.put(`${NOTES}/:note_id`, async (c) => {
    const actor = signedIn(c);
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const note = noteOf(c, mergeRequest);
    checkMayChange(world, actor, project, note);
    note.body = (await applyText(world, actor, project, mergeRequest, bodyOf(c, world), 'note')).text;
    note.updatedAt = new Date().toISOString();
    applied(c);
    return c.json(presentNote(world, mergeRequest, note));
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

function noteOf(c: Ctx, mergeRequest: MergeRequest): Note {
  const note = mergeRequest.notes.find(({ id }) => id === Number(c.req.param('note_id')));
  if (!note) throw notFound();
  return note;
}

/** @throws {ApiError} 400 as `Note {:note=>[…]}`. */
function bodyOf(c: Ctx, world: World): string {
  const body = c.get('params').text('body') ?? c.get('params').required('body');
  if (body.trim() === '') throw badRequest('400 Bad request - Note {:note=>["can\'t be blank"]}');
  if (body.length > 1_000_000 && world.rule('text-lengths')) {
    throw badRequest('400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}');
  }
  return body;
}

/** Its author and maintainers; nobody changes the instance's own. */
function checkMayChange(world: World, actor: Actor, project: Project, note: Note): void {
  if (project.archived && world.rule('archived-read-only')) throw forbidden();
  const own = note.authorId === actor.user.id || levelOf(world, actor, project) >= ACCESS_LEVELS.maintainer;
  if (note.system || (!own && world.rule('note-of-others'))) throw forbidden();
}
