/** What a review leaves on a merge request; a part of `state.ts`. */

/** A place in a diff: app/validators/json_schemas/position.json. A line that is absent is null. */
export interface Position {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
  readonly position_type: 'text' | 'image' | 'file';
  readonly old_path: string | null;
  readonly new_path: string | null;
  readonly old_line: number | null;
  readonly new_line: number | null;
  readonly line_range: unknown;
}

/** Where a thread stands in the diff; its notes share it. */
export interface DiffPlace {
  readonly original: Position;
  /** Follows the line as long as it is in the diff. */
  position: Position;
  /** Where the line went when it left the diff. */
  change: Position | null;
  readonly lineCode: string | null;
}

export interface Resolution {
  readonly byId: number;
  readonly at: string;
  /** By the project's setting, not by a person. */
  readonly byPush: boolean;
}

export interface Suggestion {
  readonly id: number;
  readonly above: number;
  readonly below: number;
  readonly from: string;
  readonly to: string;
  /** The commit that it was applied by. */
  appliedBy: string | null;
}

export interface Award {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly createdAt: string;
}

export interface DraftNote {
  readonly id: number;
  readonly authorId: number;
  note: string;
  readonly discussionId: string | null;
  readonly resolveDiscussion: boolean;
  readonly commitId: string | null;
  position: Position | null;
  lineCode: string | null;
}

export interface Approval {
  readonly userId: number;
  readonly at: string;
}

/** doc/api/merge_requests.md: reviewers. */
export type ReviewerState =
  | 'unreviewed'
  | 'review_started'
  | 'reviewed'
  | 'requested_changes'
  | 'approved'
  | 'unapproved';
