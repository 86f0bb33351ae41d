import type { MiddlewareHandler } from 'hono';
import { type Actor, ApiError, type SimulatorEnv, unauthorized } from './api.ts';
import type { Token } from './state.ts';
import type { World } from './world.ts';

/** Finds out who asks. Without a token nobody does, which is no error yet. */
export function authentication(world: World): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const path = c.req.path.slice(world.subpath.length).replace(/^\/api\/v4/, '');
    const method = c.req.raw.method;
    c.set('actor', whoAsks(world, c.req.raw.headers, c.req.query('private_token'), method, path));
    return next();
  };
}

function whoAsks(
  world: World,
  headers: Headers,
  param: string | undefined,
  method: string,
  path: string,
): Actor | null {
  const job = headers.get('job-token');
  if (job !== null) {
    const actor = holderOf(world, job, ['job']);
    const counts = !world.rule('job-token-routes') || JOB_ROUTES.some((route) => route(method, path));
    return counts ? actor : null;
  }
  const bearer = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const text = headers.get('private-token') ?? bearer ?? param;
  if (text === undefined) return null;
  const actor = holderOf(world, text, ['personal', 'project', 'group']);
  if (actor && path !== '/api/graphql') checkScope(world, actor.token, method, path);
  return actor;
}

/**
 * The token's user. `null` where an unknown token is let pass.
 * @throws {ApiError} 401 for a token that is unknown, revoked or expired.
 */
export function holderOf(world: World, text: string, kinds: readonly Token['kind'][]): Actor | null {
  const token = world.state.tokens.get(text);
  const user = token && world.state.users.get(token.userId);
  if (!token || !user || !kinds.includes(token.kind)) {
    if (world.rule('token-unknown')) throw unauthorized();
    return null;
  }
  if (token.revoked && world.rule('token-revoked')) {
    throw invalidToken('Token was revoked. You have to re-authorize from the user.');
  }
  if (isExpired(token) && world.rule('token-expired')) {
    throw invalidToken('Token is expired. You can either do re-authorization or token refresh.');
  }
  return { user, token };
}

/** GitLab's tokens end with the start of their day, UTC. */
export function isExpired(token: Token): boolean {
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now();
}

function invalidToken(description: string): ApiError {
  const header = `Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="${description}"`;
  return new ApiError(401, { error: 'invalid_token', error_description: description }, { 'WWW-Authenticate': header });
}

function checkScope(world: World, token: Token, method: string, path: string): void {
  const enough = ENOUGH.find((row) => row.at.test(path) && row.methods.includes(method))?.scopes ?? ['api'];
  if (enough.some((scope) => scope === 'any' || token.scopes.includes(scope))) return;
  if (world.rule('token-scope')) throw insufficientScope(enough);
}

/** @param scopes Each of them would do. */
function insufficientScope(scopes: readonly string[]): ApiError {
  return new ApiError(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: scopes.join(' '),
  });
}

const READS = ['GET', 'HEAD'];

/** Which scopes do, first match: `allow_access_with_scope` of GitLab's lib/api/*.rb, doc/user/profile/personal_access_tokens.md. */
const ENOUGH: readonly {
  readonly at: RegExp;
  readonly methods: readonly string[];
  readonly scopes: readonly string[];
}[] = [
  { at: /^\/personal_access_tokens\/self$/, methods: READS, scopes: ['any'] },
  { at: /^\/projects\/[^/]+\/repository\/files\//, methods: READS, scopes: ['api', 'read_api', 'read_repository'] },
  { at: /^\/(users?(\/|$)|(metadata|version)$)/, methods: READS, scopes: ['api', 'read_api', 'read_user'] },
  { at: /^/, methods: READS, scopes: ['api', 'read_api'] },
];

const ID = '/projects/[^/]+';
/** What a job token may ask: gitlab-api.md 2 (`job_token_allowed: true` in GitLab's lib/api/*.rb). */
const JOB_ROUTES: readonly ((method: string, path: string) => boolean)[] = [
  '/job',
  `${ID}/merge_requests(/\\d+)?`,
  `${ID}/merge_requests/\\d+/notes(/\\d+)?`,
  `${ID}/repository/branches`,
  `${ID}/repository/commits/[^/]+`,
  `${ID}/repository/files/[^/]+/raw`,
  `${ID}/repository/tags(/[^/]+)?`,
  `${ID}/releases(/.*)?`,
  `${ID}/packages(/.*)?`,
  `${ID}/jobs/.*artifacts.*`,
].map((pattern) => {
  const route = new RegExp(`^${pattern}$`);
  return (method, path) => READS.includes(method) && route.test(path);
});
