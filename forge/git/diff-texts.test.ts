import { expect, it, onTestFinished, vi } from 'vitest';
import fc from '../../test/fast-check.ts';
import { diffTexts, type Hunk } from './diff-texts.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');

it('shows what was touched, with the lines around it', async () => {
  const before = numbered(1, 20);
  const after = before.replace('line 10\n', 'line ten\n').replace('line 18\n', '');
  const [hunks, none, made] = await diffTexts(
    [
      { before, after },
      { before, after: before.replaceAll('\n', '\r\n') },
      { before: '', after: '@@ -1,9 +1,9 @@\ndiff --git a/0 b/0\n-- x' },
    ],
    2,
  );
  expect(hunks).toEqual<readonly Hunk[]>([
    {
      ...{ oldStart: 8, oldLines: 5, newStart: 8, newLines: 5 },
      lines: [' line 8', ' line 9', '-line 10', '+line ten', ' line 11', ' line 12'],
    },
    {
      oldStart: 16,
      oldLines: 5,
      newStart: 16,
      newLines: 4,
      lines: [' line 16', ' line 17', '-line 18', ' line 19', ' line 20'],
    },
  ]);
  expect(none).toEqual([]);
  expect(made).toEqual([
    { oldStart: 0, oldLines: 0, newStart: 1, newLines: 3, lines: ['+@@ -1,9 +1,9 @@', '+diff --git a/0 b/0', '+-- x'] },
  ]);
});

it('is the same whatever a person has configured', async () => {
  const before = numbered(1, 30);
  const after = before.replace('line 5\n', '').replace('line 20\n', '');
  const plain = await diffTexts([{ before, after }], 1);
  for (const [name, value] of [
    ['GIT_CONFIG_COUNT', '1'],
    ['GIT_CONFIG_KEY_0', 'diff.interHunkContext'],
    ['GIT_CONFIG_VALUE_0', '100'],
  ] as const)
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(plain[0]).toHaveLength(2);
  expect(await diffTexts([{ before, after }], 1)).toEqual(plain);
});

it('makes the one text out of the other, whatever they are', { timeout: 120_000 }, async () => {
  const line = fc.constantFrom(
    '',
    'a',
    'b',
    '-- c',
    '++ d',
    '@@ -1 +1 @@',
    '\\ No newline at end of file',
    'é',
    '\u2028',
  );
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((each) => `${each}\n`).join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ before: text, after: text }), { minLength: 1, maxLength: 20 }),
      fc.nat(3),
      async (files, context) => {
        const all = await diffTexts(files, context);
        for (const [at, { before, after }] of files.entries()) expect(applied(before, all[at]!)).toBe(after);
      },
    ),
    { numRuns: 20 },
  );
});

function applied(before: string, hunks: readonly Hunk[]): string {
  const old = before.split('\n').slice(0, -1);
  const made: string[] = [];
  let at = 0;
  for (const { oldStart, oldLines, newStart, lines } of hunks) {
    const begin = oldLines === 0 ? oldStart : oldStart - 1;
    made.push(...old.slice(at, begin));
    at = begin;
    for (const line of lines) {
      if (line[0] !== '+') expect(line.slice(1)).toBe(old[at++]);
      if (line[0] !== '-') made.push(line.slice(1));
    }
    expect(newStart).toBeLessThanOrEqual(made.length + 1);
  }
  return [...made, ...old.slice(at)].map((line) => `${line}\n`).join('');
}
