import type { ForgeReason } from '../../forge/errors.ts';
import type { MergeRequest } from '../../forge/port.ts';
import type { KeptLedger } from './kept-ledger.ts';
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

/** What a caller has to remember of a project. */
export interface Seen {
  /** The tip of the default branch. */
  readonly head: string | null;
  /** Whether its root has the document there. */
  readonly hasDocument: boolean;
  /** Hash of what the facts said; absent where nobody worked them out. */
  readonly facts?: string;
  /** Ours, as they stand after this run, newest first. */
  readonly mergeRequests: readonly SeenMergeRequest[];
  /** To be handed in the next time; `null`: the repository keeps its own; absent: it was not looked at, so nothing changes. */
  readonly ledger?: KeptLedger | null;
}

export interface SeenMergeRequest {
  readonly mergeRequest: MergeRequest;
  /** Of one that is closed, where it is known: whose decision that was. People who ask us to stop decide. */
  readonly closedBy?: 'us' | 'people';
}

interface Common {
  /** The project's path as it is now. */
  readonly project: string;
  /** What the team's settings say that could not be taken, one line each. */
  readonly problems: readonly string[];
  /** Comments that were answered in this run. */
  readonly answered: number;
  /** Absent where the project was not looked at, or that did not come to an end. */
  readonly seen?: Seen;
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
  /** It is not allowed yet: nothing was written. `until`: when to ask again, in ms since 1970. */
  | (Common & { readonly kind: 'deferred'; readonly reason: string; readonly message: string; readonly until?: number })
  /** The forge, or the repository, does not let us; a person must change something, and `message` says what. */
  | (Common & { readonly kind: 'refused'; readonly reason: ForgeReason | 'document'; readonly message: string })
  /** It did not work this time. */
  | (Common & { readonly kind: 'failed'; readonly reason: ForgeReason | 'document'; readonly message: string });
