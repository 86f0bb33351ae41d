import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import { check } from '../index.ts';
import { unreadableDocument } from './amd706-unreadable-document.ts';

const told = async (file: MemoryFile, fileBytes = 1 << 20) => {
  const reader = memoryRepository({ 'AGENTS.md': file }, { limits: { fileBytes, totalBytes: 1 << 26 } });
  const { findings } = await check(reader, { rules: [unreadableDocument] });
  return findings.map(({ path, line, severity, message }) => [`${path}:${line} ${severity}`, message]);
};

describe('AMD706 unreadable-document', () => {
  it.each<[string, MemoryFile, string, string]>([
    ['binary', new Uint8Array([0x23, 0, 1, 2, 3]), 'error', 'binary'],
    ['not UTF-8', new Uint8Array([0x23, 0x20, 0xe9, 0x0a]), 'warning', 'UTF-8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x23, 0x00, 0x0a, 0x00]), 'warning', 'UTF-8'],
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      'warning',
      'Git LFS',
    ],
    ['not in this clone', { missing: true }, 'info', 'not in this clone'],
    ['too large to be parsed', 'word '.repeat(30_000), 'warning', '128 KiB'],
    ['a paragraph without an end', `- a\n${'a:\n'.repeat(2001)}`, 'warning', 'a paragraph of more than 2000 lines'],
    ['nested too deeply to be parsed', `${'> '.repeat(500)}a\n`, 'warning', 'nested too deeply'],
  ])('reports a document that is %s', async (_, file, severity, said) => {
    const [first, ...rest] = await told(file);
    expect(rest).toEqual([]);
    expect(first?.[0]).toBe(`AGENTS.md:1 ${severity}`);
    expect(first?.[1]).toContain(said);
  });

  it('reports one that is too large to be read, with its size', async () => {
    const [first] = await told('word '.repeat(2000), 5000);
    expect(first).toEqual(['AGENTS.md:1 warning', expect.stringContaining('10000 bytes; the limit is 5000')]);
  });

  it('is silent on text, with a byte order mark, too', async () => {
    expect(await told('# Ä 🙂\n')).toEqual([]);
    expect(await told(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x0a]))).toEqual([]);
  });
});
