import { groupOf, projectOf, signedIn } from '../access.ts';
import { type App, type Ctx, notFound } from '../api.ts';
import { paged } from '../paginate.ts';
import { basicUser } from '../present/user.ts';
import { ACCESS_LEVELS, type Group, groupLine, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/members.md. */
export function memberRoutes(api: App, world: World): void {
  const list = (c: Ctx, place: Project | Group, inherited: boolean) => {
    signedIn(c);
    const query = c.get('params').text('query')?.toLowerCase();
    const ids = c.get('params').list('user_ids')?.map(Number);
    const members = membersOf(world, place, inherited).filter(
      ({ username, name, id }) =>
        (query === undefined || `${username} ${name}`.toLowerCase().includes(query)) &&
        (ids === undefined || ids.includes(id)),
    );
    return paged(c, world, members, { mode: 'legacy', key: ({ id }) => String(id) });
  };
  const one = (c: Ctx, place: Project | Group, inherited: boolean) => {
    signedIn(c);
    const member = membersOf(world, place, inherited).find(({ id }) => id === Number(c.req.param('user_id')));
    if (!member) throw notFound('Member');
    return c.json(member);
  };

  api.get('/groups/:id/members', (c) => list(c, groupOf(c, world), false));
  api.get('/groups/:id/members/all', (c) => list(c, groupOf(c, world), true));
  api.get('/projects/:id/members', (c) => list(c, projectOf(c, world, 'read_project'), false));
  api.get('/projects/:id/members/all', (c) => list(c, projectOf(c, world, 'read_project'), true));
  api.get('/projects/:id/members/all/:user_id', (c) => one(c, projectOf(c, world, 'read_project'), true));
  api.get('/projects/:id/members/:user_id', (c) => one(c, projectOf(c, world, 'read_project'), false));
}

/** `API_Entities_Member`, once each with the highest level. Inherited ones are those of the groups above. */
function membersOf(world: World, place: Project | Group, inherited: boolean) {
  const isProject = 'gitDir' in place;
  const above = groupLine(world.state, isProject ? place.groupId : place.parentId);
  const levels = new Map<number, number>();
  for (const { members } of [place, ...(inherited && world.rule('members-inherited') ? above : [])]) {
    for (const [id, role] of members) levels.set(id, Math.max(levels.get(id) ?? 0, ACCESS_LEVELS[role]));
  }
  return [...levels].flatMap(([id, level]) => {
    const user = world.state.users.get(id);
    if (!user) return [];
    return [
      {
        ...basicUser(world, user),
        access_level: level,
        created_at: place.createdAt,
        expires_at: null,
        membership_state: 'active',
      },
    ];
  });
}
