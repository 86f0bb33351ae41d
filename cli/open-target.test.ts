import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { ignoring } from './open-target.ts';

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
