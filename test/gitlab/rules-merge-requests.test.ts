import { describe, expect, it } from 'vitest';
import { type Answered, type Ask, asking } from './asking.ts';
import type { GitlabSimulator, SimulatorOptions } from './port.ts';
import { MERGE_REQUEST_RULES } from './rules-merge-requests.ts';
import { startGitlab } from './start.ts';

interface Place {
  readonly gitlab: GitlabSimulator;
  /** As `bot`, a developer of `team/app`. */
  readonly bot: Ask;
  readonly as: (user: string) => Ask;
  readonly id: (user: string) => Promise<number>;
  /** Of `team/app`, below which is one open merge request from `topic` to `main`. */
  readonly project: string;
  /** `/projects/…/merge_requests/1` */
  readonly one: string;
  readonly push: (branch: string, files: Record<string, string | Uint8Array | null>) => Promise<string>;
  readonly graphql: (
    query: string,
    variables?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Pick<Answered, 'status' | 'body'>>;
}

/** What each rule's own request shows while the rule is in force; with the rule switched off it shows something else. */
const SHOWS: Record<
  (typeof MERGE_REQUEST_RULES)[number]['id'],
  readonly [unknown, (place: Place) => Promise<unknown>]
> = {
  'merge-request-duplicate': [409, async ({ bot, project }) => (await open(bot, project, 'topic')).status],
  'source-branch-missing': [400, async ({ bot, project }) => (await open(bot, project, 'nowhere')).status],
  'merge-requests-disabled': [
    403,
    async ({ gitlab, bot, project }) => {
      gitlab.changeProject('team/app', { mergeRequestsEnabled: false });
      return (await bot('GET', `${project}/merge_requests`)).status;
    },
  ],
  'fork-network': [
    422,
    async ({ gitlab, bot, project }) => {
      await gitlab.addProject({ path: 'other/app', files: { a: 'a' }, members: { bot: 'developer' } });
      await gitlab.push('other/app', { branch: 'x', user: 'bot', message: 'x', files: { x: 'x' } });
      return (await open(bot, '/projects/other%2Fapp', 'x', { target_project_id: Number(project.split('/').at(-1)) }))
        .status;
    },
  ],
  'text-lengths': [400, async ({ bot, one }) => (await bot('PUT', one, { title: 'x'.repeat(256) })).status],
  'prepared-later': [
    'preparing',
    async ({ bot, project, push }) => {
      await push('second', { x: 'x' });
      return (await open(bot, project, 'second')).body.detailed_merge_status;
    },
  ],
  'one-reviewer-ce': [
    1,
    async ({ bot, one, id }) => (await bot('PUT', one, { reviewer_ids: await both(id) })).body.reviewers.length,
  ],
  'one-assignee-ce': [
    1,
    async ({ bot, one, id }) => (await bot('PUT', one, { assignee_ids: await both(id) })).body.assignees.length,
  ],
  'strangers-not-assigned': [
    0,
    async ({ gitlab, bot, one, id }) => {
      gitlab.addUser({ username: 'stranger' });
      return (await bot('PUT', one, { assignee_ids: [await id('stranger')] })).body.assignees.length;
    },
  ],
  'labels-made-on-use': [['new'], async ({ bot, one }) => (await bot('PUT', one, { labels: 'new' })).body.labels],
  'draft-not-merged': [
    405,
    async ({ bot, one }) => {
      await bot('PUT', one, { title: 'Draft: x' });
      return (await bot('PUT', `${one}/merge`)).status;
    },
  ],
  'merge-needs-developer': [401, async ({ as, one }) => (await as('reader')('PUT', `${one}/merge`)).status],
  'merge-protected': [
    401,
    async ({ gitlab, bot, one }) => {
      gitlab.changeProject('team/app', { protectedBranches: ['main'] });
      return (await bot('PUT', `${one}/merge`)).status;
    },
  ],
  'merge-sha': [409, async ({ bot, one }) => (await bot('PUT', `${one}/merge`, { sha: '1'.repeat(40) })).status],
  'branch-gone-closes': [
    'closed',
    async ({ bot, project, one }) => {
      await bot('DELETE', `${project}/repository/branches/topic`);
      return (await bot('GET', one)).body.state;
    },
  ],
  'pushed-is-merged': [
    'merged',
    async ({ gitlab, bot, one }) => {
      const { sha } = (await bot('GET', one)).body;
      await gitlab.push('team/app', { branch: 'main', user: 'bot', message: 'On top', files: { z: 'z' }, from: sha });
      return (await bot('GET', one)).body.state;
    },
  ],
  'system-notes': [
    'closed',
    async ({ bot, one }) => {
      await bot('PUT', one, { state_event: 'close' });
      return (await bot('GET', `${one}/notes`)).body[0]?.body;
    },
  ],
  'quick-actions': [
    'closed',
    async ({ bot, one }) => {
      await bot('POST', `${one}/notes`, { body: '/close' });
      return (await bot('GET', one)).body.state;
    },
  ],
  mentions: [
    1,
    async ({ gitlab, bot, one }) => {
      await bot('POST', `${one}/notes`, { body: '@reader' });
      return gitlab.effects.length;
    },
  ],
  'note-of-others': [
    403,
    async ({ bot, as, one }) => {
      const note = (await bot('POST', `${one}/notes`, { body: 'x' })).body.id;
      return (await as('ann')('PUT', `${one}/notes/${note}`, { body: 'y' })).status;
    },
  ],
  'members-inherited': [
    ['above', 'ann', 'bot', 'reader'],
    async ({ gitlab, bot, project }) => {
      gitlab.addGroup({ path: 'team', members: { above: 'owner' } });
      const { body } = await bot('GET', `${project}/members/all`);
      return body.map((member: { username: string }) => member.username).toSorted();
    },
  ],
  'graphql-scope': [
    401,
    async ({ gitlab, graphql }) => {
      const token = gitlab.addToken({ user: 'bot', scopes: ['read_repository'] });
      return (await graphql('{ currentUser { username } }', {}, { Authorization: `Bearer ${token}` })).status;
    },
  ],
  'graphql-complexity': [true, async ({ graphql }) => 'errors' in (await graphql(BLOBS, { paths: names(130) })).body],
  'graphql-blobs-18-4': [true, async ({ graphql }) => 'errors' in (await graphql(BLOBS, { paths: names(2) })).body],
  'graphql-query-length': [
    422,
    async ({ graphql }) => (await graphql(`{ metadata { version } } #${'x'.repeat(10_000)}`)).status,
  ],
  'graphql-page': [
    100,
    async ({ gitlab, graphql }) => {
      for (let n = 0; n < 101; n++) await gitlab.addProject({ path: `many/p${n}`, members: { bot: 'reporter' } });
      return (await graphql('{ projects(first: 150) { nodes { id } } }')).body.data.projects.nodes.length;
    },
  ],
  'graphql-depth': [
    true,
    async ({ graphql }) =>
      'errors' in
      (await graphql(`{ group(fullPath: "team") { ${'parent { '.repeat(20)} id ${'} '.repeat(20)} } }`)).body,
  ],
  'graphql-blob-bytes': [
    true,
    async ({ push, graphql }) => {
      await push('main', { f0: 'x'.repeat(11 << 20), f1: 'y'.repeat(10 << 20) });
      return 'errors' in (await graphql(BLOBS, { paths: names(2) })).body;
    },
  ],
  'graphql-blob-cut': [
    10 << 20,
    async ({ push, graphql }) => {
      await push('main', { f0: 'x'.repeat(11 << 20) });
      return textOf(await graphql(BLOBS, { paths: names(1) }))?.length;
    },
  ],
  'graphql-50-paths': [
    true,
    async ({ graphql }) =>
      'errors' in
      (await graphql('query($paths: [String!]) { projects(fullPaths: $paths) { count } }', { paths: names(51) })).body,
  ],
  'graphql-text-utf8': [null, async ({ graphql }) => textOf(await graphql(BLOBS, { paths: ['binary'] }))],
};

const BLOBS = `query($paths: [String!]!) { project(fullPath: "team/app") { repository { blobs(paths: $paths) {
  nodes { path rawTextBlob } } } } }`;
const names = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);
const both = (id: Place['id']) => Promise.all(['ann', 'reader'].map(id));
const textOf = ({ body }: Pick<Answered, 'body'>) => body.data.project.repository.blobs.nodes[0].rawTextBlob;

function open(ask: Ask, project: string, from: string, more: object = {}): Promise<Answered> {
  return ask('POST', `${project}/merge_requests`, { title: 'x', source_branch: from, target_branch: 'main', ...more });
}

/** A few rules count in some versions only. */
const VERSIONS: Partial<Record<string, string>> = { 'graphql-blobs-18-4': '18.4.2' };

describe('the rules of merge requests and GraphQL', () => {
  it.each(MERGE_REQUEST_RULES)('$id: $says', async ({ id }) => {
    const [shown, show] = SHOWS[id];
    const version = VERSIONS[id] ?? '18.8.0';
    expect(await inPlace({ version }, show)).toEqual(shown);
    expect(await inPlace({ version, broken: [id], conformance: false }, show)).not.toEqual(shown);
  });
});

async function inPlace(options: SimulatorOptions, show: (place: Place) => Promise<unknown>): Promise<unknown> {
  const gitlab = await startGitlab(options);
  try {
    const { id } = await gitlab.addProject({
      path: 'team/app',
      files: { 'README.md': 'one\n', binary: new Uint8Array([0, 1]) },
      members: { bot: 'developer', ann: 'developer', reader: 'reporter' },
    });
    const token = gitlab.addToken({ user: 'bot' });
    const bot = asking(gitlab, token);
    const push: Place['push'] = (branch, files) =>
      gitlab.push('team/app', { branch, user: 'bot', message: 'x', files: files as Record<string, string> });
    const project = `/projects/${id}`;
    await push('topic', { 'README.md': 'two\n' });
    await open(bot, project, 'topic');
    return await show({
      gitlab,
      bot,
      push,
      project,
      one: `${project}/merge_requests/1`,
      as: (user) => asking(gitlab, gitlab.addToken({ user })),
      id: async (user) => (await bot('GET', `/users?username=${user}`)).body[0].id,
      graphql: async (query, variables = {}, headers = { Authorization: `Bearer ${token}` }) => {
        const answer = await fetch(`${gitlab.url}/api/graphql`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify({ query, variables }),
        });
        return { status: answer.status, body: await answer.json() };
      },
    });
  } finally {
    await gitlab.close();
  }
}
