import { describe, expect, it } from 'vitest';
import { byPathsAlone, impossibleExample, runExample } from './examples.ts';
import { makeRule } from './testing/make-codex.ts';

const noLog = makeRule({
  id: 'A-1',
  appliesTo: { languages: ['typescript'], frameworks: ['express'], notPaths: ['cli/**'] },
  check: { kind: 'ast-grep', language: ['typescript'], rule: { pattern: 'console.log($$$)' } },
});
const migrations = makeRule({
  id: 'A-2',
  check: { kind: 'forbidden-edit', files: ['db/*.sql'], allowNew: true },
});

describe('runExample', () => {
  it('finds what the check finds, at its place', async () => {
    const { hits } = await runExample([noLog], { files: { 'src/a.ts': 'a();\nconsole.log(1);\n' } });
    expect(hits).toMatchObject([{ rule: 'A-1', path: 'src/a.ts', line: 2, column: 1 }]);
  });

  it('keeps to the paths of the rule, with nothing else of its scope', async () => {
    const rule = { ...noLog, appliesTo: { ...noLog.appliesTo, languages: ['python'] } };
    const files = { 'cli/a.ts': 'console.log(1);', 'src/a.ts': 'console.log(2);' };
    expect((await runExample([rule], { files })).hits).toEqual([]);
    expect((await runExample([byPathsAlone(rule)], { files })).hits.map(({ path }) => path)).toEqual(['src/a.ts']);
  });

  it('takes the files of the example for the change, all or those it names', async () => {
    const files = { 'db/1.sql': '', 'db/2.sql': '', 'src/a.ts': '' };
    const paths = async (example: object) =>
      (await runExample([migrations], { files, ...example })).hits.map(({ path }) => path);
    expect(await paths({})).toEqual(['db/1.sql', 'db/2.sql']);
    expect(await paths({ changed: ['db/2.sql', 'src/a.ts'] })).toEqual(['db/2.sql']);
    expect(await paths({ changed: ['db/2.sql', 'db/0.sql'] })).toEqual(['db/0.sql', 'db/2.sql']);
    expect(await paths({ changed: ['db/2.sql'], added: ['db/2.sql'] })).toEqual([]);
  });

  it('says why a rule was not checked', async () => {
    const rule = makeRule({ id: 'A-3', check: { kind: 'ast-grep', language: ['haskell'], rule: { pattern: 'a' } } });
    const { hits, notChecked } = await runExample([rule], { files: { 'a.hs': 'a' } });
    expect(hits).toEqual([]);
    expect(notChecked).toEqual([expect.stringContaining('haskell')]);
  });
});

describe('impossibleExample', () => {
  it.each([
    [{ files: { 'a/b.ts': '' } }, undefined],
    [{ files: {}, changed: ['gone.sql'] }, undefined],
    [{ files: {} }, 'has no files'],
    [{ files: { '/a.ts': '' } }, '"/a.ts" is no path from the root of a repository'],
    [{ files: { 'a/../b.ts': '' } }, '"a/../b.ts" is no path from the root of a repository'],
    [{ files: { 'a.ts': '' }, changed: ['..\\b.ts'] }, '"..\\\\b.ts" is no path from the root of a repository'],
    [{ files: { a: '', 'a/b': '' } }, '"a" is a file and a folder'],
    [{ files: { a: '' }, added: ['b'] }, 'added names "b", which is not among its files'],
  ])('%j', (example, expected) => {
    expect(impossibleExample(example)).toBe(expected);
  });
});
