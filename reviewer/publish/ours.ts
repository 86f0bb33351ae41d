import type { Person } from '../../forge/review-port.ts';

/** Whether somebody is us. */
export type IsOurs = (person: Person) => boolean;

/** @param ownUsers user names that we had before: those of tokens that were replaced. GitLab's do not tell cases apart. */
export function isOursWith(self: Person, ownUsers: readonly string[]): IsOurs {
  const names = new Set(ownUsers.map((name) => name.toLowerCase()));
  return ({ id, username }) => id === self.id || names.has(username.toLowerCase());
}
