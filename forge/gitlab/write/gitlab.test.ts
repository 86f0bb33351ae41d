import { afterEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../errors.ts';
import type { CommitPlan, MergeRequestPlan } from '../../port.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { BRANCH } from '../../testing/publisher-contract.ts';
import type { WriteRequest } from '../../write-request.ts';
import { type GitlabPlace, type GitlabPlaceOptions, openGitlabPlace } from './testing/gitlab-place.ts';

const opened: GitlabPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(options: GitlabPlaceOptions = {}): Promise<GitlabPlace> {
  const place = await openGitlabPlace(options);
  opened.push(place);
  return place;
}

const asked = ({ gitlab }: GitlabPlace) =>
  gitlab.requests.map(({ method, path }) => `${method} ${path.replace('/api/v4', '')}`);

describe('requests', () => {
  it('opens a new one with two writes, and one look for each user', async () => {
    const place = await open();
    const { id } = place.project;
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    await place.publisher.ensureMergeRequest({ ...PLAN, assignees: ['jo'], reviewers: ['kim', 'jo'] }, WHY);
    expect(asked(place).toSorted()).toEqual([
      'GET /users?username=jo',
      'GET /users?username=kim',
      `POST /projects/${id}/merge_requests`,
      `POST /projects/${id}/repository/commits`,
    ]);
  });

  it('sends none for a branch that can never be ours', async () => {
    const place = await open();
    for (const branch of ['main', 'MAIN', 'HEAD', 'refs/heads/x', 'a'.repeat(40)]) {
      await expect(place.publisher.ensureCommit({ ...commitPlan(place.base), branch }, WHY)).rejects.toThrow(branch);
      await expect(place.publisher.ensureBranchGone(branch, place.base, WHY)).rejects.toThrow(branch);
    }
    expect(asked(place)).toEqual([]);
  });

  it('sends nothing where nothing changed, and asks for the branch alone', async () => {
    const place = await open();
    const { value } = await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const one = await place.publisher.ensureMergeRequest(PLAN, WHY);
    place.gitlab.forget();
    await place.publisher.ensureCommit({ ...commitPlan(place.base), expectedTip: value.sha }, WHY);
    await place.publisher.ensureMergeRequest(PLAN, WHY, one.value.mergeRequest);
    await place.publisher.ensureLabels(one.value.mergeRequest, ['agentsmd'], WHY);
    expect(asked(place)).toEqual([
      `GET /projects/${place.project.id}/repository/branches/${encodeURIComponent(BRANCH)}`,
    ]);
  });

  it('updates only what differs', async () => {
    const place = await open();
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const { value } = await place.publisher.ensureMergeRequest({ ...PLAN, reviewers: ['kim'] }, WHY);
    place.gitlab.forget();
    await place.publisher.ensureMergeRequest({ ...PLAN, description: safe('Newer') }, WHY, value.mergeRequest);
    await place.publisher.ensureMergeRequest({ ...PLAN, labels: ['agentsmd', 'docs'], reviewers: ['jo'] }, WHY, {
      ...value.mergeRequest,
      labels: ['agentsmd', 'theirs'],
    });
    expect(place.gitlab.requests.map(({ method, body }) => [method, body])).toEqual([
      ['PUT', { description: 'Newer' }],
      ['PUT', { add_labels: 'docs' }],
    ]);
  });

  it('does exactly what a dry run said it would, bodies included', async () => {
    const place = await open();
    const run = async (publisher: GitlabPlace['publisher'], tip: string | null, text: string) => {
      const plan = { ...commitPlan(place.base), expectedTip: tip, files: [{ path: 'a b/ü.md', text, exists: false }] };
      await publisher.ensureCommit(plan, WHY);
      const known = (await place.mergeRequests(BRANCH))[0];
      const { value } = await publisher.ensureMergeRequest(
        { ...PLAN, description: safe(text), reviewers: ['kim', 'nobody'], draft: true },
        WHY,
        known,
      );
      if (!known) return;
      await publisher.ensureNote(known.iid, 'bye', safe('Farewell.'), WHY);
      await publisher.ensureLabels(value.mergeRequest, ['declined'], WHY);
      await publisher.ensureClosed(value.mergeRequest, WHY);
      await publisher.ensureBranchGone(BRANCH, await place.git('rev-parse', BRANCH), WHY);
    };
    for (const text of ['first\n', 'second \x07\n']) {
      const tip = (await place.git('for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`)) || null;
      const recorded: WriteRequest[] = [];
      place.gitlab.forget();
      await run(await place.dryRun((request) => recorded.push(request)), tip, text);
      expect(place.writes()).toEqual([]);
      await run(place.publisher, tip, text);
      const real = place.gitlab.requests.filter(({ method }) => method !== 'GET');
      expect(recorded.map(({ method, path, body }) => ({ method, path: `/api/v4${path}`, body }))).toEqual(
        real.map(({ method, path, body }) => ({ method, path, body })),
      );
      expect(recorded).toHaveLength(text.startsWith('first') ? 2 : 6);
      expect(recorded.every(({ why }) => why === WHY)).toBe(true);
    }
  });

  it('carries no token in what is recorded or logged', async () => {
    const place = await open();
    const recorded: WriteRequest[] = [];
    await (await place.dryRun((request) => recorded.push(request))).ensureCommit(commitPlan(place.base), WHY);
    place.gitlab.faults.add({ method: 'POST', nth: 1, action: { kind: 'status', status: 502 } });
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const header =
      place.gitlab.requests.at(-1)?.headers.authorization ??
      place.gitlab.requests.at(-1)?.headers['private-token'] ??
      '';
    const token = header.replace(/^Bearer /, '');
    expect(token).not.toBe('');
    expect(JSON.stringify([recorded, place.audit])).not.toContain(token);
  });
});

describe('people', () => {
  it('sets those there are, and names the others', async () => {
    const place = await open();
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const plan = { ...PLAN, assignees: ['@jo', 'ghost'], reviewers: ['KIM', 'ghost'] };
    const { value } = await place.publisher.ensureMergeRequest(plan, WHY);
    expect(value.unknownUsers).toEqual(['ghost']);
    const answer = await place.http.send({ method: 'GET', path: `/projects/${place.project.id}/merge_requests/1` });
    expect(answer.json()).toMatchObject({ assignees: [{ username: 'jo' }], reviewers: [{ username: 'kim' }] });
  });

  it.each([
    ['ce', ['kim']],
    ['premium', []],
  ] as const)('names whom GitLab left out without a word: %s', async (edition, dropped) => {
    const place = await open({ simulator: { edition } });
    place.gitlab.addUser({ username: 'stranger' });
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const plan = { ...PLAN, assignees: ['@Jo', 'stranger'], reviewers: ['jo', '@kim'] };
    const { value } = await place.publisher.ensureMergeRequest(plan, WHY);
    expect(value.unknownUsers).toEqual(['stranger', ...dropped]);
  });

  it('asks for each name once, however many merge requests are opened at a time', async () => {
    const place = await open();
    const branches = ['one', 'two', 'three'];
    await Promise.all(
      branches.map(async (branch) => {
        await place.publisher.ensureCommit({ ...commitPlan(place.base), branch }, WHY);
        return place.publisher.ensureMergeRequest({ ...PLAN, source: branch, reviewers: ['kim', 'ghost'] }, WHY);
      }),
    );
    expect(
      asked(place)
        .filter((request) => request.startsWith('GET /users'))
        .toSorted(),
    ).toEqual(['GET /users?username=ghost', 'GET /users?username=kim']);
  });

  it('asks again after a failure', async () => {
    const place = await open();
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    place.gitlab.faults.add({ method: 'GET', path: '/users', action: { kind: 'status', status: 503 } });
    const plan = { ...PLAN, reviewers: ['kim'] };
    await expect(place.publisher.ensureMergeRequest(plan, WHY)).rejects.toMatchObject({ reason: 'unavailable' });
    place.gitlab.faults.clear();
    expect((await place.publisher.ensureMergeRequest(plan, WHY)).outcome).toBe('created');
  });
});

describe('other merge requests', () => {
  it('leaves that of a fork alone, whose branch has the same name', async () => {
    const place = await open();
    await place.gitlab.addProject({
      path: 'jo/shop',
      forkOf: 'team/shop',
      files: { 'x.md': 'x' },
      members: { jo: 'owner' },
    });
    const fork = place.gitlab.addToken({ user: 'jo', scopes: ['api'] });
    await place.gitlab.push('jo/shop', { branch: BRANCH, user: 'jo', message: 'x', files: { 'y.md': 'y' } });
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    await place.publisher.ensureMergeRequest(PLAN, WHY);
    const { json } = await post(place, fork, `/projects/${encodeURIComponent('jo/shop')}/merge_requests`, {
      source_branch: BRANCH,
      target_branch: 'main',
      target_project_id: Number(place.project.id),
      title: 'From a fork',
    });
    expect(json).toMatchObject({ title: 'From a fork', iid: 2 });
    const { outcome, value } = await place.publisher.ensureMergeRequest({ ...PLAN, title: safe('Newer') }, WHY);
    expect(outcome).toBe('updated');
    expect(value.mergeRequest).toMatchObject({ iid: 1, title: 'Newer' });
  });

  it.each([
    'source_branch: does not exist',
    'Source branch "agentsmd/refresh" does not exist',
  ])('waits until GitLab has seen the branch: %s', async (said) => {
    const place = await open();
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const unseen = new ForgeError('invalid', '400', { status: 400, said });
    const steps = [unseen, unseen];
    const publisher = place.over({
      send: async (call) => {
        const step = call.method === 'POST' ? steps.pop() : undefined;
        if (step) throw step;
        return place.http.send(call);
      },
    });
    expect((await publisher.ensureMergeRequest(PLAN, WHY)).outcome).toBe('created');
    expect(place.audit.slice(2).map(({ result }) => result)).toEqual([
      'sent',
      'refused',
      'sent',
      'refused',
      'sent',
      'applied',
    ]);
    expect(place.waits).toHaveLength(2);
  });

  it('is not silenced by a person who quotes its marker', async () => {
    const place = await open();
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const { value } = await place.publisher.ensureMergeRequest(PLAN, WHY);
    const { iid } = value.mergeRequest;
    const jo = place.gitlab.addToken({ user: 'jo', scopes: ['api'] });
    const quoted = { body: 'They hide this:\n\n<!-- agentsmd:bye -->' };
    const { status } = await post(place, jo, `/projects/${place.project.id}/merge_requests/${iid}/notes`, quoted);
    expect(status).toBe(201);
    const said = [];
    for (const text of ['Farewell.', 'Farewell, again.'])
      said.push((await place.publisher.ensureNote(iid, 'bye', safe(text), WHY)).outcome);
    expect(said).toEqual(['created', 'unchanged']);
    expect((await place.notes(iid)).split('Farewell')).toHaveLength(2);
  });

  it('moves to another target', async () => {
    const place = await open();
    await place.push('develop', { 'new.md': 'x' });
    await place.publisher.ensureCommit(commitPlan(place.base), WHY);
    const { value } = await place.publisher.ensureMergeRequest(PLAN, WHY);
    const moved = await place.publisher.ensureMergeRequest({ ...PLAN, target: 'develop' }, WHY, value.mergeRequest);
    expect(moved).toMatchObject({ outcome: 'updated', value: { mergeRequest: { iid: 1, target: 'develop' } } });
  });
});

async function post({ gitlab }: GitlabPlace, token: string, path: string, body: unknown) {
  const headers = { 'PRIVATE-TOKEN': token, 'Content-Type': 'application/json' };
  const answer = await fetch(`${gitlab.url}/api/v4${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}

const WHY = 'the repository has no AGENTS.md';
const PLAN: MergeRequestPlan = {
  source: BRANCH,
  target: 'main',
  title: safe('Add AGENTS.md'),
  description: safe('What it is.'),
  labels: ['agentsmd'],
  draft: false,
  assignees: [],
  reviewers: [],
  removeSourceBranch: true,
  squash: false,
};

function commitPlan(base: string): CommitPlan {
  const files = [{ path: 'AGENTS.md', text: 'text\n', exists: false }];
  return { branch: BRANCH, base, expectedTip: null, message: safe('Add AGENTS.md'), files };
}

function safe(text: string): SafeText {
  return text as SafeText;
}
