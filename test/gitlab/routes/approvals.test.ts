import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asking } from '../asking.ts';
import type { NewProject, SimulatorOptions } from '../port.ts';
import { openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
async function open(options: SimulatorOptions = {}, settings: Partial<NewProject> = {}): Promise<void> {
  await place?.gitlab.close();
  place = await openReview(options, settings);
}
beforeEach(() => open());
afterEach(() => place.gitlab.close());

const approvals = async (ask = place.bot) => (await ask('GET', `${place.one}/approvals`)).body;
const approve = (body: object = {}, ask = place.bot) => ask('POST', `${place.one}/approve`, body);
const states = async () =>
  (await place.bot('GET', `${place.one}/reviewers`)).body.map((one: { state: string }) => one.state);
const lastNote = async () => (await place.bot('GET', `${place.one}/notes`)).body[0]?.body;

describe('approving', () => {
  it('is told of in the approvals, the reviewers and a note', async () => {
    expect(await approvals()).toEqual({
      user_has_approved: false,
      user_can_approve: true,
      approved: false,
      approved_by: [],
    });
    expect(await states()).toEqual(['unreviewed']);
    expect((await approve()).status).toBe(201);
    expect(await approvals()).toMatchObject({
      user_has_approved: true,
      user_can_approve: false,
      approved: true,
      approved_by: [{ user: { username: 'bot' }, approved_at: expect.stringMatching(/^20/) }],
    });
    expect(await approvals(place.as('boss'))).toMatchObject({ user_has_approved: false, user_can_approve: true });
    expect(await states()).toEqual(['approved']);
    expect(await lastNote()).toBe('approved this merge request');
  });

  it('names the head: 409 once it has moved', async () => {
    const { head_sha: sha } = await place.refs();
    await place.push({ 'README.md': 'two\n' });
    const moved = await approve({ sha });
    expect([moved.status, moved.body.message]).toEqual([409, expect.stringContaining('does not match HEAD')]);
    expect((await approvals()).approved).toBe(false);
    expect((await approve({ sha: (await place.refs()).head_sha })).status).toBe(201);
  });

  it('is not done twice, nor by whoever may not push: 401, 403', async () => {
    await approve();
    expect((await approve()).status).toBe(401);
    expect((await approve({}, place.as('reader'))).status).toBe(403);
    expect((await approvals(place.as('reader'))).user_can_approve).toBe(false);
    expect((await approve({}, asking(place.gitlab))).status).toBe(401);
  });

  it('is not for the author in paid editions, as they come', async () => {
    expect((await approve({}, place.ann)).status).toBe(201);
    await open({ edition: 'premium' });
    expect((await approve({}, place.ann)).status).toBe(401);
    expect(await approvals(place.ann)).toMatchObject({ user_can_approve: false, approvals_required: 0 });
  });

  it('is taken back once: 404 where there is nothing to take', async () => {
    const unapprove = async () => (await place.bot('POST', `${place.one}/unapprove`)).status;
    expect(await unapprove()).toBe(404);
    await approve();
    expect(await unapprove()).toBe(201);
    expect(await unapprove()).toBe(404);
    expect((await approvals()).approved).toBe(false);
    expect(await states()).toEqual(['unapproved']);
    expect(await lastNote()).toBe('unapproved this merge request');
  });

  it('stays over a push, unless the project is set otherwise', async () => {
    await approve();
    await place.push({ 'README.md': 'two\n' });
    expect((await approvals()).user_has_approved).toBe(true);
    await open({ edition: 'premium' }, { resetApprovalsOnPush: true });
    await approve();
    await place.push({ 'README.md': 'two\n' });
    expect((await approvals()).user_has_approved).toBe(false);
    await expect(open({}, { resetApprovalsOnPush: true })).rejects.toThrow('reset approvals need edition');
    await open();
  });

  it('is taken from all by the token of a project, and of nobody else', async () => {
    await approve();
    const reset = async (ask = place.bot) => (await ask('PUT', `${place.one}/reset_approvals`)).status;
    expect(await reset()).toBe(401);
    const robot = asking(place.gitlab, place.gitlab.addToken({ user: 'bot', kind: 'project' }));
    expect(await reset(robot)).toBe(202);
    expect((await approvals()).approved).toBe(false);
  });

  it('is forgotten of the reviewer who is asked anew, not of the merge request', async () => {
    await approve();
    const { id } = (await place.bot('GET', '/user')).body;
    await place.ann('PUT', place.one, { reviewer_ids: [] });
    expect(await states()).toEqual([]);
    await place.ann('PUT', place.one, { reviewer_ids: [id] });
    expect([await states(), (await approvals()).approved]).toEqual([['unreviewed'], true]);
  });

  it('is a quick action, too', async () => {
    await place.bot('POST', `${place.one}/notes`, { body: 'Fine.\n\n/approve' });
    expect((await approvals()).user_has_approved).toBe(true);
    await place.bot('POST', `${place.one}/notes`, { body: '/unapprove' });
    expect((await approvals()).user_has_approved).toBe(false);
  });
});

const REQUEST = 'mutation { mergeRequestRequestChanges(input: { projectPath: "team/app", iid: "1" }) {';

describe('a request for changes', () => {
  it.each([
    ['/request_changes'],
    ['/submit_review requested_changes'],
  ])('is the quick action %s, and takes the approval away', async (body) => {
    await approve();
    await place.bot('POST', `${place.one}/notes`, { body });
    expect(await states()).toEqual(['requested_changes']);
    expect((await approvals()).approved).toBe(false);
  });

  it('is no quick action before 16.7', async () => {
    await open({ version: '16.6.0' });
    const { status, body } = await place.bot('POST', `${place.one}/notes`, { body: '/request_changes' });
    expect([status, body.body]).toEqual([201, '/request_changes']);
    await place.bot('POST', `${place.one}/notes`, { body: '/submit_review requested_changes' });
    expect(await states()).toEqual(['reviewed']);
  });

  it('is a mutation from 18.10 on, of a token with the scope api', async () => {
    const old = await place.graphql(`${REQUEST} errors } }`);
    expect(old.errors[0].message).toContain('mergeRequestRequestChanges');
    await open({ version: '18.10.0' });
    const reads = place.gitlab.addToken({ user: 'bot', scopes: ['read_api'] });
    expect((await place.graphql(`${REQUEST} errors } }`, reads)).errors[0].message).toContain('does not exist');
    expect(await states()).toEqual(['unreviewed']);
    const { data } = await place.graphql(`${REQUEST} errors mergeRequest { iid } } }`);
    expect(data.mergeRequestRequestChanges).toEqual({ errors: [], mergeRequest: { iid: '1' } });
    expect(await states()).toEqual(['requested_changes']);
    expect(place.gitlab.requests.filter(({ route }) => route === '/api/graphql').map(({ applied }) => applied)).toEqual(
      [false, true],
    );
  });

  it('of somebody who is no reviewer leaves no state', async () => {
    await open({ version: '18.10.0' });
    const boss = place.gitlab.addToken({ user: 'boss' });
    const { data } = await place.graphql(`${REQUEST} errors } }`, boss);
    expect(data.mergeRequestRequestChanges.errors).toEqual(['Reviewer not found']);
    const reader = place.gitlab.addToken({ user: 'reader' });
    expect((await place.graphql(`${REQUEST} errors } }`, reader)).errors[0].message).toContain('permission');
  });

  it('holds up the merge in paid editions, until the same person approves', async () => {
    const status = async () => (await place.bot('GET', place.one)).body.detailed_merge_status;
    const ask = (body: string) => place.bot('POST', `${place.one}/notes`, { body });
    await ask('/request_changes');
    expect(await status()).toBe('mergeable');
    await open({ edition: 'premium' });
    await ask('/request_changes');
    expect(await status()).toBe('requested_changes');
    expect((await place.bot('PUT', `${place.one}/merge`)).status).toBe(405);
    await approve({}, place.as('boss'));
    expect(await status()).toBe('requested_changes');
    await approve();
    expect(await status()).toBe('mergeable');
  });
});

it('GraphQL has mutations in every version, those it does not know are refused', async () => {
  const echo = 'mutation { echoCreate(input: { messages: ["x"], clientMutationId: "1" }) { echoes clientMutationId } }';
  expect((await place.graphql(echo)).data.echoCreate).toEqual({ echoes: ['x'], clientMutationId: '1' });
});
