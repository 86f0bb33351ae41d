import type { User } from '../state.ts';
import type { World } from '../world.ts';

/** `API_Entities_UserBasic`. */
export function basicUser(world: World, user: User) {
  return {
    id: user.id,
    username: user.username,
    public_email: '',
    name: user.name,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${world.url}/${user.username}`,
  };
}

/** As others see it; `null` for nobody. */
export function userOf(world: World, id: number | null) {
  const user = id === null ? undefined : world.state.users.get(id);
  return user ? basicUser(world, user) : null;
}

/** `API_Entities_CurrentUser`: what somebody is told of themselves. The names are those of the recorded answer. */
export function ownUser(world: World, user: User) {
  return {
    ...basicUser(world, user),
    created_at: user.createdAt,
    bio: '',
    location: '',
    linkedin: '',
    twitter: '',
    discord: '',
    website_url: '',
    github: '',
    organization: '',
    job_title: '',
    pronouns: null,
    bot: user.bot,
    work_information: null,
    local_time: null,
    skype: '',
    last_sign_in_at: user.createdAt,
    confirmed_at: user.createdAt,
    last_activity_on: user.createdAt.slice(0, 10),
    email: user.email,
    theme_id: 1,
    color_scheme_id: 1,
    projects_limit: 100_000,
    current_sign_in_at: user.createdAt,
    identities: [],
    can_create_group: true,
    can_create_project: true,
    two_factor_enabled: false,
    external: false,
    private_profile: false,
    commit_email: user.email,
    shared_runners_minutes_limit: null,
    extra_shared_runners_minutes_limit: null,
    ...(user.admin ? { is_admin: true } : {}),
  };
}
