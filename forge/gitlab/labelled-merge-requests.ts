import type { OwnMergeRequest } from '../port.ts';
import { readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { ANY_STATE, isOwn, mergeRequestOf } from './merge-request.ts';
import { restMergeRequest, understood } from './schema.ts';

/**
 * Merge requests that the token's user opened in any project of the instance, whatever became of them; what changed last
 * comes first. One request for each 100: the whole fleet is asked at once.
 *
 * @param updatedAfter ISO 8601: only those that changed after that.
 * @throws {ForgeError}
 */
export async function* listOwnMergeRequests(http: GitlabHttp, updatedAfter?: string): AsyncIterable<OwnMergeRequest> {
  const mine = {
    scope: 'created_by_me',
    state: ANY_STATE,
    orderBy: 'updated_at',
    sort: 'desc',
    perPage: 100,
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
  } as const;
  for await (const page of readPages(http, (gitlab) => gitlab.MergeRequests.all(mine)))
    for (const raw of understood(restMergeRequest.array(), page.json(), page.where))
      if (isOwn(raw)) yield { projectId: String(raw.project_id), mergeRequest: mergeRequestOf(raw) };
}
