import type { AccessLevel } from './access-level.ts';
import type { MergeRequest } from './merge-request.ts';
import type { DiffRefs, FilePosition, TextPosition } from './positions/position.ts';
import type { SafeText } from './render/safe-text.ts';

/**
 * The port through which a merge request is reviewed on a forge: what stands there is read with one look, what we say goes out in one
 * batch, and an approval is for one commit. It is about one merge request, which nothing that is said can change.
 */

export interface Person {
  readonly id: string;
  readonly username: string;
}

/** A merge request as a review has to know it. */
export interface ReviewedMergeRequest {
  readonly iid: number;
  readonly url: string;
  readonly state: MergeRequest['state'];
  readonly title: string;
  readonly description: string;
  readonly draft: boolean;
  readonly source: string;
  readonly target: string;
  readonly labels: readonly string[];
  readonly author: Person;
  /** The tip of its source branch. */
  readonly head: string;
  /** The newest version of its diff, of which every note has to speak. */
  readonly refs: DiffRefs;
}

/** What was reviewed: an approval, and a request for changes, is for nothing else. */
export type Reviewed = Pick<ReviewedMergeRequest, 'head' | 'target'>;

export interface ThreadNote {
  readonly id: string;
  readonly author: Person;
  /** The forge's own: "changed this line in version 2". */
  readonly system: boolean;
  readonly body: string;
  /** ISO 8601. Another time than `createdAt` tells that it was edited, or resolved. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Thread {
  readonly id: string;
  /** Oldest first, at least one. */
  readonly notes: readonly ThreadNote[];
  /** A single comment can be answered and resolved by nobody. */
  readonly resolvable: boolean;
  readonly resolved: boolean;
  /** Who resolved it; GitLab also names whoever pushed, where it resolved an outdated thread by itself. */
  readonly resolvedBy: Person | null;
  /** ISO 8601. */
  readonly resolvedAt: string | null;
}

/** Everything that stands there at one moment. */
export interface ReviewState {
  /** Who writes here. */
  readonly self: Person;
  readonly mergeRequest: ReviewedMergeRequest;
  readonly threads: readonly Thread[];
  readonly approvedByUs: boolean;
  /** Whether an approval of ours would be taken. */
  readonly mayApprove: boolean;
}

/** What is to be said. */
export interface NewNote {
  /** A line of the body that no other note has: it is found again by it after an answer was lost. */
  readonly key: string;
  readonly body: SafeText;
  /** Where it stands, the best first: what is refused falls to the next. None left, or none at all: on the merge request. */
  readonly positions: readonly (TextPosition | FilePosition)[];
  /** The body where it cannot stand on lines: without a suggestion. Default: `body`. */
  readonly elsewhere?: SafeText;
}

export interface NewReply {
  readonly key: string;
  readonly body: SafeText;
  readonly thread: string;
  /** Whether the thread is resolved with it, or opened again. */
  readonly resolve: boolean;
}

export interface Batch {
  readonly notes: readonly NewNote[];
  readonly replies: readonly NewReply[];
}

export interface PublishedBatch {
  /** Where each note went, by its key: the index of its position; -1: on the merge request. */
  readonly placed: ReadonlyMap<string, number>;
  /** Keys of what could not be brought there, with the reason. */
  readonly lost: ReadonlyMap<string, string>;
}

/** What is found out and done about one merge request. Every write is in the audit log. All throw `ForgeError`. */
export interface MergeRequestReview {
  /** The merge request, its threads, whether we approved it. */
  look(): Promise<ReviewState>;
  /** Who we are, and its threads: what stands there once it is over. One request for a hundred threads. */
  said(): Promise<Pick<ReviewState, 'self' | 'threads'>>;
  /** Names of the emoji that people gave a note, and who did. */
  emoji(note: string): Promise<readonly { readonly name: string; readonly by: Person }[]>;
  /** When its newest version was pushed, ISO 8601. */
  pushedAt(): Promise<string>;
  /** Of these files of its newest version, by their new paths, those whose diff is too large for notes on lines. */
  withoutLines(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether notes can stand on a file as a whole. */
  takesFileNotes(): Promise<boolean>;
  /** What a person may do in the project. */
  accessOf(person: Person): Promise<AccessLevel>;
  /** Whether a user is a program: the bot of a token, a service account. */
  isBot(person: Person): Promise<boolean>;
  /**
   * Says all of it at once, each thing once whatever fails on the way, where the tip still is `head`. Drafts of ours that an earlier run
   * left are dropped.
   *
   * @throws {ForgeError} `conflict` where the merge request moved on: nothing was said then.
   */
  publish(batch: Batch, head: string, why: string): Promise<PublishedBatch>;
  /** The one summary: made where `id` is `null`. @returns its id. @param key a line of the body that no other note has. */
  summary(id: string | null, key: string, body: SafeText, why: string): Promise<string>;
  setResolved(thread: string, resolved: boolean, why: string): Promise<void>;
  /**
   * Looks at the merge request right before, unless a batch did so a moment ago.
   *
   * @returns '' where it is approved; else why there is nothing to approve by now: it is over, or a draft.
   * @throws {ForgeError} `conflict` where it has another tip by now, or goes elsewhere.
   */
  approve(reviewed: Reviewed, why: string): Promise<string>;
  /** Takes our approval back, where there is one. */
  revoke(why: string): Promise<void>;
  /**
   * Looks at the merge request right before.
   *
   * @returns false where this GitLab has no way to do so.
   * @throws {ForgeError} `conflict` where it has another tip by now, goes elsewhere, or is over.
   */
  requestChanges(reviewed: Reviewed, why: string): Promise<boolean>;
}
