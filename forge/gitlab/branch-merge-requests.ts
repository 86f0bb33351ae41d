import { ForgeError } from '../errors.ts';
import type { MergeRequest, Project } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { ANY_STATE } from './merge-request.ts';
import { readOwnMergeRequests } from './write/answers.ts';

const ASKED = 100;

/**
 * Merge requests from that branch of the project itself, newest first, at most 100, in one request. GitLab leaves out those from
 * forks (`source_project_id`, lib/api/helpers/merge_requests_helpers.rb): as many as anybody likes could stand before ours.
 *
 * @throws {ForgeError} `unsupported` where they are sent all the same, and are so many that ours may not be among them.
 */
export async function branchMergeRequests(
  http: GitlabHttp,
  { id, path }: Pick<Project, 'id' | 'path'>,
  branch: string,
  state: 'opened' | typeof ANY_STATE = ANY_STATE,
): Promise<readonly MergeRequest[]> {
  const options = {
    projectId: id,
    sourceBranch: branch,
    sourceProjectId: id,
    state,
    orderBy: 'created_at',
    sort: 'desc',
    perPage: ASKED,
  } as const;
  const read = await readOne(http, (gitlab) => gitlab.MergeRequests.all(options), { about: path });
  const own = readOwnMergeRequests(read);
  const all = read.json() as readonly unknown[];
  if (all.length >= ASKED && own.length < all.length)
    throw new ForgeError(
      'unsupported',
      `${path}: ${all.length - own.length} merge requests from forks have the branch name ${JSON.stringify(branch)}, and this GitLab cannot leave them out; nothing is written while ours cannot be told`,
    );
  return own;
}
