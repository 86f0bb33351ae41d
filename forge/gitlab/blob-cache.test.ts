import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectId } from '../object-id.ts';
import { openBlobCache } from './blob-cache.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agentsmd-blobs-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const SHA1 = '0'.repeat(40);
const SHA256 = '0'.repeat(64);

function blob(text: string, like = SHA1): [string, Buffer] {
  const bytes = Buffer.from(text);
  return [objectId('blob', bytes, like), bytes];
}

function fileOf(oid: string): string {
  return join(dir, oid.slice(0, 2), oid.slice(2));
}

async function files(): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe('openBlobCache', () => {
  it.each([
    ['SHA-1', SHA1],
    ['SHA-256', SHA256],
  ])('gives back what was put, by %s ids', async (_, like) => {
    const [oid, bytes] = blob('text', like);
    await openBlobCache({ dir }).put(new Map([[oid, bytes]]));
    expect(await openBlobCache({ dir }).get([oid, like])).toEqual(new Map([[oid, bytes]]));
  });

  it('holds git’s own ids', () => {
    expect(blob('hello\n')[0]).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });

  it('drops a file whose content is not what its name says', async () => {
    const [oid, bytes] = blob('text');
    const cache = openBlobCache({ dir });
    await cache.put(new Map([[oid, bytes]]));
    await writeFile(fileOf(oid), 'tex');
    expect(await cache.get([oid])).toEqual(new Map());
    expect(await files()).toEqual([]);
  });

  it('does without what is no id, so that no name leads elsewhere', async () => {
    const cache = openBlobCache({ dir });
    await cache.put(new Map([['../../escape', Buffer.from('x')]]));
    expect(await cache.get(['../../escape'])).toEqual(new Map());
    expect(await files()).toEqual([]);
  });

  it('takes away what was not used for longest when it is too large', async () => {
    const day = 86_400_000;
    const old = Array.from({ length: 10 }, (_, at) => blob(`${at}`.padEnd(1000, 'x')));
    let time = 100 * day;
    const cache = openBlobCache({ dir, maxBytes: 1_000_000, now: () => time });
    await cache.put(new Map(old));
    for (const [at, [oid]] of old.entries()) await utimes(fileOf(oid), at, at);
    time += day;
    // Reading counts as use.
    await cache.get([old[0]![0]]);
    const fresh = blob('y'.repeat(1000));
    await openBlobCache({ dir, maxBytes: 8000, now: () => time }).put(new Map([fresh]));
    const left = await openBlobCache({ dir }).get([...old, fresh].map(([oid]) => oid));
    expect([...left.keys()].sort()).toEqual([old[0]!, ...old.slice(6), fresh].map(([oid]) => oid).sort());
  });

  it('does without a folder that cannot be written', async () => {
    await writeFile(join(dir, 'file'), '');
    const [oid, bytes] = blob('text');
    const cache = openBlobCache({ dir: join(dir, 'file', 'below') });
    await cache.put(new Map([[oid, bytes]]));
    expect(await cache.get([oid])).toEqual(new Map());
  });

  it('leaves a folder in the place of a file alone', async () => {
    const [oid, bytes] = blob('text');
    await mkdir(fileOf(oid), { recursive: true });
    const cache = openBlobCache({ dir });
    await cache.put(new Map([[oid, bytes]]));
    expect(await cache.get([oid])).toEqual(new Map());
    expect(await files()).toEqual([]);
  });

  it('serves several writers of the same blobs at once', async () => {
    const blobs = new Map(Array.from({ length: 100 }, (_, at) => blob(`content ${at}`)));
    const caches = Array.from({ length: 8 }, () => openBlobCache({ dir, maxBytes: 1 << 20 }));
    await Promise.all(caches.map((cache) => cache.put(blobs)));
    expect(await caches[0]!.get([...blobs.keys()])).toEqual(blobs);
    expect(await files()).toHaveLength(100);
  });
});
