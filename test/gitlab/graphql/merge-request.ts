import { isDraft, mergeability } from '../merge-requests/mergeability.ts';
import { refresh } from '../merge-requests/refresh.ts';
import { type MergeRequest, type Project, userNamed } from '../state.ts';
import type { World } from '../world.ts';
import { connection, type PageArguments } from './connection.ts';

export interface MergeRequestArguments extends PageArguments {
  readonly iids?: readonly string[] | null;
  readonly sourceBranches?: readonly string[] | null;
  readonly targetBranches?: readonly string[] | null;
  readonly state?: 'opened' | 'closed' | 'locked' | 'merged' | 'all' | null;
  readonly labels?: readonly string[] | null;
  readonly authorUsername?: string | null;
  readonly draft?: boolean | null;
  readonly updatedAfter?: string | null;
  readonly sort?: 'CREATED_ASC' | 'CREATED_DESC' | 'UPDATED_ASC' | 'UPDATED_DESC' | null;
}

/** `Project.mergeRequests`: app/graphql/resolvers/merge_requests_resolver.rb. */
export async function mergeRequestsOf(world: World, project: Project, args: MergeRequestArguments) {
  await refresh(world, project.mergeRequests);
  const author = args.authorUsername == null ? undefined : userNamed(world.state, args.authorUsername);
  const found = project.mergeRequests.filter(
    (one) =>
      (args.iids?.includes(String(one.iid)) ?? true) &&
      (args.sourceBranches?.includes(one.sourceBranch) ?? true) &&
      (args.targetBranches?.includes(one.targetBranch) ?? true) &&
      (args.state == null || args.state === 'all' || one.state === args.state) &&
      (args.labels ?? []).every((label) => one.labels.includes(label)) &&
      (args.authorUsername == null || one.authorId === author?.id) &&
      (args.draft == null || isDraft(one.title) === args.draft) &&
      (args.updatedAfter == null || Date.parse(one.updatedAt) >= Date.parse(args.updatedAfter)),
  );
  const sort = args.sort ?? 'CREATED_DESC';
  const key = sort.startsWith('UPDATED') ? 'updatedAt' : 'createdAt';
  const direction = sort.endsWith('_ASC') ? 1 : -1;
  const sorted = found.toSorted((a, b) => direction * (a[key].localeCompare(b[key]) || a.id - b.id));
  return connection(world, sorted, args, (one) => mergeRequestNode(world, project, one));
}

export async function oneMergeRequest(world: World, project: Project, iid: string) {
  const found = project.mergeRequests.find((one) => String(one.iid) === iid);
  if (!found) return null;
  await refresh(world, [found]);
  return mergeRequestNode(world, project, found);
}

function mergeRequestNode(world: World, project: Project, one: MergeRequest) {
  const author = world.state.users.get(one.authorId);
  const time = (iso: string | null) => iso?.replace(/\.\d+/, '') ?? null;
  return {
    id: `gid://gitlab/MergeRequest/${one.id}`,
    iid: String(one.iid),
    state: one.state,
    title: one.title,
    description: one.description,
    draft: isDraft(one.title),
    labels: (args: PageArguments) =>
      connection(world, one.labels.toSorted(), args, (title) => ({
        id: `gid://gitlab/ProjectLabel/${project.id * 1000 + project.labels.indexOf(title) + 1}`,
        title,
      })),
    sourceBranch: one.sourceBranch,
    targetBranch: one.targetBranch,
    sourceProjectId: one.sourceProjectId,
    targetProjectId: one.targetProjectId,
    diffHeadSha: one.sha,
    webUrl: `${world.url}/${project.path}/-/merge_requests/${one.iid}`,
    createdAt: time(one.createdAt),
    updatedAt: time(one.updatedAt),
    mergedAt: time(one.mergedAt),
    closedAt: time(one.closedAt),
    conflicts: async () => (await mergeability(world, one)).conflicts,
    author: author && {
      id: `gid://gitlab/User/${author.id}`,
      username: author.username,
      name: author.name,
      bot: author.bot,
      webUrl: `${world.url}/${author.username}`,
    },
  };
}
