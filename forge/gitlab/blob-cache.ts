import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FULL_ID, objectId } from '../object-id.ts';

export interface BlobCacheOptions {
  /** Made where there is none. */
  readonly dir: string;
  /** In bytes; 256 MiB unless told. Held roughly: it is looked at when a process opens the cache and after much was written. */
  readonly maxBytes?: number;
  /** In ms since 1970. */
  readonly now?: () => number;
}

/** The contents of files by the ids of their objects, on disk. It can be lost at any time: nothing is in it alone. */
export interface BlobCache {
  /** Of those that are there, whole and unchanged. */
  get(oids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Bytes whose ids were checked. What cannot be written is left out. */
  put(blobs: ReadonlyMap<string, Buffer>): Promise<void>;
}

const MOST_BYTES = 256 << 20;
/** Pruning goes on down to this share, so that it is not due again at once. */
const LEFT = 0.8;
/** In ms. A blob that is read again is marked as used at most so often. */
const USED_AGAIN = 3_600_000;

/**
 * Safe for many processes at a time: a file appears whole, by a rename, and its name says what must be in it. Anything else
 * found there (cut off by a full disk, tampered with) is taken away.
 */
export function openBlobCache({ dir, maxBytes = MOST_BYTES, now = Date.now }: BlobCacheOptions): BlobCache {
  let written = Number.POSITIVE_INFINITY;
  let pruning: Promise<void> | undefined;

  async function read(oid: string): Promise<Buffer | undefined> {
    if (!FULL_ID.test(oid)) return undefined;
    const file = fileOf(dir, oid);
    try {
      const bytes = await readFile(file);
      if (objectId('blob', bytes, oid) === oid) {
        const time = now();
        if (time - (await stat(file)).mtimeMs > USED_AGAIN) await utimes(file, time / 1000, time / 1000);
        return bytes;
      }
      await rm(file, { force: true });
    } catch {
      // It is not there, or not for us to read.
    }
    return undefined;
  }

  async function write(oid: string, bytes: Buffer): Promise<void> {
    if (!FULL_ID.test(oid)) return;
    const file = fileOf(dir, oid);
    const fresh = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
      await writeFile(fresh, bytes, { flag: 'wx', mode: 0o600 });
      await rename(fresh, file);
      written += bytes.length;
    } catch {
      await rm(fresh, { force: true }).catch(() => {});
    }
  }

  return {
    async get(oids) {
      const found = await inLots(oids, async (oid) => [oid, await read(oid)] as const);
      return new Map(found.flatMap(([oid, bytes]) => (bytes ? [[oid, bytes] as const] : [])));
    },
    async put(blobs) {
      await inLots([...blobs], ([oid, bytes]) => write(oid, bytes));
      if (written > maxBytes * (1 - LEFT)) {
        written = 0;
        pruning = (pruning ?? Promise.resolve()).then(() => prune(dir, maxBytes));
        await pruning;
      }
    },
  };
}

/** `ab/cdef…`: folders of some thousand files at most. */
function fileOf(dir: string, oid: string): string {
  return join(dir, oid.slice(0, 2), oid.slice(2));
}

/** Open files are few. */
async function inLots<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (let at = 0; at < items.length; at += 32) done.push(...(await Promise.all(items.slice(at, at + 32).map(work))));
  return done;
}

interface Kept {
  readonly file: string;
  readonly size: number;
  readonly used: number;
}

/** Takes away what was not used for longest until the rest is small enough. Files that go meanwhile are nobody's trouble. */
async function prune(dir: string, maxBytes: number): Promise<void> {
  const kept: Kept[] = [];
  for (const folder of await readdir(dir).catch(() => [])) {
    const names = await readdir(join(dir, folder)).catch(() => []);
    await inLots(names, async (name) => {
      const file = join(dir, folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile()) kept.push({ file, size: found.size, used: found.mtimeMs });
    });
  }
  let left = kept.reduce((sum, { size }) => sum + size, 0);
  if (left <= maxBytes) return;
  for (const { file, size } of kept.sort((a, b) => a.used - b.used)) {
    if (left <= maxBytes * LEFT) return;
    await rm(file, { force: true }).catch(() => {});
    left -= size;
  }
}
