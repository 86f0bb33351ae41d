import { expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { groundOf } from './ground.ts';

const ground = groundOf({
  before: memoryRepository({ 'old.ts': 'a\nb\n', 'gone.ts': 'g' }),
  after: memoryRepository({ 'new.ts': 'a\r\nc', link: { symlink: 'new.ts' } }),
  files: [
    { status: 'renamed', path: 'new.ts', from: 'old.ts' },
    { status: 'deleted', path: 'gone.ts' },
  ],
  codex: undefined,
});

it.each([
  ['new.ts', 'new', ['a', 'c']],
  // Who sees the patch of a rename sees its new path beside the lines that are gone.
  ['new.ts', 'old', ['a', 'b']],
  ['old.ts', 'old', ['a', 'b']],
  ['old.ts', 'new', undefined],
  ['gone.ts', 'old', ['g']],
  ['gone.ts', 'new', undefined],
  ['link', 'new', []],
] as const)('of %s on the %s side', async (path, side, lines) => {
  expect(await ground.lines(path, side)).toEqual(lines);
});

it('knows the rules of check, which have no revisions', () => {
  expect(ground.hasRule({ id: 'AMD402', rev: null })).toBe(true);
  expect(ground.hasRule({ id: 'AMD402', rev: 1 })).toBe(false);
  expect(ground.hasRule({ id: 'AMD999', rev: null })).toBe(false);
});
