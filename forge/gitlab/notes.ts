import type { AccessLevel, Note, Project } from '../port.ts';
import { accessLevel } from './access.ts';
import type { GitlabHttp } from './http/port.ts';
import { projectPath } from './project.ts';
import { restMember, restNote, understood } from './schema.ts';

/**
 * Comments of a merge request, oldest first. With `access`, the level of each author: one more request for each who wrote
 * one, the forge's own comments aside.
 *
 * @throws {ForgeError}
 */
export async function listNotes(
  http: GitlabHttp,
  project: Pick<Project, 'id'> & Partial<Project>,
  iid: number,
  { access = false }: { readonly access?: boolean } = {},
): Promise<readonly Note[]> {
  const about = project.path === undefined ? {} : { about: project.path };
  const path = `${projectPath(project)}/merge_requests/${iid}/notes`;
  const query = { sort: 'asc', order_by: 'created_at', per_page: 100 };
  const notes: Note[] = [];
  const writers = new Map<string, number>();
  for await (const page of http.pages({ method: 'GET', path, query, ...about })) {
    for (const raw of understood(restNote.array(), page.json(), `${http.instance}: GET ${path}`)) {
      const author = raw.author?.username ?? '';
      if (raw.author && !raw.system) writers.set(author, raw.author.id);
      notes.push({ id: String(raw.id), author, system: raw.system, body: raw.body, createdAt: raw.created_at });
    }
  }
  if (!access) return notes;
  const levels = new Map(
    await Promise.all([...writers].map(async ([name, id]) => [name, await levelOf(http, project, id)] as const)),
  );
  return notes.map((note) => {
    const level = note.system ? undefined : levels.get(note.author);
    return level === undefined ? note : { ...note, authorAccess: level };
  });
}

/** Memberships that are inherited or come from an invited group count. Somebody who is none is `none`. */
async function levelOf(
  http: GitlabHttp,
  project: Pick<Project, 'id'> & Partial<Project>,
  user: number,
): Promise<AccessLevel> {
  const path = `${projectPath(project)}/members/all`;
  const about = project.path === undefined ? {} : { about: project.path };
  const answer = await http.send({ method: 'GET', path, query: { user_ids: [String(user)], per_page: 100 }, ...about });
  const members = understood(restMember.array(), answer.json(), `${http.instance}: GET ${path}`);
  return accessLevel(Math.max(0, ...members.filter(({ id }) => id === user).map((member) => member.access_level)));
}
