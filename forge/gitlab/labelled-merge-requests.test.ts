import { afterEach, expect, it } from 'vitest';
import { asking } from '../../test/gitlab/asking.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import type { Forge } from '../port.ts';
import { gitlabForge } from './index.ts';

let gitlab: GitlabSimulator;
let forge: Forge;
afterEach(async () => {
  await forge.close();
  await gitlab.close();
});

/** A project with a merge request of `agentsmd/refresh`, labelled. */
async function opened(path: string, user: string) {
  const { id } = await gitlab.addProject({ path, files: { a: 'a' }, members: { [user]: 'developer' } });
  await gitlab.push(path, { branch: 'agentsmd/refresh', user, message: 'x', files: { b: 'b' }, from: 'main' });
  const as = asking(gitlab, gitlab.addToken({ user }));
  const wish = { title: 'x', source_branch: 'agentsmd/refresh', target_branch: 'main', labels: 'agentsmd' };
  const { body } = await as('POST', `/projects/${id}/merge_requests`, wish);
  return {
    id: String(id),
    close: () => as('PUT', `/projects/${id}/merge_requests/${body.iid}`, { state_event: 'close' }),
  };
}

async function all(after?: string) {
  const found = [];
  for await (const each of forge.labelledMergeRequests('agentsmd', after)) found.push(each);
  return found;
}

it('come with each token of the instance once, with when they were opened and ended', async () => {
  gitlab = await startGitlab();
  const [shop, team] = [await opened('shop/cart', 'bot'), await opened('team/app', 'teambot')];
  await gitlab.addProject({ path: 'both/x', files: { a: 'a' }, members: { bot: 'developer', teambot: 'developer' } });
  const both = await opened('both/y', 'bot');
  gitlab.changeProject('both/y', { members: { teambot: 'developer' } });
  await team.close();
  const env = { T: gitlab.addToken({ user: 'bot' }), TEAM: gitlab.addToken({ user: 'teambot' }) };
  const groups = { team: { env: 'TEAM' }, 'team/sub': { env: 'TEAM' }, shop: { env: 'T' } };
  const instance = { url: gitlab.url, token: { env: 'T' }, groups };
  forge = gitlabForge({ instance, env, audit: { append: () => {} } });
  gitlab.forget();
  const found = await all();
  expect(gitlab.requests).toHaveLength(2);
  expect(found.map(({ projectId }) => projectId).toSorted()).toEqual([shop.id, team.id, both.id].toSorted());
  const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  const told = (id: string) => found.find(({ projectId }) => projectId === id)?.mergeRequest;
  expect(told(shop.id)).toMatchObject({ state: 'opened', createdAt: date, endedAt: null });
  expect(told(team.id)).toMatchObject({ state: 'closed', createdAt: date, endedAt: date });
  expect(await all('2100-01-01T00:00:00Z')).toEqual([]);
});
