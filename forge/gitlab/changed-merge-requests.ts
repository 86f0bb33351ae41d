import type { ChangedMergeRequest, MergeRequestScope } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { ANY_STATE, mergeRequestOf } from './merge-request.ts';
import { restMergeRequest, understood } from './schema.ts';

const PAGE = 100;

/**
 * What changed in a group or project, what changed first comes first. Each page is asked for by the time of the last one: by its number
 * what changes meanwhile, and goes to the end, would have others slip through.
 *
 * @throws {ForgeError}
 */
export async function* listChanged(
  http: GitlabHttp,
  { group, project }: MergeRequestScope,
  updatedAfter: string,
): AsyncIterable<readonly ChangedMergeRequest[]> {
  const place = group === undefined ? { projectId: project.id } : { groupId: group };
  const about = group ?? project.path;
  const wanted = { scope: 'all', state: ANY_STATE, orderBy: 'updated_at', sort: 'asc', perPage: PAGE } as const;
  const seen = new Set<string>();
  for (let [since, number] = [updatedAfter, 1]; ; ) {
    const options = { ...place, ...wanted, updatedAfter: since, page: number };
    const read = await readOne(http, (gitlab) => gitlab.MergeRequests.all(options), { about });
    const page = understood(restMergeRequest.array(), read.json(), read.where);
    const fresh = page.flatMap((raw) => {
      const id = `${raw.project_id}!${raw.iid} ${raw.updated_at}`;
      if (seen.has(id)) return [];
      seen.add(id);
      return [{ projectId: String(raw.project_id), mergeRequest: mergeRequestOf(raw) }];
    });
    yield fresh;
    if (page.length < PAGE) return;
    const last = page.at(-1)?.updated_at;
    // All at the same moment: only the number leads on.
    if (last == null || Date.parse(last) <= Date.parse(since)) number += 1;
    else [since, number] = [last, 1];
  }
}
