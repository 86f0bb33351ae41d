import { ForgeError } from '../errors.ts';
import type { BlobCache } from './blob-cache.ts';
import { loadByGraphql } from './graphql-blobs.ts';
import type { PartialClone } from './partial-clone.ts';
import type { Content, Place } from './place.ts';
import { rawBlob } from './raw-blob.ts';
import type { TreeBlob } from './tree.ts';

/** Above this git brings them in two requests, whatever the API could. */
const MANY = 400;
/** Up to this the API is asked for each, where it cannot tell several at once. */
const FEW = 3;
const AT_ONCE = 8;

export interface BlobWays {
  readonly cache?: BlobCache;
  readonly clone?: PartialClone;
  /** The API tells nothing of this repository. Default: false. */
  readonly onlyGit?: boolean;
}

/**
 * The content of each object, once, from the cheapest place that has it: the cache on disk, GraphQL for many texts at a
 * time, git where the API would take many requests or may not tell, the API for single ones. What is larger than
 * `mostBytes` is told by its size where that is known beforehand.
 *
 * @throws {ForgeError} where the instance itself is at fault; a single file that cannot be had is `missing`
 */
export async function loadBlobs(
  place: Place,
  { cache, clone, onlyGit = false }: BlobWays,
  blobs: readonly TreeBlob[],
  mostBytes: number,
): Promise<ReadonlyMap<string, Content>> {
  const wanted = new Map(blobs.map((blob) => [blob.oid, blob]));
  const cached = (await cache?.get([...wanted.keys()])) ?? new Map<string, Buffer>();
  const contents = new Map<string, Content>(Array.from(cached, ([oid, bytes]) => [oid, { bytes }]));
  const take = (found: ReadonlyMap<string, Content>) =>
    found.forEach((content, oid) => void contents.set(oid, content));
  const left = () => [...wanted.values()].filter(({ oid }) => isOpen(contents.get(oid), mostBytes));

  if (clone && onlyGit) {
    if (left().length > 0) take(await clone.blobs(oidsOf(left()), mostBytes));
  } else {
    if (left().length <= MANY || !clone || !place.capabilities.git) take(await loadByGraphql(place, left(), mostBytes));
    if (left().length > FEW && clone) take(await loadByGit(place, clone, left(), mostBytes));
    take(await loadEach(place, left(), mostBytes));
  }
  const fresh = [...contents].flatMap(([oid, content]) =>
    'bytes' in content && !cached.has(oid) ? [[oid, content.bytes] as const] : [],
  );
  if (fresh.length > 0) await cache?.put(new Map(fresh));
  return contents;
}

/** What GitLab tells to nobody, or only to others, as to a CI job token. */
export function isClosed(error: unknown): boolean {
  return error instanceof ForgeError && CLOSED.has(error.reason);
}

const CLOSED: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'scope', 'role']);

/** Neither had, nor known to be too large or nowhere. */
function isOpen(content: Content | undefined, mostBytes: number): boolean {
  return content === undefined || ('size' in content && content.size <= mostBytes);
}

/** Git gives all or nothing: where one object is not there, the API is to be asked for each. */
async function loadByGit(
  { capabilities }: Place,
  clone: PartialClone,
  blobs: readonly TreeBlob[],
  mostBytes: number,
): Promise<ReadonlyMap<string, Content>> {
  try {
    return capabilities.git ? await clone.blobs(oidsOf(blobs), mostBytes) : new Map();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    if (error.reason !== 'not-found') capabilities.git = false;
    return new Map();
  }
}

async function loadEach(
  place: Place,
  blobs: readonly TreeBlob[],
  mostBytes: number,
): Promise<ReadonlyMap<string, Content>> {
  const contents = new Map<string, Content>();
  for (let at = 0; at < blobs.length; at += AT_ONCE) {
    const read = blobs.slice(at, at + AT_ONCE).map(async (blob) => {
      contents.set(blob.oid, await rawBlob(place, blob, mostBytes));
    });
    await Promise.all(read);
  }
  return contents;
}

function oidsOf(blobs: readonly TreeBlob[]): string[] {
  return blobs.map(({ oid }) => oid);
}
