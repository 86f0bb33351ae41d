import type { Commit, Forge } from '../../../forge/port.ts';
import type { PublishConfig } from '../../../generator/publish/config.ts';
import { isBranchOurs } from '../../../generator/publish/whose-commits.ts';

/** The repository of the codex, where it is one of a forge that we know. */
export interface CodexProject {
  readonly forge: Forge;
  readonly path: string;
  /** The folder in it that holds the codex; '': its root. */
  readonly folder: string;
}

/** Who we are there, in lower case. @throws {ForgeError} */
export async function ownNames(
  forge: Forge,
  path: string,
  { ownUsers, ownEmails }: Pick<PublishConfig, 'ownUsers' | 'ownEmails'>,
): Promise<{ readonly users: ReadonlySet<string>; readonly emails: ReadonlySet<string> }> {
  const { username, email } = await forge.self(path);
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  return { users: lower([username, ...ownUsers]), emails: lower([email, ...ownEmails]) };
}

/** Whether nothing of anybody is lost with a branch of ours. @param commits what is on it, and not on the default branch. */
export function areOurs(stand: Parameters<typeof isBranchOurs>[0], commits: readonly Commit[]): boolean {
  return commits.length === 0 || isBranchOurs(stand, commits);
}
