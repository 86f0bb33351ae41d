import { describe, expect, it } from 'vitest';
import { ForgeError } from '../errors.ts';
import { objectId } from '../object-id.ts';
import { Capabilities } from './capabilities.ts';
import type { Call, GitlabHttp } from './http/port.ts';
import { loadBlobs } from './load-blobs.ts';
import type { PartialClone } from './partial-clone.ts';
import { rawBlob } from './raw-blob.ts';
import { fakeHttp } from './testing/fake-http.ts';

const COMMIT = '0'.repeat(40);
const BYTES = Buffer.from('a\0b');
const BLOB = { path: 'dir/a b.bin', oid: objectId('blob', BYTES, COMMIT) };

function place(http: GitlabHttp) {
  return { http, capabilities: new Capabilities(), project: { id: '7', path: 'group/name' }, commit: COMMIT };
}

describe('rawBlob', () => {
  it('brings the bytes of an object', async () => {
    const http = fakeHttp({ send: () => BYTES });
    expect(await rawBlob(place(http), BLOB, 1000)).toEqual({ bytes: BYTES });
    expect(http.asked).toEqual([`GET /projects/7/repository/blobs/${BLOB.oid}/raw`]);
  });

  it('does not take other bytes for those of the object', async () => {
    const http = fakeHttp({ send: () => Buffer.from('<html>Please sign in</html>') });
    expect(await rawBlob(place(http), BLOB, 1000)).toEqual({
      missing: `GitLab sent other bytes than those of ${BLOB.oid}`,
    });
  });

  it('says of an object that is not there that it is missing', async () => {
    const http = fakeHttp({ send: () => new ForgeError('not-found', '404 Blob Not Found') });
    expect(await rawBlob(place(http), BLOB, 1000)).toEqual({ missing: '' });
  });

  it('asks for the size of what was too much to take, and believes nothing else', async () => {
    const tooMuch = (size: string) => {
      const http = fakeHttp({ send: () => new ForgeError('not-understood', 'more than 2024 bytes') });
      const head = { headers: new Headers({ 'x-gitlab-size': size }) } as Awaited<ReturnType<GitlabHttp['send']>>;
      const send = (call: Call) => (call.method === 'HEAD' ? Promise.resolve(head) : http.send(call));
      return rawBlob(place({ ...http, send }), BLOB, 1000);
    };
    expect(await tooMuch('5000')).toEqual({ size: 5000 });
    await expect(tooMuch('500')).rejects.toThrow('more than 2024 bytes');
    await expect(tooMuch('')).rejects.toThrow('more than 2024 bytes');
  });

  it.each(['unavailable', 'rate-limited', 'forbidden'] as const)('throws where the instance is %s', async (reason) => {
    const http = fakeHttp({ send: () => new ForgeError(reason, 'no') });
    await expect(rawBlob(place(http), BLOB, 1000)).rejects.toMatchObject({ reason });
  });
});

describe('loadBlobs', () => {
  it('asks the API for each where git fails as a whole, as it does when one object is not there', async () => {
    const clone: PartialClone = {
      tree: async () => [],
      blobs: async () => {
        throw new ForgeError('not-found', 'not our ref');
      },
      close: async () => {},
    };
    const files = ['a', 'b', 'c', 'd', 'e'].map((text) => ({
      path: text,
      oid: objectId('blob', Buffer.from(text), COMMIT),
    }));
    const http = fakeHttp({
      graphql: () => new ForgeError('forbidden', 'off'),
      send: ({ path }) => {
        const file = files.find(({ oid }) => path.includes(oid))!;
        return file.path === 'c' ? new ForgeError('not-found', 'no such blob') : Buffer.from(file.path);
      },
    });
    const contents = await loadBlobs(place(http), { clone }, files, 1000);
    expect(files.map(({ oid }) => contents.get(oid))).toEqual([
      { bytes: Buffer.from('a') },
      { bytes: Buffer.from('b') },
      { missing: '' },
      { bytes: Buffer.from('d') },
      { bytes: Buffer.from('e') },
    ]);
  });
});
