import type { Commit } from '../../forge/port.ts';

/** As many commits as a forge tells of: where there are more, nobody knows whose they are. */
const MOST = 100;

/**
 * Whether all commits of a branch are ours, by the addresses of both author and committer: who rebases or amends a commit
 * of ours is its committer only.
 *
 * @param emails ours, in lower case.
 */
export function areAllOurs(commits: readonly Commit[], emails: ReadonlySet<string>): boolean {
  return (
    commits.length < MOST &&
    commits.every(
      ({ authorEmail, committerEmail }) =>
        emails.has(authorEmail.toLowerCase()) && emails.has(committerEmail.toLowerCase()),
    )
  );
}
