import type { LabelledMergeRequest } from '../port.ts';
import { readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { ANY_STATE, isOwn, mergeRequestOf } from './merge-request.ts';
import { restMergeRequest, understood } from './schema.ts';

/**
 * Merge requests with a label in any project that the token sees, whatever became of them and whoever opened them (tokens are
 * replaced, and their users with them); what changed last comes first. One request for each 100: the whole fleet is asked at once.
 *
 * @param updatedAfter ISO 8601: only those that changed after that.
 * @throws {ForgeError}
 */
export async function* listLabelled(
  http: GitlabHttp,
  label: string,
  updatedAfter?: string,
): AsyncIterable<LabelledMergeRequest> {
  const wanted = {
    scope: 'all',
    labels: label,
    state: ANY_STATE,
    orderBy: 'updated_at',
    sort: 'desc',
    perPage: 100,
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
  } as const;
  for await (const page of readPages(http, (gitlab) => gitlab.MergeRequests.all(wanted)))
    for (const raw of understood(restMergeRequest.array(), page.json(), page.where))
      if (isOwn(raw)) yield { projectId: String(raw.project_id), mergeRequest: mergeRequestOf(raw) };
}
