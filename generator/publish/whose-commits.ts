import type { Commit, Standing } from '../../forge/port.ts';
import { isOfARun } from '../../forge/publish/run-trailer.ts';
import type { Marker } from './marker.ts';
import type { OwnMergeRequest } from './own-merge-request.ts';

/** What is known of a branch, and who we are. */
interface Stand {
  readonly standing: Standing;
  readonly own: { readonly users: ReadonlySet<string>; readonly emails: ReadonlySet<string> };
  readonly last: (Pick<OwnMergeRequest, 'mergeRequest'> & { readonly marker: Pick<Marker, 'tip'> | null }) | null;
}

/** As many commits as a forge tells of: where there are more, nobody knows whose they are. */
const MOST = 100;

/**
 * Whether our branch may be moved or deleted: whatever is on it, and not on the default branch, is ours. Where nothing is
 * on it, it must stand where a merge request of ours had it: any branch that was merged long ago looks like that.
 *
 * @param commits what is on it, and not on the default branch.
 */
export function isBranchOurs({ standing, own, last }: Stand, commits: readonly Commit[]): boolean {
  if (commits.length > 0) return areAllOurs(commits, own.emails);
  const tip = standing.branchTip;
  const ours = standing.mergeRequests.filter(({ author }) => own.users.has(author.toLowerCase()));
  return ours.some(
    ({ iid, state, head }) =>
      (state !== 'opened' && head === tip) || (iid === last?.mergeRequest.iid && last.marker?.tip === tip),
  );
}

/**
 * Whether all commits of a branch are ours, by the addresses of both author and committer: who rebases or amends a commit
 * of ours is its committer only. One at least must name the run that made it: where we write with a person's token, their
 * own commits bear the same addresses.
 *
 * @param emails ours, in lower case.
 */
function areAllOurs(commits: readonly Commit[], emails: ReadonlySet<string>): boolean {
  return (
    commits.length < MOST &&
    commits.every(
      ({ authorEmail, committerEmail }) =>
        emails.has(authorEmail.toLowerCase()) && emails.has(committerEmail.toLowerCase()),
    ) &&
    commits.some(({ message }) => isOfARun(message))
  );
}
