import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { folderStamp, readFolder } from '../forge/folder.ts';
import { RepositoryError } from '../forge/git/errors.ts';
import { FULL_ID } from '../forge/object-id.ts';
import type { RepoReader } from '../forge/reader.ts';
import { CodexError, type CodexSource, STARTER } from './source.ts';

/** A codex that was found and is not read yet. */
export interface CodexPlace {
  /** For people: `starter`, a folder, `address@rev`. */
  readonly origin: string;
  /** The source, whatever its state: a cache keeps one codex of each. */
  readonly identity: string;
  /** Which content it has; `undefined` where that cannot be told without reading it all. */
  readonly state: string | undefined;
  open(): Promise<OpenedCodex>;
}

export interface OpenedCodex {
  readonly reader: RepoReader;
  /** The folder of the reader that holds the codex; `""` is its root. */
  readonly folder: string;
}

const STARTER_FOLDER = join(import.meta.dirname, 'starter');

/** A codex of 10,000 rules of 20 KB is read whole. */
const LIMITS = { fileBytes: 1 << 20, totalBytes: 256 << 20 };

/** Finds a codex. Git and the network are asked only where the source needs them. @throws {CodexError} */
export async function findCodex(source: CodexSource, cache: string | undefined, timeout?: number): Promise<CodexPlace> {
  const { from, rev = '' } = source;
  const folder = plainFolder(source.folder ?? '');
  try {
    if (from === STARTER) {
      if (rev !== '' || folder !== '')
        throw new CodexError(
          `${STARTER}: the embedded codex has no revisions and no folders; leave rev and folder out`,
          2,
        );
      return folderPlace(STARTER_FOLDER, '', STARTER);
    }
    const { isRemoteAddress } = await import('../forge/git/remote-address.ts');
    if (isRemoteAddress(from)) return await remotePlace(from, rev, folder, cache, timeout);
    if (!existsSync(from)) throw new CodexError(`${from}: no such folder; give a folder, a git address, or starter`, 2);
    if (!statSync(from).isDirectory()) throw new CodexError(`${from}: a file; give the folder of a codex`, 2);
    return rev === '' ? folderPlace(resolve(from), folder, from) : await commitPlace(source, rev, folder);
  } catch (error) {
    throw asCodexError(error, from);
  }
}

/** Failures of git and of the disk, as what they mean for a codex. */
export function asCodexError(error: unknown, from: string): unknown {
  if (error instanceof RepositoryError) {
    const outOfReach = error.problem === 'unreachable' || error.problem === 'git-failed';
    return new CodexError(`codex: ${error.message}`, outOfReach ? 3 : 2, { cause: error });
  }
  if (error instanceof Error && 'syscall' in error)
    return new CodexError(`codex: ${from} cannot be read: ${error.message}`, 3, { cause: error });
  return error;
}

function plainFolder(folder: string): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new CodexError(`codex.folder: ${folder}: must lie in the repository`, 2);
  return parts.join('/');
}

/** So long a file may change without its time telling, on the coarsest of file systems, in ms. */
const RACY = 2000;

function folderPlace(root: string, folder: string, origin: string): CodexPlace {
  const top = join(root, folder);
  const named = folder === '' ? origin : join(origin, folder);
  if (!existsSync(top)) throw new CodexError(`${named}: no such folder; check codex.folder`, 2);
  const { hash, written } = folderStamp(top, (path) => /\.md$|^codex\.yaml$|^ids\.json$/.test(path));
  return {
    origin: named,
    identity: `folder ${named} ${realpathSync(top)}`,
    state: Date.now() - written > RACY ? hash : undefined,
    open: async () => ({ reader: await readFolder(top, LIMITS), folder: '' }),
  };
}

async function commitPlace({ from, shownAs }: CodexSource, rev: string, folder: string): Promise<CodexPlace> {
  const [{ locateRepository }, { openRepository }] = await Promise.all([
    import('../forge/git/locate.ts'),
    import('../forge/git/open.ts'),
  ]);
  const { dir, worktree } = await locateRepository(from);
  const inside = worktree === null ? '' : relative(realpathSync(worktree), realpathSync(from)).split(sep).join('/');
  const reader = await openRepository(from, { rev, limits: LIMITS });
  const whole = [inside, folder].filter((part) => part !== '').join('/');
  const origin = `${shownAs ?? (folder === '' ? from : join(from, folder))}@${rev}`;
  const identity = `commit ${origin} ${dir} ${whole}`;
  const state = shownAs === undefined ? (reader.commit ?? undefined) : undefined;
  return { origin, identity, state, open: async () => ({ reader, folder: whole }) };
}

async function remotePlace(
  from: string,
  rev: string,
  folder: string,
  cache: string | undefined,
  timeout: number | undefined,
): Promise<CodexPlace> {
  const [{ remoteAddress }, { fetchRevision }] = await Promise.all([
    import('../forge/git/remote-address.ts'),
    import('../forge/git/fetch-revision.ts'),
  ]);
  const { shown } = remoteAddress(from);
  if (cache === undefined)
    throw new CodexError(
      `codex: no place for a copy of ${shown}; set AGENTSMD_CACHE_DIR to a folder that can be written`,
      3,
    );
  const fetch = () =>
    fetchRevision({ address: from, rev, mirrors: join(cache, 'git'), ...(timeout === undefined ? {} : { timeout }) });
  // What a branch or tag stands at only the server knows; a commit is its own content.
  const known = FULL_ID.test(rev) ? undefined : await fetch();
  const origin = `${shown}${rev === '' ? '' : `@${rev}`}`;
  return {
    origin,
    identity: `git ${shown} ${rev} ${folder}`,
    state: known?.commit ?? rev,
    open: async () => {
      const { openRepository } = await import('../forge/git/open.ts');
      const { gitDir, commit } = known ?? (await fetch());
      return { reader: await openRepository(gitDir, { rev: commit, limits: LIMITS }), folder };
    },
  };
}
