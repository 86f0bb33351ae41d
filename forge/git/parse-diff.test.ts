import { describe, expect, it } from 'vitest';
import { hunkAt } from './diff-texts.ts';
import { RepositoryError } from './errors.ts';
import { parseDiff } from './parse-diff.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';
const RECORD = `:100644 100644 ${ID} ${ID} M\0a.ts\0`;
const PATCH = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1,2 @@\n a\n+b\n';

describe('a diff that git told', () => {
  it('is read by its records and by the counts of its hunks', () => {
    const [file, ...others] = parseDiff(Buffer.from(`${RECORD}\0${PATCH}`));
    expect(file).toMatchObject({ newPath: 'a.ts', status: 'modified', hunks: [{ newLines: 2, lines: [' a', '+b'] }] });
    expect(others).toEqual([]);
  });

  it.each([
    ['a record without its fields', ':', /a record of 0 characters/],
    ['a record that breaks off', ':100644 100644 0123', /a record of \d+ characters/],
    ['records without their patches', `${RECORD}\0`, /0 patches, not 1/],
    ['a hunk that breaks off', `${RECORD}\0${PATCH.slice(0, -4)}`, /in the middle of a hunk/],
  ])('is refused where it is %s', (_, output, message) => {
    expect(() => parseDiff(Buffer.from(output))).toThrow(RepositoryError);
    expect(() => parseDiff(Buffer.from(output))).toThrow(message);
  });

  it('does not wait for the lines of a count that nobody can have meant', () => {
    expect(() => hunkAt(['@@ -1 +1,99999999999999999999 @@', ' a'], 0)).toThrow(RepositoryError);
  });
});
