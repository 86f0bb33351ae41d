import { gunzipSync } from 'node:zlib';
import { may } from '../access.ts';
import { afterPush } from '../after-push.ts';
import { type Actor, ApiError, type App, applied, type Ctx } from '../api.ts';
import { holderOf } from '../auth.ts';
import { NOWHERE } from '../git.ts';
import { httpBackend } from '../http-backend.ts';
import { branchChanges, parsePush, pushRefused, refusal } from '../receive-pack.ts';
import { branchTip } from '../revision.ts';
import { type Project, projectAt } from '../state.ts';
import type { World } from '../world.ts';

/** Git over HTTP: a token is the password of any user name. doc/user/project/clone.md, doc/user/profile/personal_access_tokens.md. */
export function gitRoutes(site: App, world: World): void {
  site.get('/:repository{.+}/info/refs', async (c) => {
    const repository = c.req.param('repository');
    if (!repository.endsWith('.git')) {
      return c.redirect(`${world.url}/${repository}.git/info/refs${new URL(c.req.url).search}`, 301);
    }
    const service = c.req.query('service') ?? '';
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') throw plain(403, 'Unsupported service\n');
    const { project, actor } = admitted(c, world, service);
    return backend(c, world, project, actor, '/info/refs', new Uint8Array());
  });
  site.post('/:repository{.+\\.git}/git-upload-pack', async (c) => {
    const { project, actor } = admitted(c, world, 'git-upload-pack');
    return backend(c, world, project, actor, '/git-upload-pack', new Uint8Array(await c.req.arrayBuffer()));
  });
  site.post('/:repository{.+\\.git}/git-receive-pack', (c) => receivePack(c, world));
}

async function receivePack(c: Ctx, world: World): Promise<Response> {
  const { project, actor } = admitted(c, world, 'git-receive-pack');
  const sent = Buffer.from(await c.req.arrayBuffer());
  const body = c.req.header('content-encoding') === 'gzip' ? gunzipSync(sent) : sent;
  const push = parsePush(body);
  const reason = actor && (await pushRefused(world, actor, project, push));
  if (reason) {
    return c.body(new Uint8Array(refusal(push, reason)), 200, {
      'Content-Type': 'application/x-git-receive-pack-result',
    });
  }
  const answer = await backend(c, world, project, actor, '/git-receive-pack', sent);
  // The refs stand where they stand once git has ended, which is when its answer is complete.
  const bytes = await answer.arrayBuffer();
  for (const change of branchChanges(push)) {
    if (((await branchTip(project, change.branch)) ?? NOWHERE) !== change.after) continue;
    applied(c);
    await afterPush(project, change.branch);
  }
  return new Response(bytes, answer);
}

type Service = 'git-upload-pack' | 'git-receive-pack';

/** @throws {ApiError} in plain text, as git shows it to people. */
function admitted(c: Ctx, world: World, service: Service): { readonly project: Project; readonly actor: Actor | null } {
  const actor = whoClones(c, world);
  const path = (c.req.param('repository') ?? '').replace(/\.git$/, '');
  const moved = world.state.redirects.get(path.toLowerCase());
  const project = projectAt(world.state, path) ?? (moved === undefined ? undefined : world.state.projects.get(moved));
  if (!actor && !(project && service === 'git-upload-pack' && may(world, null, project, 'read_code'))) {
    throw plain(401, 'HTTP Basic: Access denied.\n', { 'WWW-Authenticate': 'Basic realm="GitLab"' });
  }
  if (!project || !may(world, actor, project, 'read_project')) {
    throw plain(404, "The project you were looking for could not be found or you don't have permission to view it.\n");
  }
  if (
    !project.repositoryEnabled ||
    !may(world, actor, project, 'read_code') ||
    !hasScope(world, actor, 'git-upload-pack')
  ) {
    throw plain(403, 'You are not allowed to download code from this project.\n');
  }
  const pushes = service === 'git-receive-pack';
  if (pushes && (!may(world, actor, project, 'push_code') || !hasScope(world, actor, service))) {
    const why = project.archived ? "You can't push code to an archived project." : NOT_ALLOWED;
    throw plain(403, `${why}\n`);
  }
  return { project, actor };
}

const NOT_ALLOWED = 'You are not allowed to push code to this project.';

function whoClones(c: Ctx, world: World): Actor | null {
  const basic = /^Basic (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (basic === undefined) return c.get('actor');
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
  const kinds = user === 'gitlab-ci-token' ? (['job'] as const) : (['personal', 'project', 'group'] as const);
  try {
    return holderOf(world, password, kinds);
  } catch {
    throw plain(401, 'HTTP Basic: Access denied.\n', { 'WWW-Authenticate': 'Basic realm="GitLab"' });
  }
}

/**
 * Whoever may read the API may read code: lib/gitlab/auth.rb, `abilities_for_scopes`. A job token pulls and does not push:
 * doc/ci/jobs/ci_job_token.md.
 */
function hasScope(world: World, actor: Actor | null, service: Service): boolean {
  if (!actor || !world.rule('git-scope')) return true;
  if (actor.token.kind === 'job') return service === 'git-upload-pack';
  const enough = service === 'git-upload-pack' ? READS_CODE : WRITES_CODE;
  return enough.some((scope) => actor.token.scopes.includes(scope));
}

const WRITES_CODE = ['api', 'write_repository'] as const;
const READS_CODE = [...WRITES_CODE, 'read_api', 'read_repository'] as const;

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError(status, text, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
}

function backend(c: Ctx, world: World, project: Project, actor: Actor | null, path: string, body: Uint8Array) {
  return httpBackend({
    root: world.root,
    path: `/${project.id}.git${path}`,
    method: c.req.raw.method,
    query: new URL(c.req.url).search.slice(1),
    headers: c.req.raw.headers,
    body,
    user: actor?.user.username ?? '',
  });
}
