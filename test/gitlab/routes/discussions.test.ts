import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../asking.ts';
import { openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
let threads: string;
beforeEach(async () => {
  place = await openReview();
  threads = `${place.one}/discussions`;
});
afterEach(() => place.gitlab.close());

/** The thread as it is now. */
const again = async ({ body }: Answered) => (await place.bot('GET', `${threads}/${body.id}`)).body;
const bodies = (discussion: { notes: { body: string }[] }) => discussion.notes.map(({ body }) => body);

describe('threads', () => {
  it('are begun, answered, listed and read', async () => {
    const begun = await place.bot('POST', threads, { body: 'Why?' });
    expect(begun.status).toBe(201);
    expect(begun.body).toMatchObject({ individual_note: false, notes: [{ type: 'DiscussionNote', resolvable: true }] });
    const own = `${threads}/${begun.body.id}`;
    const answer = await place.ann('POST', `${own}/notes`, { body: 'Because' });
    expect(answer.status).toBe(201);
    expect(bodies(await again(begun))).toEqual(['Why?', 'Because']);
    expect((await place.bot('GET', `${own}/notes`)).body).toHaveLength(2);
    expect((await place.bot('GET', `${own}/notes/${answer.body.id}`)).body.body).toBe('Because');
    expect((await place.bot('GET', threads)).body.map(bodies)).toEqual([['Why?', 'Because']]);
    expect((await place.bot('GET', `${threads}/${'0'.repeat(40)}`)).status).toBe(404);
  });

  it('are pages of threads, not of notes', async () => {
    for (const body of ['1', '2', '3']) {
      const { id } = (await place.bot('POST', threads, { body })).body;
      await place.bot('POST', `${threads}/${id}/notes`, { body: `${body}!` });
    }
    const { body, headers } = await place.bot('GET', `${threads}?per_page=2&page=2`);
    expect(body.map(bodies)).toEqual([['3', '3!']]);
    expect(headers.get('x-total')).toBe('3');
  });

  it('are also comments by themselves and what the instance says, which are no threads', async () => {
    await place.bot('POST', `${place.one}/notes`, { body: 'Nice' });
    await place.ann('PUT', place.one, { add_labels: 'l' });
    const [comment, system] = (await place.bot('GET', threads)).body;
    expect(comment).toMatchObject({ individual_note: true, notes: [{ type: null, resolvable: false }] });
    expect(system).toMatchObject({ individual_note: true, notes: [{ system: true, resolvable: false }] });
    expect((await place.bot('PUT', `${threads}/${comment.id}`, { resolved: true })).status).toBe(403);
    expect((await place.bot('POST', `${threads}/${system.id}/notes`, { body: 'x' })).status).toBe(400);
  });

  it('are what a comment becomes with its first answer', async () => {
    await place.bot('POST', `${place.one}/notes`, { body: 'Nice' });
    const [comment] = (await place.bot('GET', threads)).body;
    await place.ann('POST', `${threads}/${comment.id}/notes`, { body: 'Thanks' });
    const [thread] = (await place.bot('GET', threads)).body;
    expect(thread).toMatchObject({ id: comment.id, individual_note: false });
    expect(thread.notes.map(({ type }: { type: string }) => type)).toEqual(['DiscussionNote', 'DiscussionNote']);
  });

  it('need a text; quick actions alone leave none', async () => {
    expect((await place.bot('POST', threads, { body: ' ' })).status).toBe(400);
    expect((await place.bot('POST', threads, { body: '/label ~x' })).status).toBe(202);
    expect((await place.bot('GET', place.one)).body).toMatchObject({ labels: ['x'], user_notes_count: 0 });
  });

  it('are changed and deleted by their authors and maintainers', async () => {
    const begun = await place.bot('POST', threads, { body: 'Why?' });
    const note = `${threads}/${begun.body.id}/notes/${begun.body.notes[0].id}`;
    expect((await place.ann('PUT', note, { body: 'x' })).status).toBe(403);
    expect((await place.bot('PUT', note, { body: 'Why not?' })).body.body).toBe('Why not?');
    expect((await place.bot('PUT', note, {})).status).toBe(400);
    expect((await place.bot('PUT', note, { body: 'x', resolved: true })).status).toBe(400);
    expect((await place.as('boss')('DELETE', note)).status).toBe(204);
    expect((await place.bot('GET', threads)).body).toEqual([]);
  });
});

describe('resolving', () => {
  it('says who did it and when, for all notes of the thread', async () => {
    const begun = await place.bot('POST', threads, { body: 'Why?' });
    await place.ann('POST', `${threads}/${begun.body.id}/notes`, { body: 'Because' });
    const { body } = await place.ann('PUT', `${threads}/${begun.body.id}?resolved=true`);
    expect(body.notes).toMatchObject([
      { resolved: true, resolved_by: { username: 'ann' }, resolved_at: expect.stringMatching(/^20/) },
      { resolved: true, resolved_by: { username: 'ann' } },
    ]);
    const last = (await place.bot('GET', `${place.one}/notes`)).body[0];
    expect(last).toMatchObject({ system: true, body: 'resolved all threads' });
    await place.ann('PUT', `${threads}/${begun.body.id}`, { resolved: false });
    expect((await again(begun)).notes[0]).toMatchObject({ resolved: false, resolved_by: null, resolved_at: null });
  });

  it('goes note by note, too; the thread is resolved with its last', async () => {
    const begun = await place.bot('POST', threads, { body: 'Why?' });
    const answer = await place.ann('POST', `${threads}/${begun.body.id}/notes`, { body: 'Because' });
    const notes = `${threads}/${begun.body.id}/notes`;
    const { body } = await place.bot('PUT', `${notes}/${answer.body.id}`, { resolved: true });
    expect(body).toMatchObject({ resolved: true, body: 'Because' });
    expect((await again(begun)).notes[0].resolved).toBe(false);
    expect((await place.bot('GET', `${place.one}/notes`)).body[0].system).toBe(false);
    await place.bot('PUT', `${notes}/${begun.body.notes[0].id}`, { resolved: true });
    expect((await place.bot('GET', `${place.one}/notes`)).body[0].body).toBe('resolved all threads');
  });

  it('is for the author, too, whatever the role', async () => {
    const { id } = (await place.bot('POST', threads, { body: 'Why?' })).body;
    place.gitlab.changeProject('team/app', { members: { ann: 'reporter' } });
    expect((await place.ann('PUT', `${threads}/${id}`, { resolved: true })).status).toBe(200);
  });

  it('is for developers; an answer opens the thread again', async () => {
    const begun = await place.bot('POST', threads, { body: 'Why?' });
    const own = `${threads}/${begun.body.id}`;
    expect((await place.as('reader')('PUT', own, { resolved: true })).status).toBe(403);
    expect((await place.bot('PUT', own, {})).status).toBe(400);
    expect((await place.bot('PUT', own, { resolved: true })).status).toBe(200);
    await place.ann('POST', `${own}/notes`, { body: 'Not so fast' });
    expect((await again(begun)).notes.map(({ resolved }: { resolved: boolean }) => resolved)).toEqual([true, false]);
  });
});

it('open threads hold up the merge where the project says so', async () => {
  place.gitlab.changeProject('team/app', { mergeWantsResolved: true });
  const state = async () => {
    const { detailed_merge_status: status, blocking_discussions_resolved: resolved } = (
      await place.bot('GET', place.one)
    ).body;
    return { status, resolved };
  };
  expect(await state()).toEqual({ status: 'mergeable', resolved: true });
  const { id } = (await place.bot('POST', threads, { body: 'Why?' })).body;
  expect(await state()).toEqual({ status: 'discussions_not_resolved', resolved: false });
  expect((await place.bot('PUT', `${place.one}/merge`)).status).toBe(405);
  await place.bot('PUT', `${threads}/${id}`, { resolved: true });
  expect((await place.bot('PUT', `${place.one}/merge`)).status).toBe(200);
});
