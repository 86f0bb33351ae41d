import { afterAll, describe, expect, it } from 'vitest';
import { ForgeError } from '../errors.ts';
import type { TestFiles } from '../git/testing/fast-import.ts';
import { makeRepository, type TestRepository } from '../git/testing/make-repo.ts';
import { Capabilities } from './capabilities.ts';
import { fakeHttp } from './testing/fake-http.ts';
import { listTree } from './tree.ts';

const PROJECT = { id: '1', path: 'group/name' };
const made: TestRepository[] = [];
afterAll(async () => {
  for (const repository of made) await repository.cleanup();
});

/** GitLab's answer for real trees, each name as JSON can hold it. */
async function treeOf(files: TestFiles) {
  const repository = await makeRepository({ files }, { bare: true });
  made.push(repository);
  const listed = await repository.git('ls-tree', '-r', '-t', '-z', repository.commit);
  return listed
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [, mode, type, id, path] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line)!;
      return { mode, type, id, path, name: path!.slice(path!.lastIndexOf('/') + 1) };
    });
}

async function listed(files: TestFiles) {
  const answer = await treeOf(files);
  return listTree(fakeHttp({ send: () => answer }), new Capabilities(), PROJECT, 'c'.repeat(40));
}

describe('listTree', () => {
  it('tells files by their modes and leaves folders out', async () => {
    const { files, exact } = await listed({
      'a/b.txt': 'b',
      run: { executable: '#!/bin/sh' },
      link: { symlink: 'run' },
      sub: { submodule: true },
    });
    expect(files.map(({ path, kind }) => [path, kind])).toEqual([
      ['a/b.txt', 'file'],
      ['link', 'symlink'],
      ['run', 'executable'],
      ['sub', 'submodule'],
    ]);
    expect(exact).toBe(true);
  });

  it.each([
    ['an umlaut below a folder', { 'd/größe.md': '', 'd/größe/x': '', 'd/größe-2': '', 'd/z': '' }, true],
    ['a name that is not UTF-8 below a folder', [[Buffer.from('d/gr\xf6\xdfe', 'latin1'), '']], false],
    [
      'one beside it that is',
      [
        [Buffer.from('d/gr\xf6\xdfe', 'latin1'), ''],
        ['e/größe', ''],
      ],
      false,
    ],
    ['an umlaut at the top, where nothing tells the id of the tree', { 'größe.md': '' }, false],
  ] as [string, TestFiles, boolean][])('knows whether names are exact: %s', async (_, files, exact) => {
    expect((await listed(files)).exact).toBe(exact);
  });

  it('takes pages where the instance knows no other way, and does not ask again', async () => {
    const answer = await treeOf({ a: 'a', 'd/b': 'b' });
    const http = fakeHttp({
      send: ({ query }) => (query?.pagination === 'none' ? new ForgeError('invalid', 'pagination') : answer),
    });
    const capabilities = new Capabilities();
    const paths = async () => {
      const { files } = await listTree(http, capabilities, PROJECT, 'c'.repeat(40));
      return files.map(({ path }) => path);
    };
    expect(await paths()).toEqual(['a', 'd/b']);
    expect(http.asked).toHaveLength(2);
    expect(await paths()).toEqual(['a', 'd/b']);
    expect(http.asked).toHaveLength(3);
  });

  it('leaves out paths that lead out of the repository', async () => {
    const entry = { mode: '100644', type: 'blob', id: '1'.repeat(40) };
    const answer = ['a', '../up', '.git/config', 'a//b'].map((path) => ({ ...entry, path }));
    const { files } = await listTree(fakeHttp({ send: () => answer }), new Capabilities(), PROJECT, 'c'.repeat(40));
    expect(files.map(({ path }) => path)).toEqual(['a']);
  });

  it('takes nothing for an object id that could be something else to git', async () => {
    const http = fakeHttp({ send: () => [{ id: '--upload-pack=sh', path: 'a', type: 'blob', mode: '100644' }] });
    await expect(listTree(http, new Capabilities(), PROJECT, 'c'.repeat(40))).rejects.toThrow('"0.id"');
  });

  it('names the field that is not as promised', async () => {
    const http = fakeHttp({ send: () => [{ id: '1'.repeat(40), path: 'a', type: 'blob' }] });
    const asked = listTree(http, new Capabilities(), PROJECT, 'c'.repeat(40));
    await expect(asked).rejects.toMatchObject({ reason: 'not-understood' });
    await expect(asked).rejects.toThrow(
      'https://gitlab.example.com: GET /projects/1/repository/tree: the field "0.mode" is not what',
    );
  });
});
