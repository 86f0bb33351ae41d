import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { canary } from '../../test/canary/canary.ts';
import { openReaderTools } from './index.ts';

const TOKEN = canary('glpat-');
const reader = memoryRepository({
  'a.txt': 'one\ntwo\n',
  'src/deep/b.ts': `const key = "${TOKEN}";\n`,
  'bin.png': new Uint8Array([0, 1, 2]),
  'big.txt': 'x'.repeat(200),
  link: { symlink: 'a.txt' },
  'third/party': { submodule: true },
  away: { missing: true },
});

async function call(name: string, input: unknown): Promise<string> {
  const tools = await openReaderTools(reader, { fileBytes: 100 });
  const result = await tools.find((tool) => tool.name === name)!.run(input, new AbortController().signal);
  return result.ok ? result.text : result.reason;
}

describe('the tools for what a reader reads', () => {
  it('are list and read alone: a forge would be asked for every file of a search', async () => {
    expect((await openReaderTools(reader)).map(({ name }) => name)).toEqual(['list', 'read']);
  });

  it('list folders, links and submodules by their marks', async () => {
    expect(await call('list', {})).toBe('a.txt\naway\nbig.txt\nbin.png\nlink@\nsrc/\nthird/');
    expect(await call('list', { path: 'src' })).toBe('deep/');
    expect(await call('list', { path: 'third' })).toBe('party/');
    expect(await call('list', { recursive: true, path: 'src' })).toBe('src/deep/b.ts');
  });

  it('read files, with their secrets masked', async () => {
    expect(await call('read', { path: 'a.txt' })).toBe('1\tone\n2\ttwo');
    expect(await call('read', { path: 'src/deep/b.ts' })).toBe('1\tconst key = "glpat-[…]";');
  });

  it.each([
    ['../a.txt', 'path-parent'],
    ['/etc/passwd', 'path-absolute'],
    ['.git/config', 'git-folder'],
    ['none.txt', 'not-found'],
    ['src', 'not-a-file'],
    ['link', 'not-a-file'],
    ['bin.png', 'binary'],
    ['big.txt', 'too-large'],
    ['away', 'failed'],
  ])('refuse to read %s: %s', async (path, reason) => {
    expect(await call('read', { path })).toBe(reason);
  });

  it('refuse to list a file', async () => {
    expect(await call('list', { path: 'a.txt' })).toBe('not-a-folder');
  });
});
