import type { Group } from '../state.ts';
import type { World } from '../world.ts';

/** `API_Entities_Group`. */
export function presentGroup(world: World, group: Group) {
  const name = group.path.slice(group.path.lastIndexOf('/') + 1);
  return {
    id: group.id,
    web_url: `${world.url}/groups/${group.path}`,
    name,
    path: name,
    description: '',
    visibility: group.visibility,
    share_with_group_lock: false,
    require_two_factor_authentication: false,
    two_factor_grace_period: 48,
    project_creation_level: 'developer',
    auto_devops_enabled: null,
    subgroup_creation_level: 'maintainer',
    emails_disabled: false,
    emails_enabled: true,
    mentions_disabled: null,
    lfs_enabled: true,
    archived: false,
    default_branch: null,
    default_branch_protection: 2,
    avatar_url: null,
    request_access_enabled: true,
    full_name: group.path.replaceAll('/', ' / '),
    full_path: group.path,
    created_at: group.createdAt,
    parent_id: group.parentId,
    organization_id: 1,
    shared_runners_setting: 'enabled',
  };
}
