import type { AccessLevel, Note, Project } from '../port.ts';
import { accessLevel } from './access.ts';
import { readOne, readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
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
  const order = { sort: 'asc', orderBy: 'created_at', perPage: 100 } as const;
  const pages = readPages(http, (gitlab) => gitlab.MergeRequestNotes.all(project.id, iid, order), {
    about: project.path,
  });
  const notes: Note[] = [];
  const writers = new Map<string, number>();
  for await (const page of pages) {
    for (const raw of understood(restNote.array(), page.json(), page.where)) {
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
  const options = { includeInherited: true, userIds: [user], perPage: 100 };
  const read = await readOne(http, (gitlab) => gitlab.ProjectMembers.all(project.id, options), { about: project.path });
  const members = understood(restMember.array(), read.json(), read.where);
  return accessLevel(Math.max(0, ...members.filter(({ id }) => id === user).map((member) => member.access_level)));
}
