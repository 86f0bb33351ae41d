import type { Params } from './params.ts';
import type { Project } from './state.ts';

export const SORTS = ['id', 'name', 'path', 'created_at', 'updated_at', 'last_activity_at'] as const;

/** The projects that pass the filters which every list of projects has: doc/api/projects.md. */
export function chosen(params: Params, projects: Iterable<Project>): Iterable<Project> {
  const archived = params.flag('archived');
  const visibility = params.oneOf('visibility', ['private', 'internal', 'public']);
  const search = params.text('search')?.toLowerCase();
  const topics = params.list('topic');
  const [after, before] = [params.time('last_activity_after'), params.time('last_activity_before')];
  const [idAfter, idBefore] = [params.whole('id_after'), params.whole('id_before')];
  const mergeRequests = params.flag('with_merge_requests_enabled');
  return Iterator.from(projects).filter(
    (project) =>
      (archived === undefined || project.archived === archived) &&
      (visibility === undefined || project.visibility === visibility) &&
      (search === undefined || nameOf(project).toLowerCase().includes(search)) &&
      (topics === undefined || topics.every((topic) => project.topics.includes(topic.trim()))) &&
      (after === undefined || Date.parse(project.lastActivityAt) >= after) &&
      (before === undefined || Date.parse(project.lastActivityAt) <= before) &&
      (idAfter === undefined || project.id > idAfter) &&
      (idBefore === undefined || project.id < idBefore) &&
      (!mergeRequests || project.mergeRequestsEnabled),
  );
}

export function sorted(
  projects: readonly Project[],
  by: (typeof SORTS)[number],
  direction: 'asc' | 'desc',
): readonly Project[] {
  const text = (project: Project) => {
    if (by === 'name' || by === 'path') return nameOf(project).toLowerCase();
    if (by === 'last_activity_at' || by === 'updated_at') return project.lastActivityAt;
    return '';
  };
  const sign = direction === 'asc' ? 1 : -1;
  // Of two that are alike the id decides, as of created_at: it only grows.
  const order = (a: Project, b: Project) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : a.id - b.id);
  return projects.toSorted((a, b) => sign * order(a, b));
}

function nameOf({ path }: Project): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
