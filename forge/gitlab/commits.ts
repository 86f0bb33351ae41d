import type { Commit, Project } from '../port.ts';
import type { GitlabHttp } from './http/port.ts';
import { projectPath } from './project.ts';
import { restCommit, understood } from './schema.ts';

/** Commits of a range of revisions, newest first, at most 100. @throws {ForgeError} */
export async function listCommits(
  http: GitlabHttp,
  project: Pick<Project, 'id'> & Partial<Project>,
  branch: string,
  base: string,
): Promise<readonly Commit[]> {
  const path = `${projectPath(project)}/repository/commits`;
  const answer = await http.send({
    method: 'GET',
    path,
    query: { ref_name: `${base}..${branch}`, per_page: 100 },
    ...(project.path === undefined ? {} : { about: project.path }),
  });
  return understood(restCommit.array(), answer.json(), `${http.instance}: GET ${path}`).map((raw) => ({
    sha: raw.id,
    authorName: raw.author_name,
    authorEmail: raw.author_email,
    committerEmail: raw.committer_email,
    message: raw.message,
    authoredAt: raw.authored_date,
  }));
}
