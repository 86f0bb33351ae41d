import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator, SimulatorOptions } from '../port.ts';
import { startGitlab } from '../start.ts';

let gitlab: GitlabSimulator;
let bot: Ask;
let project: number;

async function start(options: SimulatorOptions = {}): Promise<void> {
  await gitlab?.close();
  gitlab = await startGitlab(options);
  const made = await gitlab.addProject({
    path: 'team/app',
    files: { 'README.md': 'one\n', 'a.txt': 'a\n' },
    members: { bot: 'developer', ann: 'developer', guest: 'guest', reader: 'reporter', boss: 'maintainer' },
  });
  project = made.id;
  bot = asking(gitlab, gitlab.addToken({ user: 'bot' }));
}

beforeEach(() => start());
afterEach(() => gitlab.close());

const as = (user: string) => asking(gitlab, gitlab.addToken({ user }));
const idOf = async (user: string) => (await bot('GET', `/users?username=${user}`)).body[0].id;
const push = (branch: string, files: Record<string, string | null>) =>
  gitlab.push('team/app', { branch, user: 'bot', message: `Change ${Object.keys(files).join(', ')}`, files });

async function open(more: Record<string, unknown> = {}, ask = bot) {
  await push('topic', { 'README.md': 'two\n' });
  return ask('POST', `/projects/${project}/merge_requests`, {
    title: 'Say two',
    source_branch: 'topic',
    target_branch: 'main',
    ...more,
  });
}
const one = (iid = 1) => `/projects/${project}/merge_requests/${iid}`;

describe('opening a merge request', () => {
  it('answers 201; its diff is known later', async () => {
    const opened = await open({ description: 'Why', labels: 'bot,docs', remove_source_branch: true });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      iid: 1,
      state: 'opened',
      labels: ['bot', 'docs'],
      author: { username: 'bot' },
      force_remove_source_branch: true,
      detailed_merge_status: 'preparing',
      diff_refs: null,
      changes_count: null,
    });
    const { body } = await bot('GET', one());
    expect(body).toMatchObject({ detailed_merge_status: 'mergeable', changes_count: '1', has_conflicts: false });
    expect(body.diff_refs.head_sha).toBe(body.sha);
    const labels = await bot('GET', `/projects/${project}/labels`);
    expect(labels.body.map((label: { name: string }) => label.name)).toEqual(['bot', 'docs']);
  });

  it('refuses a second one, and names the first', async () => {
    await open();
    const again = await open();
    expect(again.status).toBe(409);
    expect(again.body).toEqual({ message: ['Another open merge request already exists for this source branch: !1'] });
  });

  it('opens only one of two asked for at once', async () => {
    await push('topic', { 'README.md': 'two\n' });
    const wish = { title: 't', source_branch: 'topic', target_branch: 'main' };
    const both = await Promise.all([
      bot('POST', `/projects/${project}/merge_requests`, wish),
      bot('POST', `/projects/${project}/merge_requests`, wish),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each([
    ['a branch that is not there', { source_branch: 'nowhere' }, 400, { source_branch: ['does not exist'] }],
    ['no title', { title: undefined }, 400, undefined],
    [
      'one branch for both',
      { source_branch: 'main' },
      422,
      ["You can't use same project/branch for source and target"],
    ],
    ['a long title', { title: 'x'.repeat(256) }, 400, { title: ['is too long (maximum is 255 characters)'] }],
  ])('refuses %s', async (_, wish, status, message) => {
    const refused = await open(wish);
    expect(refused.status).toBe(status);
    if (message) expect(refused.body).toEqual({ message });
  });

  it('is for developers, and not in an archived project or one without merge requests', async () => {
    expect((await open({}, as('reader'))).status).toBe(403);
    gitlab.changeProject('team/app', { mergeRequestsEnabled: false });
    expect((await open()).status).toBe(403);
    gitlab.changeProject('team/app', { mergeRequestsEnabled: true, archived: true });
    expect((await open()).status).toBe(403);
  });

  it('keeps one reviewer and one assignee in CE, all of them in Premium, and only those who can see it', async () => {
    const ids = await Promise.all(['ann', 'boss'].map(idOf));
    gitlab.addUser({ username: 'stranger' });
    const people = { reviewer_ids: [await idOf('stranger'), ...ids], assignee_ids: ids };
    const { body } = await open(people);
    expect(body.reviewers.map((user: { username: string }) => user.username)).toEqual(['ann']);
    expect(body.assignees).toHaveLength(1);

    await start({ edition: 'premium' });
    const again = await Promise.all(['ann', 'boss'].map(idOf));
    expect((await open({ reviewer_ids: again })).body.reviewers).toHaveLength(2);
  });

  it('takes a fork for the target, but no stranger', async () => {
    await gitlab.addProject({
      path: 'fork/app',
      forkOf: 'team/app',
      files: { 'b.txt': 'b' },
      members: { bot: 'developer' },
    });
    await gitlab.push('fork/app', { branch: 'topic', user: 'bot', message: 'More', files: { 'c.txt': 'c' } });
    const fork = (await bot('GET', '/projects/fork%2Fapp')).body.id;
    const wish = { title: 't', source_branch: 'topic', target_branch: 'main' };
    const opened = await bot('POST', `/projects/${fork}/merge_requests`, { ...wish, target_project_id: project });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ project_id: project, source_project_id: fork });
    await gitlab.addProject({ path: 'other/app', files: { 'b.txt': 'b' }, members: { bot: 'developer' } });
    await gitlab.push('other/app', { branch: 'topic', user: 'bot', message: 'More', files: { 'c.txt': 'c' } });
    const other = (await bot('GET', '/projects/other%2Fapp')).body.id;
    expect(
      (await bot('POST', `/projects/${other}/merge_requests`, { ...wish, target_project_id: project })).status,
    ).toBe(422);
  });
});

describe('lists', () => {
  it('filters by branch, state, label, author and time', async () => {
    const { body: first } = await open({ labels: ['Bot'] });
    await push('second', { 'b.txt': 'b' });
    await as('ann')('POST', `/projects/${project}/merge_requests`, {
      title: 'B',
      source_branch: 'second',
      target_branch: 'main',
    });
    const iids = async (query: string) =>
      (await bot('GET', `/projects/${project}/merge_requests?${query}`)).body.map((item: { iid: number }) => item.iid);
    expect(await iids('')).toEqual([2, 1]);
    expect(await iids('source_branch=topic&target_branch=main&state=opened')).toEqual([1]);
    expect(await iids('labels=bot')).toEqual([1]);
    expect(await iids('labels=None')).toEqual([2]);
    expect(await iids('author_username=ann')).toEqual([2]);
    expect(await iids(`updated_after=${first.updated_at}`)).toContain(2);
    expect(await iids('updated_before=2000-01-01')).toEqual([]);
    expect(await iids('iids[]=2')).toEqual([2]);
    expect((await bot('GET', `/projects/${project}/merge_requests?state=open`)).status).toBe(400);
  });

  it('has those of the whole instance, by default the own ones', async () => {
    await open();
    const own = await bot('GET', '/merge_requests');
    expect(own.body).toHaveLength(1);
    expect(own.headers.get('x-total')).toBe('1');
    expect((await as('ann')('GET', '/merge_requests')).body).toHaveLength(0);
    expect((await as('ann')('GET', '/merge_requests?scope=all')).body).toHaveLength(1);
    expect((await as('guest')('GET', '/merge_requests?scope=all')).body).toHaveLength(0);
    expect((await asking(gitlab)('GET', '/merge_requests')).status).toBe(401);
  });
});

describe('changing one', () => {
  it('closes and reopens with system notes', async () => {
    await open();
    const closed = await bot('PUT', one(), { state_event: 'close' });
    expect(closed.body).toMatchObject({
      state: 'closed',
      closed_by: { username: 'bot' },
      detailed_merge_status: 'not_open',
    });
    expect((await bot('PUT', one(), { state_event: 'reopen' })).body.state).toBe('opened');
    const notes = await bot('GET', `${one()}/notes?sort=asc`);
    expect(notes.body.map((note: { body: string; system: boolean }) => [note.body, note.system])).toEqual([
      ['closed', true],
      ['reopened', true],
    ]);
  });

  it('does not reopen beside another one', async () => {
    await open();
    await bot('PUT', one(), { state_event: 'close' });
    await open();
    expect((await bot('PUT', one(), { state_event: 'reopen' })).status).toBe(409);
  });

  it('sets, adds and removes labels', async () => {
    await open({ labels: 'a,b' });
    expect((await bot('PUT', one(), { add_labels: 'c', remove_labels: 'a' })).body.labels).toEqual(['b', 'c']);
    expect((await bot('PUT', one(), { labels: '' })).body.labels).toEqual([]);
    const [note] = (await bot('GET', `${one()}/notes`)).body;
    expect(note).toMatchObject({ system: true, body: 'removed ~b ~c labels' });
  });

  it('makes a draft by title alone', async () => {
    await open({ title: 'Draft: Say two' });
    expect((await bot('GET', one())).body).toMatchObject({ draft: true, detailed_merge_status: 'draft_status' });
    expect((await bot('PUT', one(), { title: 'Say two' })).body.draft).toBe(false);
  });

  it('is for its author and developers', async () => {
    await open();
    expect((await as('reader')('PUT', one(), { title: 'x' })).status).toBe(403);
    expect((await as('ann')('PUT', one(), { title: 'x' })).status).toBe(200);
    expect((await bot('PUT', one(), {})).status).toBe(400);
    expect((await bot('GET', one(9))).status).toBe(404);
  });
});

describe('pushes', () => {
  it('make a version and a system note', async () => {
    await open();
    const before = (await bot('GET', one())).body;
    await push('topic', { 'b.txt': 'b' });
    const after = (await bot('GET', one())).body;
    expect(after.sha).not.toBe(before.sha);
    expect(after.updated_at > before.updated_at).toBe(true);
    const versions = (await bot('GET', `${one()}/versions`)).body;
    expect(versions.map((version: { head_commit_sha: string }) => version.head_commit_sha)).toEqual([
      after.sha,
      before.sha,
    ]);
    expect((await bot('GET', `${one()}/versions/${versions[0].id}`)).body.diffs).toHaveLength(2);
    expect((await bot('GET', `${one()}/notes`)).body[0].body).toMatch(/^added 1 commit\n/);
    expect((await bot('GET', `${one()}/commits`)).body).toHaveLength(2);
  });

  it('to the target can make a conflict', async () => {
    await open();
    await push('main', { 'README.md': 'three\n' });
    const { body } = await bot('GET', `${one()}?include_diverged_commits_count=true`);
    expect(body).toMatchObject({
      has_conflicts: true,
      detailed_merge_status: 'conflict',
      diverged_commits_count: 1,
    });
    expect((await bot('PUT', `${one()}/merge`)).status).toBe(422);
  });

  it('close it where the branch is gone', async () => {
    await open();
    expect((await bot('DELETE', `/projects/${project}/repository/branches/topic`)).status).toBe(204);
    expect((await bot('GET', one())).body.state).toBe('closed');
  });
});

describe('merging', () => {
  it('merges in git', async () => {
    await open({ remove_source_branch: true });
    const merged = await bot('PUT', `${one()}/merge`);
    expect(merged.body).toMatchObject({ state: 'merged', merged_by: { username: 'bot' } });
    const branch = (await bot('GET', `/projects/${project}/repository/branches/main`)).body;
    expect(branch.commit.id).toBe(merged.body.merge_commit_sha);
    expect(branch.commit.parent_ids).toHaveLength(2);
    expect((await bot('GET', `/projects/${project}/repository/branches/topic`)).status).toBe(404);
    expect((await bot('PUT', `${one()}/merge`)).status).toBe(405);
  });

  it('squashes', async () => {
    await open();
    await push('topic', { 'b.txt': 'b' });
    const { body } = await bot('PUT', `${one()}/merge`, { squash: true });
    const squashed = (await bot('GET', `/projects/${project}/repository/commits/${body.squash_commit_sha}`)).body;
    expect(squashed).toMatchObject({ title: 'Say two' });
    expect(squashed.parent_ids).toHaveLength(1);
  });

  it('wants the role, the right head, no draft and an open branch', async () => {
    await open();
    expect((await as('reader')('PUT', `${one()}/merge`)).status).toBe(401);
    expect((await bot('PUT', `${one()}/merge`, { sha: 'a'.repeat(40) })).status).toBe(409);
    gitlab.changeProject('team/app', { protectedBranches: ['main'] });
    expect((await bot('PUT', `${one()}/merge`)).status).toBe(401);
    gitlab.changeProject('team/app', { protectedBranches: [] });
    await bot('PUT', one(), { title: 'Draft: x' });
    expect((await bot('PUT', `${one()}/merge`)).status).toBe(405);
  });
});
