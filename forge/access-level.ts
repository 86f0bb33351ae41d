/** GitLab's levels of membership, the least first. `none`: no member; `unknown`: the forge did not say. */
const LEVELS = [
  ...(['unknown', 'none', 'minimal', 'guest', 'planner'] as const),
  ...(['reporter', 'developer', 'maintainer', 'owner'] as const),
] as const;

export type AccessLevel = (typeof LEVELS)[number];

/** Whether a level is another one or above it. One that is not known is below all others. */
export function hasAccess(level: AccessLevel, least: AccessLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
