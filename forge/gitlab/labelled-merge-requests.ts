import type { LabelledMergeRequest } from '../port.ts';
import { readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { ANY_STATE, isOwn, mergeRequestOf } from './merge-request.ts';
import { restMergeRequest, understood } from './schema.ts';

/**
 * Merge requests with a label in any project that the token sees, whatever became of them and whoever opened them (tokens are
 * replaced, and their users with them); what changed last comes first. One request for each 100: the whole fleet is asked at once,
 * with one token after the other where groups have tokens of their own.
 *
 * @param groups those with a token of their own.
 * @param updatedAfter ISO 8601: only those that changed after that.
 * @throws {ForgeError}
 */
export async function* listLabelled(
  http: GitlabHttp,
  groups: readonly string[],
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
  const seen = new Set<string>();
  for (const about of await oneOfEachToken(http, groups))
    for await (const page of readPages(http, (gitlab) => gitlab.MergeRequests.all(wanted), { about }))
      for (const raw of understood(restMergeRequest.array(), page.json(), page.where)) {
        const id = `${raw.project_id}!${raw.iid}`;
        if (!isOwn(raw) || seen.has(id)) continue;
        seen.add(id);
        yield { projectId: String(raw.project_id), mergeRequest: mergeRequestOf(raw) };
      }
}

/** What chooses each token once, the instance's first, where it has one. */
async function oneOfEachToken(http: GitlabHttp, groups: readonly string[]): Promise<readonly (string | undefined)[]> {
  const abouts = new Map<string, string | undefined>();
  for (const about of [undefined, ...groups]) {
    const token = await http.tokenFor(about);
    if (token && !abouts.has(token.from)) abouts.set(token.from, about);
  }
  return abouts.size === 0 ? [undefined] : [...abouts.values()];
}
