import type { OwnMergeRequest } from '../port.ts';
import type { GitlabHttp } from './http/port.ts';
import { isOwn, mergeRequestOf } from './merge-request.ts';
import { restMergeRequest, understood } from './schema.ts';

/**
 * Merge requests that the token's user opened in any project of the instance, whatever became of them; what changed last
 * comes first. One request for each 100: the whole fleet is asked at once.
 *
 * @param updatedAfter ISO 8601: only those that changed after that.
 * @throws {ForgeError}
 */
export async function* listOwnMergeRequests(http: GitlabHttp, updatedAfter?: string): AsyncIterable<OwnMergeRequest> {
  const query = {
    scope: 'created_by_me',
    state: 'all',
    order_by: 'updated_at',
    sort: 'desc',
    per_page: 100,
    updated_after: updatedAfter,
  };
  const where = `${http.instance}: GET /merge_requests`;
  for await (const page of http.pages({ method: 'GET', path: '/merge_requests', query }))
    for (const raw of understood(restMergeRequest.array(), page.json(), where))
      if (isOwn(raw)) yield { projectId: String(raw.project_id), mergeRequest: mergeRequestOf(raw) };
}
