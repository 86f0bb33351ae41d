import { afterAll, describe, expect, it } from 'vitest';
import type { TestCommit } from '../../../forge/git/testing/fast-import.ts';
import { makeRepository, type TestRepository } from '../../../forge/git/testing/make-repo.ts';
import fc from '../../fast-check.ts';
import { everyLine, type Outcome } from './every-line.ts';

const made: TestRepository[] = [];
afterAll(async () => {
  await Promise.all(made.map((repo) => repo.cleanup()));
});

/** Every commit against the one before it. */
async function outcomes(commits: readonly TestCommit[]): Promise<readonly Outcome[]> {
  const repo = await makeRepository({ commits }, { bare: true });
  made.push(repo);
  const found: Outcome[] = [];
  for (let at = commits.length - 1; at > 0; at--)
    found.push(await everyLine(repo.dir, `main~${at}`, at === 1 ? 'main' : `main~${at - 1}`));
  return found;
}

const text = (lines: readonly string[], end = '\n') => (lines.length === 0 ? '' : `${lines.join('\n')}${end}`);
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`);

describe('every line of a change', { timeout: 120_000 }, () => {
  it('has a position that the server takes, whatever became of its file', async () => {
    const [only] = await outcomes([
      {
        files: {
          'edited.ts': text(numbered(80)),
          'gone.ts': text(numbered(9)),
          'was.ts': text(numbered(40)),
          'moved.ts': text(numbered(12).reverse()),
          'run.sh': 'echo\n',
          'emptied.ts': text(numbered(3)),
          'empty.ts': '',
          'end.ts': text(numbered(5), ''),
          'crlf.ts': text(numbered(8)),
          'bytes.ts': Buffer.from([0xe9, 0x0a, 0x62, 0x0a]),
          'image.png': Buffer.from([0, 1]),
          link: { symlink: 'edited.ts' },
          sub: { submodule: true },
        },
      },
      {
        files: {
          'edited.ts': text(
            numbered(80).flatMap((line, at) => (at === 9 ? [] : at === 40 ? [line, 'a', 'b'] : [line])),
          ),
          'new.ts': text(numbered(4), ''),
          'is.ts': text(numbered(40).with(20, 'other')),
          'to/moved.ts': text(numbered(12).reverse()),
          'run.sh': { executable: 'echo\n' },
          'emptied.ts': '',
          'empty.ts': text(['no longer']),
          'end.ts': text(numbered(5)),
          'crlf.ts': text(numbered(8).map((line, at) => (at > 3 ? `${line}\r` : line))),
          'bytes.ts': Buffer.from([0xe9, 0x0a, 0x63, 0x0a]),
          'image.png': Buffer.from([0, 2]),
          link: { symlink: 'new.ts' },
          'wörter "x".ts': text(['a']),
        },
        deleted: ['gone.ts', 'was.ts', 'moved.ts', 'sub'],
      },
    ]);
    expect(only).toEqual({
      // Counted by hand: three lines around each edit; at most three of each stretch outside, from both sides.
      counts: { added: 16, removed: 21, unchanged: 25, outside: 34 },
      wrong: [],
      quirks: 0,
      hidden: 0,
    });
  });

  it('is numbered as the server does where its parser loses a line', async () => {
    const sql = ['create a;', '-- add index', 'create b;', 'create c;', 'create d;', ...numbered(30)];
    const [first, second] = await outcomes([
      { files: { 'a.sql': text(sql) } },
      { files: { 'a.sql': text(sql.toSpliced(1, 1)) } },
      { files: { 'a.sql': text(sql.toSpliced(1, 1).toSpliced(20, 0, '++ b')) } },
    ]);
    // Three lines of the hunk, and below it the first, the middle and the last, from both sides.
    expect(first).toMatchObject({ wrong: [], hidden: 1, quirks: 9 });
    expect(second).toMatchObject({ wrong: [], hidden: 1, quirks: 9 });
  });

  it('has one after any edits', async () => {
    const line = fc.constantFrom(
      ...['', 'a', 'b', 'c', '-- add index', '-- b', '++ b', '++ a', '-- /dev/null', '++ /dev/null', '@@ -1 +1 @@'],
      ...['\\ No newline at end of file', 'carriage\r', 'a\rb', 'é\u2028', 'diff --git a/x b/x', '\ufeffbom'],
    );
    const part = fc.record({ from: fc.nat(60), out: fc.nat(3), put: fc.array(line, { maxLength: 3 }) });
    const file = fc.record({
      old: fc.array(line, { maxLength: 60 }),
      edits: fc.array(part, { minLength: 1, maxLength: 4 }),
      ends: fc.tuple(fc.constantFrom('\n', ''), fc.constantFrom('\n', '')),
      moved: fc.boolean(),
    });
    let [asked, quirks, hidden] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 6, maxLength: 12 }), async (files) => {
        const before: Record<string, string> = {};
        const after: Record<string, string> = {};
        for (const [at, { old, edits, ends, moved }] of files.entries()) {
          before[`${at}.sql`] = text(old, ends[0]);
          const now = edits.reduce((lines, { from, out, put }) => lines.toSpliced(from, out, ...put), old);
          after[moved ? `to/${at}.sql` : `${at}.sql`] = text(now, ends[1]);
        }
        const deleted = Object.keys(before).filter((path) => !(path in after));
        const [outcome] = await outcomes([{ files: before }, { files: after, deleted }]);
        expect(outcome!.wrong).toEqual([]);
        asked += Object.values(outcome!.counts).reduce((sum, count) => sum + count, 0);
        quirks += outcome!.quirks;
        hidden += outcome!.hidden;
      }),
      { numRuns: 15 },
    );
    expect(asked).toBeGreaterThan(1000);
    expect(quirks).toBeGreaterThan(20);
    expect(hidden).toBeGreaterThan(5);
  });
});
