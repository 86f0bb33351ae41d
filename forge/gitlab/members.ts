import { ForgeError } from '../errors.ts';
import { readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { restMember, understood } from './schema.ts';

/** Active direct members with Developer or more: fewer rights could not take a review. */
const DEVELOPER = 30;

/** User names; none where there is no such group for this token. @throws {ForgeError} */
export async function listGroupMembers(http: GitlabHttp, group: string): Promise<readonly string[]> {
  const pages = readPages(http, (gitlab) => gitlab.GroupMembers.all(group, { perPage: 100 }), { about: group });
  const names: string[] = [];
  try {
    for await (const page of pages) {
      for (const member of understood(restMember.array(), page.json(), page.where))
        if (member.access_level >= DEVELOPER && (member.state ?? 'active') === 'active') names.push(member.username);
    }
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return [];
    throw error;
  }
  return names;
}
