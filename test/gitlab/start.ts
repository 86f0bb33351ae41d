import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { ApiError, type SimulatorEnv } from './api.ts';
import { authentication } from './auth.ts';
import { bodies } from './bodies.ts';
import { type ConformanceCheck, conformanceCheck } from './conformance/check.ts';
import { type Faults, faultsOf } from './faults.ts';
import { requestLog } from './log.ts';
import type { GitlabSimulator, LoggedRequest, SimulatorOptions } from './port.ts';
import { rateLimitHeaders } from './rate-limit.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { awardRoutes } from './routes/awards.ts';
import { blobRoutes } from './routes/blobs.ts';
import { branchRoutes } from './routes/branches.ts';
import { commitRoutes } from './routes/commits.ts';
import { compareRoutes } from './routes/compare.ts';
import { discussionRoutes } from './routes/discussions.ts';
import { draftRoutes } from './routes/drafts.ts';
import { fileRoutes } from './routes/files.ts';
import { gitRoutes } from './routes/git.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { groupRoutes } from './routes/groups.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { memberRoutes } from './routes/members.ts';
import { mergeRequestPartRoutes } from './routes/merge-request-parts.ts';
import { mergeRequestRoutes } from './routes/merge-requests.ts';
import { noteRoutes } from './routes/notes.ts';
import { projectRoutes } from './routes/projects.ts';
import { suggestionRoutes } from './routes/suggestions.ts';
import { treeRoutes } from './routes/tree.ts';
import { userRoutes } from './routes/users.ts';
import { makeToken, makeUser, seeding } from './seed.ts';
import { webhookOf } from './webhooks.ts';
import { createWorld, type World } from './world.ts';

/**
 * Starts an instance on a free port of 127.0.0.1. `close` it.
 *
 * @throws Error for a rule in `broken` that is not there.
 */
export async function startGitlab(options: SimulatorOptions = {}): Promise<GitlabSimulator> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-gitlab-')));
  const world = createWorld(options, root);
  const log: LoggedRequest[] = [];
  const faults = faultsOf(world);
  const check = conformanceCheck(world, options.conformance ?? true);
  const server = createServer(
    { maxHeaderSize: 1 << 20 },
    getRequestListener(assemble(world, log, faults, check).fetch),
  );
  // Else a client's idle connection is cut at a moment of its own choosing.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that forgot to close it still ends.
  server.unref();
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${world.subpath}`;
  makeUser(world, { username: 'root', name: 'Administrator', admin: true });

  return {
    url: world.url,
    rootToken: makeToken(world, {
      user: 'root',
      scopes: ['api', 'read_api', 'read_repository', 'write_repository', 'read_user'],
    }),
    ...seeding(world),
    webhook: (event, secrets) => webhookOf(world, event, secrets),
    faults,
    requests: log,
    effects: world.state.effects,
    unknownParameters: check.unknownParameters,
    delay(ms) {
      world.delay = ms;
    },
    forget() {
      log.length = 0;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      check.assert();
    },
  };
}

function assemble(world: World, log: LoggedRequest[], faults: Faults, check: ConformanceCheck): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>();
  app.onError((error) => answerTo(error));
  app.notFound((c) => {
    const known = METHODS.some((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
    );
    return known && world.rule('wrong-method')
      ? c.json({ error: '405 Not Allowed' }, 405)
      : c.json({ error: '404 Not Found' }, 404);
  });
  app.use(requestLog(world, log));
  app.use(async (_, next) => {
    if (world.delay > 0) await setTimeout(world.delay);
    await next();
  });
  app.use(check.middleware);
  app.use(bodies(world));
  app.use(faults.middleware);
  app.use(rateLimitHeaders(world));
  app.use(authentication(world));

  const site = app.basePath(world.subpath || '/');
  gitRoutes(site, world);
  graphqlRoutes(site, world);

  const api = site.basePath('/api/v4');
  projectRoutes(api, world);
  groupRoutes(api, world);
  treeRoutes(api, world);
  fileRoutes(api, world);
  branchRoutes(api, world);
  commitRoutes(api, world);
  compareRoutes(api, world);
  blobRoutes(api, world);
  userRoutes(api, world);
  memberRoutes(api, world);
  labelRoutes(api, world);
  issueRoutes(api, world);
  mergeRequestRoutes(api, world);
  mergeRequestPartRoutes(api, world);
  noteRoutes(api, world);
  discussionRoutes(api, world);
  approvalRoutes(api, world);
  draftRoutes(api, world);
  suggestionRoutes(api, world);
  awardRoutes(api, world);
  return app;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

function answerTo(error: Error): Response {
  if (!(error instanceof ApiError)) {
    return Response.json({ message: '500 Internal Server Error', simulator: error.stack }, { status: 500 });
  }
  if (typeof error.body === 'string') return new Response(error.body, { status: error.status, headers: error.headers });
  return Response.json(error.body, { status: error.status, headers: error.headers });
}
