import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../asking.ts';
import { CHANGED, LINES, openReview, type ReviewPlace } from '../review-place.ts';

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

/** Of `app.ts`: its third line is changed, one is added behind the fifth. */
const PLACES: readonly (readonly [string, Record<string, number>, number])[] = [
  ['an added line', { new_line: 3 }, 201],
  ['an added line with a number of the old file', { new_line: 3, old_line: 3 }, 400],
  ['a removed line', { old_line: 3 }, 201],
  ['a line of the context', { old_line: 6, new_line: 7 }, 201],
  ['a line of the context with one number', { new_line: 7 }, 400],
  ['a line of the context with the same number twice', { old_line: 7, new_line: 7 }, 400],
  ['a line below the end', { new_line: 99 }, 400],
];

describe('a thread on a line', () => {
  it.each(PLACES)('%s: %j answers %d', async (_, lines, status) => {
    const { status: answered, body } = await place.thread(lines);
    expect(answered).toBe(status);
    if (status === 201) {
      const [note] = body.notes;
      expect(note).toMatchObject({ type: 'DiffNote', resolvable: true, position: { ...lines, new_path: 'app.ts' } });
    } else expect(body.message).toContain('line_code');
  });

  it('of a new file, a removed one and a renamed one', async () => {
    await place.push({ 'new.ts': 'a\nb\n', 'README.md': null, 'app.ts': null, 'moved.ts': CHANGED.join('') });
    const at = async (old_path: string, new_path: string, lines: object) =>
      (await place.thread({ old_path, new_path, ...lines })).status;
    expect(await at('new.ts', 'new.ts', { new_line: 2 })).toBe(201);
    expect(await at('new.ts', 'new.ts', { old_line: 2, new_line: 2 })).toBe(400);
    expect(await at('README.md', 'README.md', { old_line: 1 })).toBe(201);
    expect(await at('app.ts', 'moved.ts', { new_line: 3 })).toBe(201);
    expect(await at('nowhere.ts', 'nowhere.ts', { new_line: 1 })).toBe(400);
  });

  it('of a file that is collapsed, but of none that is too large', async () => {
    const text = (bytes: number) => `${'x'.repeat(99)}\n`.repeat(bytes / 100);
    await place.push({ middle: text(21_000), large: text(210_000) });
    const at = async (path: string) => (await place.thread({ old_path: path, new_path: path, new_line: 5 })).status;
    expect([await at('middle'), await at('large')]).toEqual([201, 400]);
  });

  it('of an older version is taken, and stands where the line is now', async () => {
    const old = await place.position({ new_line: 3 });
    const head = await place.push({ 'app.ts': `first\n${CHANGED.join('')}` });
    const { status, body } = await place.bot('POST', threads, { body: 'x', position: old });
    expect(status).toBe(201);
    expect(body.notes[0].position).toMatchObject({ head_sha: head, new_line: 4, old_line: null });
  });

  it('is looked for from where the branches part; from the start itself where that is said to be the base', async () => {
    const target = await place.push({ 'app.ts': LINES.toSpliced(9, 1, 'other 10\n').join('') }, 'main');
    await place.push({ 'README.md': 'two\n' });
    expect((await place.refs()).start_sha).toBe(target);
    const lines = { old_line: 10, new_line: 11 };
    expect((await place.thread(lines)).status).toBe(201);
    expect((await place.thread({ ...lines, base_sha: (await place.refs()).head_sha })).status).toBe(201);
    expect((await place.thread({ ...lines, base_sha: target })).status).toBe(400);
    expect((await place.thread({ new_line: 11, base_sha: target })).status).toBe(201);
  });

  it('needs its commits and a type; unknown commits answer 400, or 500 where that is asked for', async () => {
    const position = await place.position({ new_line: 3 });
    const post = async (change: object) => {
      const { status, body } = await place.bot('POST', threads, { body: 'x', position: { ...position, ...change } });
      return `${status} ${body.error ?? body.message}`;
    };
    expect(await post({ base_sha: undefined })).toBe('400 position[base_sha] is missing');
    expect(await post({ position_type: 'line' })).toBe('400 position[position_type] does not have a valid value');
    expect(await post({ head_sha: '1'.repeat(40) })).toMatch(/^400 .*line_code/);
    const action = { kind: 'misbehave', how: 'unknown-sha-500' } as const;
    place.gitlab.faults.add({ method: 'POST', path: '/**/discussions', action });
    expect(await post({ head_sha: '1'.repeat(40) })).toMatch(/^500 /);
    expect(await post({})).toMatch(/^201 /);
  });

  it('has numbers for lines: a text is refused in JSON, and read from a form', async () => {
    const position = await place.position({ new_line: '3' });
    const json = await place.bot('POST', threads, { body: 'x', position });
    expect([json.status, json.body.message]).toEqual([400, expect.stringContaining('schema')]);
    const form = new URLSearchParams({ body: 'x', 'position[old_line]': '' });
    for (const [name, value] of Object.entries(position)) form.set(`position[${name}]`, String(value));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await place.bot('POST', threads, form.toString(), headers)).status).toBe(201);
    // The numbers of a range stay texts there.
    form.set('position[line_range][start][new_line]', '3');
    form.set('position[line_range][end][new_line]', '3');
    expect((await place.bot('POST', threads, form.toString(), headers)).body.message).toContain('schema');
  });

  it('of a whole file has no lines', async () => {
    const { status, body } = await place.thread({ position_type: 'file' });
    expect(status).toBe(201);
    expect(body.notes[0]).toMatchObject({ type: 'DiffNote', resolvable: true, position: { position_type: 'file' } });
    expect(body.notes[0].position).not.toHaveProperty('new_line');
  });
});

describe('after a push', () => {
  const notesOf = async (begun: Answered) => (await again(begun)).notes;

  it('a thread goes along with its line', async () => {
    const added = await place.thread({ new_line: 6 });
    const context = await place.thread({ old_line: 10, new_line: 11 });
    const removed = await place.thread({ old_line: 3 });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    const base_sha = (await place.refs()).base_sha;
    expect((await notesOf(added))[0].position).toMatchObject({ head_sha: head, base_sha, old_line: null, new_line: 7 });
    expect((await notesOf(context))[0].position).toMatchObject({ head_sha: head, old_line: 10, new_line: 12 });
    expect((await notesOf(removed))[0].position).toMatchObject({ head_sha: head, old_line: 3, new_line: null });
  });

  it('it goes along with a renamed file', async () => {
    const begun = await place.thread({ new_line: 6 });
    await place.push({ 'app.ts': null, 'moved.ts': CHANGED.join('') });
    const [{ position }] = await notesOf(begun);
    expect(position).toMatchObject({ old_path: 'app.ts', new_path: 'moved.ts', new_line: 6 });
  });

  it('an added line that the target has got stands as a line of the context', async () => {
    const begun = await place.thread({ new_line: 6 });
    await place.push({ 'app.ts': [...LINES.slice(0, 5), 'added 6\n', ...LINES.slice(5)].join('') }, 'main');
    const main = (await place.bot('GET', `${place.project}/repository/branches/main`)).body.commit.id;
    // As after a rebase.
    await place.gitlab.push('team/app', {
      branch: 'topic',
      user: 'ann',
      message: 'Rebased',
      files: { 'app.ts': CHANGED.join('') },
      from: main,
    });
    const [{ position }] = await notesOf(begun);
    expect(position).toMatchObject({ base_sha: main, old_line: 6, new_line: 6 });
  });

  it('a removed line is where the target has it', async () => {
    const removed = await place.thread({ old_line: 3 });
    const main = await place.push({ 'app.ts': `zero\n${LINES.join('')}` }, 'main');
    const files = { 'app.ts': `zero\n${CHANGED.join('')}` };
    await place.gitlab.push('team/app', { branch: 'topic', user: 'ann', message: 'Rebased', files, from: main });
    expect((await notesOf(removed))[0].position).toMatchObject({ base_sha: main, old_line: 4, new_line: null });
    await place.push({ 'app.ts': ['zero\n', ...CHANGED.toSpliced(2, 1, 'line 3\n')].join('') });
    expect(await notesOf(removed)).toMatchObject([{ position: { old_line: 4 } }, { system: true }]);
  });

  it('it stays where it was when its line is gone, and says so', async () => {
    const begun = await place.thread({ new_line: 3 });
    const { position: before } = begun.body.notes[0];
    await place.push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    const [note, system] = await notesOf(begun);
    expect(note).toMatchObject({ position: before, resolved: false });
    expect(system).toMatchObject({ system: true, resolvable: false });
    expect(system.body).toMatch(/^changed this line in \[version 2 of the diff\]\(http/);
    // Once outdated it is not traced again.
    await place.push({ 'app.ts': CHANGED.join('') });
    expect(await notesOf(begun)).toMatchObject([{ position: before }, { system: true }]);
  });

  it('it stays where it was when its file is no longer in the diff', async () => {
    const begun = await place.thread({ old_line: 6, new_line: 7 });
    await place.push({ 'app.ts': LINES.join('') });
    expect(await notesOf(begun)).toMatchObject([{ position: begun.body.notes[0].position }, { system: true }]);
  });

  it('a project may have outdated threads resolved', async () => {
    place.gitlab.changeProject('team/app', { resolveOutdatedDiscussions: true });
    const begun = await place.thread({ new_line: 3 });
    await place.push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    expect((await notesOf(begun))[0]).toMatchObject({ resolved: true, resolved_by: { username: 'ann' } });
  });

  it('a whole file stays as long as it is in the diff', async () => {
    const begun = await place.thread({ position_type: 'file' });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    expect((await notesOf(begun))[0].position.head_sha).toBe(head);
    await place.push({ 'app.ts': LINES.join('') });
    expect((await notesOf(begun))[0].position.head_sha).toBe(head);
    expect(await notesOf(begun)).toHaveLength(2);
  });

  it('readers at the same time all see the new version', async () => {
    const begun = await place.thread({ new_line: 6 });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    const seen = await Promise.all(Array.from({ length: 5 }, () => notesOf(begun)));
    expect(seen.map(([note]) => note.position.head_sha)).toEqual(Array(5).fill(head));
  });
});
