import { describe, expect, it } from 'vitest';
import type { Versions } from './diff-texts.ts';
import { touchedLines, touches } from './touched-lines.ts';

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');
const one = async (versions: Versions) => (await touchedLines([versions]))[0]!;

describe('touchedLines', () => {
  it('names added and altered lines as they are after the change, and where lines went', async () => {
    const before = lines('a', 'b', 'c', 'd', 'e', 'f');
    expect(await one({ before, after: lines('a', 'new', 'newer', 'b', 'C', 'd', 'f') })).toEqual({
      added: [
        [2, 3],
        [5, 5],
      ],
      removed: [6],
    });
  });

  it.each([
    ['nothing', { before: 'a\n', after: 'a\n' }, { added: [], removed: [] }],
    ['a file that was empty', { before: '', after: 'a\nb\n' }, { added: [[1, 2]], removed: [] }],
    ['a file that is empty now', { before: 'a\n', after: '' }, { added: [], removed: [0] }],
    ['a first line that went', { before: 'a\nb\n', after: 'b\n' }, { added: [], removed: [0] }],
    ['line ends alone', { before: 'a\nb\nc\n', after: 'a\r\nb\rc' }, { added: [], removed: [] }],
    ['a line among other line ends', { before: 'a\nb\n', after: 'a\r\nB\r\n' }, { added: [[2, 2]], removed: [] }],
    [
      'a NUL far behind the start',
      { before: `${'a\n'.repeat(5000)}\0\n`, after: 'a\n'.repeat(5000) },
      { added: [], removed: [5000] },
    ],
  ])('knows %s', async (_, versions, expected) => {
    expect(await one(versions)).toEqual(expected);
  });

  it('puts a new function where people see it: a moved bracket touches nothing else', async () => {
    const before = lines('function a() {', '  x();', '}', '', 'function c() {', '  x();', '}');
    const after = lines(
      'function a() {',
      '  x();',
      '}',
      '',
      'function b() {',
      '  y();',
      '}',
      '',
      'function c() {',
      '  x();',
      '}',
    );
    expect((await one({ before, after })).added).toEqual([[5, 8]]);
  });

  it('is not led astray by lines that look like a diff', async () => {
    const before = lines('x', 'y');
    const after = lines('x', '@@ -1 +1 @@', '++ b/7', 'diff --git a/0 b/0', 'y', 'z');
    expect((await one({ before, after })).added).toEqual([
      [2, 4],
      [6, 6],
    ]);
  });

  it('answers for each of many files, in their order', async () => {
    const files = Array.from({ length: 30 }, (_, at) => ({ before: lines('a', 'b'), after: lines('a', `${at}`, 'b') }));
    files[12] = { before: 'same', after: 'same' };
    const answers = await touchedLines(files);
    expect(answers.map(({ added }) => added.length)).toEqual(files.map((_, at) => (at === 12 ? 0 : 1)));
  });
});

describe('touches', () => {
  const touched = { added: [[3, 4]] as const, removed: [8] };
  it.each([
    [1, 2, false],
    [1, 3, true],
    [4, 4, true],
    [5, 7, false],
    [2, 6, true],
    // Something went from between the lines 8 and 9.
    [8, 8, false],
    [9, 9, false],
    [7, 9, true],
    [8, 9, true],
  ])('line %i to %i: %s', (from, to, expected) => {
    expect(touches(touched, from, to)).toBe(expected);
  });
});
