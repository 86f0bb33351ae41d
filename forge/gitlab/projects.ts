import type { Project, ProjectScope } from '../port.ts';
import { type Read, readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { projectOf } from './project.ts';
import { restProject, understood } from './schema.ts';

/** GitLab's number of the lowest role that may push. */
const DEVELOPER = 30;

/**
 * Every project in scope, each once. Without groups those that the token's user is a member of, by GitLab's keyset pages,
 * which have no end at 50,000 as numbered ones have. One page of 100 and the numbers seen so far are held.
 *
 * The list of a group does not tell our role, so it is asked twice, once for those that we may push to: `access` is then
 * `developer` or `none`, where more or less is not known. Its pages are by number: a project made meanwhile can be missed, none is told twice.
 *
 * @throws {ForgeError}
 */
export async function* listProjects(http: GitlabHttp, scope: ProjectScope = {}): AsyncIterable<Project> {
  const { groups, archived, activeAfter, signal } = scope;
  const all = {
    perPage: 100,
    orderBy: 'id',
    sort: 'asc',
    ...(archived === undefined ? {} : { archived }),
    ...(activeAfter === undefined ? {} : { lastActivityAfter: activeAfter }),
  } as const;
  if (groups === undefined) {
    const mine = { ...all, pagination: 'keyset', membership: true } as const;
    yield* projectsOn(
      http,
      readPages(http, (gitlab) => gitlab.Projects.all(mine), { signal }),
    );
    return;
  }
  const seen = new Set<string>();
  for (const group of groups) {
    const within = { ...all, includeSubgroups: true, withShared: false };
    const list = (more: object) =>
      projectsOn(
        http,
        readPages(http, (gitlab) => gitlab.Groups.allProjects(group, { ...within, ...more }), { about: group, signal }),
      );
    const writable = new Set<string>();
    for await (const { id } of list({ minAccessLevel: DEVELOPER })) writable.add(id);
    for await (const project of list({})) {
      if (seen.has(project.id)) continue;
      seen.add(project.id);
      yield project.access === 'unknown'
        ? { ...project, access: writable.has(project.id) ? 'developer' : 'none' }
        : project;
    }
  }
}

async function* projectsOn({ instance }: GitlabHttp, pages: AsyncIterable<Read>): AsyncIterable<Project> {
  for await (const page of pages)
    for (const raw of understood(restProject.array(), page.json(), page.where)) yield projectOf(raw, instance);
}
