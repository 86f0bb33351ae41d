import { projectOf } from '../access.ts';
import { type App, badRequest, notFound } from '../api.ts';
import { gitLine } from '../git.ts';
import { logCommits, presentCommit } from '../present/commit.ts';
import { presentDiffs } from '../present/diff.ts';
import { commitAt } from '../revision.ts';
import type { World } from '../world.ts';

/** doc/api/repositories.md: comparing. */
export function compareRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/compare', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const params = c.get('params');
    const [from, to] = [params.required('from'), params.required('to')];
    const [left, right] = [await commitAt(project, from), await commitAt(project, to)];
    if (!left || !right) throw notFound('Ref');
    const straight = params.flag('straight') ?? false;
    const base = straight ? left : await gitLine(project.gitDir, ['merge-base', left, right]);
    const commits = (await logCommits(world, project, [`${left}..${right}`])).reverse();
    return c.json({
      commit: commits.at(-1) ?? null,
      commits,
      diffs: base ? await presentDiffs(world, project, base, right) : [],
      compare_timeout: false,
      compare_same_ref: left === right,
      web_url: `${world.url}/${project.path}/-/compare/${from}${straight ? '..' : '...'}${to}`,
    });
  });

  api.get('/projects/:id/repository/merge_base', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const refs = c.get('params').list('refs') ?? [];
    if (refs.length < 2) throw badRequest('Provide at least 2 refs');
    const commits = await Promise.all(refs.map((ref) => commitAt(project, ref)));
    const unknown = refs.filter((_, at) => !commits[at]);
    if (unknown.length > 0) {
      throw badRequest(`Could not find ref${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`);
    }
    const base = await gitLine(project.gitDir, ['merge-base', ...commits.filter((id) => id !== undefined)]);
    if (!base) throw notFound('Merge Base');
    return c.json(await presentCommit(world, project, base));
  });
}
