import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import type { Forge, Project } from '../port.ts';
import type { SafeText } from '../render/safe-text.ts';
import { gitlabForge } from './index.ts';

const NO_WAITING = { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 };

let gitlab: GitlabSimulator;
const forges: Forge[] = [];

beforeAll(async () => {
  gitlab = await startGitlab({ edition: 'premium' });
  for (const username of ['bot', 'dana', 'gil']) gitlab.addUser({ username, email: `${username}@example.com` });
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer', dana: 'maintainer', gil: 'guest' } });
});
afterAll(async () => {
  for (const forge of forges) await forge.close();
  await gitlab.close();
});

function connect(token: string): Forge {
  const forge = gitlabForge({
    instance: { url: gitlab.url, token: { env: 'TOKEN' } },
    env: { TOKEN: token },
    audit: { append: () => {} },
    clock: NO_WAITING,
  });
  forges.push(forge);
  return forge;
}

const botToken = (scopes: Parameters<GitlabSimulator['addToken']>[0]['scopes'] = ['api']) =>
  gitlab.addToken({ user: 'bot', scopes: scopes! });

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

let made = 0;

async function addProject(more: Partial<Parameters<GitlabSimulator['addProject']>[0]> = {}) {
  const path = `shop/p${made++}`;
  const { id } = await gitlab.addProject({ path, files: { 'README.md': '# p\n', 'AGENTS.md': 'old\n' }, ...more });
  return { path: more.path ?? path, id: String(id) };
}

describe('project', () => {
  it('is found by number and by path', async () => {
    const { id, path } = await addProject({ topics: ['go', 'agents'], visibility: 'internal' });
    const forge = connect(botToken());
    const project = await forge.project(path);
    expect(project).toMatchObject<Partial<Project>>({
      instance: gitlab.url,
      id,
      path,
      url: `${gitlab.url}/${path}`,
      cloneUrl: `${gitlab.url}/${path}.git`,
      defaultBranch: 'main',
      empty: false,
      archived: false,
      forkOf: null,
      mirror: false,
      pendingDelete: false,
      repositoryEnabled: true,
      mergeRequestsEnabled: true,
      access: 'developer',
      topics: ['go', 'agents'],
      visibility: 'internal',
    });
    expect(await forge.project(id)).toEqual(project);
  });

  it('is found under its old path after it moved', async () => {
    const { id, path } = await addProject();
    gitlab.moveProject(path, `shop/moved-${id}`);
    expect(await connect(botToken()).project(path)).toMatchObject({ id, path: `shop/moved-${id}` });
  });

  it.each([
    ['archived', { archived: true }, { archived: true }],
    ['a mirror', { mirror: true }, { mirror: true }],
    ['pending deletion', { pendingDelete: true }, { pendingDelete: true }],
    ['without merge requests', { mergeRequestsEnabled: false }, { mergeRequestsEnabled: false }],
    ['without a repository', { repositoryEnabled: false }, { repositoryEnabled: false }],
    ['of another default branch', { defaultBranch: 'trunk' }, { defaultBranch: 'trunk' }],
  ] as const)('tells that it is %s', async (_, change, told) => {
    const { path } = await addProject(change);
    expect(await connect(botToken()).project(path)).toMatchObject(told);
  });

  it('tells that it is empty, and what it was forked from', async () => {
    const empty = await addProject({ files: {} });
    const bare = `shop/bare${made++}`;
    await gitlab.addProject({ path: bare });
    const fork = await addProject({ forkOf: empty.path });
    const forge = connect(botToken());
    expect(await forge.project(bare)).toMatchObject({ empty: true, defaultBranch: null });
    expect(await forge.project(fork.path)).toMatchObject({ forkOf: empty.path });
  });

  it('is not found where it is not, or not for this token', async () => {
    const { path } = await addProject({ path: `private/p${made++}`, visibility: 'private' });
    const forge = connect(botToken());
    for (const wanted of [path, 'shop/nowhere', '999999'])
      await expect(forge.project(wanted)).rejects.toMatchObject({ name: 'ForgeError', reason: 'not-found' });
  });
});

describe('projects', () => {
  it('lists each once, over pages, by its own groups or by those that are named', async () => {
    const paths = Array.from({ length: 230 }, (_, at) => `fleet/${['', 'sub/', 'sub/deep/'][at % 3]}p${at}`);
    gitlab.addGroup({ path: 'fleet', members: { bot: 'reporter' } });
    for (const path of paths) await gitlab.addProject({ path });
    await gitlab.addProject({ path: 'fleetwood/p' });
    const forge = connect(botToken());
    const listed = async (groups: readonly string[]) =>
      (await collect(forge.projects({ groups }))).map(({ path }) => path);
    gitlab.forget();
    expect((await listed(['fleet'])).sort()).toEqual(paths.toSorted());
    expect(gitlab.requests).toHaveLength(4);
    expect((await listed(['fleet/sub', 'fleet', 'fleet/sub/deep'])).sort()).toEqual(paths.toSorted());
    const all = (await collect(forge.projects())).map(({ path }) => path);
    expect(all.filter((path) => path.startsWith('fleet')).sort()).toEqual(paths.toSorted());
    expect(new Set(all).size).toBe(all.length);
    await expect(listed(['nowhere'])).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('leaves out what is archived, or was not touched, where that is asked', async () => {
    gitlab.addGroup({ path: 'attic', members: { bot: 'reporter' } });
    await gitlab.addProject({ path: 'attic/old', lastActivityAt: '2020-01-01T00:00:00Z' });
    await gitlab.addProject({ path: 'attic/shut', archived: true, lastActivityAt: '2026-01-01T00:00:00Z' });
    await gitlab.addProject({ path: 'attic/new', lastActivityAt: '2026-01-01T00:00:00Z' });
    const forge = connect(botToken());
    const groups = ['attic'];
    const names = async (scope: object) =>
      (await collect(forge.projects({ groups, ...scope }))).map(({ path }) => path);
    expect(await names({ archived: false })).toEqual(['attic/old', 'attic/new']);
    expect(await names({ archived: true })).toEqual(['attic/shut']);
    expect(await names({ activeAfter: '2025-01-01T00:00:00Z' })).toEqual(['attic/shut', 'attic/new']);
  });
});

describe('standing', () => {
  const QUESTION = { branch: 'agentsmd/update', files: ['AGENTS.md', 'none.md'] };

  it('tells the tips, the files and that there is nothing of ours yet', async () => {
    const project = await addProject();
    const forge = connect(botToken());
    gitlab.forget();
    const standing = await forge.standing(project, QUESTION);
    const head = await gitlab.push(project.path, {
      branch: 'main',
      user: 'dana',
      message: 'next',
      files: { 'AGENTS.md': 'new\n' },
    });
    expect(standing.project).toMatchObject({ ...project, defaultBranch: 'main' });
    expect(standing.blobs).toEqual(new Map([['AGENTS.md', '3367afdbbf91e638efe983616377c60477cc6612']]));
    expect(standing).toMatchObject({ branchTip: null, mergeRequests: [] });
    expect((await forge.standing(project, QUESTION)).head).toBe(head);
    expect(standing.head).not.toBe(head);
  });

  it('tells our branch and its merge requests in every state, newest first, and none of a fork', async () => {
    const project = await addProject();
    const fork = await addProject({ forkOf: project.path });
    const tip = await gitlab.push(project.path, {
      branch: QUESTION.branch,
      user: 'bot',
      message: 'ours',
      files: { 'AGENTS.md': 'ours\n' },
      from: 'main',
    });
    await gitlab.push(fork.path, {
      branch: QUESTION.branch,
      user: 'gil',
      message: 'theirs',
      files: { 'AGENTS.md': 'theirs\n' },
      from: 'main',
    });
    const api = (path: string, body: object, method = 'POST', token = gitlab.rootToken) =>
      fetch(`${gitlab.url}/api/v4${path}`, {
        method,
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      }).then((answer) => answer.json() as Promise<{ iid: number }>);
    const opened = { source_branch: QUESTION.branch, target_branch: 'main', labels: 'agentsmd' };
    const first = await api(
      `/projects/${project.id}/merge_requests`,
      { ...opened, title: 'first' },
      'POST',
      botToken(),
    );
    await api(`/projects/${project.id}/merge_requests/${first.iid}`, { state_event: 'close' }, 'PUT');
    await api(`/projects/${fork.id}/merge_requests`, { ...opened, title: 'x', target_project_id: Number(project.id) });
    const second = await api(`/projects/${project.id}/merge_requests`, { ...opened, title: 'Draft: second' });
    const standing = await connect(botToken()).standing(project, QUESTION);
    expect(standing.branchTip).toBe(tip);
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(standing.mergeRequests).toMatchObject([
      {
        ...{ iid: second.iid, state: 'opened', title: 'Draft: second', draft: true, author: 'root' },
        ...{ createdAt: date, endedAt: null },
      },
      {
        ...{ iid: first.iid, state: 'closed', author: 'bot', labels: ['agentsmd'], head: tip, draft: false },
        ...{ createdAt: date, endedAt: date },
      },
    ]);
    expect(standing.mergeRequests).toHaveLength(2);
  });

  it.each(['GraphQL', 'REST'])('tells ours by %s however many merge requests forks have opened', async (door) => {
    const project = await addProject();
    const api = async (path: string, body: object) => {
      const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${gitlab.rootToken}`, 'content-type': 'application/json' },
      });
      return ((await answer.json()) as { iid: number }).iid;
    };
    const push = (path: string) =>
      gitlab.push(path, { branch: QUESTION.branch, user: 'gil', message: 'x', files: { [path]: 'x' }, from: 'main' });
    const wish = { source_branch: QUESTION.branch, target_branch: 'main', title: 'x' };
    await push(project.path);
    const ours = await api(`/projects/${project.id}/merge_requests`, wish);
    for (let at = 0; at < 20; at++) {
      const fork = await addProject({ forkOf: project.path });
      await push(fork.path);
      await api(`/projects/${fork.id}/merge_requests`, { ...wish, target_project_id: Number(project.id) });
    }
    const forge = connect(botToken());
    if (door === 'REST') gitlab.faults.add({ path: '/api/graphql', action: { kind: 'truncated' } });
    gitlab.forget();
    const { mergeRequests } = await forge.standing(project, QUESTION);
    gitlab.faults.clear();
    expect(mergeRequests.map(({ iid }) => iid)).toEqual([ours]);
    const listings = gitlab.requests.filter(({ path }) => path.includes('/merge_requests?'));
    expect(listings).toHaveLength(1);
  });

  it('is of a moved project under its new path', async () => {
    const project = await addProject();
    gitlab.moveProject(project.path, `shop/gone-${project.id}`);
    const standing = await connect(botToken()).standing(project, QUESTION);
    expect(standing.project.path).toBe(`shop/gone-${project.id}`);
    expect(standing.head).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is not taken from another project that stands at the old path now', async () => {
    const project = await addProject();
    gitlab.moveProject(project.path, `shop/left-${project.id}`);
    await addProject({ path: project.path });
    const standing = await connect(botToken()).standing(project, QUESTION);
    expect(standing.project).toMatchObject({ id: project.id, path: `shop/left-${project.id}` });
  });

  it.each([
    ['empty', undefined],
    ['without a repository', { repositoryEnabled: false }],
  ] as const)('is without a head where the project is %s', async (_, change) => {
    const path = `shop/headless${made++}`;
    const { id } = await gitlab.addProject({ path, ...change });
    const standing = await connect(botToken()).standing({ id: String(id), path }, QUESTION);
    expect(standing).toMatchObject({ head: null, branchTip: null, mergeRequests: [] });
    expect(standing.blobs.size).toBe(0);
  });

  it('is one request, with every field that REST tells too', async () => {
    const project = await addProject({ topics: ['go'] });
    const forge = connect(botToken());
    const known = await forge.project(project.id);
    gitlab.forget();
    const { project: told } = await forge.standing(known, QUESTION);
    expect(gitlab.requests.map(({ path }) => path)).toEqual(['/api/graphql']);
    expect({ ...told, lastActivityAt: '' }).toEqual({ ...known, lastActivityAt: '' });
  });

  it('tells of many files at once', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `f${at}`);
    const project = await addProject({ files: Object.fromEntries(names.map((name) => [name, name])) });
    const { blobs } = await connect(botToken()).standing(project, { branch: 'b', files: names });
    expect([...blobs.keys()].toSorted()).toEqual(names.toSorted());
  });

  it('knows what a fork was forked from', async () => {
    const parent = await addProject();
    const fork = await addProject({ forkOf: parent.path });
    const forge = connect(botToken());
    expect((await forge.standing(fork, QUESTION)).project.forkOf).toBe(parent.path);
    const known = await forge.project(fork.id);
    gitlab.forget();
    expect((await forge.standing(known, QUESTION)).project.forkOf).toBe(parent.path);
    expect(gitlab.requests).toHaveLength(1);
  });

  it('goes by REST where GraphQL is refused, and does not try it again', async () => {
    const project = await addProject();
    const forge = connect(botToken());
    const wanted = await forge.standing(project, QUESTION);
    const closed = connect(botToken());
    gitlab.faults.add({ path: '/api/graphql', action: { kind: 'truncated' } });
    gitlab.forget();
    const standing = await closed.standing(project, QUESTION);
    expect({ ...standing, project: 0 }).toEqual({ ...wanted, project: 0 });
    gitlab.forget();
    await closed.standing(project, QUESTION);
    gitlab.faults.clear();
    expect(gitlab.requests.map(({ path }) => path)).not.toContain('/api/graphql');
  });

  it('is not remembered as refused where only one project was out of sight', async () => {
    const moved = await addProject();
    gitlab.moveProject(moved.path, `shop/away-${moved.id}`);
    const forge = connect(botToken());
    await forge.standing(moved, QUESTION);
    gitlab.forget();
    await forge.standing(await addProject(), QUESTION);
    expect(gitlab.requests.map(({ path }) => path)).toEqual(['/api/graphql']);
  });

  it('rejects where the project was deleted meanwhile', async () => {
    const project = await addProject();
    gitlab.deleteProject(project.path);
    await expect(connect(botToken()).standing(project, QUESTION)).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('what people wrote', () => {
  it('tells comments with the access of their authors, oldest first', async () => {
    const project = await addProject();
    await gitlab.push(project.path, { branch: 'b', user: 'bot', message: 'm', files: { x: 'x' }, from: 'main' });
    const tokens = { bot: botToken(), dana: gitlab.addToken({ user: 'dana', scopes: ['api'] }) };
    const api = (token: string, path: string, body: object) =>
      fetch(`${gitlab.url}/api/v4/projects/${project.id}/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      }).then((answer) => answer.json() as Promise<{ iid: number }>);
    const request = { source_branch: 'b', target_branch: 'main', title: 't' };
    const { iid } = await api(tokens.bot, 'merge_requests', request);
    await api(tokens.dana, `merge_requests/${iid}/notes`, { body: 'first' });
    await api(tokens.bot, `merge_requests/${iid}/notes`, { body: 'second' });
    const forge = connect(tokens.bot);
    const plain = (await forge.notes(project, iid)).filter(({ system }) => !system);
    expect(plain).toMatchObject([
      { author: 'dana', body: 'first' },
      { author: 'bot', body: 'second' },
    ]);
    expect(plain[0]).not.toHaveProperty('authorAccess');
    const known = (await forge.notes(project, iid, { access: true })).filter(({ system }) => !system);
    expect(known.map(({ authorAccess }) => authorAccess)).toEqual(['maintainer', 'developer']);
  });

  it('knows of the projects of a group which we may push to', async () => {
    await gitlab.addProject({ path: 'roles/ours', members: { bot: 'developer' } });
    await gitlab.addProject({ path: 'roles/theirs', members: { bot: 'reporter' } });
    const projects = await collect(connect(botToken()).projects({ groups: ['roles'] }));
    expect(projects.map(({ path, access }) => [path, access])).toEqual([
      ['roles/ours', 'developer'],
      ['roles/theirs', 'none'],
    ]);
  });

  it('tells which members lately committed, the most frequent first', async () => {
    const project = await addProject();
    for (const user of ['dana', 'gil', 'stranger', 'bot', 'dana'])
      await gitlab.push(project.path, { branch: 'main', user, message: 'm', files: { x: `${Math.random()}` } });
    const forge = connect(botToken());
    expect(await forge.recentAuthors(await forge.project(project.path))).toEqual(['dana', 'bot']);
  });

  it('tells the commits of a branch that are not on its base, newest first', async () => {
    const project = await addProject();
    const base = (await connect(botToken()).standing(project, { branch: 'x', files: [] })).head!;
    const shas: string[] = [];
    for (const user of ['bot', 'dana']) {
      const from = shas.length === 0 ? { from: 'main' } : {};
      const message = `of ${user}\n\nwith a body`;
      shas.push(await gitlab.push(project.path, { branch: 'ours', user, message, files: { [user]: 'x' }, ...from }));
    }
    const commits = await connect(botToken()).commits(project, 'ours', base);
    expect(commits.map(({ sha }) => sha)).toEqual(shas.toReversed());
    expect(commits[0]).toMatchObject({
      authorEmail: 'dana@example.com',
      message: expect.stringContaining('with a body'),
    });
    expect(await connect(botToken()).commits(project, base, 'ours')).toEqual([]);
  });

  it('tells who can review in a group, and nobody where there is none', async () => {
    const forge = connect(botToken());
    expect((await forge.groupMembers('shop')).toSorted()).toEqual(['bot', 'dana']);
    expect(await forge.groupMembers('no/such/group')).toEqual([]);
    gitlab.forget();
    await Promise.all(['Shop', 'no/such/group', 'NO/such/group'].map((group) => forge.groupMembers(group)));
    expect(gitlab.requests).toEqual([]);
  });

  it('tells who can review in a project, whatever group they come from', async () => {
    const project = await addProject();
    const forge = connect(botToken());
    expect((await forge.projectMembers(project)).toSorted()).toEqual(['bot', 'dana']);
  });

  it('asks for the members of a project once, and knows who they are for their commits, too', async () => {
    const { path } = await addProject();
    const forge = connect(botToken());
    const project = await forge.project(path);
    gitlab.forget();
    expect(await forge.projectMembers(project)).toContain('dana');
    await Promise.all([forge.projectMembers(project), forge.recentAuthors(project)]);
    expect(gitlab.requests.filter(({ route }) => route.includes('members'))).toHaveLength(1);
  });

  it('tells no members where there are too many to know them all', async () => {
    const names = Array.from({ length: 501 }, (_, at) => `crowd${at}`);
    for (const username of names) gitlab.addUser({ username, email: `${username}@example.com` });
    gitlab.addGroup({ path: 'crowd', members: Object.fromEntries(names.map((name) => [name, 'developer'])) });
    const { path } = await addProject({ path: 'crowd/app' });
    const forge = connect(gitlab.addToken({ user: 'crowd0', scopes: ['api'] }));
    const project = await forge.project(path);
    gitlab.forget();
    expect(await forge.projectMembers(project)).toEqual([]);
    expect(gitlab.requests).toHaveLength(5);
  });

  it('reviews a merge request, and in a dry run shows how', async () => {
    const { path } = await addProject();
    const recorded: string[] = [];
    const forge = gitlabForge({
      instance: { url: gitlab.url, token: { env: 'TOKEN' } },
      env: { TOKEN: botToken() },
      audit: { append: () => expect.unreachable() },
      clock: NO_WAITING,
      record: ({ method, path: to }) => recorded.push(`${method} ${to.replace(/\d+/, 'N')}`),
    });
    forges.push(forge);
    const real = connect(botToken());
    const project = await real.project(path);
    const file = { path: 'a.txt', text: 'a', exists: false };
    const base = (await real.standing(project, { branch: 'ours', files: [] })).head!;
    const plan = { branch: 'ours', base, expectedTip: null, message: 'm' as SafeText, files: [file] };
    const { value } = await real.publisher(project).ensureCommit(plan, 'why');
    const wish = { source: 'ours', target: 'main', title: 't' as SafeText, description: 'd' as SafeText, labels: [] };
    const rest = { draft: false, assignees: [], reviewers: [], removeSourceBranch: true, squash: false };
    await real.publisher(project).ensureMergeRequest({ ...wish, ...rest }, 'why');
    for (const each of [real, forge]) {
      const { self, mergeRequest } = await each.review(project, 1).look();
      expect(Object.keys(self).toSorted()).toEqual(['id', 'username']);
      expect([self.username, mergeRequest.author, mergeRequest.head]).toEqual(['bot', self, value.sha]);
    }
    const notes = [{ key: 'k', body: 'k' as SafeText, positions: [] }];
    await forge.review(project, 1).publish({ notes, replies: [] }, value.sha, 'why');
    const at = '/projects/N/merge_requests/1/draft_notes';
    expect(recorded).toEqual([`POST ${at}`, `POST ${at}/bulk_publish`]);
    await real.review(project, 1).publish({ notes, replies: [] }, value.sha, 'why');
    expect((await forge.notes(project, 1)).filter(({ system }) => !system)).toMatchObject([{ body: 'k' }]);
    for (const iid of [0, -1, 1.5, Number.NaN])
      expect(() => forge.review(project, iid)).toThrow(/is not the number of/);
  });

  it('tells who it is', async () => {
    const forge = connect(botToken());
    gitlab.forget();
    expect(await forge.self()).toMatchObject({ username: 'bot', email: 'bot@example.com' });
    await forge.self();
    expect(gitlab.requests).toHaveLength(1);
  });

  it('tells who it is where a group has a token of its own, and asks each token once', async () => {
    const env = { TOKEN: botToken(), OF_SHOP: gitlab.addToken({ user: 'dana', scopes: ['api'] }) };
    const instance = { url: gitlab.url, token: { env: 'TOKEN' }, groups: { shop: { env: 'OF_SHOP' } } };
    const forge = gitlabForge({ instance, env, audit: { append: () => {} }, clock: NO_WAITING });
    forges.push(forge);
    gitlab.forget();
    const asked = [undefined, 'other/app', 'shop/app', 'shop/b/c'].map((about) => forge.self(about));
    expect((await Promise.all(asked)).map(({ username }) => username)).toEqual(['bot', 'bot', 'dana', 'dana']);
    expect(gitlab.requests).toHaveLength(2);
  });

  it('has who it is in the audit log, whether it was asked before or not', async () => {
    const { path } = await addProject();
    const actors: string[] = [];
    const forge = gitlabForge({
      instance: { url: gitlab.url, token: { env: 'TOKEN' } },
      env: { TOKEN: botToken() },
      audit: { append: ({ actor }) => actors.push(actor) },
      clock: NO_WAITING,
    });
    forges.push(forge);
    const project = await forge.project(path);
    gitlab.forget();
    const file = { path: 'a.txt', text: 'a', exists: false };
    const base = (await forge.standing(project, { branch: 'ours', files: [] })).head!;
    const message = 'm' as SafeText;
    for (const branch of ['ours', 'ours-2'])
      await forge.publisher(project).ensureCommit({ branch, base, expectedTip: null, message, files: [file] }, 'why');
    expect(actors).toEqual(['bot', 'bot', 'bot', 'bot']);
    expect(gitlab.requests.filter(({ path: asked }) => asked.endsWith('/user'))).toHaveLength(1);
  });
});

beforeEach(() => gitlab.forget());
