import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { watch } from '../canary/watch.ts';
import type { Ctx, SimulatorEnv } from './api.ts';
import type { LoggedRequest } from './port.ts';
import type { World } from './world.ts';

/** Writes down every request once it is answered, and gives each answer its id. */
export function requestLog(world: World, log: LoggedRequest[]): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const at = Date.now();
    const requestId = randomUUID().replaceAll('-', '');
    c.set('requestId', requestId);
    c.set('applied', false);
    await next();
    c.res.headers.set('X-Request-Id', requestId);
    const url = new URL(c.req.url);
    const fault = c.get('fault');
    watch(`${c.req.raw.method} ${url.pathname} of GitLab`, `${c.req.raw.url} ${JSON.stringify(c.get('body')) ?? ''}`);
    log.push({
      at,
      ms: Date.now() - at,
      method: c.req.raw.method,
      path: url.pathname.slice(world.subpath.length) + url.search,
      route: routeOf(c, world),
      // 0: nobody got an answer.
      status: c.res.status === 499 ? 0 : c.res.status,
      body: c.get('body'),
      headers: Object.fromEntries(c.req.raw.headers),
      ...(fault === undefined ? {} : { fault }),
      applied: c.get('applied'),
    });
  };
}

/** The pattern of the handler that answers: the first that matches and is no middleware. Below `/api/v4` where it is. */
export function routeOf(c: Ctx, world: World): string {
  const routes = matchedRoutes(c);
  const pattern = (routes.find(({ path }) => !path.endsWith('*')) ?? routes.at(-1))?.path ?? '';
  return (pattern.startsWith(world.subpath) ? pattern.slice(world.subpath.length) : pattern)
    .replace(/^\/api\/v4(?=\/)/, '')
    .replace(/\{[^}]*\}/, '.git');
}
