import { settingsOfGroups } from '../../forge/group-settings.ts';
import { GENERATE_DEFAULTS, type GenerateConfig } from '../config.ts';
import type { PublishConfig, PublishKeys } from './config.ts';
import type { TeamSettings } from './team.ts';

/** What holds for one project, of the organisation, its groups and its team. */
export interface Settings extends PublishKeys {
  readonly generate: GenerateConfig;
  /** Chosen by the team; `undefined`: CODEOWNERS and so on decide. */
  readonly reviewers: readonly string[] | undefined;
  /** Who said `enabled`, for people: `publish.groups["shop"]`, `.agentsmd/config.yaml`. */
  readonly enabledBy: string;
}

/** The settings of a project before its team is asked: those of the nearest group that says something, key by key. */
export function settingsFor(
  config: PublishConfig,
  path: string,
  generate: GenerateConfig = GENERATE_DEFAULTS,
): Settings {
  const { groups, ownUsers: _, ownEmails: __, ...keys } = config;
  const { own, by } = settingsOfGroups<PublishKeys>(groups, path);
  const enabledBy = by.enabled === undefined ? 'publish.enabled' : `publish.groups["${by.enabled}"]`;
  return { ...keys, ...own, generate, reviewers: undefined, enabledBy };
}

/** What the team says over them, as far as it may. */
export function withTeam(settings: Settings, team: TeamSettings | null): Settings {
  if (team === null) return settings;
  const { enabled, generate, mergeRequest, path } = team;
  return {
    ...settings,
    ...(enabled === undefined ? {} : { enabled, enabledBy: path }),
    generate: { ...settings.generate, ...generate },
    draft: mergeRequest.draft ?? settings.draft,
    labels: mergeRequest.labels ?? settings.labels,
    reviewers: mergeRequest.reviewers,
  };
}
