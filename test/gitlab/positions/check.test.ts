import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPosition, type DiffFile } from './check.ts';

const REFS = { base_sha: 'b'.repeat(40), start_sha: 'c'.repeat(40), head_sha: 'd'.repeat(40) };

function fileOf(diff: readonly string[] | null, given: Partial<DiffFile> = {}): DiffFile {
  const text = diff === null ? null : diff.map((line) => `${line}\n`).join('');
  return { oldPath: 'a.ts', newPath: 'a.ts', newFile: false, deletedFile: false, diff: text, oldLines: 60, ...given };
}

/** Lines 1 to 60; two hunks, of which the first adds one line and the second takes two away. */
const EDITED = fileOf([
  ...['@@ -10,6 +10,7 @@ function', ' 10', ' 11', ' 12', '+new', ' 13', ' 14', ' 15'],
  ...['@@ -30,8 +31,6 @@', ' 30', ' 31', ' 32', '-33', '-34', ' 35', ' 36', ' 37'],
]);

/** The tail of the line code, or the fault. */
function tail(lines: Readonly<Record<string, unknown>>, file: DiffFile = EDITED): string | null {
  const { oldPath: old_path, newPath: new_path } = file;
  const checked = checkPosition({ ...REFS, position_type: 'text', old_path, new_path, ...lines }, [file], REFS);
  if ('fault' in checked) return checked.fault;
  const hash = createHash('sha1').update(new_path).digest('hex');
  return checked.lineCode?.replace(hash, '') ?? null;
}

describe('the check of a position', () => {
  it.each([
    ['an added line', { new_line: 13 }, '_13_13'],
    ['a removed line', { old_line: 33 }, '_33_34'],
    ['an unchanged line', { old_line: 13, new_line: 14 }, '_13_14'],
    ['an unchanged line behind removed ones', { old_line: 35, new_line: 34 }, '_35_34'],
    ['a line above the first hunk', { old_line: 9, new_line: 9 }, '_9_9'],
    ['the first line of all', { old_line: 1, new_line: 1 }, '_1_1'],
    ['the first line below a hunk', { old_line: 16, new_line: 17 }, '_16_17'],
    ['the last line above the next', { old_line: 29, new_line: 30 }, '_29_30'],
    ['the first line below the last hunk', { old_line: 38, new_line: 37 }, '_38_37'],
    ['the last line of all', { old_line: 60, new_line: 59 }, '_60_59'],
    ['a null for what is absent', { old_line: null, new_line: 13 }, '_13_13'],
  ])('takes %s', (_, lines, expected) => {
    expect(tail(lines)).toBe(expected);
  });

  it.each([
    ['an added line with an old number', { old_line: 13, new_line: 13 }],
    ['an unchanged line without its old number', { new_line: 14 }],
    ['an unchanged line without its new number', { old_line: 13 }],
    ['the sides of one changed for each other', { old_line: 14, new_line: 13 }],
    ['a removed line as a new one', { new_line: 33 }],
    ['a line outside with one number only', { new_line: 9 }],
    ['a line outside by the difference of another gap', { old_line: 16, new_line: 16 }],
    ['a line below the end', { old_line: 61, new_line: 60 }],
    ['line 0', { old_line: 0, new_line: 0 }],
    ['no line at all', {}],
    ['a path that is not in the diff', { new_line: 13, old_path: 'b.ts', new_path: 'b.ts' }],
    ['the commits of another version', { new_line: 13, head_sha: 'e'.repeat(40) }],
  ])('refuses %s', (_, lines) => {
    expect(tail(lines)).toBe('line_code');
  });

  it('unfolds nothing in new and in deleted files, nor where there are no lines', () => {
    const added = fileOf(['@@ -0,0 +1,3 @@', '+a', '+b', '+c'], { newFile: true, oldLines: 0 });
    const deleted = fileOf(['@@ -1,2 +0,0 @@', '-a', '-b'], { deletedFile: true, oldLines: 2 });
    expect(tail({ new_line: 3 }, added)).toBe('_0_3');
    expect(tail({ old_line: 0, new_line: 3 }, added)).toBe('line_code');
    expect(tail({ old_line: 3, new_line: 6 }, { ...added, oldLines: 9 })).toBe('line_code');
    expect(tail({ old_line: 2 }, deleted)).toBe('_2_0');
    expect(tail({ old_line: 3, new_line: 1 }, { ...deleted, oldLines: 9 })).toBe('line_code');
    for (const nothing of [null, [], ['Binary files a/a.ts and b/a.ts differ']])
      expect(tail({ old_line: 1, new_line: 1 }, fileOf(nothing))).toBe('line_code');
    expect(tail({ old_line: 1, new_line: 1 }, { ...EDITED, oldLines: 0 })).toBe('line_code');
  });

  it('names a renamed file by its new path, and wants both', () => {
    const moved: DiffFile = { ...EDITED, oldPath: 'old.ts', newPath: 'new.ts' };
    expect(tail({ new_line: 13 }, moved)).toBe('_13_13');
    expect(tail({ new_line: 13, old_path: 'new.ts' }, moved)).toBe('line_code');
    expect(tail({ new_line: 13, new_path: 'old.ts' }, moved)).toBe('line_code');
  });

  it('loses a removed line that looks like a header, and counts wrong behind it up to the next hunk', () => {
    const sql = fileOf(
      [
        ...['@@ -1,6 +1,5 @@', ' create a;', '--- add index', ' create b;', ' create c;', ' create d;', ' create e;'],
        ...['@@ -20,3 +19,4 @@', ' x', ' y', ' z', '+end'],
      ],
      { oldLines: 22 },
    );
    expect(tail({ old_line: 2 }, sql)).toBe('line_code');
    expect(tail({ old_line: 2, new_line: 2 }, sql)).toBe('_2_2');
    // Not in its table any more, and yet not outside of it.
    expect(tail({ old_line: 3, new_line: 2 }, sql)).toBe('line_code');
    expect(tail({ old_line: 5, new_line: 5 }, sql)).toBe('_5_5');
    expect(tail({ old_line: 8, new_line: 7 }, sql)).toBe('_8_7');
    expect(tail({ new_line: 22 }, sql)).toBe('_23_22');
    const only = fileOf(['@@ -3,4 +3,3 @@', ' a', '--- add index', ' b', ' c'], { oldLines: 9 });
    expect(tail({ old_line: 8, new_line: 7 }, only)).toBe('line_code');
    expect(tail({ old_line: 8, new_line: 8 }, only)).toBe('_8_8');
    // Only behind an unchanged line.
    const behind = fileOf(['@@ -3,4 +3,2 @@', ' a', '-x', '--- add index', ' b']);
    expect(tail({ old_line: 5 }, behind)).toBe('_5_4');
    expect(tail({ old_line: 4 }, fileOf(['@@ -4 +4 @@', '--- add index', '+b']))).toBe('_4_4');
  });

  it('does not count remarks', () => {
    const end = fileOf(['@@ -1,2 +1,2 @@', ' a', '-b', '\\ No newline at end of file', '+b'], { oldLines: 2 });
    expect(tail({ new_line: 2 }, end)).toBe('_3_2');
    expect(tail({ old_line: 3, new_line: 2 }, end)).toBe('line_code');
  });
});

describe('the schema of a position', () => {
  const start = { line_code: 'x_1_1', type: 'new', new_line: 13 };
  it.each([
    ['a text for a number', { new_line: '13' }],
    ['a fraction', { new_line: 13.5 }],
    ['an empty text for nothing', { new_line: 13, old_line: '' }],
    ['a key it does not know', { new_line: 13, line: 13 }],
    ['a long path', { new_line: 13, new_path: 'x'.repeat(1001) }],
    ['a text in a range', { new_line: 13, line_range: { start: { ...start, new_line: '13' }, end: start } }],
    ['a key in a range', { new_line: 13, line_range: { start: { ...start, line: 13 }, end: start } }],
    ['a line code that is none', { new_line: 13, line_range: { start: { ...start, line_code: null }, end: start } }],
    ['a long line code', { new_line: 13, line_range: { start: { ...start, line_code: 'x'.repeat(101) }, end: start } }],
    ['no base', { new_line: 13, base_sha: null }],
    ['no type', { new_line: 13, position_type: undefined }],
  ])('refuses %s', (_, given) => {
    expect(tail(given)).toBe('schema');
  });

  it('takes a range, whose ends it does not look at, and says what it wants', () => {
    const line_range = { start, end: { ...start, type: null, old_line: 12 } };
    expect(tail({ new_line: 13, line_range })).toBe('_13_13');
    expect(checkPosition([], [EDITED], REFS)).toEqual({
      fault: 'schema',
      message: '400 Bad request - Note {:position=>["must be a valid json schema"]}',
    });
    expect(checkPosition({ ...REFS, base_sha: undefined }, [EDITED], REFS)).toEqual({
      fault: 'schema',
      message: 'position[base_sha] is missing, position[position_type] is missing',
    });
  });

  it('wants a line of a note on text', () => {
    const position = { ...REFS, position_type: 'text', old_path: 'a.ts', new_path: 'a.ts' };
    expect(checkPosition(position, [EDITED], REFS)).toEqual({
      fault: 'line_code',
      message: `400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"], :position=>["is incomplete"]}`,
    });
  });

  it('wants no line of a note on a file', () => {
    const position = { ...REFS, position_type: 'file', old_path: 'a.ts', new_path: 'a.ts' };
    expect(checkPosition(position, [fileOf(null)], REFS)).toEqual({ lineCode: null });
    expect(checkPosition(position, [], REFS)).toEqual({
      fault: 'line_code',
      message: `400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"]}`,
    });
  });
});
