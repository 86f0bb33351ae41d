import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import { ForgeError } from '../../errors.ts';
import { type GitlabReviewPlace, openReviewPlace, type ReviewPlaceOptions } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace> {
  const place = await openReviewPlace(options);
  opened.push(place);
  await place.review.look();
  place.gitlab.forget();
  return place;
}

const WHY = 'it was reviewed';
const of = (head: string) => ({ head, target: 'main' });
const byUs = async ({ begun }: GitlabReviewPlace) => (await begun().look()).approvedByUs;

function fail(error: Error): never {
  throw error;
}

const LOST: readonly FaultRule['action'][] = [
  { kind: 'applied-then-reset' },
  { kind: 'applied-then-status', status: 500 },
  { kind: 'applied-then-status', status: 504 },
];
const UNDONE: readonly FaultRule['action'][] = [
  { kind: 'reset' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: '429', retryAfter: 1 },
];

describe('approve', () => {
  it('names the commit that it is for', async () => {
    const place = await open();
    const head = await place.head();
    place.gitlab.forget();
    await place.review.approve(of(head), WHY);
    expect(place.asked()).toEqual(['GET ', 'POST /approve']);
    expect(place.requests[1]?.body).toEqual({ sha: head });
    expect(await byUs(place)).toBe(true);
  });

  it.each(LOST)('is given once: %o', async (action) => {
    const place = await open();
    place.gitlab.faults.add({ method: 'POST', path: `${place.one}/approve`, nth: 1, action });
    await place.review.approve(of(await place.head()), WHY);
    expect(place.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(place.audit.at(-1)?.result).toBe('found-applied');
  });

  it.each(UNDONE)('is given after all: %o', async (action) => {
    const place = await open();
    place.gitlab.faults.add({ method: 'POST', path: `${place.one}/approve`, nth: 1, action });
    await place.review.approve(of(await place.head()), WHY);
    expect(place.requests.filter(({ applied }) => applied)).toHaveLength(1);
    expect(await byUs(place)).toBe(true);
  });

  it('does no harm where it was given', async () => {
    const place = await open();
    const head = await place.head();
    await place.review.approve(of(head), WHY);
    await place.begun().approve(of(head), WHY);
    expect(place.requests.map(({ status }) => status)).toContain(401);
    expect(await byUs(place)).toBe(true);
  });

  it('is not given to another commit', async () => {
    const place = await open();
    const head = await place.head();
    await place.push({ 'app.ts': 'worse\n' });
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringMatching(/^team\/app!1: its tip is .*; nothing was approved: review what is there now$/),
    });
    expect(await byUs(place)).toBe(false);
  });

  it('is not given to another commit that came while an answer was lost', async () => {
    const place = await open();
    const head = await place.head();
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind: 'reset' } });
    place.onWait = async () => void (await place.push({ 'app.ts': 'worse\n' }));
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({ reason: 'conflict' });
    expect(await byUs(place)).toBe(false);
  });

  it.each([
    [
      'goes elsewhere',
      { target_branch: 'release' },
      /^team\/app!1: it goes into release by now, and not into main; noth/,
    ],
    ['goes elsewhere, and is a draft', { target_branch: 'release', title: 'Draft: Change' }, /goes into release/],
  ])('is not given to what %s by now', async (_, change, message) => {
    const place = await open();
    const head = await place.head();
    await place.push({ 'other.ts': 'x\n' }, 'release');
    expect((await place.ann('PUT', place.one, change)).status).toBe(200);
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringMatching(message),
    });
    expect(await byUs(place)).toBe(false);
  });

  it.each([
    ['it is a draft', { title: 'Draft: Change' }],
    ['it is closed', { state_event: 'close' }],
  ])('is not given where %s by now, and that is told', async (because, change) => {
    const place = await open();
    const head = await place.head();
    await place.ann('PUT', place.one, change);
    place.gitlab.forget();
    expect(await place.review.approve(of(head), WHY)).toBe(because);
    expect(place.asked()).toEqual(['GET ']);
  });

  it('is not given to what goes elsewhere since an answer was lost', async () => {
    const place = await open();
    const head = await place.head();
    await place.push({ 'other.ts': 'x\n' }, 'release');
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind: 'reset' } });
    place.onWait = async () => void (await place.ann('PUT', place.one, { target_branch: 'release' }));
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({ reason: 'conflict' });
    expect(await byUs(place)).toBe(false);
  });

  it('of an earlier commit is not taken for one of this', async () => {
    const place = await open();
    const head = await place.head();
    await place.review.approve(of(head), WHY);
    await place.push({ 'app.ts': 'worse\n' });
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind: 'reset' } });
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({ reason: 'conflict' });
  });

  it.each(['', 'main', 'abc123', '0'.repeat(39)])('takes no %j for a commit', async (head) => {
    const place = await open();
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({ reason: 'invalid' });
    expect(place.asked()).toEqual([]);
  });

  it('says why where it may not', async () => {
    const place = await open({ project: { members: { bot: 'reporter', ann: 'developer' } } });
    const head = await place.head();
    await expect(place.review.approve(of(head), WHY)).rejects.toMatchObject({ reason: 'role', needs: 'Developer' });
  });

  it('says so where GitLab does not want ours', async () => {
    const place = await open();
    const refusal = new ForgeError('forbidden', '401 Unauthorized', { status: 401, said: '401 Unauthorized' });
    const unwanted = place.begun({
      send: async (call) => (call.method === 'POST' ? fail(refusal) : place.http.send(call)),
    });
    await expect(unwanted.approve(of(await place.head()), WHY)).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(/^team\/app: approval refused: the token's user may not; ask a maintainer/),
    });
  });
});

describe('revoke', () => {
  it('takes it back', async () => {
    const place = await open();
    await place.review.approve(of(await place.head()), WHY);
    place.gitlab.forget();
    await place.review.revoke(WHY);
    expect(place.asked()).toEqual(['GET /approvals', 'POST /unapprove']);
    expect(await byUs(place)).toBe(false);
  });

  it('sends nothing where there is none', async () => {
    const place = await open();
    await place.ann('POST', `${place.one}/approve`);
    place.gitlab.forget();
    await place.review.revoke(WHY);
    expect(place.asked()).toEqual(['GET /approvals']);
    expect(place.audit).toEqual([]);
  });

  it.each([...LOST, ...UNDONE])('takes it back whatever fails: %o', async (action) => {
    const place = await open();
    await place.review.approve(of(await place.head()), WHY);
    place.gitlab.faults.add({ method: 'POST', path: `${place.one}/unapprove`, nth: 1, action });
    await place.review.revoke(WHY);
    expect(await byUs(place)).toBe(false);
  });

  it('is content where it went meanwhile', async () => {
    const place = await open();
    await place.review.approve(of(await place.head()), WHY);
    const late = place.begun({
      send: async (call) => {
        if (call.path.endsWith('/unapprove')) await place.bot('POST', `${place.one}/unapprove`);
        return place.http.send(call);
      },
    });
    await late.revoke(WHY);
    expect(place.requests.some(({ status }) => status === 404)).toBe(true);
  });
});
