import type { Project } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { restCommit, restMember, understood } from './schema.ts';
import type { UserIds } from './write/users.ts';

/** Fewer rights could not take a review. */
const DEVELOPER = 30;

/**
 * User names of members who lately committed to the default branch, the most frequent first. Commits hold names and addresses
 * alone: an author is told by the name shown, by GitLab's private commit address, or by an address that begins with the user
 * name. Two requests.
 *
 * @throws {ForgeError}
 */
export async function listRecentAuthors(
  http: GitlabHttp,
  project: Pick<Project, 'id' | 'path' | 'defaultBranch'>,
  users: Pick<UserIds, 'learn'>,
): Promise<readonly string[]> {
  if (project.defaultBranch === null) return [];
  const asking = { about: project.path };
  const commits = { refName: project.defaultBranch, perPage: 100 };
  const log = await readOne(http, (gitlab) => gitlab.Commits.all(project.id, commits), asking);
  const authors = understood(restCommit.array(), log.json(), log.where);
  const options = { includeInherited: true, perPage: 100 } as const;
  const list = await readOne(http, (gitlab) => gitlab.ProjectMembers.all(project.id, options), asking);
  const members = understood(restMember.array(), list.json(), list.where).filter(
    ({ access_level, state = 'active' }) => access_level >= DEVELOPER && state === 'active',
  );
  users.learn(members);
  const counts = new Map<string, number>();
  for (const { author_name, author_email } of authors) {
    const login = loginIn(author_email);
    const found = members.find(
      ({ username, name }) =>
        username.toLowerCase() === login || (name ?? '').toLowerCase() === author_name.toLowerCase(),
    );
    if (found) counts.set(found.username, (counts.get(found.username) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([username]) => username);
}

/** `ada@example.com` and GitLab's private `42-ada@users.noreply.gitlab.example.com` are `ada`. */
function loginIn(email: string): string {
  const [local = '', host = ''] = email.toLowerCase().split('@');
  return host.startsWith('users.noreply.') ? local.replace(/^\d+-/, '') : local;
}
