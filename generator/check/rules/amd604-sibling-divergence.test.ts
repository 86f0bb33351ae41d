import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../../forge/memory.ts';
import { found } from '../testing/fixtures.ts';
import { siblingDivergence } from './amd604-sibling-divergence.ts';

const text = Array.from({ length: 20 }, (_, at) => `- Rule number ${at}\n`).join('');
const told = async (root: string, files: Readonly<Record<string, MemoryFile>>) =>
  (await found(siblingDivergence, root, files)).map(({ path, line, severity, message }) => [
    `${path}:${line} ${severity}`,
    message,
  ]);

describe('AMD604 sibling-divergence', () => {
  it('fires on another package manager for the same folder, in the sibling', async () => {
    const [first] = await told('Run `pnpm install`.\n', { 'CLAUDE.md': '# C\n\nRun `npm ci`.\n' });
    expect(first?.[0]).toBe('CLAUDE.md:3 warning');
    expect(first?.[1]).toContain('pnpm in AGENTS.md:1');
  });

  it('tells of a copy, and how to keep one of the two', async () => {
    expect(await told(text, { 'CLAUDE.md': text })).toEqual([
      [
        'CLAUDE.md:1 info',
        'a copy of AGENTS.md, and one of the two will be forgotten: make this one line, `@AGENTS.md`',
      ],
    ]);
    const [nearly] = await told(text, { '.github/copilot-instructions.md': text.replace('number 3', 'no. three') });
    expect(nearly).toEqual([
      '.github/copilot-instructions.md:1 info',
      'nearly a copy of AGENTS.md, and one of the two will be forgotten: make this a symbolic link to it',
    ]);
  });

  it('tells of each pair once', async () => {
    const places = (await told(text, { 'CLAUDE.md': text, 'GEMINI.md': text })).map(([place]) => place);
    expect(places).toEqual(['CLAUDE.md:1 info', 'GEMINI.md:1 info']);
  });

  it.each<[string, string, Readonly<Record<string, MemoryFile>>]>([
    ['a symbolic link', text, { 'CLAUDE.md': { symlink: 'AGENTS.md' } }],
    ['a pointer', text, { 'CLAUDE.md': '@AGENTS.md\n' }],
    ['other text', text, { 'CLAUDE.md': text.replaceAll('Rule', 'Law') }],
    ['a few lines in common', '- a b\n- c d\n', { 'CLAUDE.md': '- a b\n- c d\n' }],
    ['another folder', text, { 'web/CLAUDE.md': text }],
    ['one manager in common', 'Run `pnpm install`.\n', { 'CLAUDE.md': 'Run `npm ci` or `pnpm install`.\n' }],
    [
      'what users of the package type',
      'Run `pnpm install`.\n',
      { 'CLAUDE.md': 'After `npm install <package>`, look inside.\n' },
    ],
    ['a ban', 'Run `pnpm install`.\n', { 'CLAUDE.md': 'Never run `npm install`.\n' }],
    ['rules for some files', text, { '.cursor/rules/a.mdc': text }],
  ])('is silent on %s', async (_, root, files) => {
    expect(await told(root, files)).toEqual([]);
  });
});
