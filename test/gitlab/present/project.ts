import { levelOf, may } from '../access.ts';
import type { Actor } from '../api.ts';
import { isEmpty } from '../git.ts';
import { ACCESS_LEVELS, groupLine, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** `API_Entities_BasicProjectDetails`: what `simple=true` answers, and what nobody in particular is told. */
export function simpleProject(world: World, project: Project) {
  const name = nameOf(project.path);
  const namespace = project.path.slice(0, -name.length - 1);
  const spaced = namespace.replaceAll('/', ' / ');
  const host = new URL(world.url).hostname;
  return {
    id: project.id,
    description: null,
    name,
    name_with_namespace: `${spaced} / ${name}`,
    path: name,
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: project.repositoryEnabled ? project.defaultBranch : null,
    tag_list: project.topics,
    topics: project.topics,
    ssh_url_to_repo: `git@${host}:${project.path}.git`,
    http_url_to_repo: `${world.url}/${project.path}.git`,
    web_url: `${world.url}/${project.path}`,
    readme_url: null,
    forks_count: forksOf(world, project),
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt,
    visibility: project.visibility,
    namespace: {
      id: project.groupId,
      name: nameOf(namespace),
      path: nameOf(namespace),
      kind: 'group',
      full_path: namespace,
      parent_id: world.state.groups.get(project.groupId)?.parentId ?? null,
      avatar_url: null,
      web_url: `${world.url}/groups/${namespace}`,
    },
  };
}

function forksOf(world: World, { id }: Project): number {
  let forks = 0;
  for (const { forkOf } of world.state.projects.values()) if (forkOf === id) forks++;
  return forks;
}

/** `API_Entities_ProjectWithAccess`, for one project and for the items of `GET /projects`. */
export async function fullProject(world: World, actor: Actor | null, project: Project) {
  return { ...(await projectOfGroup(world, actor, project)), permissions: permissions(world, actor, project) };
}

/** `API_Entities_Project`: the items of a group's list, without the permissions of whoever asks. */
export async function projectOfGroup(world: World, actor: Actor | null, project: Project) {
  const empty = await isEmpty(project.gitDir);
  const origin = project.forkOf === null ? undefined : world.state.projects.get(project.forkOf);
  const feature = (on: boolean) => (on ? (project.visibility === 'public' ? 'enabled' : 'private') : 'disabled');
  const mergeRequests = project.mergeRequestsEnabled && project.repositoryEnabled;
  const own = `${world.url}/api/v4/projects/${project.id}`;
  return {
    ...simpleProject(world, project),
    default_branch: empty || !project.repositoryEnabled ? null : project.defaultBranch,
    container_registry_image_prefix: `registry.invalid/${project.path}`,
    _links: {
      self: own,
      issues: `${own}/issues`,
      merge_requests: `${own}/merge_requests`,
      repo_branches: `${own}/repository/branches`,
      labels: `${own}/labels`,
      events: `${own}/events`,
      members: `${own}/members`,
      cluster_agents: `${own}/cluster_agents`,
    },
    packages_enabled: true,
    empty_repo: empty,
    archived: project.archived,
    resolve_outdated_diff_discussions: project.resolveOutdatedDiscussions,
    repository_object_format: 'sha1',
    issues_enabled: true,
    merge_requests_enabled: mergeRequests,
    wiki_enabled: true,
    jobs_enabled: true,
    snippets_enabled: true,
    container_registry_enabled: true,
    service_desk_enabled: false,
    can_create_merge_request_in: mergeRequests && may(world, actor, project, 'create_merge_request'),
    issues_access_level: 'enabled',
    repository_access_level: feature(project.repositoryEnabled),
    merge_requests_access_level: feature(project.mergeRequestsEnabled),
    forking_access_level: 'enabled',
    emails_disabled: false,
    emails_enabled: true,
    shared_runners_enabled: true,
    lfs_enabled: true,
    creator_id: 1,
    ...(origin ? { forked_from_project: simpleProject(world, origin) } : {}),
    ...(world.edition === 'ce' ? {} : { mirror: project.mirror, approvals_before_merge: 0 }),
    import_url: null,
    import_type: null,
    import_status: 'none',
    open_issues_count: 0,
    updated_at: project.lastActivityAt,
    public_jobs: true,
    shared_with_groups: [],
    only_allow_merge_if_pipeline_succeeds: false,
    allow_merge_on_skipped_pipeline: null,
    request_access_enabled: true,
    only_allow_merge_if_all_discussions_are_resolved: project.mergeWantsResolved,
    remove_source_branch_after_merge: true,
    printing_merge_request_link_enabled: true,
    merge_method: 'merge',
    squash_option: 'default_off',
    autoclose_referenced_issues: true,
    ...(project.pendingDelete
      ? {
          marked_for_deletion_at: project.lastActivityAt.slice(0, 10),
          marked_for_deletion_on: project.lastActivityAt.slice(0, 10),
        }
      : { marked_for_deletion_at: null, marked_for_deletion_on: null }),
  };
}

/** The member's own level on the project, and the highest one of the groups above; `null` where there is none. */
function permissions(world: World, actor: Actor | null, project: Project) {
  const own = actor && project.members.get(actor.user.id);
  const group = world.state.groups.get(project.groupId);
  const inherited = actor && group && groupLine(world.state, group.id).length > 0 && levelOf(world, actor, group);
  return {
    project_access: own ? { access_level: ACCESS_LEVELS[own], notification_level: 3 } : null,
    group_access: inherited && !actor.user.admin ? { access_level: inherited, notification_level: 3 } : null,
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
