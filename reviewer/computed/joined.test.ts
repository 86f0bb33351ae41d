import { expect, it } from 'vitest';
import { joined } from './joined.ts';

const LINE = '- Test: `yarn jest src/a.test.ts`';

it.each<[string, readonly (string | null)[], string | null]>([
  ['one', ['- Test: `pnpm jest src/a.test.ts`'], '- Test: `pnpm jest src/a.test.ts`'],
  [
    'two places',
    ['- Test: `pnpm jest src/a.test.ts`', '- Test: `yarn vitest src/a.test.ts`'],
    '- Test: `pnpm vitest src/a.test.ts`',
  ],
  [
    'one within another',
    ['- Test: `pnpm vitest src/a.test.ts`', '- Test: `pnpm jest src/a.test.ts`'],
    '- Test: `pnpm vitest src/a.test.ts`',
  ],
  [
    'twice the same',
    ['- Test: `pnpm jest src/a.test.ts`', '- Test: `pnpm jest src/a.test.ts`'],
    '- Test: `pnpm jest src/a.test.ts`',
  ],
  [
    'words with the same letters',
    ['- Test: `yard jest src/a.test.ts`', '- Test: `yarn just src/a.test.ts`'],
    '- Test: `yard just src/a.test.ts`',
  ],
  [
    'at both ends',
    ['* Test: `yarn jest src/a.test.ts`', '- Test: `yarn jest src/a.test.ts` (slow)'],
    '* Test: `yarn jest src/a.test.ts` (slow)',
  ],
  ['to take it out', ['', '- Test: `pnpm jest src/a.test.ts`'], ''],
  ['one that is not known', [null, '- Test: `pnpm jest src/a.test.ts`'], null],
  ['none', [], null],
])('joins %s', (_, suggestions, expected) => {
  expect(joined(LINE, suggestions)).toBe(expected);
  expect(joined(LINE, suggestions.toReversed())).toBe(expected);
});
