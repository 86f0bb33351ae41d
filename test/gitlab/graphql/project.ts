import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { levelOf, may, maySeeGroup } from '../access.ts';
import type { Actor } from '../api.ts';
import { gitLine, isEmpty } from '../git.ts';
import { tipOf } from '../merge-requests/tips.ts';
import { presentCommit } from '../present/commit.ts';
import { simpleProject } from '../present/project.ts';
import { commitAt } from '../revision.ts';
import { ACCESS_LEVELS, accessTo, type Group, groupAt, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { blobs } from './blobs.ts';
import { connection, type PageArguments } from './connection.ts';
import { type MergeRequestArguments, mergeRequestsOf, oneMergeRequest } from './merge-request.ts';

/** `Project`; `null` where it is not to be seen. */
export function projectNode(world: World, actor: Actor | null, project: Project | undefined) {
  if (!project || !may(world, actor, project, 'read_project')) return null;
  const rest = simpleProject(world, project);
  const readsMergeRequests = may(world, actor, project, 'read_merge_request') && project.mergeRequestsEnabled;
  return {
    id: `gid://gitlab/Project/${project.id}`,
    fullPath: project.path,
    path: rest.path,
    name: rest.name,
    nameWithNamespace: rest.name_with_namespace,
    description: '',
    archived: project.archived,
    visibility: project.visibility,
    topics: project.topics,
    createdAt: timeOf(project.createdAt),
    updatedAt: timeOf(project.lastActivityAt),
    lastActivityAt: timeOf(project.lastActivityAt),
    webUrl: rest.web_url,
    httpUrlToRepo: rest.http_url_to_repo,
    sshUrlToRepo: rest.ssh_url_to_repo,
    isForked: project.forkOf !== null,
    forksCount: rest.forks_count,
    markedForDeletion: project.pendingDelete,
    markedForDeletionOn: project.pendingDelete ? timeOf(project.lastActivityAt) : null,
    mergeRequestsEnabled: project.mergeRequestsEnabled && project.repositoryEnabled,
    mergeRequestsAccessLevel: project.mergeRequestsEnabled
      ? { integerValue: 20, stringValue: 'ENABLED' }
      : { integerValue: 0, stringValue: 'DISABLED' },
    maxAccessLevel: accessLevel(actor ? accessTo(world.state, actor.user.id, project) : 0),
    userPermissions: {
      readProject: true,
      downloadCode: may(world, actor, project, 'read_code'),
      pushCode: may(world, actor, project, 'push_code'),
      createMergeRequestFrom: may(world, actor, project, 'create_merge_request') && project.mergeRequestsEnabled,
      createMergeRequestIn: may(world, actor, project, 'create_merge_request') && project.mergeRequestsEnabled,
      adminProject: may(world, actor, project, 'admin_project'),
    },
    group: () => groupNode(world, actor, world.state.groups.get(project.groupId)),
    repository: () => repositoryNode(world, actor, project),
    mergeRequest: ({ iid }: { iid: string }) => (readsMergeRequests ? oneMergeRequest(world, project, iid) : null),
    mergeRequests: (args: MergeRequestArguments) => (readsMergeRequests ? mergeRequestsOf(world, project, args) : null),
  };
}

function repositoryNode(world: World, actor: Actor | null, project: Project) {
  if (!project.repositoryEnabled || !may(world, actor, project, 'read_code')) return null;
  return {
    exists: true,
    empty: () => isEmpty(project.gitDir),
    rootRef: async () => {
      if (await tipOf(project, project.defaultBranch)) return project.defaultBranch;
      return (await isEmpty(project.gitDir)) ? null : project.defaultBranch;
    },
    tree: (args: { path: string; ref?: string | null }) => treeNode(world, project, args),
    blobs: (args: Parameters<typeof blobs>[2], _context: unknown, info: GraphQLResolveInfo) =>
      blobs(world, project, args, info),
  };
}

function treeNode(
  world: World,
  project: Project,
  { path, ref }: { readonly path: string; readonly ref?: string | null },
) {
  return {
    async lastCommit() {
      const commit = ref == null ? await tipOf(project, project.defaultBranch) : await commitAt(project, ref);
      if (commit === undefined) return null;
      const last =
        path === '' ? commit : await gitLine(project.gitDir, ['log', '-1', '--format=%H', commit, '--', path]);
      return last ? commitNode(world, project, last) : null;
    },
  };
}

/** Git runs only for what is not known already: the tips of thousands are asked for. */
function commitNode(world: World, project: Project, sha: string) {
  let read: ReturnType<typeof presentCommit> | undefined;
  const entity = () => {
    read ??= presentCommit(world, project, sha);
    return read;
  };
  return {
    id: `gid://gitlab/Commit/${sha}`,
    sha,
    shortId: async () => (await entity()).short_id,
    title: async () => (await entity()).title,
    message: async () => (await entity()).message,
    authorName: async () => (await entity()).author_name,
    authorEmail: async () => (await entity()).author_email,
    authoredDate: async () => (await entity()).authored_date,
    committerEmail: async () => (await entity()).committer_email,
    committedDate: async () => (await entity()).committed_date,
    webUrl: async () => (await entity()).web_url,
  };
}

/** `Group`; `null` where it is not to be seen. */
function groupNode(world: World, actor: Actor | null, group: Group | undefined): object | null {
  if (!group || !maySeeGroup(world, actor, group)) return null;
  const name = group.path.slice(group.path.lastIndexOf('/') + 1);
  return {
    id: `gid://gitlab/Group/${group.id}`,
    name,
    path: name,
    fullPath: group.path,
    fullName: group.path.replaceAll('/', ' / '),
    visibility: group.visibility,
    webUrl: `${world.url}/groups/${group.path}`,
    parent: () => (group.parentId === null ? null : groupNode(world, actor, world.state.groups.get(group.parentId))),
    maxAccessLevel: accessLevel(levelOf(world, actor, group)),
    projects(args: PageArguments & { readonly includeSubgroups: boolean; readonly search?: string | null }) {
      const below = visibleProjects(world, actor).filter(
        ({ path, groupId }) => groupId === group.id || (args.includeSubgroups && path.startsWith(`${group.path}/`)),
      );
      const found = below.filter(({ path }) => path.includes(args.search ?? ''));
      return connection(world, found, args, (project) => projectNode(world, actor, project));
    },
  };
}

export interface ProjectsArguments extends PageArguments {
  readonly ids?: readonly string[] | null;
  readonly fullPaths?: readonly string[] | null;
  readonly membership?: boolean | null;
  readonly search?: string | null;
  readonly topics?: readonly string[] | null;
  readonly archived?: 'ONLY' | 'INCLUDE' | 'EXCLUDE' | null;
  readonly active?: boolean | null;
  readonly minAccessLevel?: string | null;
  readonly withMergeRequestsEnabled?: boolean | null;
  readonly sort?: string | null;
}

/** `Query.projects`: app/graphql/resolvers/projects_resolver.rb. */
export function projects(world: World, actor: Actor | null, args: ProjectsArguments) {
  if ((args.fullPaths?.length ?? 0) > 50 && world.rule('graphql-50-paths')) {
    throw new GraphQLError('You cannot provide more than 50 full_paths');
  }
  const ids = args.ids?.map(idOf);
  const paths = args.fullPaths?.map((path) => path.toLowerCase());
  const level = args.minAccessLevel
    ? (ACCESS_LEVELS[args.minAccessLevel.toLowerCase() as keyof typeof ACCESS_LEVELS] ?? 0)
    : 0;
  const own = (project: Project) => (actor ? accessTo(world.state, actor.user.id, project) : 0);
  const found = visibleProjects(world, actor, ids).filter(
    (project) =>
      (paths === undefined || paths.includes(project.path.toLowerCase())) &&
      (!args.membership || own(project) > 0) &&
      (level === 0 || own(project) >= level) &&
      project.path.toLowerCase().includes(args.search?.toLowerCase() ?? '') &&
      (args.topics ?? []).every((topic) => project.topics.includes(topic)) &&
      (args.archived === 'ONLY' ? project.archived : args.archived !== 'EXCLUDE' || !project.archived) &&
      (args.active == null || args.active === (!project.archived && !project.pendingDelete)) &&
      (!args.withMergeRequestsEnabled || project.mergeRequestsEnabled),
  );
  const sorted = args.sort?.endsWith('_asc') ? found : found.toReversed();
  return connection(world, sorted, args, (project) => projectNode(world, actor, project));
}

/** By number. */
function visibleProjects(world: World, actor: Actor | null, ids?: readonly number[]): Project[] {
  const all = ids
    ? [...new Set(ids)].flatMap((id) => world.state.projects.get(id) ?? [])
    : world.state.projects.values();
  return Iterator.from(all)
    .filter((project) => may(world, actor, project, 'read_project'))
    .toArray()
    .toSorted((a, b) => a.id - b.id);
}

function idOf(gid: string): number {
  const [, id] = /^gid:\/\/gitlab\/Project\/(\d+)$/.exec(gid) ?? [];
  if (id === undefined) throw new GraphQLError(`"${gid}" is not a valid GitLab ID.`);
  return Number(id);
}

function accessLevel(level: number) {
  const name = Object.entries(ACCESS_LEVELS).find(([, number]) => number === level)?.[0];
  return { integerValue: level, stringValue: name ? name.toUpperCase() : 'NO_ACCESS' };
}

/** Rails writes a `Time` without fractions of a second here. */
function timeOf(iso: string | null): string | null {
  return iso === null ? null : iso.replace(/\.\d+/, '');
}

export function groupByPath(world: World, actor: Actor | null, fullPath: string) {
  return groupNode(world, actor, groupAt(world.state, fullPath));
}
