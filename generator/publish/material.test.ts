import { describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { materialSince } from './material.ts';
import { memoryForge } from './testing/memory-forge.ts';
import { push } from './testing/memory-world.ts';

const START = {
  'package.json': JSON.stringify({ scripts: { test: 'node t.js', build: 'tsc' } }),
  'package-lock.json': '{}\n',
  '.nvmrc': '20\n',
};

describe('facts that matter', () => {
  it.each<[string, Record<string, string | null>, boolean]>([
    ['a command is gone', { 'package.json': JSON.stringify({ scripts: { test: 'node t.js' } }) }, true],
    ['another runtime', { '.nvmrc': '22\n' }, true],
    ['the manifest is gone', { 'package.json': null }, true],
    ['another text', { 'README.md': '# Cart\n' }, false],
    ['a document for agents', { 'AGENTS.md': '# A\n\nRun `make`.\n' }, false],
    ['nothing', {}, false],
  ])('%s', async (_, files, material) => {
    const { forge, world } = memoryForge(START);
    const base = world.branches.get('main')!;
    const now = await forge.open(world.project, push(world, { files }));
    expect(await materialSince(forge, world.project, base, now)).toBe(material);
  });

  it('are not known since a commit that is gone, whenever that shows', async () => {
    const { forge, world } = memoryForge(START);
    const now = memoryRepository(START, { commit: 'c' });
    expect(await materialSince(forge, world.project, 'f'.repeat(40), now)).toBe(false);
    const gone = () => Promise.reject(new ForgeError('not-found', 'x'));
    const reader = {
      name: 'r',
      commit: 'c',
      worktree: false,
      paths: gone,
      read: gone,
      links: gone,
      close: async () => {},
    };
    const late = { open: async () => reader };
    expect(await materialSince(late, world.project, 'f'.repeat(40), now)).toBe(false);
    const down = { open: () => Promise.reject(new ForgeError('unavailable', 'x')) };
    await expect(materialSince(down, world.project, 'f'.repeat(40), now)).rejects.toThrow(ForgeError);
  });
});
