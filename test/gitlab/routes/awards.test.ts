import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
let awards: string;
beforeEach(async () => {
  place = await openReview();
  const { body } = await place.thread({ new_line: 3 });
  awards = `${place.one}/notes/${body.notes[0].id}/award_emoji`;
});
afterEach(() => place.gitlab.close());

const names = async () => (await place.bot('GET', awards)).body.map(({ name }: { name: string }) => name);

it('emoji are given to notes once by everybody, listed and taken back', async () => {
  const { status, body } = await place.ann('POST', awards, { name: 'thumbsdown' });
  expect([status, body]).toMatchObject([
    201,
    { name: 'thumbsdown', user: { username: 'ann' }, awardable_type: 'Note' },
  ]);
  expect((await place.ann('POST', awards, { name: 'thumbsdown' })).status).toBe(404);
  expect((await place.as('reader')('POST', awards, { name: 'thumbsdown' })).status).toBe(201);
  expect(await names()).toEqual(['thumbsdown', 'thumbsdown']);
  const own = `${awards}/${body.id}`;
  expect((await place.bot('GET', own)).body).toEqual(body);
  expect((await place.bot('DELETE', own)).status).toBe(401);
  expect((await place.ann('DELETE', own)).status).toBe(204);
  expect((await place.ann('DELETE', own)).status).toBe(404);
  expect(await names()).toEqual(['thumbsdown']);
});

it('they have a name, and are not for what the instance says', async () => {
  expect((await place.ann('POST', awards, {})).status).toBe(400);
  expect((await place.ann('POST', awards, { name: ':+1:' })).status).toBe(404);
  await place.ann('PUT', place.one, { add_labels: 'l' });
  const [system] = (await place.bot('GET', `${place.one}/notes`)).body;
  expect((await place.ann('POST', `${place.one}/notes/${system.id}/award_emoji`, { name: 'tada' })).status).toBe(404);
});
