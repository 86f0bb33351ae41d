import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { findDocuments, kindOf } from './find.ts';

describe('finding agent documents', () => {
  it('finds every kind, the root first, each file once', async () => {
    const { documents, unread } = await findDocuments(
      memoryRepository({
        'AGENTS.md': '# a',
        'CLAUDE.md': { symlink: 'AGENTS.md' },
        'GEMINI.md': '@AGENTS.md',
        '.github/copilot-instructions.md': '# c',
        '.github/instructions/ts.instructions.md': '# i',
        '.cursor/rules/x.mdc': '# x',
        '.cursorrules': '# y',
        'packages/web/AGENTS.md': '# w',
        'packages/web/.cursor/rules/w.mdc': '# v',
        'docs/guides/agents.md': '# about agents',
        'README.md': '# no',
        'tests/fixtures/AGENTS.md': '# of a fixture',
        'vendor/lib/CLAUDE.md': '# of others',
      }),
    );
    expect(documents.map(({ path, kind, dir }) => [path, kind, dir])).toEqual([
      ['.cursor/rules/x.mdc', 'cursor', ''],
      ['.cursorrules', 'cursor', ''],
      ['.github/copilot-instructions.md', 'copilot', ''],
      ['.github/instructions/ts.instructions.md', 'copilot', ''],
      ['AGENTS.md', 'agents', ''],
      ['GEMINI.md', 'gemini', ''],
      ['packages/web/.cursor/rules/w.mdc', 'cursor', 'packages/web'],
      ['packages/web/AGENTS.md', 'agents', 'packages/web'],
    ]);
    expect(documents.find(({ path }) => path === 'AGENTS.md')?.aliases).toEqual(['CLAUDE.md']);
    expect(unread).toEqual([]);
  });

  it('names the real file behind links over folders, and takes the kind of its best name', async () => {
    const { documents } = await findDocuments(
      memoryRepository({
        'docs/agents/main.md': '# real',
        'CLAUDE.md': { symlink: 'docs/link.md' },
        'docs/link.md': { symlink: './agents/main.md' },
        'AGENTS.md': { symlink: 'CLAUDE.md' },
      }),
    );
    expect(documents).toMatchObject([
      { path: 'docs/agents/main.md', kind: 'agents', dir: '', aliases: ['AGENTS.md', 'CLAUDE.md'] },
    ]);
  });

  it('says which of them cannot be read', async () => {
    const { documents, unread } = await findDocuments(
      memoryRepository({
        'AGENTS.md': new Uint8Array([0, 1, 2]),
        'a/AGENTS.md': { symlink: '../b/AGENTS.md' },
        'b/AGENTS.md': { symlink: '../a/AGENTS.md' },
        'c/AGENTS.md': { symlink: '/etc/passwd' },
        'd/AGENTS.md': { symlink: '../../outside.md' },
        'e/AGENTS.md': { symlink: '../src' },
        'f/AGENTS.md': { missing: true },
        'src/x.ts': '',
      }),
    );
    expect(documents).toEqual([]);
    expect(unread.map(({ path }) => path).sort()).toEqual(
      ['AGENTS.md', ...['a', 'b', 'c', 'd', 'e', 'f'].map((dir) => `${dir}/AGENTS.md`)].sort(),
    );
  });

  it('does not call a file faithful that was read with replaced bytes or another encoding', async () => {
    const { documents } = await findDocuments(
      memoryRepository({
        'AGENTS.md': Buffer.from([0x23, 0x20, 0xff, 0x0a]),
        'a/AGENTS.md': Buffer.from('\ufeff# utf-16', 'utf16le'),
        'b/AGENTS.md': '\ufeff# with a mark',
      }),
    );
    expect(documents.map(({ path, faithful }) => [path, faithful])).toEqual([
      ['AGENTS.md', false],
      ['a/AGENTS.md', false],
      ['b/AGENTS.md', true],
    ]);
  });

  it.each([
    ['AGENT.md', 'agents'],
    ['AGENTS.override.md', 'override'],
    ['a/AGENTS.local.md', 'override'],
    ['.claude/CLAUDE.md', 'claude'],
    ['CLAUDE.local.md', 'claude'],
    ['.windsurfrules', 'windsurf'],
    ['agents.md', 'agents'],
    ['docs/agents.md', undefined],
    ['AGENTS.md.bak', undefined],
    ['src/CLAUDE.mdx', undefined],
  ])('knows what %s is', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});
