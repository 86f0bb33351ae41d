import { afterAll, describe, expect, it } from 'vitest';
import { anywhere } from '../history.ts';
import { compareCommits, parseNameStatus } from './compare.ts';
import { destination } from './fates.ts';
import { openHistory } from './history.ts';
import { makeRepository, type TestRepository } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterAll(() => Promise.all(made.map((repo) => repo.cleanup())));
async function repository(...spec: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repo = await makeRepository(...spec);
  made.push(repo);
  return repo;
}

const page = (title: string): string => `${title}\n${'a line that stays the same\n'.repeat(20)}`;

describe('what became of a path', () => {
  it('is known of what was there and is gone, and of nothing else', async () => {
    const repo = await repository({
      commits: [
        { files: { 'old.md': 'x', 'here.md': page('here') } },
        { files: { 'a.txt': 'a' }, deleted: ['old.md'] },
        { files: { 'b.txt': 'b' } },
      ],
    });
    const fates = await (await openHistory(repo.dir)).fates(['old.md', 'never.md', 'here.md', '../x', '', '*.md']);
    expect([...fates]).toEqual([['old.md', { path: 'old.md', commit: await repo.git('rev-parse', 'HEAD~1') }]]);
  });

  it('follows a file and a folder to where they are now, over several moves', async () => {
    const repo = await repository({
      commits: [
        { files: { 'process/run.go': page('run'), 'process/kill.go': page('kill'), 'a.md': page('a') } },
        {
          files: { 'lib/process/run.go': page('run'), 'lib/process/kill.go': page('kill'), 'b.md': page('a') },
          deleted: ['process/run.go', 'process/kill.go', 'a.md'],
        },
        {
          files: { 'internal/process/run.go': page('run'), 'internal/process/kill.go': page('kill') },
          deleted: ['lib/process/run.go', 'lib/process/kill.go'],
        },
      ],
    });
    const fates = await (await openHistory(repo.dir)).fates(['process', 'a.md', 'process/run.go']);
    expect(fates.get('process')?.movedTo).toBe('internal/process');
    expect(fates.get('process/run.go')?.movedTo).toBe('internal/process/run.go');
    expect(fates.get('a.md')?.movedTo).toBe('b.md');
  });

  it('finds a name at any depth, files and folders', async () => {
    const repo = await repository({
      commits: [
        { files: { '.github/workflows/merge[1].yml': 'x', 'src/tools/a.ts': 'x', 'emerge[1].yml': 'x' } },
        { files: { b: 'b' }, deleted: ['.github/workflows/merge[1].yml', 'src/tools/a.ts'] },
        { files: { c: 'c' }, deleted: ['emerge[1].yml'] },
      ],
    });
    const fates = await (await openHistory(repo.dir)).fates([anywhere('merge[1].yml'), anywhere('tools'), 'tools']);
    expect([...fates].map(([asked, { path }]) => [asked, path])).toEqual([
      [anywhere('merge[1].yml'), '.github/workflows/merge[1].yml'],
      [anywhere('tools'), 'src/tools'],
    ]);
  });

  it('sees what was removed on a branch that was merged', async () => {
    const repo = await repository({
      commits: [
        { files: { keep: '1', gone: '1' } },
        { files: { x: '1' }, deleted: ['gone'], parents: [0] },
        { files: { main: '1' }, parents: [0] },
        { files: { x: '1' }, deleted: ['gone'], parents: [2, 1] },
      ],
    });
    expect((await (await openHistory(repo.dir)).fates(['gone'])).has('gone')).toBe(true);
  });

  it('asks nothing where there is no commit or no path', async () => {
    const empty = await repository();
    expect((await (await openHistory(empty.dir)).fates(['a'])).size).toBe(0);
  });
});

describe('where a folder went', () => {
  it('is where most of its files are, under the names they had', () => {
    const moves = new Map([
      ['a/one.ts', 'b/c/one.ts'],
      ['a/x/two.ts', 'b/c/x/two.ts'],
      ['a/three.ts', 'elsewhere/three.ts'],
    ]);
    expect(destination('a', moves)).toBe('b/c');
    expect(destination('a/x', moves)).toBe('b/c/x');
    expect(destination('a/three.ts', moves)).toBe('elsewhere/three.ts');
  });

  it('is not known where its files went apart', () => {
    const moves = new Map([
      ['a/one.ts', 'b/one.ts'],
      ['a/two.ts', 'c/two.ts'],
    ]);
    expect(destination('a', moves)).toBeUndefined();
  });
});

describe('comparing two commits', () => {
  it('tells what was added, deleted, modified and renamed', async () => {
    const repo = await repository({
      commits: [
        { files: { same: '1', changed: '1', gone: page('gone'), 'old/name.md': page('moved') } },
        {
          files: { changed: '2', fresh: 'new', 'new/name.md': `${page('moved')}and one more\n` },
          deleted: ['gone', 'old/name.md'],
        },
      ],
    });
    expect(await compareCommits(repo.dir, 'HEAD~1', 'HEAD')).toEqual([
      { status: 'modified', path: 'changed' },
      { status: 'added', path: 'fresh' },
      { status: 'deleted', path: 'gone' },
      { status: 'renamed', path: 'new/name.md', from: 'old/name.md' },
    ]);
    await expect(compareCommits(repo.dir, 'nope', 'HEAD')).rejects.toThrow('unknown revision "nope"');
  });

  it('reads a copy and a change of kind', () => {
    expect(parseNameStatus(Buffer.from('C100\0a\0b\0T\0c\0R050\0d\0e\0'))).toEqual([
      { status: 'modified', path: 'b' },
      { status: 'modified', path: 'c' },
      { status: 'renamed', path: 'e', from: 'd' },
    ]);
  });
});
