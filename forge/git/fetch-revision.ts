import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FULL_ID } from '../object-id.ts';
import { GitError, RepositoryError } from './errors.ts';
import { underLock } from './fetch-lock.ts';
import { type RemoteAddress, remoteAddress } from './remote-address.ts';
import { GitTimeout, runRemoteGit } from './remote-git.ts';
import { runGit } from './run.ts';

export interface RemoteRevision {
  /** With https, ssh, git or file, or as scp writes it. It must come from the configuration or the command line. */
  readonly address: string;
  /** A branch, a tag or a full commit; `''`: the default branch. */
  readonly rev: string;
  /** The folder of all mirrors; made where there is none. */
  readonly mirrors: string;
  /** For one command of git, in ms. Default: two minutes. */
  readonly timeout?: number;
}

export interface FetchedRevision {
  /** A bare repository that holds the commit, without its history. */
  readonly gitDir: string;
  readonly commit: string;
}

const TIMEOUT = 120_000;

/**
 * Brings one commit of a repository elsewhere into a mirror of our own. A full commit that is there already needs no
 * network; of a branch or tag the server is asked each time, for an old answer could be wrong.
 *
 * A mirror appears in one step, and a commit in it counts when its ref does, which git writes last: what a killed process
 * left is never read.
 *
 * @throws {RepositoryError} `bad-address`, `unknown-revision`, `unreachable` (no network, no permission, too slow),
 * `git-missing`, `git-failed` (the mirror cannot be written).
 */
export async function fetchRevision(wanted: RemoteRevision): Promise<FetchedRevision> {
  const { rev, mirrors, timeout = TIMEOUT } = wanted;
  const address = remoteAddress(wanted.address);
  assertRevision(rev, address);
  const gitDir = join(mirrors, `${createHash('sha256').update(address.shown).digest('hex').slice(0, 32)}.git`);
  if (FULL_ID.test(rev) && (await holds(gitDir, rev))) return { gitDir, commit: rev };
  try {
    mkdirSync(mirrors, { recursive: true, mode: 0o700 });
    const commit = await underLock(`${gitDir}.lock`, 3 * timeout, () => fetched(gitDir, address, rev, timeout));
    return { gitDir, commit };
  } catch (error) {
    throw explained(error, address, rev, mirrors);
  }
}

function assertRevision(rev: string, { shown }: RemoteAddress): void {
  if (rev === '' || (/^[\p{L}\p{N}_][^\s\0~^:?*[\\]*$/u.test(rev) && !rev.includes('..') && !rev.includes('@{')))
    return;
  const message = `${shown}: ${JSON.stringify(rev)} names no revision there; give a branch, a tag or a full commit`;
  throw new RepositoryError('unknown-revision', message);
}

/** Written when all of a commit is there. */
function refOf(commit: string): string {
  return `refs/agentsmd/commits/${commit}`;
}

async function holds(gitDir: string, commit: string): Promise<boolean> {
  return (await resolved(gitDir, refOf(commit))) === commit;
}

async function resolved(gitDir: string, ref: string): Promise<string | undefined> {
  try {
    const answer = await runGit(['--git-dir', gitDir, 'rev-parse', '--quiet', '--verify', `${ref}^{commit}`]);
    return answer.toString('utf8').trim();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

async function fetched(gitDir: string, address: RemoteAddress, rev: string, timeout: number): Promise<string> {
  if (await isMirror(gitDir)) {
    try {
      return await fetchInto(gitDir, address, rev, timeout);
    } catch (error) {
      if (!(error instanceof GitError) || !isDamage(error)) throw error;
    }
  }
  const fresh = `${gitDir}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await runGit(['init', '--quiet', '--bare', '--template=', fresh]);
    const commit = await fetchInto(fresh, address, rev, timeout);
    rmSync(gitDir, { recursive: true, force: true });
    renameSync(fresh, gitDir);
    return commit;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function isMirror(gitDir: string): Promise<boolean> {
  try {
    await runGit(['--git-dir', gitDir, 'rev-parse', '--git-dir']);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

/** Faults of our copy and not of the server: a lock that a killed git left, objects that a full disk cut off. */
function isDamage({ stderr }: GitError): boolean {
  return /\.lock'?: File exists|bad object|corrupt|unable to (?:read|parse)|missing (?:blob|tree|commit)|loose object|packfile|bad config/i.test(
    stderr,
  );
}

const ASKED = 'refs/agentsmd/asked';

async function fetchInto(gitDir: string, { url }: RemoteAddress, rev: string, timeout: number): Promise<string> {
  const fetch = (...args: readonly string[]) =>
    runRemoteGit(
      gitDir,
      ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', ...args],
      timeout,
    );
  try {
    await fetch('--depth=1', url, `+${rev === '' ? 'HEAD' : rev}:${ASKED}`);
  } catch (error) {
    // Old servers give away only what a branch or tag stands at: then everything is fetched and looked through.
    if (!(error instanceof GitError && FULL_ID.test(rev) && /unadvertised object/.test(error.stderr))) throw error;
    await fetch('--depth=2147483647', url, '+refs/heads/*:refs/agentsmd/heads/*', '+refs/tags/*:refs/agentsmd/tags/*');
    if ((await resolved(gitDir, rev)) === undefined) throw error;
    await runGit(['--git-dir', gitDir, 'update-ref', ASKED, rev]);
  }
  const commit = await resolved(gitDir, ASKED);
  if (commit === undefined) throw new GitError('fetch', 0, `fatal: ${NO_COMMIT}`);
  await runGit(['--git-dir', gitDir, 'update-ref', refOf(commit), commit]);
  return commit;
}

const NO_COMMIT = 'it is no commit';

function explained(error: unknown, { shown }: RemoteAddress, rev: string, mirrors: string): unknown {
  const cause = { cause: error };
  const what = rev === '' ? 'its default branch' : JSON.stringify(rev);
  if (error instanceof GitTimeout)
    return new RepositoryError('unreachable', `${shown}: ${what} could not be fetched: ${error.message}`, cause);
  if (error instanceof GitError) {
    const { stderr } = error;
    if (rev === '' && /couldn't find remote ref HEAD/i.test(stderr))
      return new RepositoryError(
        'empty-repository',
        `${shown}: empty repository, or no default branch; name a branch`,
        cause,
      );
    if (stderr.includes(NO_COMMIT) || /couldn't find remote ref|not our ref|unadvertised object/i.test(stderr)) {
      const message = `${shown}: unknown revision ${what}; give a branch, a tag or a full commit of it`;
      return new RepositoryError('unknown-revision', message, cause);
    }
    const why = error.message.replace(/^git fetch: /, '');
    return new RepositoryError('unreachable', `${shown}: ${what} could not be fetched: ${why}`, cause);
  }
  if (error instanceof Error && 'syscall' in error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `${mirrors}: cannot be written (${code}); set AGENTSMD_CACHE_DIR to a folder that can`;
    return new RepositoryError('git-failed', message, cause);
  }
  return error;
}
