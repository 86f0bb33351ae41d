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
  let settings: Settings = { ...keys, generate, reviewers: undefined, enabledBy: 'publish.enabled' };
  const byPath = new Map(Object.entries(groups).map(([group, own]) => [plain(group), { group, own }]));
  const parts = plain(path).split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = byPath.get(parts.slice(0, depth).join('/'));
    if (!found) continue;
    const own = Object.fromEntries(Object.entries(found.own).filter(([, value]) => value !== undefined));
    settings = {
      ...settings,
      ...own,
      ...(found.own.enabled === undefined ? {} : { enabledBy: `publish.groups["${found.group}"]` }),
    };
  }
  return settings;
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

/** GitLab's paths differ in more than case. */
function plain(path: string): string {
  return path.toLowerCase().replace(/^\/+|\/+$/g, '');
}
