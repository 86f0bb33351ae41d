import { describe, expect, it } from 'vitest';
import { FACTS_DEFAULTS } from '../facts/config.ts';
import { memoryRepository } from '../forge/memory.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { ignoring, openTarget } from './open-target.ts';

describe('openTarget', () => {
  it.each([
    'https://gitlab.example.com/a/b',
    'ssh://x/y',
    'git@gitlab.example.com:a/b.git',
  ])('takes %s for a remote repository', async (repo) => {
    const input = { argument: () => repo, text: () => undefined } as unknown as CommandInput;
    await expect(openTarget(input, { facts: FACTS_DEFAULTS } as Config)).rejects.toThrow(
      `${repo}: a remote repository; clone it and give its folder`,
    );
  });
});

describe('ignoring', () => {
  it('neither lists nor reads what facts.ignore names, as a .gitignore would', async () => {
    const files = { 'a.ts': 'a', 'third_party/b.ts': 'b', 'x/y/c.snap': 'c', 'x/keep.snap': 'd' };
    const reader = await ignoring(memoryRepository(files), ['third_party/', '**/*.snap', '!keep.snap']);
    expect((await reader.paths()).map(({ path }) => path)).toEqual(['a.ts', 'x/keep.snap']);
    const read = await reader.read(['a.ts', 'third_party/b.ts']);
    expect(read.get('a.ts')).toMatchObject({ ok: true, text: 'a' });
    expect(read.get('third_party/b.ts')).toEqual({ ok: false, reason: 'absent' });
  });
});
