/** Where a codex comes from. */
export interface CodexSource {
  /** `starter`, a folder, or the address of a git repository. */
  readonly from: string;
  /** A commit, tag or branch of a git repository. */
  readonly rev?: string;
  /** The folder in the repository that holds the codex. */
  readonly folder?: string;
  /** How people know it, where `from` is a place of the moment, of which no copy is worth keeping. */
  readonly shownAs?: string;
}

export const STARTER = 'starter';

/** The codex cannot be had at all: nothing may be said of any rule, least of all that it is kept. */
export class CodexError extends Error {
  override readonly name = 'CodexError';
  readonly exitCode: 2 | 3;

  /** 2: the user named something that is no codex. 3: it is out of reach right now. */
  constructor(message: string, exitCode: 2 | 3, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
