/**
 * The port through which the past of a repository is read: which files each change touched. Optional everywhere: a
 * shallow clone has little of it, an exported tree none.
 */

/** The files of one change, against its first parent: a merge stands for everything it merged. */
export interface ChangeSet {
  readonly commit: string;
  readonly added: readonly string[];
  /** Modified, or of another kind than before (a file that became a link). */
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}

export interface History {
  /** False where the past is cut off, as in a shallow clone: what it shows depends on how it was fetched. */
  readonly complete: boolean;
  /**
   * The changes that led to the commit along its first parents, newest first, at most `last` of them. A rename is a
   * deletion and an addition.
   */
  changes(last: number): Promise<readonly ChangeSet[]>;
}
