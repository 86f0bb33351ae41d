import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { lineNumbersOrHashes } from './amd310-line-numbers-or-hashes.ts';

const FILES = { 'src/api/users.ts': 'export {};\n', Makefile: 'all:\n' };

describe('AMD310 line-numbers-or-hashes', () => {
  it.each([
    ['`src/api/users.ts:12`', 'src/api/users.ts:12'],
    ['`users.ts:12-20`', 'users.ts:12-20'],
    ['`src/api/users.ts#L12`', 'src/api/users.ts#L12'],
    ['[it](src/api/users.ts#L12-L20)', 'src/api/users.ts#L12-L20'],
    ['It changed in commit `4188c1ba4532`.', '4188c1ba4532'],
    ['Reverted by `ee041834`, see there.', 'ee041834'],
  ])('fires for %s', async (text, subject) => {
    expect(await told(lineNumbersOrHashes, `${text}\n`, FILES)).toEqual([
      expect.stringContaining(`warning ${subject}`),
    ]);
  });

  it.each([
    '`src/nowhere.ts:12` is how a place is written.',
    '`file_path:line_number`',
    '`src/api/users.ts`',
    '`npx vitest src/api/users.ts:12`',
    '`localhost:3000`',
    '`api/1`',
    '`actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd`',
    'The status field is `159c8a02`.',
    'Use the colour `decade1`.',
    '[theirs](https://github.com/a/b/blob/main/x.ts#L4)',
    '```ts\n// src/api/users.ts:12\n```',
  ])('is silent about %s', async (text) => {
    expect(await told(lineNumbersOrHashes, `${text}\n`, FILES)).toEqual([]);
  });
});
