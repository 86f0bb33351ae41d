import { signedIn } from '../access.ts';
import { type App, notFound, unauthorized } from '../api.ts';
import { isExpired } from '../auth.ts';
import { paged } from '../paginate.ts';
import { basicUser, ownUser } from '../present/user.ts';
import type { World } from '../world.ts';

/** The instance, its users and the token: doc/api/metadata.md, users.md, personal_access_tokens.md. */
export function userRoutes(api: App, world: World): void {
  for (const path of ['/metadata', '/version']) {
    api.get(path, (c) => {
      signedIn(c);
      return c.json({
        version: world.version,
        revision: '5e5c1a2b3d4',
        kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
        enterprise: world.edition !== 'ce',
      });
    });
  }
  api.get('/user', (c) => c.json(ownUser(world, signedIn(c).user)));
  api.get('/users', (c) => {
    signedIn(c);
    const params = c.get('params');
    const username = params.text('username')?.toLowerCase();
    const search = params.text('search')?.toLowerCase();
    const found = world.state.users
      .values()
      .filter((user) => username === undefined || user.username.toLowerCase() === username)
      .filter((user) => search === undefined || `${user.username} ${user.name}`.toLowerCase().includes(search))
      .toArray()
      .toSorted((a, b) => b.id - a.id);
    return paged(c, world, found, {
      mode: 'legacy',
      key: ({ id }) => String(id),
      present: async (page) => page.map((user) => basicUser(world, user)),
    });
  });
  api.get('/users/:user_id', (c) => {
    signedIn(c);
    const user = world.state.users.get(Number(c.req.param('user_id')));
    if (!user) throw notFound('User');
    return c.json({ ...basicUser(world, user), bot: user.bot });
  });
  api.get('/personal_access_tokens/self', (c) => {
    const { token } = signedIn(c);
    if (token.kind === 'job') throw unauthorized();
    return c.json({
      id: token.id,
      name: 'token',
      revoked: token.revoked,
      created_at: token.createdAt,
      description: null,
      scopes: token.scopes,
      user_id: token.userId,
      last_used_at: token.createdAt,
      active: !token.revoked && !isExpired(token),
      expires_at: token.expiresAt,
      last_used_ips: [],
    });
  });
}
