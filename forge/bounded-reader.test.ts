import { describe, expect, it } from 'vitest';
import { type BlobSource, boundedReader } from './bounded-reader.ts';
import { text, unreadable } from './testing/reader-contract.ts';

describe('boundedReader', () => {
  it('tries again after its source failed as a whole', async () => {
    const failures = ['no list', 'no content'];
    const reader = boundedReader(
      source({
        list: async () => {
          if (failures[0] === 'no list') throw new Error(failures.shift());
          return [{ path: 'a', kind: 'file', blob: 'a' }];
        },
        fetch: async (blobs) => {
          if (failures.length > 0) throw new Error(failures.shift());
          return blobs.map((blob) => Buffer.from(blob));
        },
      }),
      { fileBytes: 10, totalBytes: 10 },
    );
    await expect(reader.paths()).rejects.toThrow('no list');
    const both = await Promise.allSettled([reader.read(['a']), reader.read(['a', 'b'])]);
    expect(both).toMatchObject([{ reason: { message: 'no content' } }, { reason: { message: 'no content' } }]);
    expect((await reader.read(['a'])).get('a')).toEqual(text('a'));
  });

  it('lists and fetches once, however often it is asked', async () => {
    const calls: string[] = [];
    const reader = boundedReader(
      source({
        list: async () => {
          calls.push('list');
          return ['a', 'b', 'c'].map((path) => ({ path, kind: 'file', blob: path }));
        },
        fetch: async (blobs) => {
          calls.push(`fetch ${blobs.join(' ')}`);
          return blobs.map((blob) => Buffer.from(blob));
        },
      }),
      { fileBytes: 10, totalBytes: 10 },
    );
    await Promise.all([
      reader.paths(),
      reader.read(['a', 'b', 'nothing']),
      reader.read(['b', 'a', 'c']),
      reader.paths(),
    ]);
    await reader.read(['a', 'nothing']);
    expect(calls).toEqual(['list', 'fetch a b', 'fetch c']);
  });

  it('reads again and counts anew where answers are not kept', async () => {
    const calls: string[] = [];
    const reader = boundedReader(
      source({
        list: async () => ['a', 'b', 'c'].map((path) => ({ path, kind: 'file', blob: path })),
        fetch: async (blobs, admit) => {
          calls.push(`fetch ${blobs.join(' ')}`);
          return blobs.map((blob) => admit(4) ?? Buffer.from(`${blob} ${calls.length}`));
        },
      }),
      { fileBytes: 10, totalBytes: 8 },
      false,
    );
    expect([...(await reader.read(['b', 'a', 'b', 'nothing']))]).toEqual([
      ['b', text('b 1')],
      ['a', text('a 1')],
      ['nothing', unreadable('absent')],
    ]);
    // A third one would be over the budget of a reader that kept the first two.
    expect([...(await reader.read(['c', 'b'])).values()]).toEqual([text('c 2'), text('b 2')]);
    expect((await reader.read(['a', 'b', 'c'])).get('c')).toEqual(
      unreadable('over-budget', '4 bytes; 0 of 8 are left'),
    );
    expect(calls).toEqual(['fetch b a', 'fetch c b', 'fetch a b c']);
    await reader.close();
    await expect(reader.read(['a'])).rejects.toThrow('closed');
  });

  it('closes its source once', async () => {
    let closed = 0;
    const reader = boundedReader(
      source({
        close: async () => {
          closed++;
        },
      }),
      { fileBytes: 10, totalBytes: 10 },
    );
    await Promise.all([reader.close(), reader.close()]);
    expect(closed).toBe(1);
  });
});

function source(parts: Partial<BlobSource<string>>): BlobSource<string> {
  const nothing = {
    list: async () => [],
    fetch: async () => [],
    readLinks: async () => [],
    close: async () => {},
  };
  return { name: 'fake', commit: null, worktree: true, ...nothing, ...parts };
}
