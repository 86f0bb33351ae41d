import { afterPush } from './after-push.ts';
import { type Actor, badRequest, forbidden } from './api.ts';
import { type FileAction, plannedChanges } from './file-actions.ts';
import { git, isEmpty, NOWHERE } from './git.ts';
import { makeCommit, moveBranch } from './make-commit.ts';
import { mayPushTo, pushRuleBroken } from './push-check.ts';
import { branchTip, commitAt } from './revision.ts';
import type { Project } from './state.ts';
import type { World } from './world.ts';

/** A commit as the API makes it: doc/api/commits.md. */
export interface CommitRequest {
  readonly branch: string;
  readonly message: string;
  readonly actions: readonly FileAction[];
  readonly startBranch: string | undefined;
  readonly startSha: string | undefined;
  /** Where the start is looked for. */
  readonly startProject: Project;
  readonly force: boolean;
  readonly authorName: string | undefined;
  readonly authorEmail: string | undefined;
}

/**
 * Makes the commit and moves the branch. Answers its id.
 * @throws {ApiError} 403 where one may not push, 400 for everything else, in the order and words of
 * GitLab's app/services/commits/create_service.rb.
 */
export async function createCommit(
  world: World,
  actor: Actor,
  project: Project,
  wanted: CommitRequest,
): Promise<string> {
  if (!mayPushTo(world, actor, project, wanted.branch)) throw forbidden('You are not allowed to push into this branch');
  const tip = (await branchTip(project, wanted.branch)) ?? null;
  const parent = await startOf(world, project, wanted, tip);
  if (wanted.startProject !== project && parent) await borrow(project, wanted.startProject, parent);
  const committer = { name: actor.user.name, email: actor.user.email };
  const id = await makeCommit(project.gitDir, {
    parent,
    message: wanted.message,
    author: { name: wanted.authorName ?? committer.name, email: wanted.authorEmail ?? committer.email },
    committer,
    time: Math.floor(Date.now() / 1000),
    changes: await plannedChanges(world, project, parent, wanted.actions),
  });
  const change = { branch: wanted.branch, before: tip ?? NOWHERE, after: id };
  const broken = await pushRuleBroken(world, project, change);
  if (broken) throw badRequest(`GitLab: ${broken}`);
  if (!(await moveBranch(project.gitDir, wanted.branch, id, tip))) {
    throw badRequest(`Could not update refs/heads/${wanted.branch}. Please refresh and try again.`);
  }
  await afterPush(project, wanted.branch);
  return id;
}

/** The commit that the new one stands on; `null` in an empty repository. */
async function startOf(
  world: World,
  project: Project,
  wanted: CommitRequest,
  tip: string | null,
): Promise<string | null> {
  const { branch, startSha, startProject, force } = wanted;
  const startBranch = wanted.startBranch ?? (startSha ? undefined : branch);
  const empty = await isEmpty(project.gitDir);
  let start: string | null = null;
  if (startSha) {
    if (!/^[0-9a-f]{40}$/.test(startSha) && world.rule('start-sha-whole'))
      throw badRequest(`Invalid start_sha '${startSha}'`);
    start = (await commitAt(startProject, startSha)) ?? null;
    if (!start && world.rule('start-sha-known')) throw badRequest(`Cannot find start_sha '${startSha}'`);
  } else if (startBranch) {
    start = (await branchTip(startProject, startBranch)) ?? null;
    if (!start && !(await isEmpty(startProject.gitDir)) && world.rule('start-branch-known')) {
      throw badRequest('You can only create or edit files when you are on a branch');
    }
  }
  const different = startSha !== undefined || startBranch !== branch || startProject !== project;
  if (different && tip && !empty && !force && world.rule('branch-exists')) {
    throw badRequest(`A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  }
  if (!tip && !(await isBranchName(project, branch))) {
    throw badRequest(`Something went wrong when we tried to create '${branch}' for you: Branch name is invalid`);
  }
  return start;
}

/** git-check-ref-format(1). */
export function isBranchName(project: Project, branch: string): Promise<boolean> {
  return git(project.gitDir, ['check-ref-format', '--branch', branch]).then(
    () => true,
    () => false,
  );
}

/** Brings the objects of another project's commit. */
async function borrow(project: Project, from: Project, commit: string): Promise<void> {
  await git(project.gitDir, ['fetch', '--quiet', '--no-write-fetch-head', from.gitDir, commit]);
}
