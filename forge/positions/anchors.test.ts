import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPosition, type DiffFile, lineCodeOf } from '../../test/gitlab/positions/check.ts';
import type { Hunk } from '../git/diff-texts.ts';
import type { DiffedFile } from '../git/diffed-file.ts';
import { type Anchor, anchorsOf, type OnLine, type Version } from './anchors.ts';
import type { Place } from './place.ts';

const REFS = { base: 'b'.repeat(40), start: 'c'.repeat(40), head: 'd'.repeat(40) };
const SENT = { base_sha: REFS.base, start_sha: REFS.start, head_sha: REFS.head };

function hunk(oldStart: number, newStart: number, ...lines: readonly string[]): Hunk {
  const count = (other: string) => lines.filter((line) => line[0] !== other).length;
  return { oldStart, oldLines: count('+'), newStart, newLines: count('-'), lines };
}

function fileOf(given: Partial<DiffedFile>): DiffedFile {
  return { status: 'modified', oldPath: 'a.ts', newPath: 'a.ts', content: 'text', hunks: [], ...given };
}

const OLD = Array.from({ length: 60 }, (_, at) => `  ${at + 1}`);
const EDITED = fileOf({
  old: OLD,
  hunks: [
    hunk(10, 10, '   10', '   11', '   12', '+  new', '+  same', '   13', '   14', '   15'),
    hunk(30, 32, '   30', '   31', '   32', '-  33', '-  34', '   35', '   36', '   37'),
  ],
});
const ADDED = fileOf({ status: 'added', hunks: [hunk(0, 1, '+a', '+b', '+c', '+d')] });
const DELETED = fileOf({ status: 'deleted', hunks: [hunk(1, 0, '-a', '-b')], old: ['a', 'b'] });
const RENAMED = { ...EDITED, status: 'renamed', oldPath: 'was.ts', newPath: 'is.ts' } as const;

/** As the server has it. */
function served({ oldPath, newPath, status, hunks, old = [] }: DiffedFile): DiffFile {
  const text = hunks.flatMap(({ lines, ...at }) => [
    `@@ -${at.oldStart},${at.oldLines} +${at.newStart},${at.newLines} @@`,
    ...lines,
  ]);
  const [newFile, deletedFile] = [status === 'added', status === 'deleted'];
  return { oldPath, newPath, newFile, deletedFile, diff: text.join('\n'), oldLines: newFile ? 0 : old.length };
}

function anchorOf(file: DiffedFile, place: Partial<Place>, version: Partial<Version> = {}): Anchor {
  const line = place.line ?? 1;
  const resolveAnchor = anchorsOf({ files: [file], refs: REFS, ...version });
  return resolveAnchor({ path: file.newPath, side: 'new', line, endLine: line, quote: '', ...place });
}

/** On a line, accepted by the server with the same line code. */
function onLine(file: DiffedFile, place: Partial<Place>): OnLine {
  const anchor = anchorOf(file, place);
  if (anchor.rung !== 'line') throw new Error(`${anchor.rung}: ${anchor.why}`);
  // What is sent is JSON.
  const { position } = JSON.parse(JSON.stringify(anchor)) as OnLine;
  expect(checkPosition(position, [served(file)], SENT)).toEqual({ lineCode: anchor.lineCode });
  for (const end of position.line_range ? [position.line_range.start, position.line_range.end] : [])
    expect(lineCodeOf(served(file), end)).toBe(end.line_code);
  return anchor;
}

const shortOf = ({ position: { old_line, new_line }, lineCode }: OnLine) =>
  `${old_line ?? ''}:${new_line ?? ''} ${lineCode.replace(/^[^_]*/, '')}`;

describe('the position of a line', () => {
  it.each<[string, DiffedFile, Partial<Place>, string]>([
    ['an added line', EDITED, { line: 13 }, ':13 _13_13'],
    ['a removed line', EDITED, { side: 'old', line: 33 }, '33: _33_35'],
    ['an unchanged line', EDITED, { line: 15 }, '13:15 _13_15'],
    ['an unchanged line, by its old number', EDITED, { side: 'old', line: 35 }, '35:35 _35_35'],
    ['a line above the first hunk', EDITED, { line: 9 }, '9:9 _9_9'],
    ['the first line below a hunk', EDITED, { line: 18 }, '16:18 _16_18'],
    ['the last line above the next', EDITED, { line: 31 }, '29:31 _29_31'],
    ['the last line above the next, by its old number', EDITED, { side: 'old', line: 29 }, '29:31 _29_31'],
    ['the first line below the last hunk', EDITED, { line: 38 }, '38:38 _38_38'],
    ['the last line of all', EDITED, { line: 60 }, '60:60 _60_60'],
    ['a line of a new file', ADDED, { line: 4 }, ':4 _0_4'],
    ['a line of a deleted file', DELETED, { side: 'old', line: 2 }, '2: _2_0'],
    ['a line of a file that was empty', fileOf({ ...ADDED, status: 'modified', old: [] }), { line: 4 }, ':4 _0_4'],
    ['a line of a renamed file', RENAMED, { line: 13 }, ':13 _13_13'],
    ['a removed line of a renamed file', RENAMED, { path: 'was.ts', side: 'old', line: 33 }, '33: _33_35'],
    ['a removed line of a renamed file, by its new path', RENAMED, { side: 'old', line: 33 }, '33: _33_35'],
  ])('is exact for %s', (_, file, place, expected) => {
    expect(shortOf(onLine(file, place))).toBe(expected);
  });

  it('has all that GitLab wants, and nothing that it does not know', () => {
    const { position, lineCode } = onLine(RENAMED, { line: 13 });
    expect(position).toEqual({ ...SENT, position_type: 'text', old_path: 'was.ts', new_path: 'is.ts', new_line: 13 });
    expect(lineCode).toBe(`${createHash('sha1').update('is.ts').digest('hex')}_13_13`);
    expect(Object.keys(position)).not.toContain('old_line');
  });

  it('is refused as soon as one number is another, missing or too many', () => {
    const places: [DiffedFile, Partial<Place>][] = [
      [EDITED, { line: 13 }],
      [EDITED, { line: 15 }],
      [EDITED, { line: 18 }],
      [EDITED, { side: 'old', line: 33 }],
      [ADDED, { line: 2 }],
    ];
    for (const [file, place] of places) {
      const { position } = onLine(file, place);
      const { old_line, new_line } = position;
      const refused = (lines: object) => {
        const { old_line: _o, new_line: _n, ...rest } = position;
        expect(checkPosition({ ...rest, ...lines }, [served(file)], SENT), JSON.stringify(lines)).toHaveProperty(
          'fault',
        );
      };
      refused({});
      if (old_line !== new_line)
        refused({ ...(old_line && { new_line: old_line }), ...(new_line && { old_line: new_line }) });
      if (old_line && new_line) for (const one of [{ old_line }, { new_line }]) refused(one);
      else refused({ old_line: old_line ?? new_line, new_line: new_line ?? old_line });
      refused({ old_line: `${old_line}`, new_line });
    }
  });
});

describe('a note that can stand on no line', () => {
  it.each<[string, DiffedFile, Partial<Place>, string]>([
    ['of the file as a whole', EDITED, { line: 0 }, 'whole-file'],
    ['of a line that is not there', EDITED, { line: 61 }, 'no-such-line'],
    ['of a line that a new file has not', ADDED, { line: 5 }, 'no-such-line'],
    ['of the other side of a new file', ADDED, { side: 'old', line: 1 }, 'no-such-line'],
    ['of the other side of a deleted file', DELETED, { line: 1 }, 'no-such-line'],
    ['far from what changed, with nothing known of it', fileOf({ hunks: EDITED.hunks }), { line: 9 }, 'out-of-reach'],
    ['far from what changed, where something else stands', EDITED, { line: 9, quote: '10' }, 'other-text'],
    ['of a binary', fileOf({ content: 'binary' }), {}, 'binary'],
    ['of a submodule', fileOf({ content: 'submodule' }), {}, 'submodule'],
    ['of a file that became a link', fileOf({ content: 'other-kind' }), {}, 'other-kind'],
    ['of a file that was only renamed', { ...RENAMED, hunks: [] }, {}, 'no-lines'],
    ['of a mode that changed, or of nothing', fileOf({ old: OLD }), { line: 3 }, 'no-lines'],
    ['of a notebook', { ...EDITED, oldPath: 'a.ipynb', newPath: 'a.ipynb' }, { line: 13 }, 'notebook'],
    [
      'of what lies in LFS',
      fileOf({ hunks: [hunk(1, 1, ' version https://git-lfs.github.com/spec/v1', '-oid sha256:1', '+oid sha256:2')] }),
      { line: 2 },
      'lfs',
    ],
  ])('goes to the file: %s', (_, file, place, why) => {
    const anchor = anchorOf(file, place);
    const { oldPath: old_path, newPath: new_path } = file;
    expect(anchor).toEqual({
      ...{ rung: 'file', why },
      position: { ...SENT, position_type: 'file', old_path, new_path },
    });
    expect(checkPosition('position' in anchor && anchor.position, [served(file)], SENT)).toEqual({ lineCode: null });
    expect(anchorOf(file, place, { fileNotes: false })).toEqual({ rung: 'general', why });
  });

  it('goes to the file where GitLab refuses its diff', () => {
    const anchor = anchorOf(RENAMED, { line: 13 }, { refused: new Set(['is.ts']) });
    expect(anchor).toMatchObject({ rung: 'file', why: 'refused' });
  });

  it('goes to the merge request where the file is not in the diff, or its path is too long', () => {
    expect(anchorOf(EDITED, { path: 'b.ts' })).toEqual({ rung: 'general', why: 'not-in-diff' });
    const long = { oldPath: 'é'.repeat(1001), newPath: 'é'.repeat(1001) };
    expect(anchorOf({ ...EDITED, ...long }, {})).toEqual({ rung: 'general', why: 'long-path' });
    const wide = { oldPath: '😀'.repeat(1000), newPath: '😀'.repeat(1000) };
    expect(onLine({ ...EDITED, ...wide }, { line: 13 }).rung).toBe('line');
  });

  it('is not mistaken for one in LFS for a text about it', () => {
    const text = hunk(1, 1, ' # LFS', '+version https://git-lfs.github.com/spec/v1');
    expect(shortOf(onLine(fileOf({ hunks: [text], old: ['# LFS'] }), { line: 2 }))).toBe(':2 _2_2');
    const below = hunk(9, 9, ' version https://git-lfs.github.com/spec/v1', '+as said');
    expect(shortOf(onLine(fileOf({ hunks: [below] }), { line: 10 }))).toBe(':10 _10_10');
  });
});

describe('a quote', () => {
  const file = fileOf({
    old: ['one', 'two', 'two', 'same'],
    hunks: [hunk(1, 1, ' one', '-two', '+new', '+same', '+same', ' two', ' same')],
  });
  it.each<[string, Partial<Place>, string, string | null]>([
    ['stands there, however it is indented', { line: 2, quote: '\tnew ' }, ':2 _3_2', null],
    ['is not known', { line: 2, quote: '' }, ':2 _3_2', null],
    ['stands once elsewhere in the hunk', { line: 4, quote: 'new' }, ':2 _3_2', 'quote'],
    ['stands once elsewhere, unchanged', { line: 2, quote: 'one' }, '1:1 _1_1', 'quote'],
    ['stands once on that side', { line: 3, quote: 'two' }, '3:5 _3_5', 'quote'],
    ['stands once on the other side', { side: 'old', line: 1, quote: 'new' }, ':2 _3_2', 'quote'],
    ['stands in several lines', { line: 1, quote: 'same' }, ':2 _3_2', 'nearest'],
    ['stands nowhere', { line: 6, quote: 'nowhere' }, ':4 _3_4', 'nearest'],
    ['stands nowhere on the old side', { side: 'old', line: 1, quote: 'nowhere' }, '2: _2_2', 'nearest'],
  ])('that %s', (_, place, expected, moved) => {
    const anchor = onLine(file, place);
    expect(shortOf(anchor)).toBe(expected);
    expect(anchor.moved).toBe(moved);
  });
});

describe('a quote that stands elsewhere', () => {
  it('is looked for in the same hunk only', () => {
    expect(onLine(EDITED, { line: 13, quote: '35' })).toMatchObject({ moved: 'nearest' });
    expect(onLine(EDITED, { line: 32, quote: '35' })).toMatchObject({ moved: 'quote' });
  });

  it('goes to the upper one of two changed lines as near as each other', () => {
    const file = fileOf({ old: ['a', 'b', 'c'], hunks: [hunk(1, 1, ' a', '+x', ' b', '+y', ' c')] });
    expect(shortOf(onLine(file, { line: 3, quote: 'nowhere' }))).toBe(':2 _2_2');
    expect(shortOf(onLine(file, { line: 5, quote: 'nowhere' }))).toBe(':4 _3_4');
  });
});

describe('a range of lines', () => {
  const rangeOf = (place: Partial<Place>, file = EDITED) => {
    const { position, clamped, suggestion } = onLine(file, place);
    const { start, end } = position.line_range ?? {};
    const told = [start, end].map((each) => each && `${each.type} ${each.old_line ?? ''}:${each.new_line ?? ''}`);
    return { told, at: `${position.old_line ?? ''}:${position.new_line ?? ''}`, clamped, suggestion };
  };

  it('stands below its last line, and names both ends', () => {
    expect(rangeOf({ line: 12, endLine: 15 })).toEqual({
      ...{ told: ['null 12:12', 'null 13:15'], at: '13:15', clamped: false },
      suggestion: { above: 3, below: 0 },
    });
    expect(rangeOf({ line: 13, endLine: 14 }).told).toEqual(['new :13', 'new :14']);
    expect(rangeOf({ side: 'old', line: 33, endLine: 34 })).toEqual({
      ...{ told: ['old 33:', 'old 34:'], at: '34:', clamped: false, suggestion: null },
    });
    expect(rangeOf({ line: 20, endLine: 22 }).told).toEqual(['null 18:20', 'null 20:22']);
  });

  it.each<[string, Partial<Place>, readonly (string | undefined)[], string, object | null]>([
    ['two hunks', { line: 16, endLine: 35 }, ['null 14:16', 'null 15:17'], '15:17', { above: 1, below: 18 }],
    ['above a hunk', { line: 8, endLine: 11 }, ['null 10:10', 'null 11:11'], '11:11', { above: 3, below: 0 }],
    ['below a hunk', { line: 17, endLine: 40 }, [undefined, undefined], '15:17', { above: 0, below: 23 }],
    ['the end of the file', { line: 59, endLine: 70 }, ['null 59:59', 'null 60:60'], '60:60', null],
    [
      'what was quoted elsewhere',
      { line: 15, endLine: 17, quote: '15' },
      [undefined, undefined],
      '15:17',
      { above: 0, below: 2 },
    ],
    ['what was not quoted', { line: 12, endLine: 15, quote: 'nowhere' }, [undefined, undefined], ':13', null],
  ])('is clamped to one hunk: over %s', (_, place, told, at, suggestion) => {
    expect(rangeOf(place)).toEqual({ told, at, clamped: true, suggestion });
  });

  it('takes a suggestion as far as one reaches, on lines that are not gone', () => {
    const lines = Array.from({ length: 300 }, (_, at) => `+${at}`);
    const long = fileOf({ status: 'added', hunks: [hunk(0, 1, ...lines)] });
    expect(onLine(long, { line: 100, endLine: 200 }).suggestion).toEqual({ above: 100, below: 0 });
    expect(onLine(long, { line: 100, endLine: 201 }).suggestion).toBeNull();
    expect(onLine(EDITED, { line: 13 }).suggestion).toEqual({ above: 0, below: 0 });
    expect(onLine(EDITED, { side: 'old', line: 33 }).suggestion).toBeNull();
    expect(onLine(EDITED, { line: 13, quote: 'nowhere' }).suggestion).toBeNull();
    // Meant for the old side, and found on the new one.
    expect(onLine(EDITED, { line: 36, side: 'old', quote: 'new' }).suggestion).toBeNull();
    expect(onLine(EDITED, { line: 12, side: 'old', quote: 'new' })).toMatchObject({ moved: 'quote', suggestion: null });
    const far = fileOf({ old: [...OLD, ...OLD, ...OLD], hunks: [hunk(10, 10, '   10', '+  new', '   11')] });
    expect(onLine(far, { line: 11, endLine: 112 }).suggestion).toEqual({ above: 1, below: 100 });
    expect(onLine(far, { line: 11, endLine: 113 }).suggestion).toBeNull();
  });
});

describe('lines that look like the header of a file', () => {
  const old = ['create a;', '-- add index', 'create b;', 'create c;', 'create d;', 'create e;', 'select 1;'];
  const sql = fileOf({
    old,
    hunks: [
      hunk(1, 1, ' create a;', '--- add index', ' create b;', ' create c;', ' create d;', '+select 0;', ' create e;'),
    ],
  });

  it('are lost to GitLab, and the lines behind them are numbered as it does', () => {
    expect(anchorOf(sql, { side: 'old', line: 2 })).toMatchObject({ rung: 'file', why: 'hidden' });
    expect(shortOf(onLine(sql, { line: 2, quote: 'create b;' }))).toBe('2:2 _2_2');
    expect(shortOf(onLine(sql, { side: 'old', line: 5 }))).toBe('4:4 _4_4');
    expect(shortOf(onLine(sql, { line: 5 }))).toBe(':5 _5_5');
    expect(shortOf(onLine(sql, { line: 7, quote: 'select 1;' }))).toBe('7:8 _7_8');
  });

  it('take no suggestion where it would replace other lines', () => {
    expect(onLine(sql, { line: 5 }).suggestion).toEqual({ above: 0, below: 0 });
    expect(onLine(sql, { line: 7 }).suggestion).toBeNull();
    const range = onLine(sql, { side: 'old', line: 2, endLine: 4 });
    expect(range.position.line_range?.start).toMatchObject({ old_line: 2, new_line: 2 });
    expect(range.clamped).toBe(true);
  });

  it('are lines like others where they do not look so to GitLab', () => {
    const removed = (...lines: string[]) => fileOf({ old: OLD, hunks: [hunk(4, 4, ...lines, ' x', ' y')] });
    for (const [text, lost] of [
      ['--- a/x', true],
      ['+++ b/x', true],
      ['+++ a', true],
      ['--- /dev/null', true],
      ['--- b', false],
      ['-- a', false],
      ['+@@ -1 +1 @@', false],
      ['-\\ No newline at end of file', false],
    ] as const) {
      const side = text[0] === '+' ? 'new' : 'old';
      const behind = (before: string) => anchorOf(removed(before, text), { side, line: before[0] === ' ' ? 5 : 4 });
      expect(behind(' w'), text).toMatchObject(lost ? { why: 'hidden' } : { rung: 'line' });
      expect(shortOf(onLine(removed(' w', text), { line: side === 'new' ? 6 : 5, quote: 'x' })), text).toBe(
        lost ? '5:5 _5_5' : side === 'new' ? '5:6 _5_6' : '6:5 _6_5',
      );
      // Behind a line that changed nothing is lost.
      expect(behind(side === 'new' ? '-w' : '+w'), text).toMatchObject({ rung: 'line' });
    }
  });
});
