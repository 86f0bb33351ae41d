import { ForgeError } from '../errors.ts';
import type { Project } from '../port.ts';
import { readPages } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { restMember, understood } from './schema.ts';
import type { UserIds } from './write/users.ts';

/** Active members with Developer or more: fewer rights could not take a review. */
const DEVELOPER = 30;
/** Of a hundred members each; reviewers are found among the first of them or not at all. */
const MOST_PAGES = 5;
const PAGE = 100;

/** Direct members of groups by user name; none where there is no such group for this token. Each group is asked once. */
export function groupMembersOf(
  http: GitlabHttp,
  users: Pick<UserIds, 'learn'>,
): (group: string) => Promise<readonly string[]> {
  const asked = new Map<string, Promise<readonly string[]>>();
  return (group) => {
    const id = group.toLowerCase();
    const answer = asked.get(id) ?? listGroupMembers(http, users, group);
    asked.set(id, answer);
    // What failed may be asked again.
    answer.catch(() => asked.delete(id));
    return answer;
  };
}

async function listGroupMembers(
  http: GitlabHttp,
  users: Pick<UserIds, 'learn'>,
  group: string,
): Promise<readonly string[]> {
  const pages = readPages(http, (gitlab) => gitlab.GroupMembers.all(group, { perPage: PAGE }), { about: group });
  try {
    const { members } = await membersIn(pages);
    users.learn(members);
    return members.map(({ username }) => username);
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return [];
    throw error;
  }
}

interface Members {
  readonly members: readonly Member[];
  /** Whether these are all. */
  readonly complete: boolean;
}

export interface Member {
  readonly id: number;
  readonly username: string;
  /** As it is shown. */
  readonly name?: string | null | undefined;
}

type AskedProject = Pick<Project, 'id' | 'path'>;

/**
 * Members of projects, those of groups above and of invited groups included. Each project is asked for once, as long as its
 * caller keeps that object. Rejects with a {@link ForgeError}.
 */
export function projectMembersOf(
  http: GitlabHttp,
  users: Pick<UserIds, 'learn'>,
): (project: AskedProject) => Promise<Members> {
  const asked = new WeakMap<AskedProject, Promise<Members>>();
  const options = { includeInherited: true, perPage: PAGE } as const;
  const list = async (project: AskedProject): Promise<Members> => {
    const pages = readPages(http, (gitlab) => gitlab.ProjectMembers.all(project.id, options), { about: project.path });
    const found = await membersIn(pages);
    users.learn(found.members);
    return found;
  };
  return (project) => {
    const answer = asked.get(project) ?? list(project);
    asked.set(project, answer);
    answer.catch(() => asked.delete(project));
    return answer;
  };
}

async function membersIn(pages: ReturnType<typeof readPages>): Promise<Members> {
  const members: Member[] = [];
  let read = 0;
  for await (const page of pages) {
    const told = understood(restMember.array(), page.json(), page.where);
    for (const member of told)
      if (member.access_level >= DEVELOPER && (member.state ?? 'active') === 'active') members.push(member);
    if (++read === MOST_PAGES) return { members, complete: told.length < PAGE };
  }
  return { members, complete: true };
}
