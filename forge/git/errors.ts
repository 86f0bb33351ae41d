/** What went wrong, for callers that decide by it; the message is for people. */
export type RepositoryProblem =
  | 'no-such-path'
  | 'not-a-repository'
  | 'empty-repository'
  | 'unknown-revision'
  | 'dubious-ownership'
  | 'git-missing'
  | 'git-too-old'
  | 'git-failed'
  /** Not an address that may be fetched from. */
  | 'bad-address'
  /** A repository elsewhere that does not answer, or does not let us in. */
  | 'unreachable';

/** A repository cannot be read. The message is one line: what, where, and what to do. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
  readonly problem: RepositoryProblem;

  constructor(problem: RepositoryProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** A git command ended badly. `exitCode` is null when a signal ended it. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(command: string, exitCode: number | null, stderr: string) {
    super(
      `git ${command}: ${complaint(stderr) || `ended with ${exitCode === null ? 'a signal' : `code ${exitCode}`}`}`,
    );
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** The line of git's stderr that says what was wrong, without its `fatal: ` or `error: `; empty when there is none. */
export function complaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((text) => text.startsWith('fatal: ')) ?? lines.find((text) => text.startsWith('error: ')) ?? lines[0];
  return (line ?? '').replace(/^(?:fatal|error): /, '').trim();
}

export const MINIMUM_GIT = '2.36';

export function gitMissing(cause?: unknown): RepositoryError {
  return new RepositoryError('git-missing', `git was not found on PATH; install git ${MINIMUM_GIT} or newer`, {
    cause,
  });
}
