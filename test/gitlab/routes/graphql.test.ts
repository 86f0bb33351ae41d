import { afterEach, describe, expect, it } from 'vitest';
import { asking } from '../asking.ts';
import type { GitlabSimulator, SimulatorOptions } from '../port.ts';
import { startGitlab } from '../start.ts';

let gitlab: GitlabSimulator;
let token: string;
afterEach(() => gitlab.close());

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;

async function start(options: SimulatorOptions = {}) {
  gitlab = await startGitlab(options);
  await gitlab.addProject({
    path: 'team/sub/app',
    topics: ['x'],
    members: { bot: 'developer' },
    files: {
      'README.md': 'one\n',
      'dir/a.txt': 'bom: \ufeff\n',
      'latin.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9]),
      'binary.bin': Buffer.from([1, 0, 2]),
      'big.lfs': POINTER,
    },
  });
  await gitlab.addProject({ path: 'team/empty', members: { bot: 'maintainer' } });
  await gitlab.addProject({ path: 'hidden/app', files: { a: 'a' } });
  token = gitlab.addToken({ user: 'bot', scopes: ['read_api'] });
}

// biome-ignore lint/suspicious/noExplicitAny: whatever is asked for
async function send(body: unknown, as: string | null = token): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${gitlab.url}/api/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(as === null ? {} : { Authorization: `Bearer ${as}` }) },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
const ask = (query: string, variables: Record<string, unknown> = {}) => send({ query, variables });

describe('projects', () => {
  it('are told with what the fleet wants to know', async () => {
    await start();
    const { status, body } = await ask(`{ project(fullPath: "team/sub/app") {
      id fullPath name archived visibility topics isForked maxAccessLevel { stringValue integerValue }
      userPermissions { pushCode adminProject }
      group { fullPath parent { fullPath } }
      repository { empty exists rootRef tree { lastCommit { sha title } } }
    } currentUser { username } metadata { version } }`);
    expect(status).toBe(200);
    expect(body.data.project).toMatchObject({
      id: expect.stringMatching(/^gid:\/\/gitlab\/Project\/\d+$/),
      fullPath: 'team/sub/app',
      topics: ['x'],
      isForked: false,
      maxAccessLevel: { stringValue: 'DEVELOPER', integerValue: 30 },
      userPermissions: { pushCode: true, adminProject: false },
      group: { fullPath: 'team/sub', parent: { fullPath: 'team' } },
      repository: { empty: false, rootRef: 'main', tree: { lastCommit: { title: 'Initial commit' } } },
    });
    expect(body.data).toMatchObject({ currentUser: { username: 'bot' }, metadata: { version: '18.8.0' } });
  });

  it('that are hidden or not there are null, and an empty one has no commit', async () => {
    await start();
    const { body } = await ask(`{
      hidden: project(fullPath: "hidden/app") { id }
      none: project(fullPath: "no/where") { id }
      empty: project(fullPath: "team/empty") { repository { empty rootRef tree { lastCommit { sha } } } }
    }`);
    expect(body.data).toMatchObject({
      hidden: null,
      none: null,
      empty: { repository: { empty: true, rootRef: null, tree: { lastCommit: null } } },
    });
  });

  it('are listed in pages, by id, path and membership', async () => {
    await start();
    const page = (after: string | null) =>
      ask(
        `query($after: String) { projects(membership: true, sort: "id_asc", first: 1, after: $after) {
          count nodes { fullPath } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const first = (await page(null)).body.data.projects;
    expect(first).toMatchObject({ count: 2, nodes: [{ fullPath: 'team/sub/app' }], pageInfo: { hasNextPage: true } });
    const second = (await page(first.pageInfo.endCursor)).body.data.projects;
    expect(second).toMatchObject({ nodes: [{ fullPath: 'team/empty' }], pageInfo: { hasNextPage: false } });
    const named = await ask('{ projects(fullPaths: ["team/empty", "hidden/app"]) { nodes { id } } }');
    expect(named.body.data.projects.nodes).toHaveLength(1);
    const { id } = named.body.data.projects.nodes[0];
    const byId = await ask('query($ids: [ID!]) { projects(ids: $ids) { nodes { fullPath } } }', { ids: [id] });
    expect(byId.body.data.projects.nodes).toEqual([{ fullPath: 'team/empty' }]);
    const many = Array.from({ length: 51 }, (_, n) => `a/${n}`);
    const refused = await ask('query($p: [String!]) { projects(fullPaths: $p) { nodes { id } } }', { p: many });
    expect(refused.body.errors[0].message).toBe('You cannot provide more than 50 full_paths');
  });

  it('tell the tips of many by their ids, each once, those that are hidden left out', async () => {
    await start();
    const app = await gitlab.push('team/sub/app', { branch: 'x/y', user: 'bot', message: 'Second', files: { z: 'z' } });
    const { body: all } = await send({ query: '{ projects { nodes { id fullPath } } }' }, gitlab.rootToken);
    const nodes: { id: string; fullPath: string }[] = all.data.projects.nodes;
    const id = (path: string) => nodes.find(({ fullPath }) => fullPath === path)?.id;
    const ids = [id('hidden/app'), id('team/sub/app'), id('team/empty'), id('team/sub/app')];
    const { body } = await ask(
      `query($ids: [ID!]) { queryComplexity { score } projects(ids: $ids, first: 100) { nodes { fullPath repository {
        tree { lastCommit { sha } } ours: tree(ref: "refs/heads/x/y") { lastCommit { sha title } }
        none: tree(ref: "refs/heads/x") { lastCommit { sha } } } } } }`,
      { ids },
    );
    expect(body.data.projects.nodes).toEqual([
      {
        fullPath: 'team/empty',
        repository: { tree: { lastCommit: null }, ours: { lastCommit: null }, none: { lastCommit: null } },
      },
      {
        fullPath: 'team/sub/app',
        repository: {
          tree: { lastCommit: { sha: expect.stringMatching(/^(?!.*undefined)[0-9a-f]{40}$/) } },
          ours: { lastCommit: { sha: app, title: 'Second' } },
          none: { lastCommit: null },
        },
      },
    ]);
    // Three trees of 13, a title, three fields around them, two for the connection and its order: twice, for a hundred of them.
    expect(body.data.queryComplexity.score).toBe(2 * (3 * 13 + 1 + 3 + 2) + 2);
    const wrong = await ask('{ projects(ids: ["42"]) { nodes { id } } }');
    expect(wrong.body.errors[0].message).toBe('"42" is not a valid GitLab ID.');
  });

  it('show their merge requests, as of now', async () => {
    await start();
    const bot = asking(gitlab, gitlab.addToken({ user: 'bot' }));
    const { id } = (await bot('GET', '/projects/team%2Fsub%2Fapp')).body;
    await gitlab.push('team/sub/app', { branch: 'topic', user: 'bot', message: 'x', files: { x: 'x' } });
    await bot('POST', `/projects/${id}/merge_requests`, {
      title: 'Draft: X',
      source_branch: 'topic',
      target_branch: 'main',
      labels: 'b,a',
    });
    const tip = await gitlab.push('team/sub/app', { branch: 'topic', user: 'bot', message: 'y', files: { y: 'y' } });
    const { body } =
      await ask(`{ project(fullPath: "team/sub/app") { mergeRequests(sourceBranches: ["topic"], first: 10) { nodes {
      iid state title draft labels { nodes { title } } sourceBranch targetBranch diffHeadSha conflicts author { username } } } } }`);
    expect(body.data.project.mergeRequests.nodes).toEqual([
      {
        iid: '1',
        state: 'opened',
        title: 'Draft: X',
        draft: true,
        labels: { nodes: [{ title: 'a' }, { title: 'b' }] },
        sourceBranch: 'topic',
        targetBranch: 'main',
        diffHeadSha: tip,
        conflicts: false,
        author: { username: 'bot' },
      },
    ]);
    const none = await ask('{ project(fullPath: "team/sub/app") { mergeRequests(state: merged) { nodes { iid } } } }');
    expect(none.body.data.project.mergeRequests.nodes).toEqual([]);
  });
});

const BLOBS = `query($paths: [String!]!, $ref: String, $first: Int, $after: String) {
  queryComplexity { score limit }
  project(fullPath: "team/sub/app") { repository { blobs(paths: $paths, ref: $ref, first: $first, after: $after) {
    nodes { path oid size mode rawTextBlob lfsOid } pageInfo { hasNextPage endCursor } } } } }`;
const blobs = async (variables: Record<string, unknown>) =>
  (await ask(BLOBS, variables)).body.data.project.repository.blobs;

describe('blobs', () => {
  it('are text, in the order asked for; what is no file is left out', async () => {
    await start();
    const { nodes } = await blobs({ paths: ['dir/a.txt', 'nowhere', 'dir', 'README.md'] });
    expect(nodes).toEqual([
      expect.objectContaining({ path: 'dir/a.txt', rawTextBlob: 'bom: \ufeff\n', mode: '100644', size: '9' }),
      expect.objectContaining({ path: 'README.md', rawTextBlob: 'one\n', lfsOid: null }),
    ]);
  });

  it('are null where binary, converted where no UTF-8, and pointers of LFS', async () => {
    await start();
    const { nodes } = await blobs({ paths: ['binary.bin', 'latin.txt', 'big.lfs'] });
    expect(nodes.map((node: { rawTextBlob: string | null }) => node.rawTextBlob)).toEqual([null, 'café', POINTER]);
    expect(nodes[1].size).toBe('4');
    expect(nodes[2]).toMatchObject({ lfsOid: 'ab'.repeat(32), size: String(POINTER.length) });
  });

  it('come in pages and at a commit', async () => {
    await start();
    const first = await blobs({ paths: ['README.md', 'dir/a.txt'], first: 1 });
    expect(first).toMatchObject({ nodes: [{ path: 'README.md' }], pageInfo: { hasNextPage: true } });
    const rest = await blobs({ paths: ['README.md', 'dir/a.txt'], first: 1, after: first.pageInfo.endCursor });
    expect(rest).toMatchObject({ nodes: [{ path: 'dir/a.txt' }], pageInfo: { hasNextPage: false } });
    expect(await blobs({ paths: ['README.md'], ref: 'a'.repeat(40) })).toMatchObject({ nodes: [] });
  });

  it('have at most 20 MB of text together, and 10 MB of one', async () => {
    await start();
    const big = (bytes: number) => 'x'.repeat(bytes);
    const files = { 'b1.txt': big(11 << 20), 'b2.txt': big(10 << 20) };
    await gitlab.push('team/sub/app', { branch: 'main', user: 'bot', message: 'big', files });
    const { body } = await ask(BLOBS, { paths: ['b1.txt', 'b2.txt'] });
    expect(body.errors[0].message).toBe('Max blobs size limit exceeded (21.0 MiB / 20 MiB).');
    const alone = await blobs({ paths: ['b1.txt'] });
    expect(alone.nodes[0].rawTextBlob).toHaveLength(10 << 20);
    expect(alone.nodes[0].size).toBe(String(11 << 20));
    const names = await ask(
      '{ project(fullPath: "team/sub/app") { repository { blobs(paths: ["b1.txt", "b2.txt"]) { nodes { size } } } } }',
    );
    expect(names.body.errors).toBeUndefined();
  });
});

describe('complexity', () => {
  const score = async (query: string, variables = {}) => (await ask(query, variables)).body.data.queryComplexity.score;

  it.each([
    // queryComplexity 1 + its field 1.
    ['{ queryComplexity { score } }', 2],
    // project: children + 1; two fields.
    ['{ queryComplexity { score } project(fullPath: "a/b") { id name } }', 2 + 3],
    // blobs: (nodes 1 + 2 fields + 1 resolver + 2 paths + 1 Gitaly) = 7, doubled at 100 a page; repository 1, project 1.
    [
      '{ queryComplexity { score } project(fullPath: "a/b") { repository { blobs(paths: ["a", "b"]) { nodes { path oid } } } } }',
      2 + 16,
    ],
    // The same with first: 10: 7 + 10 %, cut off.
    [
      '{ queryComplexity { score } project(fullPath: "a/b") { repository { blobs(paths: ["a", "b"], first: 10) { nodes { path oid } } } } }',
      2 + 9,
    ],
    // lastCommit 10 + sha 1; tree + 1 resolver + 1 Gitaly; repository 1; project 1.
    ['{ queryComplexity { score } project(fullPath: "a/b") { repository { tree { lastCommit { sha } } } } }', 2 + 15],
    // mergeRequests: nodes 1 + iid 1 + 1 resolver + 1 default sort = 4, + 3 %, cut off: 4; project 1.
    ['{ queryComplexity { score } project(fullPath: "a/b") { mergeRequests(first: 3) { nodes { iid } } } }', 2 + 5],
    // Skipped, and twice under one name.
    [
      '{ queryComplexity { score } project(fullPath: "a/b") { id id name @skip(if: true) ...F } } fragment F on Project { id path }',
      2 + 3,
    ],
  ])('of %s', async (query, points) => {
    await start();
    expect(await score(query)).toBe(points);
  });

  it('above 250 is refused with 200 and errors', async () => {
    await start();
    const paths = Array.from({ length: 130 }, (_, n) => `f${n}`);
    const { status, body } = await ask(BLOBS, { paths });
    expect(status).toBe(200);
    expect(body).toEqual({
      errors: [
        { message: expect.stringMatching(/^Query has complexity of \d+, which exceeds max complexity of 250$/) },
      ],
    });
  });

  it('of 30 texts is about 80 of 250, and too much from 18.4.2 to 18.5', async () => {
    const paths = Array.from({ length: 30 }, (_, n) => `f${n}`);
    await start();
    expect((await ask(BLOBS, { paths, first: 30 })).body.data.queryComplexity.score).toBeLessThan(80);
    await gitlab.close();
    for (const version of ['18.4.2', '18.5.0']) {
      await start({ version });
      expect((await ask(BLOBS, { paths: paths.slice(0, 2) })).body.errors[0].message).toMatch('exceeds max complexity');
      expect((await ask(BLOBS, { paths: paths.slice(0, 1) })).body.errors).toBeUndefined();
      const names = BLOBS.replace('rawTextBlob', '');
      expect((await ask(names, { paths })).body.errors).toBeUndefined();
      await gitlab.close();
    }
    await start({ version: '18.4.1' });
    expect((await ask(BLOBS, { paths: paths.slice(0, 2) })).body.errors).toBeUndefined();
  });

  it('of the published query with 100 paths is the published 1421', async () => {
    await start({ version: '18.4.2' });
    const paths = Array.from({ length: 100 }, (_, n) => `f${n}`);
    const query =
      'query($paths: [String!]!) { project(fullPath: "a/b") { repository { blobs(paths: $paths) { nodes { size rawTextBlob } } } } }';
    expect((await ask(query, { paths })).body.errors[0].message).toMatch('complexity of 1421,');
  });
});

describe('the door', () => {
  it('wants read_api, and no job token', async () => {
    await start();
    const query = { query: '{ currentUser { username } }' };
    expect((await send(query, gitlab.addToken({ user: 'bot', scopes: ['read_repository'] }))).status).toBe(401);
    const job = gitlab.addToken({ user: 'bot', kind: 'job', project: 'team/sub/app' });
    const answer = await fetch(`${gitlab.url}/api/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'JOB-TOKEN': job },
      body: JSON.stringify(query),
    });
    expect(answer.status).toBe(401);
    expect((await send(query, null)).body.data.currentUser).toBeNull();
  });

  it('answers 200 for a query it does not understand', async () => {
    await start();
    const { status, body } = await ask('{ nothing }');
    expect(status).toBe(200);
    expect(body.errors[0].message).toMatch('nothing');
    expect((await ask('{')).body.errors).toHaveLength(1);
  });

  it('takes at most 10,000 characters', async () => {
    await start();
    const { status, body } = await ask(`{ currentUser { username } } # ${'x'.repeat(10_000)}`);
    expect(status).toBe(422);
    expect(body.errors[0].message).toBe('Query too large');
  });

  it('takes several queries at once, weighed together', async () => {
    await start();
    const { body } = await send([{ query: '{ currentUser { username } }' }, { query: '{ currentUser { name } }' }]);
    expect(body).toHaveLength(2);
    const paths = Array.from({ length: 60 }, (_, n) => `f${n}`);
    const heavy = { query: BLOBS, variables: { paths } };
    expect((await send(heavy)).body.errors).toBeUndefined();
    expect((await send([heavy, heavy])).body[0].errors[0].message).toMatch('complexity');
  });

  it('knows no more than 20 levels', async () => {
    await start();
    const deep = `{ group(fullPath: "team/sub") { ${'parent { '.repeat(20)} id ${'} '.repeat(20)} } }`;
    expect((await ask(deep)).body.errors[0].message).toBe('Query has depth of 22, which exceeds max depth of 20');
  });

  it('answers an introspection', async () => {
    await start();
    const { body } = await ask('query IntrospectionQuery { __schema { queryType { name } } }');
    expect(body.data.__schema.queryType.name).toBe('Query');
  });
});
