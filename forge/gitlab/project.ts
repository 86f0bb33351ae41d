import { ForgeError } from '../errors.ts';
import type { AccessLevel, Project } from '../port.ts';
import { accessLevel } from './access.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { type RestProject, restProject, understood } from './schema.ts';

/**
 * By number or path. A project that moved is found under its old path as well.
 *
 * @param about the path that chooses the token, where a number is asked for.
 * @throws {ForgeError} `not-found` …
 */
export async function findProject(http: GitlabHttp, pathOrId: string, about = pathOrId): Promise<Project> {
  const asked = readOne(http, (gitlab) => gitlab.Projects.show(pathOrId), { about });
  const read = await asked.catch((error: unknown) => {
    throw advised(error);
  });
  return projectOf(understood(restProject, read.json(), read.where), http.instance);
}

function advised(error: unknown): unknown {
  if (!(error instanceof ForgeError) || error.reason !== 'not-found') return error;
  const { status, requestId, said, message } = error;
  const advice = "it is gone, or hidden from the token's user; make that user a member, or leave it out";
  return new ForgeError('not-found', `${message}; ${advice}`, {
    cause: error,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(said !== undefined && { said }),
  });
}

/** `/projects/42`, or with the escaped path where no number is known. */
export function projectPath({ id }: Pick<Project, 'id'>): string {
  return `/projects/${encodeURIComponent(id)}`;
}

export function projectOf(raw: RestProject, instance: string): Project {
  const branch = raw.default_branch ?? null;
  // Whoever may not read the code is told no branch; only `empty_repo` says that there is none.
  const empty = raw.empty_repo ?? false;
  return {
    instance,
    id: String(raw.id),
    path: raw.path_with_namespace,
    url: raw.web_url,
    cloneUrl: raw.http_url_to_repo ?? `${instance}/${raw.path_with_namespace}.git`,
    defaultBranch: empty ? null : branch,
    empty,
    archived: raw.archived ?? false,
    forkOf: raw.forked_from_project?.path_with_namespace ?? null,
    mirror: raw.mirror ?? false,
    pendingDelete: (raw.marked_for_deletion_on ?? raw.marked_for_deletion_at ?? null) !== null,
    repositoryEnabled: raw.repository_access_level !== 'disabled',
    mergeRequestsEnabled: raw.merge_requests_access_level !== 'disabled' && raw.merge_requests_enabled !== false,
    access: accessOf(raw),
    topics: raw.topics ?? raw.tag_list ?? [],
    visibility: visibilityOf(raw.visibility),
    lastActivityAt: raw.last_activity_at ?? null,
  };
}

/** A list tells direct memberships of the project and its group, not those inherited from further up: no level says nothing. */
function accessOf({ permissions }: RestProject): AccessLevel {
  const levels = [permissions?.project_access, permissions?.group_access].flatMap((each) => each?.access_level ?? []);
  return levels.length === 0 ? 'unknown' : accessLevel(Math.max(...levels));
}

export function visibilityOf(text: string | null | undefined): Project['visibility'] {
  return text === 'private' || text === 'internal' || text === 'public' ? text : 'unknown';
}
