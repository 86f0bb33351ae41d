import { ForgeError } from '../errors.ts';
import type { Project, Standing, StandingQuestion } from '../port.ts';
import { branchMergeRequests } from './branch-merge-requests.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { findProject, projectPath } from './project.ts';
import { readTip } from './write/answers.ts';

/** Merge requests that a {@link Standing} holds at most. */
export const TOLD = 10;

/**
 * What GraphQL tells at once: the project, its default branch, ours, the merge requests of ours, and one request for each
 * file.
 *
 * @throws {ForgeError}
 */
export async function restStanding(
  http: GitlabHttp,
  known: Pick<Project, 'id' | 'path'>,
  { branch, files }: StandingQuestion,
): Promise<Standing> {
  const project = await findProject(http, known.id || known.path, known.path);
  const nothing = { project, head: null, blobs: new Map<string, string>(), branchTip: null, mergeRequests: [] };
  if (!project.repositoryEnabled || project.defaultBranch === null) return nothing;
  const [head, tip, mergeRequests] = await Promise.all([
    branchTip(http, project, project.defaultBranch),
    branchTip(http, project, branch),
    project.mergeRequestsEnabled ? branchMergeRequests(http, project, branch) : [],
  ]);
  const blobs = head === null ? [] : await Promise.all(files.map((file) => blobAt(http, project, head, file)));
  return {
    project,
    head,
    blobs: new Map(files.flatMap((file, at) => (blobs[at] ? [[file, blobs[at]] as const] : []))),
    branchTip: tip,
    mergeRequests: mergeRequests.slice(0, TOLD),
  };
}

/** `null` where there is no such branch. @throws {ForgeError} */
export async function branchTip(
  http: GitlabHttp,
  project: Pick<Project, 'id' | 'path'>,
  branch: string,
): Promise<string | null> {
  const ask = readOne(http, (gitlab) => gitlab.Branches.show(project.id, branch), { about: project.path });
  const answer = await found(ask);
  return answer === null ? null : readTip(answer).sha;
}

/** GitLab tells the id of a file's blob in a header: no content is sent. */
async function blobAt(http: GitlabHttp, project: Project, head: string, file: string): Promise<string | null> {
  const path = `${projectPath(project)}/repository/files/${encodeURIComponent(file)}`;
  const answer = await found(http.send({ method: 'HEAD', path, query: { ref: head }, about: project.path }));
  return answer?.headers.get('x-gitlab-blob-id') ?? null;
}

async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return null;
    throw error;
  }
}
