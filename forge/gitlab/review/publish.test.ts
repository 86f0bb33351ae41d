import { afterEach, describe, expect, it } from 'vitest';
import {
  type GitlabReviewPlace,
  keyOf,
  newNote,
  newReply,
  openReviewPlace,
  type ReviewPlaceOptions,
  safe,
} from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace> {
  const place = await openReviewPlace(options);
  opened.push(place);
  return place;
}

const WHY = 'it was reviewed';

describe('a batch', () => {
  it('of N is N + 4 requests, once it was looked at', async () => {
    const place = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    const state = await place.review.look();
    place.gitlab.forget();
    const notes = [newNote('one', await place.position({ new_line: 3 })), newNote('two')];
    const replies = [newReply('three', theirs.id, true)];
    place.gitlab.forget();
    const published = await place.review.publish({ notes, replies }, state.mergeRequest.head, WHY);
    expect(place.asked()).toEqual([
      'GET /draft_notes?per_page=100',
      'POST /draft_notes',
      'POST /draft_notes',
      'POST /draft_notes',
      'GET ',
      'POST /draft_notes/bulk_publish',
      'GET /discussions?per_page=100',
    ]);
    expect(published).toEqual({
      placed: new Map([
        [keyOf('one'), 0],
        [keyOf('two'), -1],
      ]),
      lost: new Map(),
    });
    expect(await place.said()).toEqual(['Hm.', 'one', 'two', 'three']);
  });
});
void safe;
