import { afterEach, describe, expect, it } from 'vitest';
import { type GitlabReviewPlace, openReviewPlace } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

const lines = (many: number) => Array.from({ length: many }, (_, at) => `line ${at + 1}\n`).join('');

async function open(version: string, files: Record<string, string>): Promise<GitlabReviewPlace> {
  const place = await openReviewPlace({ simulator: { version } });
  opened.push(place);
  await place.push(files);
  place.gitlab.forget();
  return place;
}

describe('files without lines', () => {
  it.each([
    ['19.2.0', ['large.txt']],
    ['18.3.0', ['collapsed.txt', 'large.txt']],
  ])('are those that GitLab finds too large, as far as it tells them from collapsed ones: %s', async (version, found) => {
    const place = await open(version, { 'large.txt': lines(25_000), 'collapsed.txt': lines(4_000) });
    const refused = await place.review.withoutLines(['app.ts', 'collapsed.txt', 'large.txt', 'not/there.txt']);
    expect([...refused].toSorted()).toEqual(found);
  });

  it('are looked for until they are found', async () => {
    const small = Array.from({ length: 120 }, (_, at) => [`z/${String(at).padStart(3, '0')}.txt`, 'x\n']);
    const place = await open('19.2.0', { 'large.txt': lines(25_000), ...Object.fromEntries(small) });
    expect([...(await place.review.withoutLines(['large.txt']))]).toEqual(['large.txt']);
    expect(place.asked()).toEqual(['GET /diffs?per_page=100']);
    place.gitlab.forget();
    expect([...(await place.review.withoutLines(['z/119.txt']))]).toEqual([]);
    expect(place.asked()).toHaveLength(2);
  });

  it('are all that were asked for where GitLab does not tell', async () => {
    const place = await open('15.6.0', { 'large.txt': lines(25_000) });
    const old = place.begun({
      send: (call) => place.http.send(call.path.includes('/diffs') ? { ...call, path: '/nowhere' } : call),
    });
    expect([...(await old.withoutLines(['large.txt']))]).toEqual(['large.txt']);
  });
});

it.each([
  ['16.4.0', true],
  ['16.3.9', false],
])('files take notes as a whole from 16.4 on: %s', async (version, takes) => {
  expect(await (await open(version, {})).review.takesFileNotes()).toBe(takes);
});
