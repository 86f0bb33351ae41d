import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator } from '../port.ts';
import { startGitlab } from '../start.ts';

let gitlab: GitlabSimulator;
let bot: Ask;

beforeEach(async () => {
  gitlab = await startGitlab({ version: '17.11.2', edition: 'premium' });
  gitlab.addGroup({ path: 'team', members: { boss: 'owner' } });
  await gitlab.addProject({ path: 'team/sub/app', members: { bot: 'developer', boss: 'reporter' } });
  bot = asking(gitlab, gitlab.addToken({ user: 'bot', scopes: ['read_api'], expiresAt: '2999-01-31' }));
});
afterEach(() => gitlab.close());

it('tells its version and edition', async () => {
  expect((await bot('GET', '/metadata')).body).toMatchObject({ version: '17.11.2', enterprise: true });
  expect((await bot('GET', '/version')).body).toMatchObject({ version: '17.11.2' });
  expect((await asking(gitlab)('GET', '/metadata')).status).toBe(401);
});

it('tells who asks, and with what', async () => {
  expect((await bot('GET', '/user')).body).toMatchObject({ username: 'bot', email: 'bot@example.com' });
  expect((await bot('GET', '/personal_access_tokens/self')).body).toMatchObject({
    scopes: ['read_api'],
    active: true,
    expires_at: '2999-01-31',
  });
});

it('finds users by their exact name, whatever its case', async () => {
  const found = await bot('GET', '/users?username=BOSS');
  expect(found.body).toEqual([expect.objectContaining({ username: 'boss', state: 'active' })]);
  expect(found.body[0]).not.toHaveProperty('email');
  expect((await bot('GET', '/users?username=bo')).body).toEqual([]);
  expect((await bot('GET', `/users/${found.body[0].id}`)).body).toMatchObject({ username: 'boss', bot: false });
});

it('lists members with their highest level, inherited ones on request', async () => {
  const members = async (path: string) =>
    (await bot('GET', path)).body.map((one: { username: string; access_level: number }) => [
      one.username,
      one.access_level,
    ]);
  expect(await members('/projects/team%2Fsub%2Fapp/members')).toEqual([
    ['bot', 30],
    ['boss', 20],
  ]);
  expect(await members('/projects/team%2Fsub%2Fapp/members/all')).toEqual([
    ['bot', 30],
    ['boss', 50],
  ]);
  expect(await members('/groups/team%2Fsub/members')).toEqual([]);
  expect(await members('/groups/team%2Fsub/members/all')).toEqual([['boss', 50]]);
  const { id } = (await bot('GET', '/user')).body;
  expect((await bot('GET', `/projects/team%2Fsub%2Fapp/members/all/${id}`)).body.access_level).toBe(30);
  expect((await bot('GET', '/projects/team%2Fsub%2Fapp/members/all/999')).status).toBe(404);
  expect((await bot('GET', '/groups/nowhere/members')).status).toBe(404);
});
