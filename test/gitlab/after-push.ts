import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';
import { branchTip } from './revision.ts';
import type { Project } from './state.ts';

/** What GitLab does once a branch has moved: the first branch of an empty repository becomes its default branch. */
export async function afterPush(project: Project, branch: string): Promise<void> {
  project.lastActivityAt = new Date().toISOString();
  if (branch === project.defaultBranch || (await branchTip(project, project.defaultBranch))) return;
  const others = await git(project.gitDir, ['for-each-ref', '--format=%(refname)', 'refs/heads']);
  if (others.toString('utf8').trim() !== `refs/heads/${branch}`) return;
  project.defaultBranch = branch;
  await writeFile(join(project.gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}
