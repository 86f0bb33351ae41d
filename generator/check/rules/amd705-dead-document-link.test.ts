import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../../forge/memory.ts';
import { found } from '../testing/fixtures.ts';
import { deadDocumentLink } from './amd705-dead-document-link.ts';

const told = async (files: Readonly<Record<string, MemoryFile>>) =>
  (await found(deadDocumentLink, '# A\n', files)).map(({ path, line, severity, subject, message }) => [
    `${path}:${line} ${severity} ${subject}`,
    message,
  ]);

describe('AMD705 dead-document-link', () => {
  it.each<[string, Readonly<Record<string, MemoryFile>>, string]>([
    ['a target that is not there', { 'CLAUDE.md': { symlink: 'docs/AGENTS.md' } }, 'docs/AGENTS.md'],
    ['a folder', { 'CLAUDE.md': { symlink: 'docs' }, 'docs/a.md': '' }, 'docs'],
    ['itself', { 'CLAUDE.md': { symlink: 'CLAUDE.md' } }, 'back to itself'],
    ['a circle', { 'CLAUDE.md': { symlink: 'GEMINI.md' }, 'GEMINI.md': { symlink: 'CLAUDE.md' } }, 'back to itself'],
  ])('is an error for a link to %s', async (_, files, said) => {
    const [first] = await told(files);
    expect(first?.[0]).toBe('CLAUDE.md:1 error ');
    expect(first?.[1]).toContain(said);
  });

  it.each<[string, Readonly<Record<string, MemoryFile>>]>([
    ['out of the repository', { 'CLAUDE.md': { symlink: '../shared/AGENTS.md' } }],
    ['to a place of one machine', { 'CLAUDE.md': { symlink: '/etc/AGENTS.md' } }],
    ['into a submodule', { 'CLAUDE.md': { symlink: 'sub/AGENTS.md' }, sub: { submodule: true } }],
    [
      'through a linked folder',
      { 'CLAUDE.md': { symlink: 'to/AGENTS.md' }, to: { symlink: 'docs' }, 'docs/AGENTS.md': '' },
    ],
  ])('is an information for a link %s: what is there cannot be seen', async (_, files) => {
    expect((await told(files)).map(([place]) => place)).toEqual(['CLAUDE.md:1 info ']);
  });

  it('is silent on a link that leads to a document, by one step or two', async () => {
    const files = {
      'CLAUDE.md': { symlink: 'GEMINI.md' },
      'GEMINI.md': { symlink: 'AGENTS.md' },
      'web/CLAUDE.md': { symlink: '../AGENTS.md' },
    };
    expect(await told(files)).toEqual([]);
  });
});
