import type { ForgeReason } from '../../forge/errors.ts';
import type { MergeRequest } from '../../forge/port.ts';
import type { Reviewers } from './reviewers.ts';

/**
 * Why nothing was to be done.
 * - `archived`, `pending-delete`, `empty`, `mirror`, `fork`, `merge-requests-disabled`, `repository-disabled`: the project is so.
 * - `read-only`: our access is below Developer.
 * - `opted-out`: by a topic, a setting of a group, or the team's file.
 * - `nothing-to-say`: too little is known of the repository. `up-to-date`: what is merged says all of it.
 * - `closed-unmerged`: people closed the last merge request, and nothing that matters changed since.
 * - `asked-to-stop`: people said so on it.
 * - `human-commits`: people committed to our branch.
 * - `branch-taken`: it stands where we did not put it, without a commit of ours. `branch-is-default`: it is the default branch.
 * - `not-ours`: somebody else opened a merge request from our branch.
 */
export type SkipReason =
  | 'archived'
  | 'pending-delete'
  | 'empty'
  | 'fork'
  | 'mirror'
  | 'read-only'
  | 'merge-requests-disabled'
  | 'repository-disabled'
  | 'opted-out'
  | 'nothing-to-say'
  | 'up-to-date'
  | 'closed-unmerged'
  | 'asked-to-stop'
  | 'human-commits'
  | 'branch-taken'
  | 'branch-is-default'
  | 'not-ours';

/** Why an open merge request of ours was closed. */
export type CloseReason = 'pointless' | 'opted-out' | 'asked-to-stop';

interface Common {
  /** The project's path as it is now. */
  readonly project: string;
  /** What the team's settings say that could not be taken, one line each. */
  readonly problems: readonly string[];
  /** Comments that were answered in this run. */
  readonly answered: number;
}

interface Published extends Common {
  readonly mergeRequest: MergeRequest;
  /** What the commit holds, by path; empty where only the description changed. */
  readonly files: readonly string[];
}

/** What became of a project. */
export type PublishResult =
  | (Published & {
      readonly kind: 'created';
      readonly reviewers: Reviewers;
      /** Names of reviewers that the forge does not know. */
      readonly unknownUsers: readonly string[];
    })
  | (Published & { readonly kind: 'updated' })
  | (Common & { readonly kind: 'unchanged'; readonly mergeRequest: MergeRequest })
  | (Common & { readonly kind: 'closed'; readonly mergeRequest: MergeRequest; readonly reason: CloseReason })
  /** Nothing to do; `message` says why in a line. */
  | (Common & { readonly kind: 'skipped'; readonly reason: SkipReason; readonly message: string })
  /** The forge, or the repository, does not let us; a person must change something, and `message` says what. */
  | (Common & { readonly kind: 'refused'; readonly reason: ForgeReason | 'document'; readonly message: string })
  /** It did not work this time. */
  | (Common & { readonly kind: 'failed'; readonly reason: ForgeReason | 'document'; readonly message: string });
