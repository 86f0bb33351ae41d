import { projectOf, signedIn } from '../access.ts';
import { type App, applied, badRequest, type Ctx, forbidden, invalid, notFound } from '../api.ts';
import { createCommit } from '../commit-service.ts';
import { fileActions } from '../file-actions.ts';
import { offsetPage, paged, pageOf } from '../paginate.ts';
import { detailedCommit, logCommits } from '../present/commit.ts';
import { presentDiffs } from '../present/diff.ts';
import { commitAt } from '../revision.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/commits.md. */
export function commitRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/commits', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const { page, perPage } = pageOf(c, world);
    const log = await logArguments(c, project);
    const window = [`--skip=${(page - 1) * perPage}`, `--max-count=${perPage}`];
    const commits = log ? await logCommits(world, project, [...window, ...log]) : [];
    offsetPage(c, world, { page, perPage, more: commits.length === perPage });
    return c.json(commits);
  });

  api.post('/projects/:id/repository/commits', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const params = c.get('params');
    const branch = params.required('branch');
    const message = params.text('commit_message');
    if (message === undefined) throw invalid('commit_message is missing');
    const actions = fileActions(world, params.all.actions);
    if (params.has('start_branch') && params.has('start_sha') && world.rule('one-start')) {
      throw invalid('start_branch, start_sha are mutually exclusive');
    }
    const id = await createCommit(world, signedIn(c), project, {
      branch,
      message,
      actions,
      startBranch: params.text('start_branch'),
      startSha: params.text('start_sha'),
      startProject: params.has('start_project') ? originOf(c, world, project) : project,
      force: params.flag('force') ?? false,
      authorName: params.text('author_name'),
      authorEmail: params.text('author_email'),
    });
    applied(c);
    return c.json(await detailedCommit(world, project, id, params.flag('stats') ?? true), 201);
  });

  api.get('/projects/:id/repository/commits/:sha', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const commit = await commitAt(project, c.req.param('sha'));
    if (!commit) throw notFound('Commit');
    return c.json(await detailedCommit(world, project, commit, c.get('params').flag('stats') ?? true));
  });

  api.get('/projects/:id/repository/commits/:sha/diff', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const commit = await commitAt(project, c.req.param('sha'));
    if (!commit) throw notFound('Commit');
    const before = (await commitAt(project, `${commit}^`)) ?? null;
    const diffs = await presentDiffs(world, project, before, commit);
    return paged(c, world, diffs, { mode: 'legacy', key: (diff) => diff.new_path });
  });
}

/** What `git log` is asked; `undefined` where the revision is unknown, which is an empty list to GitLab. */
async function logArguments(c: Ctx, project: Project): Promise<string[] | undefined> {
  const params = c.get('params');
  const given = params.text('ref_name') || project.defaultBranch;
  if (given.startsWith('-')) throw badRequest('ref_name is invalid');
  const log: string[] = [];
  const since = params.time('since');
  const until = params.time('until');
  if (since !== undefined) log.push(`--since=${new Date(since).toISOString()}`);
  if (until !== undefined) log.push(`--until=${new Date(until).toISOString()}`);
  const author = params.text('author');
  if (author) log.push(`--author=${author}`);
  if (params.flag('first_parent')) log.push('--first-parent');
  if (params.oneOf('order', ['default', 'topo']) === 'topo') log.push('--topo-order');
  const path = params.text('path');
  const paths = path ? ['--', `:(literal)${path}`] : ['--'];
  if (params.flag('all')) return [...log, '--all', ...paths];
  const [, left = given, dots = '', right = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(given) ?? [];
  const from = await commitAt(project, left || project.defaultBranch);
  const to = dots ? await commitAt(project, right || project.defaultBranch) : '';
  if (from === undefined || to === undefined) return undefined;
  return [...log, `${from}${dots}${to}`, ...paths];
}

/** `start_project`: the project itself, or what it was forked from. */
function originOf(c: Ctx, world: World, project: Project): Project {
  const wanted = c.get('params').required('start_project');
  const found = world.state.projects.values().find(({ id, path }) => String(id) === wanted || path === wanted);
  if (!found) throw notFound('Project');
  if (found !== project && found.id !== project.forkOf) {
    throw forbidden(`Project is not included in the fork network for ${found.path}`);
  }
  return found;
}
