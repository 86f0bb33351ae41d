import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../review-port.ts';
import { type GitlabReviewPlace, openReviewPlace } from './testing/review-place.ts';

let place: GitlabReviewPlace;
beforeAll(async () => {
  place = await openReviewPlace();
  place.gitlab.addUser({ username: 'stranger' });
  place.gitlab.addUser({ username: 'renamed-helper', bot: true });
  place.gitlab.addGroup({ path: 'team', members: { greta: 'owner', ann: 'guest' } });
});
afterAll(() => place.close());

async function person(username: string): Promise<Person> {
  const { body } = await place.bot('GET', `/users?username=${username}`);
  place.gitlab.forget();
  return { id: String(body[0].id), username };
}

describe('accessOf', () => {
  it.each([
    ['reader', 'reporter'],
    ['boss', 'maintainer'],
    // Of the group above.
    ['greta', 'owner'],
    // The highest of several.
    ['ann', 'developer'],
    ['stranger', 'none'],
  ])('%s is %s', async (username, access) => {
    const who = await person(username);
    expect(await place.review.accessOf(who)).toBe(access);
    expect(place.asked()).toEqual([`GET ${place.project}/members/all/${who.id}`]);
  });

  it('of nobody is none', async () => {
    place.gitlab.forget();
    const nobody = { id: '', username: '' };
    expect([await place.review.accessOf(nobody), await place.review.isBot(nobody)]).toEqual(['none', false]);
    expect(place.asked()).toEqual([]);
  });

  it('is not told where the project is gone', async () => {
    const gone = place.begun({
      send: (call) => place.http.send({ ...call, path: call.path.replace(/^\/projects\/\d+/, '/projects/999') }),
    });
    await expect(gone.accessOf(await person('boss'))).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('isBot', () => {
  it.each([
    ['boss', false],
    ['renamed-helper', true],
  ])('asks of %s: %s', async (username, is) => {
    const who = await person(username);
    expect(await place.review.isBot(who)).toBe(is);
    expect(place.asked()).toEqual([`GET /users/${who.id}`]);
  });

  it.each([
    'project_42_bot',
    'project_42_bot_0a1b2c',
    'group_7_bot_0a1b2c',
    'service_account_group_7_0a1b2c',
  ])('knows %s by its name', async (username) => {
    place.gitlab.forget();
    expect(await place.review.isBot({ id: '1', username })).toBe(true);
    expect(place.asked()).toEqual([]);
  });

  it.each([
    'project_x_bot',
    'my_project_42_bot',
    'project_42_botany',
    'a_service_account_',
  ])('asks of %s, which anybody may be called', async (username) => {
    const { id } = await person('boss');
    expect(await place.review.isBot({ id, username })).toBe(false);
  });

  it('is not somebody who is gone', async () => {
    expect(await place.review.isBot({ id: '99999', username: 'gone' })).toBe(false);
  });
});
