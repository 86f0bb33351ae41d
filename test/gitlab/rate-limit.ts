import type { MiddlewareHandler } from 'hono';
import type { SimulatorEnv } from './api.ts';
import type { World } from './world.ts';

/** The headers that GitLab's throttle adds to every answer of the API. Nobody is held up by it here; faults are. */
export function rateLimitHeaders(world: World): MiddlewareHandler<SimulatorEnv> {
  const observed = new Map<number, number>();
  const limit = world.requestsPerHour;
  return async (c, next) => {
    await next();
    if (limit === null) return;
    if (!c.req.path.startsWith(`${world.subpath}/api/`) || c.get('fault')) return;
    const actor = c.get('actor');
    const seen = (observed.get(actor?.user.id ?? 0) ?? 0) + 1;
    observed.set(actor?.user.id ?? 0, seen);
    const hour = 3600;
    const headers = {
      'RateLimit-Limit': limit,
      'RateLimit-Name': actor ? 'throttle_authenticated_api' : 'throttle_unauthenticated_api',
      'RateLimit-Observed': seen,
      'RateLimit-Remaining': Math.max(0, limit - seen),
      'RateLimit-Reset': (Math.floor(Date.now() / 1000 / hour) + 1) * hour,
    };
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, String(value));
  };
}
