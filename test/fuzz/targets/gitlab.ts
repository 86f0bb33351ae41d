import { ForgeError } from '../../../forge/errors.ts';
import { Capabilities } from '../../../forge/gitlab/capabilities.ts';
import { listCommits } from '../../../forge/gitlab/commits.ts';
import { listHeads } from '../../../forge/gitlab/heads.ts';
import { answerOf } from '../../../forge/gitlab/http/answer.ts';
import { graphqlData } from '../../../forge/gitlab/http/graphql.ts';
import type { Answer, GitlabHttp } from '../../../forge/gitlab/http/port.ts';
import { refusalOf } from '../../../forge/gitlab/http/refusal.ts';
import { whatWasSaid } from '../../../forge/gitlab/http/said.ts';
import { listLabelled } from '../../../forge/gitlab/labelled-merge-requests.ts';
import { projectMembersOf } from '../../../forge/gitlab/members.ts';
import { listNotes } from '../../../forge/gitlab/notes.ts';
import { findProject } from '../../../forge/gitlab/project.ts';
import * as review from '../../../forge/gitlab/review/answers.ts';
import { selfOf } from '../../../forge/gitlab/self.ts';
import { askStanding } from '../../../forge/gitlab/standing.ts';
import { fakeHttp } from '../../../forge/gitlab/testing/fake-http.ts';
import { listTree } from '../../../forge/gitlab/tree.ts';
import * as write from '../../../forge/gitlab/write/answers.ts';
import { recorded } from '../seeds.ts';
import { jsons, type Target } from '../target.ts';

const WHERE = 'https://gitlab.example.com';
const ID = '0123456789abcdef0123456789abcdef01234567';
const PROJECT = { id: '1', path: 'shop/web' };

const wire = (text: string, status = 200) => ({
  status,
  headers: new Headers({ 'content-type': 'application/json' }),
  bytes: Buffer.from(text),
});

const answer = (text: string): Answer => answerOf(WHERE, wire(text), 1);

/** An instance that answers everything with this text. */
function saying(text: string): GitlabHttp {
  return {
    ...fakeHttp({}),
    send: async () => answer(text),
    async *pages() {
      yield answer(text);
    },
    graphql: async () => graphqlData(WHERE, answer(text)),
  };
}

async function all(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

const target = (name: string, seeds: readonly unknown[], read: (text: string) => unknown): Target => ({
  name: `gitlab: ${name}`,
  seeds: jsons(...seeds),
  declared: [ForgeError],
  read,
});

const PROJECT_ANSWER = {
  ...{
    id: 1,
    path_with_namespace: 'shop/web',
    web_url: `${WHERE}/shop/web`,
    default_branch: 'main',
    visibility: 'private',
  },
  ...{ http_url_to_repo: `${WHERE}/shop/web.git`, empty_repo: false, topics: ['a'], mirror: false, archived: false },
  permissions: { project_access: { access_level: 40 }, group_access: null },
};
const TREE = [
  { id: ID, name: 'a', type: 'blob', path: 'a/b.ts', mode: '100644' },
  { id: ID, name: 'c', type: 'commit', path: 'c', mode: '160000' },
];
const DRAFTS = [{ id: 1, author_id: 2, note: 'a', discussion_id: null, position: { head_sha: ID } }];
const MEMBERS = [{ id: 1, username: 'ada', name: 'Ada', state: 'active', access_level: 40 }];
const STANDING = {
  data: {
    project: {
      ...{
        id: 'gid://gitlab/Project/1',
        fullPath: 'shop/web',
        webUrl: `${WHERE}/shop/web`,
        topics: [],
        isForked: false,
      },
      repository: { empty: false, rootRef: 'main', head: { lastCommit: { sha: ID } }, ours: null },
      mergeRequests: { nodes: [] },
    },
    queryComplexity: { score: 10, limit: 200 },
  },
};
const HEADS = {
  data: { projects: { nodes: [{ id: 'gid://gitlab/Project/1', repository: { tree: { lastCommit: { sha: ID } } } }] } },
};
const SAID = [
  { message: { base: ['a', 'b'] } },
  { error: 'invalid_token', error_description: 'b' },
  { errors: [{ message: 'a' }] },
];
const QUESTION = { branch: 'agentsmd', files: ['AGENTS.md'] };

export const gitlabTargets = (): readonly Target[] => [
  target('project', [PROJECT_ANSWER, ...recorded('/projects/1')], (text) => findProject(saying(text), 'shop/web')),
  target('tree', [TREE], (text) => listTree(saying(text), new Capabilities(), PROJECT, ID)),
  target('commits', recorded('/commits'), (text) => listCommits(saying(text), PROJECT, 'a', 'b')),
  target('notes', recorded('/notes'), (text) => listNotes(saying(text), PROJECT, 1, { access: true })),
  target('members', [MEMBERS], (text) => projectMembersOf(saying(text), { learn: () => {} })(PROJECT)),
  target('labelled merge requests', recorded('/merge_requests'), (text) => all(listLabelled(saying(text), [], 'a'))),
  target('own account', recorded('/user'), (text) => selfOf(saying(text))()),
  target('standing', [STANDING, PROJECT_ANSWER], (text) =>
    askStanding(saying(text), new Capabilities(), PROJECT, QUESTION),
  ),
  target('heads', [HEADS], (text) => all(listHeads(saying(text), new Capabilities(), [PROJECT as never]))),
  target('merge request', recorded('/27117'), (text) => [
    review.readMergeRequest(answer(text)),
    write.readMergeRequest(answer(text)),
  ]),
  target('discussions', recorded('/discussions'), (text) => review.readDiscussions(answer(text)).map(review.threadOf)),
  target('drafts', [DRAFTS], (text) => review.readDrafts(answer(text))),
  target('approvals', [{ user_has_approved: true, user_can_approve: false }, ...recorded('/approvals')], (text) =>
    review.readApprovals(answer(text)),
  ),
  target('reviewers', [[{ user: { id: 1, username: 'a' }, state: 'reviewed' }]], (text) =>
    review.readReviewState(answer(text), { id: '1', username: 'a' }),
  ),
  target('versions', [[{ id: 1, created_at: '2026-11-22T10:00:00Z' }]], (text) =>
    review.readNewestVersion(answer(text)),
  ),
  target(
    'answers to what is written',
    [{ id: ID, iid: 1, web_url: WHERE, commit: { id: ID } }, [{ id: 1, username: 'a' }]],
    (text) => {
      for (const read of [
        write.readCommit,
        write.readTip,
        write.readOwnMergeRequests,
        write.readOpened,
        write.readNoteId,
        write.readNotes,
      ])
        ofForge(() => read(answer(text)));
      ofForge(() => write.readUserId(answer(text), 'a'));
    },
  ),
  target('words of a refusal', SAID, (text) => {
    const given = wire(text, 422);
    whatWasSaid(given.bytes, given.headers);
    refusalOf(WHERE, { method: 'GET', path: '/projects/1' }, given, undefined);
  }),
];

function ofForge(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
  }
}
