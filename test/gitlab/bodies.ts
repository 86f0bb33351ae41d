import type { MiddlewareHandler } from 'hono';
import { ApiError, type SimulatorEnv } from './api.ts';
import { nested, Params, readBody } from './params.ts';
import type { World } from './world.ts';

/** Reads the parameters of query and body; git's bodies are left alone. */
export function bodies(world: World): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    if (url.pathname.length + url.search.length > LONGEST_URL && world.rule('url-too-long')) {
      throw new ApiError(414, { message: '414 URI Too Long' });
    }
    const query = nested(url.searchParams);
    if (!url.pathname.startsWith(`${world.subpath}/api/`) || READS.includes(c.req.raw.method)) {
      c.set('params', new Params(query));
      return next();
    }
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const contentType = c.req.header('content-type') ?? '';
    if (bytes.length > 0 && !contentType && !world.rule('body-without-type')) return next();
    const body = await readBody(bytes, contentType);
    c.set('body', body);
    c.set('params', new Params({ ...query, ...(isRecord(body) ? body : {}) }));
    return next();
  };
}

const READS = ['GET', 'HEAD'];

/** nginx's default of one header line, in bytes. */
const LONGEST_URL = 8192;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
