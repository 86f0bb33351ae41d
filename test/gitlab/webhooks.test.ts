import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookEvent, WebhookSecrets } from './port.ts';
import { CHANGED, openReview, type ReviewPlace } from './review-place.ts';

let place: ReviewPlace;
beforeEach(async () => {
  place = await openReview();
});
afterEach(() => place.gitlab.close());

async function hook(event: WebhookEvent, secrets?: WebhookSecrets) {
  const { headers, text } = await place.gitlab.webhook(event, secrets);
  return { headers, body: JSON.parse(text), text };
}
const project = 'team/app';

describe('the webhook of a note', () => {
  it('has the note, its thread and the merge request', async () => {
    await place.ann('POST', `${place.one}/notes`, { body: 'Another' });
    const thread = (await place.thread({ new_line: 3 }, '@bot why?')).body;
    const [{ id }] = thread.notes;
    const { headers, body } = await hook({ kind: 'note', project, iid: 1, note: id });
    expect(headers).toMatchObject({ 'X-Gitlab-Event': 'Note Hook', 'Content-Type': 'application/json' });
    expect(body).toMatchObject({
      object_kind: 'note',
      event_type: 'note',
      user: { username: 'bot', email: '[REDACTED]' },
      project: { path_with_namespace: project, visibility_level: 0 },
      object_attributes: {
        id,
        note: '@bot why?',
        noteable_type: 'MergeRequest',
        discussion_id: thread.id,
        type: 'DiffNote',
        system: false,
        action: 'create',
        line_code: expect.stringMatching(/_4_3$/),
        position: { new_line: 3, new_path: 'app.ts' },
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
        url: expect.stringMatching(new RegExp(`/-/merge_requests/1#note_${id}$`)),
      },
      merge_request: { iid: 1, state: 'opened', source_branch: 'topic', last_commit: { title: 'Change' } },
    });
    expect(body.project_id).toBe(body.project.id);
    expect(body.merge_request.id).toBe(body.object_attributes.noteable_id);
  });

  it('tells where the thread was begun, where it is and where it went', async () => {
    const { id } = (await place.thread({ new_line: 3 })).body.notes[0];
    await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    const moved = (await hook({ kind: 'note', project, iid: 1, note: id })).body.object_attributes;
    expect(moved).toMatchObject({
      original_position: { new_line: 3 },
      position: { new_line: 4 },
      change_position: null,
    });
    await place.push({ 'app.ts': 'nothing\n' });
    const gone = (await hook({ kind: 'note', project, iid: 1, note: id, action: 'update' })).body.object_attributes;
    expect(gone).toMatchObject({ action: 'update', position: { new_line: 4 }, change_position: { old_line: 4 } });
  });
});

describe('the webhook of a merge request', () => {
  it('has what it is, who is in it and what was done', async () => {
    await place.ann('PUT', place.one, { add_labels: 'l', title: 'Draft: Change' });
    await place.bot('POST', `${place.one}/approve`);
    const event = { kind: 'merge_request', project, iid: 1, action: 'approved', user: 'bot' } as const;
    const { headers, body } = await hook(event);
    expect(headers['X-Gitlab-Event']).toBe('Merge Request Hook');
    expect(body).toMatchObject({
      object_kind: 'merge_request',
      user: { username: 'bot' },
      object_attributes: {
        iid: 1,
        action: 'approved',
        draft: true,
        detailed_merge_status: 'draft_status',
        state_id: 1,
      },
      labels: [{ title: 'l', type: 'ProjectLabel' }],
      changes: {},
      reviewers: [{ username: 'bot', state: 'approved' }],
    });
    expect(body).not.toHaveProperty('assignees');
    expect(body.object_attributes).not.toHaveProperty('oldrev');
    expect(body.object_attributes.blocking_discussions_resolved).toBe(true);
  });

  it('of a push has the head before and the head now', async () => {
    const { head_sha: oldrev } = await place.refs();
    const head = await place.push({ 'README.md': 'two\n' });
    const event = { kind: 'merge_request', project, iid: 1, action: 'update', user: 'ann', oldrev } as const;
    expect((await hook(event)).body.object_attributes).toMatchObject({ oldrev, last_commit: { id: head } });
  });
});

describe('the webhook of a push', () => {
  it('has the commits, the oldest first, and their files', async () => {
    const { head_sha: before } = await place.refs();
    await place.push({ 'new.ts': 'x\n', 'README.md': null });
    const after = await place.push({ 'new.ts': 'y\n' });
    const { headers, body } = await hook({ kind: 'push', project, branch: 'topic', user: 'ann', before, after });
    expect(headers['X-Gitlab-Event']).toBe('Push Hook');
    expect(body).toMatchObject({
      object_kind: 'push',
      ref: 'refs/heads/topic',
      before,
      after,
      checkout_sha: after,
      user_username: 'ann',
      total_commits_count: 2,
      commits: [
        { added: ['new.ts'], modified: [], removed: ['README.md'] },
        { id: after, added: [], modified: ['new.ts'], removed: [] },
      ],
    });
  });

  it('has the newest 20 of many, and none of a branch that is gone', async () => {
    const { head_sha: before } = await place.refs();
    let after = '';
    for (let n = 0; n < 22; n++) after = await place.push({ n: String(n) });
    const { body } = await hook({ kind: 'push', project, branch: 'topic', user: 'ann', before, after });
    expect([body.total_commits_count, body.commits.length, body.commits.at(-1).id]).toEqual([22, 20, after]);
    const gone = await hook({ kind: 'push', project, branch: 'topic', user: 'ann', before: after, after: null });
    expect(gone.body).toMatchObject({ after: '0'.repeat(40), checkout_sha: null, commits: [] });
  });
});

it('a webhook carries its token, and is signed', async () => {
  const { head_sha: before } = await place.refs();
  const event = { kind: 'push', project, branch: 'topic', user: 'ann', before, after: before } as const;
  const key = Buffer.from('a key of a webhook');
  const signing = `whsec_${key.toString('base64')}`;
  const { headers, text } = await hook(event, { token: 'secret', signing });
  expect(headers['X-Gitlab-Token']).toBe('secret');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  expect(Object.keys((await hook(event)).headers).filter((name) => /token|webhook-s/i.test(name))).toEqual([]);
});

it.each([
  [
    { kind: 'push', project: 'team/nowhere', branch: 'x', user: 'ann', before: null, after: null },
    'no project team/nowhere',
  ],
  [{ kind: 'note', project, iid: 9, note: 1 }, 'no merge request team/app!9'],
  [{ kind: 'note', project, iid: 1, note: 1 }, 'no note 1'],
  [{ kind: 'merge_request', project, iid: 1, action: 'open', user: 'nobody' }, 'no user nobody'],
] as const)('there is none of what is not there: %j', async (event, said) => {
  await expect(place.gitlab.webhook(event)).rejects.toThrow(said);
});
