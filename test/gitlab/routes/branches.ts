import { projectOf, signedIn } from '../access.ts';
import { type App, applied, badRequest, notFound } from '../api.ts';
import { isBranchName } from '../commit-service.ts';
import { git, NOWHERE } from '../git.ts';
import { moveBranch } from '../make-commit.ts';
import { paged } from '../paginate.ts';
import { listBranches, presentBranches } from '../present/branch.ts';
import { mayPushTo, pushRuleBroken } from '../push-check.ts';
import { branchTip, commitAt } from '../revision.ts';
import type { World } from '../world.ts';

/** doc/api/branches.md. */
export function branchRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/branches', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const search = c.get('params').text('search');
    const branches = (await listBranches(project)).filter((name) => !search || name.includes(search));
    const mode = c.get('params').text('pagination') === 'keyset' ? 'keyset' : 'legacy';
    const present = (names: readonly string[]) => presentBranches(world, c.get('actor'), project, names);
    return paged(c, world, branches, { mode, key: (name) => name, present });
  });
  api.get('/projects/:id/repository/branches/:branch', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const name = c.req.param('branch');
    if (!(await branchTip(project, name))) throw notFound('Branch');
    if (c.req.raw.method === 'HEAD') return c.body(null, 204);
    return c.json((await presentBranches(world, c.get('actor'), project, [name]))[0]);
  });
  api.post('/projects/:id/repository/branches', async (c) => {
    const project = projectOf(c, world, 'push_code');
    const actor = signedIn(c);
    const [name, ref] = [c.get('params').required('branch'), c.get('params').required('ref')];
    if (!(await isBranchName(project, name))) throw badRequest('Branch name is invalid');
    if (await branchTip(project, name)) throw badRequest('Branch already exists');
    const start = await commitAt(project, ref);
    if (!start) throw badRequest(`Invalid reference name: ${ref}`);
    const change = { branch: name, before: NOWHERE, after: start };
    const refused = mayPushTo(world, actor, project, name)
      ? await pushRuleBroken(world, project, change)
      : 'You are not allowed to create protected branches on this project.';
    if (refused) throw badRequest(refused);
    await moveBranch(project.gitDir, name, start, null);
    applied(c);
    return c.json((await presentBranches(world, actor, project, [name]))[0], 201);
  });
  api.delete('/projects/:id/repository/branches/:branch', async (c) => {
    const project = projectOf(c, world, 'push_code');
    const name = c.req.param('branch');
    if (!(await branchTip(project, name))) throw notFound('Branch');
    if (name === project.defaultBranch && world.rule('default-branch-stays')) {
      throw badRequest('The default branch of a project cannot be deleted.');
    }
    if (!mayPushTo(world, signedIn(c), project, name)) {
      throw badRequest('You are not allowed to delete protected branches from this project.');
    }
    await git(project.gitDir, ['update-ref', '-d', `refs/heads/${name}`]);
    applied(c);
    return c.body(null, 204);
  });
}
