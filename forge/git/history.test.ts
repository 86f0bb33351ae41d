import { afterAll, describe, expect, it } from 'vitest';
import { openHistory, parseLog } from './history.ts';
import { makeRepository, type TestRepository, testGit } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterAll(() => Promise.all(made.map((repo) => repo.cleanup())));
async function repository(...spec: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repo = await makeRepository(...spec);
  made.push(repo);
  return repo;
}

describe('the history of a repository', () => {
  it('gives what each change added, modified and deleted, newest first', async () => {
    const repo = await repository({
      commits: [
        { files: { 'a.txt': '1', 'keep/ü "b".txt': '1' } },
        { files: { 'a.txt': '2', 'c/new.txt': '1' } },
        { files: { 'd.txt': '1' }, deleted: ['a.txt'] },
      ],
    });
    const history = await openHistory(repo.dir);
    expect(history.complete).toBe(true);
    const changes = await history.changes(10);
    expect(changes.map(({ added, modified, deleted }) => ({ added, modified, deleted }))).toEqual([
      { added: ['d.txt'], modified: [], deleted: ['a.txt'] },
      { added: ['c/new.txt'], modified: ['a.txt'], deleted: [] },
      { added: ['a.txt', 'keep/ü "b".txt'], modified: [], deleted: [] },
    ]);
    expect(changes[0]!.commit).toBe(repo.commit);
    expect((await history.changes(1)).map(({ commit }) => commit)).toEqual([repo.commit]);
    expect(await history.changes(0)).toEqual([]);
  });

  it('takes a merge for one change, with all it brought', async () => {
    const repo = await repository({
      commits: [
        { files: { base: '1' } },
        { files: { one: '1' }, parents: [0] },
        { files: { two: '1' }, parents: [1] },
        { files: { main: '1' }, parents: [0] },
        { files: { one: '1', two: '1' }, parents: [3, 2] },
      ],
    });
    const changes = await (await openHistory(repo.dir)).changes(10);
    expect(changes.map(({ added }) => added)).toEqual([['one', 'two'], ['main'], ['base']]);
  });

  it('reads up to a revision, and nothing where there is no commit yet', async () => {
    const repo = await repository({ commits: [{ files: { a: '1' } }, { files: { b: '1' } }] }, { bare: true });
    const old = await openHistory(repo.dir, { rev: 'HEAD~1' });
    expect((await old.changes(5)).map(({ added }) => added)).toEqual([['a']]);
    const empty = await repository();
    expect(await (await openHistory(empty.dir)).changes(5)).toEqual([]);
    await expect(openHistory(repo.dir, { rev: 'nope' })).rejects.toThrow('unknown revision "nope"');
  });

  it('says which changes are by programs', async () => {
    const repo = await repository({ commits: [{ files: { a: '1' } }] });
    const authors = [
      'github-actions[bot]',
      'Abbot',
      'renovate-bot',
      'project_12_bot_4af',
      'Dependabot',
      'Jo van Bot Es',
    ];
    for (const author of authors)
      await repo.git('commit', '--quiet', '--allow-empty', '-m', 'x', `--author=${author} <a@example.com>`);
    const changes = await (await openHistory(repo.dir)).changes(10);
    expect(changes.map(({ automated = false }) => automated)).toEqual([false, true, true, true, false, true, false]);
  });

  it('says that a shallow clone is not complete', async () => {
    const repo = await repository({ commits: [{ files: { a: '1' } }, { files: { b: '1' } }] });
    await testGit(repo.root, ['clone', '--quiet', '--depth=1', `file://${repo.dir}`, 'shallow']);
    const history = await openHistory(`${repo.root}/shallow`);
    expect(history.complete).toBe(false);
    expect(await history.changes(5)).toHaveLength(1);
  });

  it('runs nothing that the repository’s configuration names', async () => {
    const repo = await repository({ commits: [{ files: { 'a.txt': '1' } }, { files: { 'a.txt': '2' } }] });
    const touch = `touch ${repo.root}/ran`;
    for (const setting of ['diff.external', 'diff.x.textconv', 'diff.x.command', 'core.pager', 'gpg.program'])
      await repo.git('config', setting, touch);
    for (const [setting, value] of [
      ['log.showSignature', 'true'],
      ['log.diffMerges', 'remerge'],
      ['diff.renames', 'copies'],
      ['diff.relative', 'true'],
    ])
      await repo.git('config', setting!, value!);
    const changes = await (await openHistory(repo.dir)).changes(5);
    expect(changes.map(({ modified, added }) => [...modified, ...added])).toEqual([['a.txt'], ['a.txt']]);
    await expect(testGit(repo.root, ['hash-object', 'ran'])).rejects.toThrow();
  });

  it('leaves out names that no reader would show', () => {
    const log = Buffer.from('\x01c1\x02Jo\0\nM\0a/../b\0A\0ok\0T\0link\0\x01c2\x02renovate[bot]\0');
    expect(parseLog(log)).toEqual([
      { commit: 'c1', added: ['ok'], modified: ['link'], deleted: [] },
      { commit: 'c2', added: [], modified: [], deleted: [], automated: true },
    ]);
  });
});
