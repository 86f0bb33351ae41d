import { describe, expect, it } from 'vitest';
import { branchMergeRequests } from './branch-merge-requests.ts';
import type { Answer, Call, GitlabHttp } from './http/port.ts';

const INSTANCE = 'https://gitlab.example.com';

/** A GitLab that answers every request with these merge requests. */
function answering(list: readonly object[], calls: Call[] = []): GitlabHttp {
  const answer: Answer = {
    status: 200,
    headers: new Headers(),
    bytes: new Uint8Array(),
    requestId: undefined,
    attempts: 1,
    text: () => JSON.stringify(list),
    json: () => structuredClone(list),
  };
  const send = async (call: Call) => {
    calls.push(call);
    return answer;
  };
  return { instance: INSTANCE, send } as unknown as GitlabHttp;
}

const mergeRequest = (iid: number, source: number | null) => ({
  id: iid,
  iid,
  project_id: 7,
  source_project_id: source,
  target_project_id: 7,
  web_url: `${INSTANCE}/shop/pay/-/merge_requests/${iid}`,
  state: 'opened',
  title: 'x',
  description: null,
  labels: [],
  draft: false,
  source_branch: 'agentsmd/refresh',
  target_branch: 'main',
  sha: null,
  author: null,
  updated_at: null,
});

const PROJECT = { id: '7', path: 'shop/pay' };

describe('branchMergeRequests', () => {
  it('asks for those from the project itself', async () => {
    const calls: Call[] = [];
    const found = await branchMergeRequests(answering([mergeRequest(3, 7)], calls), PROJECT, 'agentsmd/refresh');
    expect(found.map(({ iid }) => iid)).toEqual([3]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      path: '/projects/7/merge_requests',
      query: { source_branch: 'agentsmd/refresh', source_project_id: '7', state: 'all', sort: 'desc' },
    });
  });

  it('leaves out those from forks, whoever sends them', async () => {
    const list = [mergeRequest(3, 8), mergeRequest(2, 7), mergeRequest(1, null)];
    const found = await branchMergeRequests(answering(list), PROJECT, 'agentsmd/refresh');
    expect(found.map(({ iid }) => iid)).toEqual([2]);
  });

  it('does not say that there is none where those from forks may hide it', async () => {
    const list = Array.from({ length: 100 }, (_, at) => mergeRequest(at + 1, 8));
    await expect(branchMergeRequests(answering(list), PROJECT, 'agentsmd/refresh')).rejects.toMatchObject({
      name: 'ForgeError',
      reason: 'unsupported',
      message: expect.stringContaining('100 merge requests from forks have the branch name "agentsmd/refresh"'),
    });
  });
});
