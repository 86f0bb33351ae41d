import type { Project } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import type { Member } from './members.ts';
import { restCommit, understood } from './schema.ts';

/**
 * User names of members who lately committed to the default branch, the most frequent first. Commits hold names and addresses
 * alone: an author is told by the name shown, by GitLab's private commit address, or by an address that begins with the user
 * name. One request beside that for members.
 *
 * @throws {ForgeError}
 */
export async function listRecentAuthors(
  http: GitlabHttp,
  project: Pick<Project, 'id' | 'path' | 'defaultBranch'>,
  membersOf: (project: Pick<Project, 'id' | 'path'>) => Promise<{ readonly members: readonly Member[] }>,
): Promise<readonly string[]> {
  if (project.defaultBranch === null) return [];
  const asking = { about: project.path };
  const commits = { refName: project.defaultBranch, perPage: 100 };
  const log = await readOne(http, (gitlab) => gitlab.Commits.all(project.id, commits), asking);
  const authors = understood(restCommit.array(), log.json(), log.where);
  const { members } = await membersOf(project);
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
