import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Listed } from '../bounded-reader.ts';
import { ForgeError, type ForgeReason } from '../errors.ts';
import { CatFile } from '../git/cat-file.ts';
import { configEnvironment } from '../git/config-environment.ts';
import { GitError } from '../git/errors.ts';
import { listCommit } from '../git/list-commit.ts';
import { locateRepository } from '../git/locate.ts';
import { readContents } from '../git/read-objects.ts';
import { GitTimeout, runRemoteGit } from '../git/remote-git.ts';
import { runGit } from '../git/run.ts';
import { removeLeftovers } from '../leftovers.ts';
import type { Content } from './place.ts';
import type { TreeBlob } from './tree.ts';

/** How git reaches a project. */
export interface GitAccess {
  /** Of the repository; holds no token. */
  readonly url: string;
  /** What git gets in its environment: there is the token, and nowhere else. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder for what is fetched, which is gone again with `close`. */
  readonly scratch: string;
}

const CONFIG = [
  // Filters and objects by their ids need it; it is git's default since 2.26.
  ['protocol.version', '2'],
  // Else the server leaves out what it thinks is there already: the files of a commit that was fetched without them.
  ['fetch.negotiationAlgorithm', 'noop'],
] as const;
/** In ms, for one command. */
const TIMEOUT = 120_000;
/** In ms. A folder that was not written to for so long is of a run that was killed. */
const LEFT_AFTER = 86_400_000;
const PREFIX = 'agentsmd-git-';
/** In one command line. */
const MOST_IDS = 2000;

/** Single objects of a repository over git's own protocol: two requests for any number of them, none of the API. */
export interface PartialClone {
  /** Every path with the exact bytes of its name. @throws {ForgeError} */
  tree(commit: string): Promise<readonly Listed<TreeBlob>[]>;
  /** Objects that are not there or larger than `mostBytes` are told as that. @throws {ForgeError} */
  blobs(oids: readonly string[], mostBytes: number): Promise<ReadonlyMap<string, Content>>;
  close(): Promise<void>;
}

/**
 * A bare repository of one's own into which nothing is fetched that was not asked for. Made with the first question.
 *
 * @param like an id of the repository: it tells the hash it uses.
 */
export function openPartialClone(access: GitAccess, like: string): PartialClone {
  let made: Promise<string> | undefined;
  const env = { ...access.env, ...configEnvironment(CONFIG, access.env) };

  async function make(): Promise<string> {
    const format = like.length === 64 ? 'sha256' : 'sha1';
    try {
      await mkdir(access.scratch, { recursive: true, mode: 0o700 });
      await removeLeftovers(access.scratch, PREFIX, Date.now() - LEFT_AFTER);
      const dir = await mkdtemp(join(access.scratch, PREFIX));
      await runGit(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, dir]);
      return dir;
    } catch (error) {
      // No git, or nowhere to write: the API goes without both.
      throw new ForgeError('unsupported', `git cannot be used here: ${(error as Error).message}`, { cause: error });
    }
  }

  async function fetch(...args: readonly string[]): Promise<string> {
    made ??= make();
    const dir = await made;
    const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-gc'];
    const plainHttp = access.url.startsWith('http:');
    try {
      await runRemoteGit(dir, ['fetch', ...options, ...args], TIMEOUT, { env, plainHttp });
    } catch (error) {
      if (!(error instanceof GitError || error instanceof GitTimeout)) throw error;
      throw explained(error, access.url);
    }
    return dir;
  }

  return {
    async tree(commit) {
      const dir = await fetch('--depth=1', '--filter=blob:none', access.url, `+${commit}:refs/agentsmd/asked`);
      const listed = await listCommit(await locateRepository(dir), commit);
      return listed.map(({ path, kind, blob }) => ({ path, kind, blob: { path, oid: blob } }));
    },
    async blobs(oids, mostBytes) {
      let dir = '';
      for (let at = 0; at < oids.length; at += MOST_IDS)
        dir = await fetch(access.url, ...oids.slice(at, at + MOST_IDS));
      const objects = new CatFile(await locateRepository(dir));
      try {
        const read = await readContents(
          objects,
          oids.map((oid) => ({ oid })),
          (bytes) => (bytes > mostBytes ? { ok: false, reason: 'too-large', detail: String(bytes) } : undefined),
        );
        return new Map(oids.map((oid, at) => [oid, contentOf(read[at]!)] as const));
      } finally {
        await objects.close();
      }
    },
    async close() {
      const dir = await made?.catch(() => undefined);
      if (dir !== undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

function contentOf(read: Awaited<ReturnType<typeof readContents>>[number]): Content {
  if (Buffer.isBuffer(read)) return { bytes: read };
  return read.reason === 'too-large' ? { size: Number(read.detail) } : { missing: read.detail ?? '' };
}

function explained(error: GitError | GitTimeout, url: string): ForgeError {
  const said = error.message.replace(/^git fetch: /, '').replace(/(?: for)? '[a-z]+:\/\/[^']*'/gi, '');
  const told = (reason: ForgeReason, remedy: string, needs?: string) =>
    new ForgeError(reason, `${url}: git cannot fetch from it: ${said}; ${remedy}`, {
      cause: error,
      ...(needs !== undefined && { needs }),
    });
  if (error instanceof GitTimeout) return told('timeout', 'try again later');
  if (/returned error: 40[13]|Authentication failed|could not read Username|Access denied/i.test(error.stderr))
    return told(
      'scope',
      'it takes a live token with the scope read_repository or api, whose user has the role Reporter',
      'read_repository',
    );
  if (/not our ref|couldn't find remote ref/i.test(error.stderr))
    return told('not-found', 'it is no longer there: run it again');
  if (/not found/i.test(error.stderr)) return told('not-found', "check the path, and make the token's user a member");
  if (/certificate|SSL/i.test(error.stderr))
    return told('unavailable', 'name your certificates: gitlab.instances.ca or NODE_EXTRA_CA_CERTS');
  return told('unavailable', 'try again later');
}
