import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers } from '../leftovers.ts';
import { GitError, RepositoryError } from './errors.ts';
import { locateRepository, type Repository } from './locate.ts';
import { meetingOf, shallowFile } from './merge-base.ts';
import { withoutSecrets } from './remote-address.ts';
import { GitTimeout, runRemoteGit } from './remote-git.ts';
import { headCommit, resolveCommit } from './revision.ts';
import { runGit } from './run.ts';

export interface Completion {
  /** A clone whose objects are used, where there is one. Nothing in it changes. */
  readonly clone: string | null;
  /** Where the rest is: never an address out of what is read. It holds no token. */
  readonly url: string;
  /** What git gets in its environment: there is the token, and nowhere else. */
  readonly env?: Readonly<Record<string, string>>;
  /** Full names of refs there: what the change goes into, and the change. */
  readonly target: string;
  readonly head: string;
  /** A folder for what is fetched, which is gone again with `close`. */
  readonly scratch: string;
  /** For people, of the repository. */
  readonly name: string;
  /** For one command of git, in ms. Default: two minutes. */
  readonly timeout?: number;
}

/** A bare repository that holds what the clone has, if any, and what else it takes to tell a change. */
export interface CompletedClone {
  readonly dir: string;
  /** What the refs stand at on the server now. */
  readonly target: string;
  readonly head: string;
  close(): Promise<void>;
}

const TIMEOUT = 120_000;
const TARGET = 'refs/agentsmd/target';
const HEAD = 'refs/agentsmd/head';
/** So much history is asked for, more each time, until the two meet. `null`: all of it. */
const DEPTHS: readonly (number | null)[] = [100, 1000, 10_000, null];

/**
 * Fetches what a clone lacks, or all that it takes, to tell what a change is: the branch it goes into, and so much history that the two meet. It goes into
 * a repository of our own, whose configuration we wrote, that borrows the clone's objects.
 *
 * @throws {RepositoryError} `unreachable`, `unknown-revision` (the server has no such ref), `git-failed`
 */
export async function completeClone(wanted: Completion): Promise<CompletedClone> {
  const { clone, scratch, name } = wanted;
  const lender = clone === null ? null : await locateRepository(clone);
  const folder = await madeIn(scratch);
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const dir = join(folder, `${name}.git`);
    await (lender ? borrow(lender, dir) : runGit(['init', '--quiet', '--bare', '--template=', dir]));
    const own = await locateRepository(dir);
    await fetchUntilTheyMeet(own, wanted, lender === null || (await shallowFile(lender.dir)) !== undefined);
    const [target, head] = await Promise.all([resolveCommit(own, TARGET), resolveCommit(own, HEAD)]);
    return { dir, target, head, close };
  } catch (error) {
    await close();
    throw explained(error, wanted);
  }
}

/** In ms. A folder that was not written to for so long is of a run that was killed. */
const LEFT_AFTER = 86_400_000;
const PREFIX = 'agentsmd-clone-';

async function madeIn(scratch: string): Promise<string> {
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  await removeLeftovers(scratch, PREFIX, Date.now() - LEFT_AFTER);
  return await mkdtemp(join(scratch, PREFIX));
}

async function borrow(lender: Repository, dir: string): Promise<void> {
  const { objects, objectFormat } = lender;
  await runGit(['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, dir]);
  await mkdir(join(dir, 'objects', 'info'), { recursive: true });
  // Quoted as git reads it: a path may begin with a mark of its own.
  await writeFile(join(dir, 'objects', 'info', 'alternates'), `${JSON.stringify(objects)}\n`);
  const [ends, head] = await Promise.all([shallowFile(lender.dir), headCommit(lender)]);
  if (ends !== undefined) await copyFile(ends, join(dir, 'shallow'));
  // What is there already need not be sent again.
  if (head !== null) await runGit(['update-ref', 'refs/agentsmd/had', head], { dir });
}

async function fetchUntilTheyMeet(own: Repository, wanted: Completion, isShallow: boolean): Promise<void> {
  if (!isShallow) return await fetchRefs(own, wanted, []);
  for (const depth of DEPTHS) {
    // Where all of it came already there is nothing to deepen.
    if (depth === null && (await shallowFile(own.dir)) === undefined) return;
    await fetchRefs(own, wanted, [depth === null ? '--unshallow' : `--depth=${depth}`]);
    if ((await meetingOf(own, TARGET, HEAD)).kind !== 'cut-off') return;
  }
}

async function fetchRefs({ dir }: Repository, wanted: Completion, depth: readonly string[]): Promise<void> {
  const { url, env = {}, target, head, timeout = TIMEOUT } = wanted;
  const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-gc'];
  const refs = [`+${target}:${TARGET}`, `+${head}:${HEAD}`];
  const plainHttp = url.startsWith('http:');
  await runRemoteGit(dir, ['fetch', ...options, ...depth, url, ...refs], timeout, { env, plainHttp });
}

function explained(error: unknown, { url, target, head }: Completion): unknown {
  if (error instanceof RepositoryError) return error;
  const shown = withoutSecrets(url);
  const cause = { cause: error };
  if (error instanceof GitError && /couldn't find remote ref/i.test(error.stderr)) {
    const missing = [target, head].find((ref) => error.stderr.includes(ref)) ?? `${target} or ${head}`;
    return new RepositoryError('unknown-revision', `${shown}: there is no ${missing} (any more)`, cause);
  }
  if (!(error instanceof GitTimeout || error instanceof GitError)) return error;
  const refused =
    error instanceof GitError &&
    /could not read Username|Authentication failed|returned error: 40[13]|Permission denied/i.test(error.stderr);
  const why = refused
    ? 'it takes a live token that may read the repository'
    : error.message.replace(/^git fetch: /, '');
  return new RepositoryError('unreachable', `${shown}: what this clone lacks could not be fetched: ${why}`, cause);
}
