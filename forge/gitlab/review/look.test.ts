import { afterEach, describe, expect, it } from 'vitest';
import { openHttp } from '../http/open.ts';
import { fakeHttp } from '../testing/fake-http.ts';
import { type GitlabReviewPlace, openReviewPlace, type ReviewPlaceOptions } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace> {
  const place = await openReviewPlace(options);
  opened.push(place);
  return place;
}

const UNPREPARED = { kind: 'misbehave', how: 'unprepared' } as const;

describe('look', () => {
  it('is four requests, and three where it is known who we are', async () => {
    const place = await open();
    await place.review.look();
    const three = ['GET ', 'GET /approvals', 'GET /discussions?per_page=100'];
    expect(place.asked().toSorted()).toEqual([...three, 'GET /user'].toSorted());
    place.gitlab.forget();
    await place.review.look();
    expect(place.asked().toSorted()).toEqual(three);
  });

  it('tells the merge request, and the newest version of its diff', async () => {
    const place = await open();
    const { base_sha: base, start_sha: start, head_sha: head } = await place.refs();
    const { self, mergeRequest, threads, approvedByUs, mayApprove } = await place.review.look();
    const { body: ann } = await place.ann('GET', '/user');
    const { body: bot } = await place.bot('GET', '/user');
    expect(self).toEqual({ id: String(bot.id), username: 'bot' });
    expect(mergeRequest).toEqual({
      iid: 1,
      url: `${place.gitlab.url}/team/app/-/merge_requests/1`,
      state: 'opened',
      title: 'Change',
      description: '',
      draft: false,
      source: 'topic',
      target: 'main',
      labels: [],
      author: { id: String(ann.id), username: 'ann' },
      head,
      refs: { base, start, head },
    });
    expect([threads, approvedByUs, mayApprove]).toEqual([[], false, true]);
  });

  it('tells threads: who said what, what can be resolved, and who did', async () => {
    const place = await open();
    await place.ann('POST', `${place.one}/notes`, { body: 'By the way.' });
    const { body: left } = await place.thread({ new_line: 3 }, 'Left.');
    const { body: done } = await place.thread({ new_line: 6 }, 'Done.');
    await place.ann('POST', `${place.one}/discussions/${done.id}/notes`, { body: 'It is.' });
    await place.ann('PUT', `${place.one}/discussions/${done.id}`, { resolved: true });
    const { threads } = await place.review.look();
    const told = threads
      .filter(({ notes }) => !notes[0]!.system)
      .map(({ notes, resolvable, resolved, resolvedBy }) => [
        notes.map(({ author, body }) => `${author.username}: ${body}`),
        resolvable,
        resolved,
        resolvedBy?.username,
      ]);
    expect(told).toEqual([
      [['ann: By the way.'], false, false, undefined],
      [['bot: Left.'], true, false, undefined],
      [['bot: Done.', 'ann: It is.'], true, true, 'ann'],
    ]);
    const thread = threads.find(({ id }) => id === left.id)!;
    const [note] = left.notes;
    expect(thread.notes).toEqual([
      {
        id: String(note.id),
        author: { id: String(note.author.id), username: 'bot' },
        system: false,
        body: 'Left.',
        createdAt: note.created_at,
        updatedAt: note.updated_at,
      },
    ]);
  });

  it('reads on where there are more than a hundred threads', async () => {
    const place = await open();
    for (let at = 0; at < 101; at++) await place.ann('POST', `${place.one}/discussions`, { body: `No. ${at}` });
    place.gitlab.forget();
    const { threads } = await place.review.look();
    expect(threads.map(({ notes }) => notes[0]!.body)).toEqual(Array.from({ length: 101 }, (_, at) => `No. ${at}`));
    expect(place.requests).toHaveLength(5);
  });

  it('sends a token that is no good once', async () => {
    const place = await open();
    const settings = { url: place.gitlab.url, token: { env: 'TOKEN' } };
    const http = openHttp(settings, { env: { TOKEN: 'glpat-nobodys' } });
    await expect(place.begun(http).look()).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(place.requests).toHaveLength(1);
    await http.close();
  });

  it('tells our own approval from that of others', async () => {
    const place = await open();
    await place.ann('POST', `${place.one}/approve`);
    expect(await place.review.look()).toMatchObject({ approvedByUs: false, mayApprove: true });
    await place.bot('POST', `${place.one}/approve`);
    expect(await place.review.look()).toMatchObject({ approvedByUs: true, mayApprove: false });
  });

  it('waits for the diff of what was opened just now', async () => {
    const place = await open();
    place.gitlab.faults.add({ path: place.one, first: 3, action: UNPREPARED });
    expect((await place.review.look()).mergeRequest.refs.head).toBe(await place.head());
    expect(place.waits).toEqual([500, 1000, 2000]);
  });

  it('gives up where there is none', async () => {
    const place = await open();
    place.gitlab.faults.add({ path: place.one, action: UNPREPARED });
    await expect(place.review.look()).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/^team\/app!1: GitLab has no diff for its newest commit yet; try again/),
    });
    expect(place.waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('takes no diff of another commit than the tip', async () => {
    const place = await open();
    const { body } = await place.bot('GET', place.one);
    let stale = 2;
    const http = fakeHttp({
      send: ({ path }) => {
        if (path === '/user') return { id: 7, username: 'bot', name: 'Bot' };
        if (path.endsWith('/approvals')) return { user_has_approved: false, user_can_approve: true };
        if (path.endsWith('/discussions')) return [];
        return stale-- > 0 ? { ...body, diff_refs: { ...body.diff_refs, head_sha: 'a'.repeat(40) } } : body;
      },
    });
    const { mergeRequest } = await place.begun(http).look();
    expect(mergeRequest.refs.head).toBe(mergeRequest.head);
    expect(place.waits).toEqual([500, 1000]);
  });
});

describe('pushedAt', () => {
  it('is when the newest version came', async () => {
    const place = await open();
    await place.push({ 'app.ts': 'another\n' });
    const { body: versions } = await place.bot('GET', `${place.one}/versions`);
    expect(versions).toHaveLength(2);
    place.gitlab.forget();
    expect(await place.review.pushedAt()).toBe(versions[0].created_at);
    expect(place.asked()).toEqual(['GET /versions']);
    // In whatever order they come: the largest number is the newest.
    const http = fakeHttp({
      send: () => [
        { id: 4, created_at: '2026-01-02T00:00:00Z' },
        { id: 9, created_at: '2026-01-01T00:00:00Z' },
        { id: 5, created_at: '2026-01-03T00:00:00Z' },
      ],
    });
    expect(await place.begun(http).pushedAt()).toBe('2026-01-01T00:00:00Z');
  });

  it('waits until there is a version', async () => {
    const place = await open();
    place.gitlab.faults.add({ path: `${place.one}/versions`, first: 2, action: UNPREPARED });
    expect(await place.review.pushedAt()).toMatch(/^20\d\d-/);
    expect(place.waits).toEqual([500, 1000]);
    place.gitlab.faults.add({ path: `${place.one}/versions`, action: UNPREPARED });
    await expect(place.review.pushedAt()).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

it('is about a merge request that can be', async () => {
  const place = await open();
  const gone = place.begun({
    send: (call) => place.http.send({ ...call, path: call.path.replace(/merge_requests\/1$/, 'merge_requests/9') }),
  });
  await expect(gone.look()).rejects.toMatchObject({ reason: 'not-found' });
});
