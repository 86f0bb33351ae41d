import { projectOf } from '../access.ts';
import { type App, notFound } from '../api.ts';
import { git } from '../git.ts';
import { withinLimits } from '../merge-requests/diff-limits.ts';
import { refresh } from '../merge-requests/refresh.ts';
import { paged } from '../paginate.ts';
import { logCommits } from '../present/commit.ts';
import { type DiffEntity, presentDiffs } from '../present/diff.ts';
import { basicMergeRequest, changesCount } from '../present/merge-request.ts';
import { userOf } from '../present/user.ts';
import { commitAt } from '../revision.ts';
import type { DiffVersion, MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';

const ONE = '/projects/:id/merge_requests/:iid';

/** What is below one merge request: doc/api/merge_requests.md. */
export function mergeRequestPartRoutes(api: App, world: World): void {
  api.get(`${ONE}/commits`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const version = mergeRequest.versions.at(-1);
    const commits = version ? await logCommits(world, project, rangeOf(version)) : [];
    return paged(c, world, commits, { mode: 'legacy', key: ({ id }) => id });
  });
  api.get(`${ONE}/diffs`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    return paged(c, world, await diffsOf(world, project, mergeRequest.versions.at(-1)), {
      mode: 'legacy',
      key: (diff) => diff.new_path,
    });
  });
  api.get(`${ONE}/raw_diffs`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const version = mergeRequest.versions.at(-1);
    const patch = version
      ? await git(project.gitDir, [
          'diff',
          '--no-ext-diff',
          '--no-textconv',
          '--full-index',
          '-M',
          version.base,
          version.head,
        ])
      : Buffer.alloc(0);
    return c.body(new Uint8Array(patch), 200, { 'Content-Type': 'text/plain' });
  });
  api.get(`${ONE}/versions`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const newestFirst = c.get('misbehaviour') === 'unprepared' ? [] : mergeRequest.versions.toReversed();
    return paged(c, world, newestFirst, {
      mode: 'legacy',
      key: ({ id }) => String(id),
      present: (page) => Promise.all(page.map((version) => presentVersion(project, mergeRequest, version))),
    });
  });
  api.get(`${ONE}/versions/:version_id`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const version = mergeRequest.versions.find(({ id }) => id === Number(c.req.param('version_id')));
    if (!version) throw notFound();
    return c.json({
      ...(await presentVersion(project, mergeRequest, version)),
      commits: await logCommits(world, project, rangeOf(version)),
      diffs: await diffsOf(world, project, version),
    });
  });
  api.get(`${ONE}/reviewers`, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    const reviewers = mergeRequest.reviewerIds.map((id) => ({
      user: userOf(world, id),
      state: mergeRequest.reviewerStates.get(id) ?? 'unreviewed',
      created_at: mergeRequest.createdAt,
    }));
    return c.json(reviewers);
  });
  api.get(`${ONE}/closes_issues`, async (c) => {
    await mergeRequestOf(c, world);
    return paged(c, world, [], { mode: 'legacy', key: () => '' });
  });
  api.get('/projects/:id/repository/commits/:sha/merge_requests', async (c) => {
    const project = projectOf(c, world, 'read_merge_request');
    const commit = await commitAt(project, c.req.param('sha'));
    if (!commit) throw notFound('Commit');
    await refresh(world, project.mergeRequests);
    const found: MergeRequest[] = [];
    for (const mergeRequest of project.mergeRequests) {
      if (await holds(project, mergeRequest, commit)) found.push(mergeRequest);
    }
    const present = (page: readonly MergeRequest[]) => Promise.all(page.map((one) => basicMergeRequest(world, one)));
    return paged(c, world, found, { mode: 'legacy', key: (one) => String(one.id), present });
  });
  api.get(`${ONE}/participants`, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    const { authorId, assigneeIds, reviewerIds, notes } = mergeRequest;
    const writers = notes.filter(({ system }) => !system).map((note) => note.authorId);
    const ids = new Set([authorId, ...assigneeIds, ...reviewerIds, ...writers]);
    return c.json([...ids].map((id) => userOf(world, id)).filter((user) => user !== null));
  });
}

/** Whether one of its commits is that one, or it was merged by it. */
async function holds(project: Project, { versions, mergeCommitSha }: MergeRequest, commit: string): Promise<boolean> {
  const version = versions.at(-1);
  if (mergeCommitSha === commit || version?.head === commit) return true;
  const listed = version && (await git(project.gitDir, ['rev-list', ...rangeOf(version)]));
  return listed?.toString('utf8').split('\n').includes(commit) ?? false;
}

function rangeOf(version: DiffVersion): string[] {
  return [`${version.base}..${version.head}`];
}

async function presentVersion(project: Project, mergeRequest: MergeRequest, version: DiffVersion) {
  return {
    id: version.id,
    head_commit_sha: version.head,
    base_commit_sha: version.base,
    start_commit_sha: version.start,
    created_at: version.createdAt,
    merge_request_id: mergeRequest.id,
    state: version.base === version.head ? 'empty' : 'collected',
    real_size: await changesCount(project.gitDir, version.base, version.head),
    patch_id_sha: null,
  };
}

async function diffsOf(world: World, project: Project, version: DiffVersion | undefined): Promise<DiffEntity[]> {
  return version ? withinLimits(world, await presentDiffs(world, project, version.base, version.head)) : [];
}
