import type { Project, ProjectScope } from '../port.ts';
import type { GitlabHttp } from './http/port.ts';
import { projectOf } from './project.ts';
import { restProject, understood } from './schema.ts';

/**
 * Every project in scope, each once. Without groups those that the token's user is a member of, by GitLab's keyset pages,
 * which have no end at 50,000 as numbered ones have. One page of 100 and the numbers seen so far are held.
 *
 * Of groups, pages are by number: a project made meanwhile can be missed, none is told twice.
 *
 * @throws {ForgeError}
 */
export async function* listProjects(http: GitlabHttp, scope: ProjectScope = {}): AsyncIterable<Project> {
  const { groups, archived, activeAfter, signal } = scope;
  const query = { per_page: 100, order_by: 'id', sort: 'asc', archived, last_activity_after: activeAfter } as const;
  const stop = signal === undefined ? {} : { signal };
  if (groups === undefined) {
    const path = '/projects';
    const call = { method: 'GET', path, query: { ...query, pagination: 'keyset', membership: true }, ...stop } as const;
    yield* pagesOf(http, call);
    return;
  }
  const seen = new Set<string>();
  for (const group of groups) {
    const path = `/groups/${encodeURIComponent(group)}/projects`;
    const within = { ...query, include_subgroups: true, with_shared: false };
    for await (const project of pagesOf(http, { method: 'GET', path, query: within, about: group, ...stop })) {
      if (seen.has(project.id)) continue;
      seen.add(project.id);
      yield project;
    }
  }
}

async function* pagesOf(http: GitlabHttp, call: Parameters<GitlabHttp['pages']>[0]): AsyncIterable<Project> {
  const where = `${http.instance}: GET ${call.path}`;
  for await (const page of http.pages(call))
    for (const raw of understood(restProject.array(), page.json(), where)) yield projectOf(raw, http.instance);
}
