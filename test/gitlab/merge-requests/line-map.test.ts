import { structuredPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import fc from '../../fast-check.ts';
import { lineMap } from './line-map.ts';

/** Hunks, as the API has them. */
function hunks(before: readonly string[], after: readonly string[], context: number): string | undefined {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const { hunks: found } = structuredPatch('a', 'a', text(before), text(after), '', '', { context });
  const shown = found.map(
    ({ oldStart, oldLines, newStart, newLines, lines }) =>
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.map((line) => `${line}\n`).join('')}`,
  );
  return shown.length === 0 ? undefined : shown.join('');
}

/** Lines that are all different, some of them taken away and others put between: whether each is old, new or both. */
const versions = fc
  .array(fc.constantFrom('old', 'new', 'both'), { maxLength: 40 })
  .map((kinds) => kinds.map((kind, at) => ({ kind, text: `${['-- a', '@@ -1 +1 @@', '++ b', ''][at % 4]} ${at}` })))
  .map((lines) => ({
    before: lines.filter(({ kind }) => kind !== 'new').map(({ text }) => text),
    after: lines.filter(({ kind }) => kind !== 'old').map(({ text }) => text),
  }));

describe('the map of lines', () => {
  it('finds every line that is in both, and no other', () => {
    fc.assert(
      fc.property(versions, fc.integer({ min: 0, max: 4 }), ({ before, after }, context) => {
        const map = lineMap(hunks(before, after, context));
        const found = (from: readonly string[], to: readonly string[]) =>
          from.map((line) => (to.includes(line) ? to.indexOf(line) + 1 : null));
        expect(before.map((_, at) => map.toNew(at + 1))).toEqual(found(before, after));
        expect(after.map((_, at) => map.toOld(at + 1))).toEqual(found(after, before));
      }),
    );
  });

  it('leaves every line where it is without a diff', () => {
    const map = lineMap(undefined);
    expect([map.toNew(7), map.toOld(7)]).toEqual([7, 7]);
  });

  it('reads what looks like a header as the content that it is', () => {
    const map = lineMap('@@ -1,2 +1,2 @@\n--- add index\n+++ b/x\n keep\n@@ -9 +9 @@\n-a\n+b\n');
    expect([map.toNew(1), map.toNew(2), map.toNew(9), map.toNew(10)]).toEqual([null, 2, null, 10]);
  });
});
