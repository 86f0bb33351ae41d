import { type Admit, boundedReader, type Listed, type Refusal } from '../bounded-reader.ts';
import { ForgeError } from '../errors.ts';
import { FULL_ID } from '../object-id.ts';
import type { OpenProject, Project } from '../port.ts';
import { DEFAULT_READ_LIMITS, type RepoReader } from '../reader.ts';
import type { BlobCache } from './blob-cache.ts';
import type { Capabilities } from './capabilities.ts';
import { companions } from './companions.ts';
import { gathered } from './gather.ts';
import type { GitlabHttp } from './http/port.ts';
import { isClosed, loadBlobs } from './load-blobs.ts';
import { type GitAccess, openPartialClone, type PartialClone } from './partial-clone.ts';
import type { Content, Place } from './place.ts';
import { listTree, type TreeBlob } from './tree.ts';

export interface Reading {
  readonly http: GitlabHttp;
  readonly capabilities: Capabilities;
  /** Absent: nothing is kept on disk. */
  readonly cache?: BlobCache;
  /** Absent: everything comes through the API. */
  readonly git?: (project: Project) => Promise<GitAccess | undefined>;
}

/** A longer target of a symbolic link leads nowhere: Linux allows 4096 bytes. */
const LONGEST_TARGET = 4096;
const MOST_RIDERS = 60;

/**
 * A repository at a full commit id, read through the API: what it tells is byte for byte what git has, or an error. Nothing
 * is requested before the first question.
 *
 * @throws {ForgeError} `invalid`: no full commit id
 */
export async function readProject(
  { http, capabilities, cache, git }: Reading,
  project: Project,
  commit: string,
  { limits = DEFAULT_READ_LIMITS, keep = true }: OpenProject = {},
): Promise<RepoReader> {
  if (!FULL_ID.test(commit)) {
    throw new ForgeError(
      'invalid',
      `${http.instance}: ${project.path}: ${JSON.stringify(commit)} is no full commit id`,
    );
  }
  const place: Place = { http, capabilities, project, commit };
  let clone: Promise<PartialClone | undefined> | undefined;
  const cloned = () => {
    clone ??= (async () => {
      const access = await git?.(project);
      return access && openPartialClone(access, commit);
    })();
    return clone;
  };
  /** Links are read like files. */
  const mostBytes = Math.max(limits.fileBytes, LONGEST_TARGET);
  let tree: readonly Listed<TreeBlob>[] = [];
  /** Read before they were asked for. */
  const ahead = new Map<string, Content>();
  let withRiders = keep;
  let closed = false;

  const load = gathered<TreeBlob, ReadonlyMap<string, Content>>(async (blobs) => {
    const contents = new Map(blobs.flatMap(({ oid }) => (ahead.has(oid) ? [[oid, ahead.get(oid)!] as const] : [])));
    const missing = blobs.filter(({ oid }) => !contents.has(oid));
    if (missing.length === 0) return contents;
    const clone = await cloned();
    const ways = { onlyGit: closed, ...(cache ? { cache } : {}), ...(clone ? { clone } : {}) };
    const riders = withRiders ? ridersOf(missing, clone !== undefined) : [];
    withRiders = false;
    for (const [oid, content] of await loadBlobs(place, ways, [...missing, ...riders], mostBytes))
      contents.set(oid, content);
    for (const { oid } of riders) {
      const content = contents.get(oid);
      if (content && 'bytes' in content) ahead.set(oid, content);
    }
    return contents;
  });

  /** As many as the last query of this read has room for; git takes any number. */
  function ridersOf(blobs: readonly TreeBlob[], byGit: boolean): readonly TreeBlob[] {
    const asked = new Set(blobs.map(({ oid }) => oid));
    const most = capabilities.graphql ? capabilities.blobs.paths : 0;
    const room = most > 0 ? (most - (asked.size % most)) % most : byGit ? MOST_RIDERS : 0;
    return companions(tree)
      .filter(({ oid }) => !asked.has(oid))
      .slice(0, Math.min(room, MOST_RIDERS));
  }

  return boundedReader<TreeBlob>(
    {
      name: project.path.slice(project.path.lastIndexOf('/') + 1),
      commit,
      worktree: false,
      list: async () => {
        ({ files: tree, closed } = await list(place, cloned));
        return tree;
      },
      fetch: async (blobs, admit) => {
        const contents = await load(blobs);
        return blobs.map(({ oid }) => answerOf(contents.get(oid)!, admit));
      },
      readLinks: async (blobs) => {
        const contents = await load(blobs);
        return blobs.map(({ oid }) => {
          const content = contents.get(oid)!;
          return 'bytes' in content && content.bytes.length <= LONGEST_TARGET
            ? content.bytes.toString('utf8')
            : undefined;
        });
      },
      close: async () => {
        ahead.clear();
        await (await clone?.catch(() => undefined))?.close();
      },
    },
    limits,
    keep,
  );
}

interface Listing {
  readonly files: readonly Listed<TreeBlob>[];
  /** The API tells nothing of the repository to this token, as to that of a CI job, though git does. */
  readonly closed: boolean;
}

/** Through the API; through git where the API may not tell, or tells names that cannot be the true ones. */
async function list(place: Place, cloned: () => Promise<PartialClone | undefined>): Promise<Listing> {
  const { http, capabilities, project, commit } = place;
  const byGit = async () => (await cloned())?.tree(commit).catch(ifForge(() => undefined));
  try {
    const { files, exact } = await listTree(http, capabilities, project, commit);
    return { files: exact ? files : ((await byGit()) ?? files), closed: false };
  } catch (error) {
    // Of a private project GitLab tells a token that does not reach that there is none.
    if (!isClosed(error) && !isNotFound(error)) throw error;
    const files = await byGit();
    if (!files) throw error;
    return { files, closed: true };
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ForgeError && error.reason === 'not-found';
}

function ifForge<T>(otherwise: () => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ForgeError) return otherwise();
    throw error;
  };
}

function answerOf(content: Content, admit: Admit): Buffer | Refusal {
  if ('bytes' in content) return admit(content.bytes.length) ?? content.bytes;
  if ('missing' in content) {
    return { ok: false, reason: 'missing-blob', ...(content.missing === '' ? {} : { detail: content.missing }) };
  }
  return admit(content.size) ?? { ok: false, reason: 'missing-blob' };
}
