/**
 * The port through which everything reads a repository at one commit. Behind it stand local git objects, a working
 * tree, or a forge's API; never a checkout that gets executed.
 */

/** What a path is. Symbolic links and submodules are listed but never followed or read. */
export type EntryKind = 'file' | 'executable' | 'symlink' | 'submodule';

/**
 * One path of the repository, relative to its root, with `/` between the parts. Git names are bytes: one that is not
 * UTF-8 is shown with `\xNN` for each byte that is none, and is read by that same text.
 */
export interface RepoEntry {
  readonly path: string;
  readonly kind: EntryKind;
}

/**
 * Why a file's text could not be had.
 * - `absent`: no such path; a folder is none either.
 * - `missing-blob`: the path is there, its content is not: a partial clone without it, a damaged object, no permission.
 * - `too-large`, `over-budget`: see {@link ReadLimits}.
 * - `binary`: a NUL among the first 8000 bytes, git's own rule; UTF-16 with a byte order mark is text all the same.
 * - `lfs-pointer`: the content lies in Git LFS, only its pointer is in the repository.
 * - `not-a-file`: a symbolic link or a submodule.
 */
export type Unreadable =
  | 'absent'
  | 'missing-blob'
  | 'too-large'
  | 'over-budget'
  | 'binary'
  | 'lfs-pointer'
  | 'not-a-file';

/** The answer for one path: its text (UTF-8, a leading BOM kept out, line ends as they are), or why there is none. */
export type FileRead =
  | {
      readonly ok: true;
      readonly text: string;
      readonly invalidUtf8: boolean;
      /** Set where the bytes are not simply `text` in UTF-8: they begin with this byte order mark. */
      readonly bom?: 'utf-8' | 'utf-16le' | 'utf-16be';
    }
  | { readonly ok: false; readonly reason: Unreadable; readonly detail?: string };

/** How much a reader may hold, in bytes. */
export interface ReadLimits {
  /** A larger file is not read: `too-large`. */
  readonly fileBytes: number;
  /**
   * A file that would take the total of all reads above this is not read: `over-budget`. A file counts once. Of a reader that keeps
   * no answers it is the total of one read.
   */
  readonly totalBytes: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = { fileBytes: 1 << 20, totalBytes: 64 << 20 };

/** A repository at one commit, or its working tree. */
export interface RepoReader {
  /** A name for people: the folder's name without `.git`. */
  readonly name: string;
  /** The full commit id; `null` for a repository's working tree with no commit yet. */
  readonly commit: string | null;
  /** True where the working tree is read, which may differ from `commit`. */
  readonly worktree: boolean;
  /** Every path, sorted by code unit, each once. Cached after the first call. */
  paths(): Promise<readonly RepoEntry[]>;
  /**
   * The text of each path asked for. Never throws for a single path: the answer says what was wrong. An answer is
   * kept, so asking again costs nothing and cannot differ; a reader that was opened with `keep: false` reads again, and holds
   * nothing but the paths. Safe to call concurrently. Rejects when the repository as a whole cannot be read, or after `close`.
   */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, FileRead>>;
  /**
   * Where symbolic links point, as written in them: relative to the link's folder, or absolute. No answer for what is
   * no symbolic link or cannot be read. What the target is must be looked up in `paths()`: nothing is followed.
   */
  links(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Lets go of processes and memory; closing twice is fine. */
  close(): Promise<void>;
}
