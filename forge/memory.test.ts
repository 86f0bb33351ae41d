import { describe, expect, it } from 'vitest';
import { memoryRepository } from './memory.ts';
import { describeReaderContract, text, unreadable } from './testing/reader-contract.ts';

describeReaderContract('memory', async (files, limits) => memoryRepository(files, limits ? { limits } : {}));

describe('memoryRepository', () => {
  it('is a working tree unless it is given a commit', () => {
    expect(memoryRepository({})).toMatchObject({ name: 'memory', commit: null, worktree: true });
    const named = memoryRepository({}, { name: 'shop', commit: 'c1' });
    expect(named).toMatchObject({ name: 'shop', commit: 'c1', worktree: false });
  });

  it('can lack a content, as a partial clone does', async () => {
    const reader = memoryRepository({ here: 'here', gone: { missing: true } });
    expect((await reader.paths()).map((entry) => entry.kind)).toEqual(['file', 'file']);
    expect(await reader.read(['here', 'gone'])).toEqual(
      new Map([
        ['here', text('here')],
        ['gone', unreadable('missing-blob')],
      ]),
    );
  });

  it.each(['', '/a', 'a/', 'a//b', './a', 'a/../b', '..', '.git', 'x/.GIT/config'])('refuses the path %j', (path) => {
    expect(() => memoryRepository({ [path]: '' })).toThrow(`"${path}"`);
  });

  it('refuses a file that is also a folder', () => {
    expect(() => memoryRepository({ 'a/b': '', 'a/b/c': '' })).toThrow('"a/b" is a file and the folder of "a/b/c"');
  });

  it.each(['.github/x', '.gitignore', 'a/..b', '...', 'x.git/y'])('takes the path %j', async (path) => {
    expect(await memoryRepository({ [path]: '' }).paths()).toEqual([{ path, kind: 'file' }]);
  });
});
