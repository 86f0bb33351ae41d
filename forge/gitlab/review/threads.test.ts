import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import { type GitlabReviewPlace, keyOf, openReviewPlace, safe, textOf } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(): Promise<GitlabReviewPlace> {
  const place = await openReviewPlace();
  opened.push(place);
  return place;
}

const WHY = 'it was reviewed';
const KEY = keyOf('summary');
const BODY = textOf('summary');

/** Answers that say nothing, of a write that was applied. */
const LOST: readonly FaultRule['action'][] = [
  { kind: 'applied-then-reset' },
  { kind: 'applied-then-status', status: 502 },
  { kind: 'truncated' },
];

describe('the summary', () => {
  it('is one comment that is written anew', async () => {
    const place = await open();
    const id = await place.review.summary(null, KEY, BODY, WHY);
    expect(await place.review.summary(id, KEY, safe(`Newer\n\n${KEY}`), WHY)).toBe(id);
    expect(place.requests.map(({ method, path, body }) => [method, path.split('/1/')[1], body])).toEqual([
      ['GET', undefined, undefined],
      ['POST', 'notes', { body: BODY }],
      // Whether another run made one at the same time.
      ['GET', 'discussions?per_page=100', undefined],
      ['PUT', `notes/${id}`, { body: `Newer\n\n${KEY}` }],
    ]);
    expect(await place.said()).toEqual(['Newer']);
    const { threads } = await place.review.look();
    expect(threads[0]).toMatchObject({ resolvable: false, notes: [{ id }] });
  });

  it('is the older one where two runs made theirs at once', async () => {
    const place = await open();
    let other = '';
    const slow = place.begun({
      send: async (call) => {
        if (call.method === 'POST') other = await place.review.summary(null, KEY, BODY, WHY);
        return place.http.send(call);
      },
    });
    const id = await slow.summary(null, KEY, safe(`Newer\n\n${KEY}`), WHY);
    expect(id).toBe(other);
    expect(await place.said()).toEqual(['Newer']);
  });

  it.each(LOST)('is made once: %o', async (action) => {
    const place = await open();
    place.gitlab.faults.add({ method: 'POST', nth: 1, action });
    const id = await place.review.summary(null, KEY, BODY, WHY);
    // As one that was killed right after it, and knows nothing.
    const again = place.begun();
    await again.look();
    expect(await again.summary(null, KEY, BODY, WHY)).toBe(id);
    expect(await place.said()).toEqual(['summary']);
  });

  it.each([...LOST, { kind: 'reset' } as const])('is written anew whatever fails: %o', async (action) => {
    const place = await open();
    const id = await place.review.summary(null, KEY, BODY, WHY);
    place.gitlab.faults.add({ method: 'PUT', nth: 1, action });
    await place.review.summary(id, KEY, safe(`Newer  \n\n${KEY}\n`), WHY);
    expect((await place.said()).map((line) => line.trim())).toEqual(['Newer']);
    const writes = place.requests.filter(({ method }) => method === 'PUT');
    expect(writes).toHaveLength(action.kind === 'reset' ? 2 : 1);
  });

  it('is made again where somebody deleted it', async () => {
    const place = await open();
    const id = await place.review.summary(null, KEY, BODY, WHY);
    await place.as('boss')('DELETE', `${place.one}/notes/${id}`);
    const other = await place.review.summary(id, KEY, BODY, WHY);
    expect(other).not.toBe(id);
    expect(await place.said()).toEqual(['summary']);
  });

  it("is not taken for somebody else's words", async () => {
    const place = await open();
    await place.ann('POST', `${place.one}/notes`, { body: BODY });
    await place.review.look();
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind: 'reset' } });
    await place.review.summary(null, KEY, BODY, WHY);
    expect(await place.said()).toEqual(['summary', 'summary']);
  });

  it('needs its key', async () => {
    const place = await open();
    for (const body of ['Text', `Text ${KEY}`, `Text\n\n ${KEY}`])
      await expect(place.review.summary(null, KEY, safe(body), WHY)).rejects.toMatchObject({ reason: 'invalid' });
    expect(place.asked()).toEqual([]);
  });

  it('is not written where the project is archived, and that is said', async () => {
    const place = await open();
    place.gitlab.changeProject('team/app', { archived: true });
    await expect(place.review.summary(null, KEY, BODY, WHY)).rejects.toMatchObject({
      reason: 'archived',
      message: expect.stringMatching(/^team\/app: comment refused: the project is archived; unarchive it/),
    });
  });
});

describe('a thread', () => {
  it('is resolved, and opened again', async () => {
    const place = await open();
    const { body } = await place.thread({ new_line: 6 });
    place.gitlab.forget();
    await place.review.setResolved(body.id, true, WHY);
    expect((await place.review.look()).threads[0]?.resolved).toBe(true);
    await place.review.setResolved(body.id, false, WHY);
    expect((await place.review.look()).threads[0]?.resolved).toBe(false);
    const writes = place.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map((request) => [request.method, request.path.split('/1/')[1], request.body])).toEqual([
      ['PUT', `discussions/${body.id}`, { resolved: true }],
      ['PUT', `discussions/${body.id}`, { resolved: false }],
    ]);
  });

  it('is found resolved after an answer was lost', async () => {
    const place = await open();
    const { body } = await place.thread({ new_line: 6 });
    place.gitlab.faults.add({ method: 'PUT', nth: 1, action: { kind: 'applied-then-reset' } });
    await place.review.setResolved(body.id, true, WHY);
    expect(place.audit.map(({ result }) => result)).toEqual(['sent', 'lost', 'found-applied']);
  });

  it('that is none is not resolved, and that is said', async () => {
    const place = await open();
    const id = await place.review.summary(null, KEY, BODY, WHY);
    const thread = (await place.review.look()).threads.find(({ notes }) => notes[0]!.id === id)!;
    await expect(place.review.setResolved(thread.id, true, WHY)).rejects.toMatchObject({ reason: 'forbidden' });
  });
});
