import { afterEach, describe, expect, it } from 'vitest';
import { changesRequested } from '../../render/quick-action.ts';
import type { Reviewed } from '../../review-port.ts';
import { type GitlabReviewPlace, openReviewPlace, type ReviewPlaceOptions } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace & { readonly of: Reviewed }> {
  const place = await openReviewPlace(options);
  opened.push(place);
  const { mergeRequest } = await place.review.look();
  place.gitlab.forget();
  return { ...place, of: mergeRequest };
}

const WHY = 'it was reviewed';

async function stateOf({ bot, one }: GitlabReviewPlace): Promise<string> {
  return (await bot('GET', `${one}/reviewers`)).body[0].state;
}

describe('a request for changes', () => {
  it('is a mutation where GitLab has it', async () => {
    const place = await open({ simulator: { version: '18.10.1' } });
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    expect(place.asked()).toEqual(['GET /metadata', 'GET /reviewers', 'GET ', 'POST /api/graphql']);
    expect(place.requests.at(-1)?.body).toMatchObject({ variables: { project: 'team/app', iid: '1' } });
    expect(await stateOf(place)).toBe('requested_changes');
    expect(await place.said()).toEqual([]);
    expect(place.audit.map(({ method, path, result }) => `${method} ${path} ${result}`)).toEqual([
      'POST /api/graphql sent',
      'POST /api/graphql applied',
    ]);
  });

  it.each(['16.7.0', '17.11.2', '18.8.3'])('is a quick action alone in a comment in %s', async (version) => {
    const place = await open({ simulator: { version } });
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    expect(place.asked()).toEqual(['GET /metadata', 'GET /reviewers', 'GET ', 'POST /notes', 'GET /reviewers']);
    expect(place.requests[3]?.body).toEqual({ body: '/request_changes' });
    expect(place.gitlab.effects.map(({ what }) => what)).toEqual(['/request_changes']);
    expect(await stateOf(place)).toBe('requested_changes');
    expect(await place.said()).toEqual([]);
  });

  it('is a quick action where the mutation turns out to be missing, which is then known', async () => {
    const place = await open({ simulator: { version: '18.9.0' } });
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    const asked = ['GET /metadata', 'GET /reviewers', 'GET ', 'POST /api/graphql', 'POST /notes', 'GET /reviewers'];
    expect(place.asked()).toEqual(asked);
    await place.bot('POST', `${place.one}/approve`);
    place.gitlab.forget();
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    expect(place.asked()).toEqual(['GET /reviewers', 'GET ', 'POST /notes', 'GET /reviewers']);
  });

  it('asks nothing where it was just seen that we are no reviewer', async () => {
    const place = await open();
    await place.ann('PUT', place.one, { reviewer_ids: [] });
    await place.review.look();
    place.gitlab.forget();
    expect(await place.review.requestChanges(place.of, WHY)).toBe(false);
    expect(place.asked()).toEqual([]);
  });

  it('takes an approval of ours back', async () => {
    const place = await open({ simulator: { version: '18.10.1', edition: 'premium' } });
    await place.review.approve(place.of, WHY);
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    expect((await place.review.look()).approvedByUs).toBe(false);
  });

  it.each([
    ['goes elsewhere', { target_branch: 'release' }, /it goes into release by now, and not into main; no changes were/],
    ['is closed', { state_event: 'close' }, /^team\/app!1: it is closed by now; no changes were asked for/],
  ])('is not made of what %s by now', async (_, change, message) => {
    const place = await open();
    await place.push({ 'other.ts': 'x\n' }, 'release');
    expect((await place.ann('PUT', place.one, change)).status).toBe(200);
    await expect(place.review.requestChanges(place.of, WHY)).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringMatching(message),
    });
    expect(place.audit).toEqual([]);
  });

  it('is not made of a commit that nobody reviewed', async () => {
    const place = await open();
    await place.push({ 'app.ts': 'better\n' });
    await expect(place.review.requestChanges(place.of, WHY)).rejects.toMatchObject({ reason: 'conflict' });
    expect(place.audit).toEqual([]);
  });

  it('is not made again', async () => {
    const place = await open();
    await place.review.requestChanges(place.of, WHY);
    place.gitlab.forget();
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    expect(place.asked()).toEqual(['GET /reviewers']);
  });

  it('publishes no drafts', async () => {
    const place = await open();
    await place.bot('POST', `${place.one}/draft_notes`, { note: 'stale' });
    await place.review.requestChanges(place.of, WHY);
    expect(await place.said()).toEqual([]);
  });

  it('is none in a version that does not have them', async () => {
    const place = await open({ simulator: { version: '16.6.9' } });
    expect(await place.review.requestChanges(place.of, WHY)).toBe(false);
    expect(place.asked()).toEqual(['GET /metadata']);
    expect(await place.said()).toEqual([]);
  });

  it('is none in a version that does not tell its own', async () => {
    const place = await open();
    const old = place.begun({
      send: (call) => place.http.send(call.path === '/metadata' ? { ...call, path: '/nowhere' } : call),
    });
    expect(await old.requestChanges(place.of, WHY)).toBe(false);
  });

  it.each(['18.8.0', '18.10.1'])('is none of somebody who is no reviewer: %s', async (version) => {
    const place = await open({ simulator: { version } });
    await place.ann('PUT', place.one, { reviewer_ids: [] });
    place.gitlab.forget();
    expect(await place.review.requestChanges(place.of, WHY)).toBe(false);
    expect(place.asked()).toEqual(['GET /metadata', 'GET /reviewers']);
  });

  it.each([
    ['18.8.0', 'applied-then-reset'],
    ['18.8.0', 'reset'],
    ['18.10.1', 'applied-then-reset'],
    ['18.10.1', 'reset'],
  ] as const)('is made once whatever fails: %s, %s', async (version, kind) => {
    const place = await open({ simulator: { version } });
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind } });
    expect(await place.review.requestChanges(place.of, WHY)).toBe(true);
    const writes = place.requests.filter(({ method }) => method === 'POST');
    expect(writes.map(({ applied }) => applied)).toEqual(kind === 'reset' ? [false, true] : [true]);
    expect(await stateOf(place)).toBe('requested_changes');
  });

  it('is refused where we may not, and that is said', async () => {
    const place = await open({ simulator: { version: '18.10.1' } });
    place.gitlab.changeProject('team/app', { archived: true });
    await expect(place.review.requestChanges(place.of, WHY)).rejects.toMatchObject({ reason: 'archived' });
  });
});

it('is the only text of ours that is a quick action, and takes no other', () => {
  expect(changesRequested()).toBe('/request_changes');
  expect(changesRequested).toHaveLength(0);
});
