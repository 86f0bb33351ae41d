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
  /** A program is its author: it shows what a tool writes, not what people have to think of. */
  readonly automated?: true;
}

/** What became of a path that is no longer there. */
export interface Fate {
  /** The file or folder that was there: what was asked for, or what a name at any depth was found to be. */
  readonly path: string;
  /** The newest change after which it was gone, counted over all parents. */
  readonly commit: string;
  /** Where its content went: a path that is there now. Absent where it was deleted, or moved further than could be seen. */
  readonly movedTo?: string;
}

/** For `History.fates`: a file or folder of this name, wherever it was. No path of a repository begins like that. */
export function anywhere(name: string): string {
  return `:/${name}`;
}

export interface History {
  /** False where the past is cut off, as in a shallow clone: what it shows depends on how it was fetched. */
  readonly complete: boolean;
  /**
   * The changes that led to the commit along its first parents, newest first, at most `last` of them. A rename is a
   * deletion and an addition.
   */
  changes(last: number): Promise<readonly ChangeSet[]>;
  /**
   * What became of files and folders that are not at the commit, for those of them that the history ever held. Asked for
   * a few paths in doubt, never for a whole repository. A folder moved where most of its files did. What
   * {@link anywhere} makes of a name is asked for at any depth, which costs more: every tree has to be looked at.
   */
  fates(paths: readonly string[]): Promise<ReadonlyMap<string, Fate>>;
}

/** What a change between two commits did to a file. A rename is one entry, at its new path. */
export interface FileChange {
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed';
  readonly path: string;
  /** The old path of a rename. */
  readonly from?: string;
}
