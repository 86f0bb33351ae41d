import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../asking.ts';
import type { Misbehaviour, SimulatorOptions } from '../port.ts';
import { openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
let drafts: string;
async function open(options: SimulatorOptions = {}): Promise<void> {
  await place?.gitlab.close();
  place = await openReview(options);
  drafts = `${place.one}/draft_notes`;
}
beforeEach(() => open());
afterEach(() => place.gitlab.close());

const draft = (body: object, ask = place.bot): Promise<Answered> => ask('POST', drafts, body);
const onLine = async (note: string, lines: Record<string, unknown>) =>
  draft({ note, position: await place.position(lines) });
const publish = (body?: object, ask = place.bot): Promise<Answered> => ask('POST', `${drafts}/bulk_publish`, body);
const misbehave = (how: Misbehaviour, path = '/**/bulk_publish') =>
  place.gitlab.faults.add({ path, nth: 1, action: { kind: 'misbehave', how } });
const left = async (ask = place.bot) => (await ask('GET', drafts)).body.map(({ note }: { note: string }) => note);
/** Texts of people, thread by thread. */
const told = async () =>
  (await place.bot('GET', `${place.one}/discussions`)).body
    .map(({ notes }: { notes: { body: string; system: boolean }[] }) =>
      notes.filter(({ system }) => !system).map(({ body }) => body),
    )
    .filter((bodies: string[]) => bodies.length > 0);
const states = async () =>
  (await place.bot('GET', `${place.one}/reviewers`)).body.map((one: { state: string }) => one.state);

describe('drafts', () => {
  it('are made, read, changed and deleted, by their author alone', async () => {
    const { status, body } = await draft({ note: 'Hm' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      note: 'Hm',
      resolve_discussion: false,
      discussion_id: null,
      line_code: null,
      position: { head_sha: null, position_type: 'text', new_line: null },
    });
    const own = `${drafts}/${body.id}`;
    expect((await place.bot('GET', own)).body).toEqual(body);
    expect((await place.bot('PUT', own, { note: 'Hm?' })).body.note).toBe('Hm?');
    expect((await place.bot('PUT', own, { note: '' })).status).toBe(400);
    expect(await left(place.ann)).toEqual([]);
    for (const method of ['GET', 'DELETE']) expect((await place.ann(method, own)).status).toBe(404);
    expect((await place.ann('PUT', `${own}/publish`)).status).toBe(404);
    expect(await told()).toEqual([]);
    expect((await place.bot('DELETE', own)).status).toBe(204);
    expect(await left()).toEqual([]);
    expect((await draft({})).status).toBe(400);
  });

  it('are changed by PUT: POST answers 405', async () => {
    const { id } = (await draft({ note: 'Hm' })).body;
    expect((await place.bot('POST', `${drafts}/${id}`, { note: 'x' })).status).toBe(405);
  });

  it('take any line, but only positions of the right form', async () => {
    const good = await onLine('good', { new_line: 3 });
    expect(good.body.line_code).toMatch(/^[0-9a-f]{40}_4_3$/);
    const bad = await onLine('bad', { new_line: 999 });
    expect([bad.status, bad.body.line_code, bad.body.position.new_line]).toEqual([201, null, 999]);
    const form = await onLine('form', { new_line: '3' });
    expect([form.status, form.body.message]).toEqual([400, expect.stringContaining('schema')]);
  });

  it('lose their position when they are changed without it', async () => {
    const { id } = (await onLine('x', { new_line: 3 })).body;
    const position = await place.position({ new_line: 6 });
    expect((await place.bot('PUT', `${drafts}/${id}`, { note: 'y', position })).body.position.new_line).toBe(6);
    expect((await place.bot('PUT', `${drafts}/${id}`, { note: 'z' })).body.position.head_sha).toBeNull();
    await publish();
    const [{ notes }] = (await place.bot('GET', `${place.one}/discussions`)).body.slice(-1);
    expect(notes).toMatchObject([{ type: 'DiscussionNote', body: 'z' }]);
  });

  it('are one of each author for a thread', async () => {
    const { id } = (await place.thread({ new_line: 3 })).body;
    const answer = { note: 'x', in_reply_to_discussion_id: id };
    expect((await draft(answer)).status).toBe(201);
    const second = await draft(answer);
    expect([second.status, second.body.message]).toEqual([400, { author_id: ['has already been taken'] }]);
    expect((await draft(answer, place.ann)).status).toBe(201);
    expect((await draft({ note: 'x' })).status).toBe(201);
    expect((await draft({ note: 'x' })).status).toBe(201);
  });

  it('answer threads that are there, and resolve those that they may', async () => {
    const nowhere = await draft({ note: 'x', in_reply_to_discussion_id: '1'.repeat(40) });
    expect([nowhere.status, nowhere.body.message.base]).toEqual([400, ['Thread to reply to cannot be found']]);
    const { id } = (await place.thread({ new_line: 3 })).body;
    const resolving = { note: 'x', in_reply_to_discussion_id: id, resolve_discussion: true };
    expect((await draft(resolving, place.as('reader'))).status).toBe(400);
    expect((await draft({ note: 'x', resolve_discussion: true })).status).toBe(400);
    expect((await draft(resolving)).status).toBe(201);
  });
});

describe('publishing', () => {
  it('makes threads of all drafts of the user, whatever run they are of, and of nobody else', async () => {
    await draft({ note: 'left over' });
    await onLine('on a line', { new_line: 3 });
    await draft({ note: 'not mine' }, place.ann);
    expect(await states()).toEqual(['review_started']);
    expect((await publish()).status).toBe(204);
    expect(await told()).toEqual([['left over'], ['on a line']]);
    expect(await left()).toEqual([]);
    expect(await left(place.ann)).toEqual(['not mine']);
    const [summary, line] = (await place.bot('GET', `${place.one}/discussions`)).body;
    expect(summary.notes[0]).toMatchObject({ type: 'DiscussionNote', author: { username: 'bot' } });
    expect(line.notes[0]).toMatchObject({ type: 'DiffNote', position: { new_line: 3 } });
    expect(await states()).toEqual(['reviewed']);
    expect((await publish()).status).toBe(204);
  });

  it('is done for one of them, too', async () => {
    await draft({ note: 'one' });
    const { id } = (await draft({ note: 'two' })).body;
    expect((await place.bot('PUT', `${drafts}/${id}/publish`)).status).toBe(204);
    expect([await told(), await left()]).toEqual([[['two']], ['one']]);
  });

  it('of a line that is not there answers 500: those before it are published, and all are left', async () => {
    await onLine('good', { new_line: 3 });
    await onLine('bad', { new_line: 999 });
    await onLine('behind', { new_line: 6 });
    expect((await publish()).status).toBe(500);
    expect([await told(), await left()]).toEqual([[['good']], ['good', 'bad', 'behind']]);
    // A client that tries again says it twice.
    expect((await publish()).status).toBe(500);
    expect(await told()).toEqual([['good'], ['good']]);
  });

  it('of a line that a push has taken away since makes a thread of the older version', async () => {
    await onLine('good', { new_line: 3 });
    await place.push({ 'app.ts': 'nothing\n' });
    expect((await publish()).status).toBe(204);
    const [thread] = (await place.bot('GET', `${place.one}/discussions`)).body.filter(
      ({ notes }: { notes: { type: string | null }[] }) => notes[0]?.type === 'DiffNote',
    );
    // Outdated as it was made: it stands in the older version.
    expect(thread.notes[0].position.head_sha).not.toBe((await place.refs()).head_sha);
  });

  it('may lose it without a word', async () => {
    await onLine('good', { new_line: 3 });
    await onLine('bad', { new_line: 999 });
    await onLine('behind', { new_line: 6 });
    misbehave('bad-draft-lost');
    expect((await publish()).status).toBe(204);
    expect([await told(), await left()]).toEqual([[['good'], ['behind']], []]);
  });

  it('may answer 500 after it was done', async () => {
    await draft({ note: 'one' });
    misbehave('published-then-500');
    expect((await publish()).status).toBe(500);
    expect([await told(), await left()]).toEqual([[['one']], ['one']]);
    expect(place.gitlab.requests.at(-3)).toMatchObject({ status: 500, applied: true, fault: 'published-then-500' });
  });

  it('of quick actions and nothing else answers 500; among text they are carried out', async () => {
    await draft({ note: 'Text\n\n/label ~a' });
    await draft({ note: '/label ~b' });
    expect((await publish()).status).toBe(500);
    expect((await place.bot('GET', place.one)).body.labels).toEqual(['a', 'b']);
    expect([await told(), (await left()).length]).toEqual([[['Text']], 2]);
  });

  it('of an empty text answers 500', async () => {
    await draft({ note: '' });
    expect((await publish()).status).toBe(500);
  });

  it('of an answer opens the thread again, unless it resolves it', async () => {
    const { id } = (await place.thread({ new_line: 3 })).body;
    const thread = `${place.one}/discussions/${id}`;
    const resolved = async () =>
      (await place.bot('GET', thread)).body.notes.every((note: { resolved?: boolean }) => note.resolved !== false);
    await place.bot('PUT', thread, { resolved: true });
    await draft({ note: 'Still', in_reply_to_discussion_id: id });
    await publish();
    expect(await resolved()).toBe(false);
    expect((await place.bot('GET', thread)).body.notes[0].resolved).toBe(false);
    await draft({ note: 'Fixed', in_reply_to_discussion_id: id, resolve_discussion: true });
    await publish();
    expect(await resolved()).toBe(true);
    expect(await told()).toEqual([['Hm.', 'Still', 'Fixed']]);
  });

  it('takes a note and the state of the reviewer from 19.2 on, before it passes over them', async () => {
    const review = { note: 'Summary', reviewer_state: 'requested_changes' };
    await draft({ note: 'x' });
    expect((await publish(review)).status).toBe(204);
    expect([await told(), await states()]).toEqual([[['x']], ['reviewed']]);
    await open({ version: '19.2.0' });
    await draft({ note: 'x' });
    expect((await publish({ reviewer_state: 'shrugged' })).status).toBe(400);
    expect((await publish(review)).status).toBe(204);
    expect([await told(), await states()]).toEqual([[['x'], ['Summary']], ['requested_changes']]);
  });

  it('goes with an approval, and with /submit_review', async () => {
    await draft({ note: 'one' });
    expect((await place.bot('POST', `${place.one}/approve`, { publish_review: true })).status).toBe(201);
    expect([await told(), await left(), await states()]).toEqual([[['one']], [], ['approved']]);
    await draft({ note: 'two' });
    await place.bot('POST', `${place.one}/notes`, { body: 'Done\n\n/submit_review requested_changes' });
    expect([await told(), await left(), await states()]).toEqual([
      [['one'], ['Done'], ['two']],
      [],
      ['requested_changes'],
    ]);
  });

  it('and a failing one keeps the approval back', async () => {
    await onLine('bad', { new_line: 999 });
    expect((await place.bot('POST', `${place.one}/approve`, { publish_review: true })).status).toBe(500);
    expect((await place.bot('GET', `${place.one}/approvals`)).body.approved).toBe(false);
  });
});
