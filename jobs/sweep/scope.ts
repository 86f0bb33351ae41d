import type { World } from '../world.ts';
import type { SweepOptions } from './options.ts';

/** The groups that a sweep is about, without those below another one; `undefined`: everything. */
export function groupsOf(
  { groups, folder }: Pick<SweepOptions, 'groups' | 'folder'>,
  { config }: Pick<World, 'config'>,
): readonly string[] | undefined {
  // What is configured are GitLab's.
  const wanted = groups.length > 0 || folder !== undefined ? groups : config.fleet.groups;
  const named = wanted.map((group) => group.replace(/^\/+|\/+$/g, '')).filter((group) => group !== '');
  if (named.length === 0) return undefined;
  const unique = [...new Map(named.map((group) => [group.toLowerCase(), group])).values()];
  return unique.filter((group) => !unique.some((other) => other !== group && isWithin(group, [other])));
}

/** Whether a path is one of the groups, or below one. GitLab's paths differ in more than case. */
export function isWithin(path: string, groups: readonly string[] | undefined): boolean {
  if (groups === undefined) return true;
  const below = `${path.toLowerCase()}/`;
  return groups.some((group) => below.startsWith(`${group.toLowerCase()}/`));
}
