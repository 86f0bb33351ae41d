import type { Commit, Project } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { restCommit, understood } from './schema.ts';

/** Commits of a range of revisions, newest first, at most 100. @throws {ForgeError} */
export async function listCommits(
  http: GitlabHttp,
  project: Pick<Project, 'id'> & Partial<Project>,
  branch: string,
  base: string,
): Promise<readonly Commit[]> {
  const range = { refName: `${base}..${branch}`, perPage: 100 };
  const read = await readOne(http, (gitlab) => gitlab.Commits.all(project.id, range), { about: project.path });
  return understood(restCommit.array(), read.json(), read.where).map((raw) => ({
    sha: raw.id,
    authorName: raw.author_name,
    authorEmail: raw.author_email,
    committerEmail: raw.committer_email,
    message: raw.message,
    authoredAt: raw.authored_date,
  }));
}
