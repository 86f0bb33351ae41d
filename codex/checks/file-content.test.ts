import { describe, expect, it } from 'vitest';
import type { FileContentCheck } from './check.ts';
import { asked, scanned } from './testing/ask.ts';

const forbid = (pattern: string, more: Partial<FileContentCheck> = {}): FileContentCheck => ({
  kind: 'file-content',
  files: ['**/*'],
  forbid: pattern,
  ...more,
});
const need = (pattern: string, more: Partial<FileContentCheck> = {}): FileContentCheck => ({
  kind: 'file-content',
  files: ['**/Dockerfile'],
  require: pattern,
  ...more,
});

describe('file-content forbid', () => {
  it('tells each match with its exact place', async () => {
    const text = 'FROM node:24\nRUN a\n  FROM  node:latest AS build\nFROM go:latest\n';
    const { findings } = await scanned(forbid('FROM\\s+\\S+:latest'), { Dockerfile: text });
    expect(
      findings.map(({ line, column, endLine, endColumn, subject }) => [line, column, endLine, endColumn, subject]),
    ).toEqual([
      [3, 3, 3, 20, 'FROM  node:latest'],
      [4, 1, 4, 15, 'FROM go:latest'],
    ]);
    expect(findings.map(({ path, message }) => `${path} ${message}`)).toEqual(Array(2).fill('Dockerfile Keep to it'));
  });

  it('looks only at its files, wherever they lie', async () => {
    const files = { 'a/Dockerfile': 'X', 'a/b.md': 'X', 'vendor/Dockerfile': 'X' };
    expect(await asked(forbid('X', { files: ['**/Dockerfile'] }), files)).toEqual(['a/Dockerfile:1:1 Keep to it']);
  });

  it.each([
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r', 'CR'],
  ])('takes ^ and $ for the ends of a line: %j', async (end) => {
    const text = ['a', 'bb', ' bb', 'bb ', 'bb'].join(end);
    expect(await asked(forbid('^bb$'), { 'a.txt': text })).toEqual(['a.txt:2:1 Keep to it', 'a.txt:5:1 Keep to it']);
  });

  it('matches over several lines, whatever their ends are', async () => {
    const { findings } = await scanned(forbid('except:\\n\\s+pass'), {
      'a.py': 'try:\r\n  a()\r\nexcept:\r\n    pass\r\n',
    });
    expect(findings).toMatchObject([{ line: 3, column: 1, endLine: 4, endColumn: 9, subject: 'except:' }]);
  });

  it('finds carriage returns where they are asked for', async () => {
    expect(await asked(forbid('\\r\\n'), { 'a.txt': 'a\nb\r\nc\r\n' })).toEqual([
      'a.txt:2:2 Keep to it',
      'a.txt:3:2 Keep to it',
    ]);
  });

  it('knows upper and lower case, unless told not to', async () => {
    const files = { 'a.txt': 'TODO\ntodo\nToDo\n' };
    expect(await asked(forbid('todo'), files)).toEqual(['a.txt:2:1 Keep to it']);
    expect(await asked(forbid('todo', { ignoreCase: true }), files)).toHaveLength(3);
    expect(await asked(forbid('(?i)todo'), files)).toHaveLength(3);
  });

  it('counts columns in UTF-16 code units', async () => {
    const { findings } = await scanned(forbid('key'), { 'a.txt': '\u{1f511} \u{e9}key\n' });
    expect(findings).toMatchObject([{ line: 1, column: 5, endColumn: 8 }]);
  });

  it('stops at 100 hits in a file', async () => {
    expect(await asked(forbid('x'), { 'a.txt': 'x\n'.repeat(250) })).toHaveLength(100);
  });

  it('ends on matches of nothing', async () => {
    expect(await asked(forbid('^$'), { 'a.txt': 'a\n\nb\n' })).toContain('a.txt:2:1 Keep to it');
  });

  it('shows no more than the beginning of what is secret', async () => {
    const { findings } = await scanned(forbid('key_\\w+', { secret: true }), { '.env': 'A=key_0123456789\n' });
    expect(findings.map(({ subject, column, endColumn }) => [subject, column, endColumn])).toEqual([['key_…', 3, 17]]);
    expect(JSON.stringify(findings)).not.toContain('0123456789');
  });

  it('keeps to the texts that a rule names to look for first', async () => {
    const check = forbid('b+', { prefilter: ['needle'] });
    const { findings } = await scanned(
      { ...check, forbid: 'needle|b+', prefilter: ['needle', 'b'] },
      { 'a.txt': 'bb needle' },
    );
    expect(findings).toHaveLength(2);
    await expect(scanned(check, { 'a.txt': 'bb' })).rejects.toThrow('the prefilter changes the findings');
  });
});

describe('file-content require', () => {
  it('tells files that lack it, once each', async () => {
    const files = { Dockerfile: 'FROM a\nUSER app\n', 'b/Dockerfile': 'FROM a\n', 'c/Dockerfile': '', 'd/other': '' };
    expect(await asked(need('^USER\\s+\\S+'), files)).toEqual([
      'b/Dockerfile:1:1 nothing here matches ^USER\\s+\\S+',
      'c/Dockerfile:1:1 nothing here matches ^USER\\s+\\S+',
    ]);
  });

  it('reads CRLF as any line end', async () => {
    expect(await asked(need('^USER app$'), { Dockerfile: 'FROM a\r\nUSER app\r\n' })).toEqual([]);
  });
});

describe('patterns that do not go', () => {
  it.each([
    ['(?=a)b', /looks ahead or behind, which RE2 does not: match more/],
    ['(?<!a)b', /looks ahead or behind/],
    ['(a)\\1', /refers back to a group, which RE2 does not/],
    ['a{2000}', /counted too high .* use smaller counts/],
    ['((a{30}){30}){30}', /counted too high/],
    ['(?:abc){900}', /too large once its counted repetitions are written out/],
    ['[a', /missing closing \].* \(RE2 syntax\)/],
    ['a**', /invalid nested repetition operator/],
    ['a'.repeat(20_000), /^not checked: forbid: "a{60}\.\.\.": longer than 10000 characters/],
  ])('%.40s', async (pattern, reason) => {
    const [only, ...more] = await asked(forbid(pattern), { 'a.txt': 'b' });
    expect(only).toMatch(reason);
    expect(only).toMatch(/^not checked: forbid: "/);
    expect(only).not.toContain('\n');
    expect(more).toEqual([]);
  });
});

describe('texts that take long', () => {
  it('a pattern that others take forever over is nothing special', async () => {
    expect(await asked(forbid('(a+)+$'), { 'a.txt': `${'a'.repeat(50_000)}!` })).toEqual([]);
  });

  it('a text too long for a large pattern is named as unread', async () => {
    const check = forbid('(?:ab|cd){300}x');
    const { findings, unread } = await scanned(check, {
      'a.txt': 'ab'.repeat(1 << 18),
      'b.txt': `${'ab'.repeat(300)}x`,
    });
    expect(findings.map(({ path }) => path)).toEqual(['b.txt']);
    expect(unread).toEqual([{ path: 'a.txt', reason: 'too long for the pattern of forbid' }]);
  });
});
