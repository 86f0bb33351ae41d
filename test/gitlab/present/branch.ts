import { may } from '../access.ts';
import type { Actor } from '../api.ts';
import { git, NOWHERE } from '../git.ts';
import { isProtected } from '../push-check.ts';
import { branchTip } from '../revision.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';
import { logCommits } from './commit.ts';

export function listBranches(project: Project): Promise<string[]> {
  return branchNames(project, []);
}

async function branchNames({ gitDir }: Project, options: readonly string[]): Promise<string[]> {
  const listed = await git(gitDir, ['for-each-ref', ...options, '--format=%(refname)', 'refs/heads']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((ref) => ref.slice('refs/heads/'.length));
}

/** `API_Entities_Branch` of each. @throws Error where one is not there. */
export async function presentBranches(world: World, actor: Actor | null, project: Project, names: readonly string[]) {
  if (names.length === 0) return [];
  const tips = await Promise.all(names.map((name) => branchTip(project, name)));
  const commits = await logCommits(world, project, [
    '--no-walk=unsorted',
    ...new Set(tips.map((tip) => tip ?? NOWHERE)),
  ]);
  const main = `refs/heads/${project.defaultBranch}`;
  const merged: readonly string[] = await branchNames(project, [`--merged=${main}`]).catch(() => []);
  return names.map((name, at) => {
    const guarded = isProtected(project, name);
    return {
      name,
      merged: name !== project.defaultBranch && merged.includes(name),
      protected: guarded,
      default: name === project.defaultBranch,
      developers_can_push: false,
      developers_can_merge: false,
      can_push: !guarded && may(world, actor, project, 'push_code'),
      web_url: `${world.url}/${project.path}/-/tree/${name}`,
      commit: commits.find(({ id }) => id === tips[at]),
    };
  });
}
