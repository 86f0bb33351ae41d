import { git, gitLine } from '../git.ts';
import type { DiffVersion, MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { addSystemNote, touch } from './add-note.ts';
import { resetApprovals } from './approvals.ts';
import { retrace } from './retrace.ts';
import { tipOf } from './tips.ts';

/**
 * Brings open merge requests up to date with what was pushed since: GitLab does it after a push
 * (app/services/merge_requests/refresh_service.rb), the simulator before anybody looks.
 */
export async function refresh(world: World, mergeRequests: readonly MergeRequest[]): Promise<void> {
  for (const mergeRequest of mergeRequests) {
    if (mergeRequest.state !== 'opened') continue;
    // One after the other: whoever comes second sees the version that the first has made.
    const turn = (world.refreshing.get(mergeRequest) ?? Promise.resolve()).then(() => refreshOne(world, mergeRequest));
    world.refreshing.set(
      mergeRequest,
      turn.catch(() => {}),
    );
    await turn;
  }
}

async function refreshOne(world: World, mergeRequest: MergeRequest): Promise<void> {
  const { source, target } = projectsOf(world, mergeRequest);
  const tip = await tipOf(source, mergeRequest.sourceBranch);
  const targetTip = await tipOf(target, mergeRequest.targetBranch);
  if (mergeRequest.state !== 'opened') return;
  if (tip === undefined) {
    if (world.rule('branch-gone-closes')) close(world, mergeRequest, mergeRequest.authorId);
    return;
  }
  if (targetTip !== undefined && targetTip !== mergeRequest.targetSha) {
    mergeRequest.targetSha = targetTip;
    const inTarget = await gitLine(target.gitDir, ['merge-base', '--is-ancestor', tip, targetTip]);
    const had = mergeRequest.versions.at(-1);
    if (
      inTarget !== undefined &&
      tip === mergeRequest.sha &&
      had?.base !== had?.head &&
      world.rule('pushed-is-merged')
    ) {
      return markMerged(world, mergeRequest, mergeRequest.authorId, targetTip);
    }
  }
  if (tip === mergeRequest.sha) return;
  const before = mergeRequest.sha;
  mergeRequest.sha = tip;
  await renewDiff(world, mergeRequest);
  await tellOfCommits(world, mergeRequest, target, before);
  if (target.resetApprovalsOnPush && world.rule('approvals-reset-on-push')) resetApprovals(mergeRequest);
}

/** One more version, into which the threads of the one before are traced. */
export async function renewDiff(world: World, mergeRequest: MergeRequest): Promise<void> {
  const had = mergeRequest.versions.at(-1);
  const version = await addVersion(world, mergeRequest);
  if (had) await retrace(world, projectsOf(world, mergeRequest).target, mergeRequest, had, version);
}

/** Where it comes from and where it goes; the target is there as long as the merge request is. */
export function projectsOf(world: World, { sourceProjectId, targetProjectId }: MergeRequest) {
  const target = world.state.projects.get(targetProjectId);
  if (!target) throw new Error(`no project ${targetProjectId}`);
  return { source: world.state.projects.get(sourceProjectId), target };
}

/** One more version of its diff, of its present tip against the target's. */
export async function addVersion(world: World, mergeRequest: MergeRequest): Promise<DiffVersion> {
  const { source, target } = projectsOf(world, mergeRequest);
  if (source && source.id !== target.id) await fetchObjects(source, target, mergeRequest.sha);
  const start = mergeRequest.targetSha;
  const base = await gitLine(target.gitDir, ['merge-base', start, mergeRequest.sha]);
  const version: DiffVersion = {
    id: world.nextId(),
    head: mergeRequest.sha,
    base: base ?? start,
    start,
    createdAt: new Date().toISOString(),
  };
  mergeRequest.versions.push(version);
  await git(target.gitDir, ['update-ref', `refs/merge-requests/${mergeRequest.iid}/head`, mergeRequest.sha]);
  return version;
}

/** GitLab fetches the fork's branch into the target, too. */
function fetchObjects(source: Project, target: Project, commit: string): Promise<unknown> {
  return git(target.gitDir, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', source.gitDir, commit]);
}

async function tellOfCommits(world: World, mergeRequest: MergeRequest, target: Project, before: string): Promise<void> {
  const log = await git(target.gitDir, ['log', '--format=%h%x1f%s', `${before}..${mergeRequest.sha}`], {
    codes: [128],
  });
  const commits = log.toString('utf8').split('\n').filter(Boolean);
  const items = commits.map((commit) => `<li>${commit.replace('\x1f', ' - ')}</li>`).join('');
  const count = commits.length === 1 ? '1 commit' : `${commits.length} commits`;
  const [older, newer] = mergeRequest.versions.slice(-2);
  const url = `${world.url}/${target.path}/-/merge_requests/${mergeRequest.iid}/diffs?diff_id=${newer?.id}&start_sha=${older?.head}`;
  const body = `added ${count}\n\n<ul>${items}</ul>\n\n[Compare with previous version](${url})`;
  addSystemNote(world, mergeRequest, mergeRequest.authorId, body);
}

export function close(world: World, mergeRequest: MergeRequest, byId: number): void {
  mergeRequest.state = 'closed';
  mergeRequest.closedAt = new Date().toISOString();
  mergeRequest.closedById = byId;
  addSystemNote(world, mergeRequest, byId, 'closed');
}

export function reopen(world: World, mergeRequest: MergeRequest, byId: number): void {
  mergeRequest.state = 'opened';
  mergeRequest.closedAt = null;
  mergeRequest.closedById = null;
  addSystemNote(world, mergeRequest, byId, 'reopened');
}

export function markMerged(world: World, mergeRequest: MergeRequest, byId: number, commit: string): void {
  mergeRequest.state = 'merged';
  mergeRequest.mergedAt = new Date().toISOString();
  mergeRequest.mergedById = byId;
  mergeRequest.mergeCommitSha = commit;
  addSystemNote(world, mergeRequest, byId, 'merged');
  touch(mergeRequest);
}
