import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRepositories } from './find-repositories.ts';
import { openRepository } from './open.ts';
import { testGit } from './testing/make-repo.ts';

let root = '';
const init = async (path: string, ...args: string[]): Promise<void> => {
  await testGit(root, ['init', '--quiet', '--template=', ...args, join(root, path)]);
};
const names = (path: string) => findRepositories(join(root, path)).map(({ name }) => name);
const paths = (path: string) => findRepositories(join(root, path)).map((found) => found.path.slice(root.length + 1));

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-test-')));
  await init('fleet/shop');
  await init('fleet/shop/inner');
  await init('fleet/bare.git', '--bare');
  await init('fleet/acme+api/repo', '--bare');
  await init('fleet/team/web');
  await init('fleet/team/repo');
  await init('fleet/team/deep/er');
  await init('fleet/.hidden/secret');
  await init('outside/away');
  await mkdir(join(root, 'fleet/notes/HEAD/objects'), { recursive: true });
  await writeFile(join(root, 'fleet/README.md'), 'a');
  await symlink(join(root, 'outside'), join(root, 'fleet/linked'));
  await symlink(join(root, 'outside/away'), join(root, 'fleet/team/linked'));
  await mkdir(join(root, 'fleet/borrowed'));
  await symlink(join(root, 'outside/away/.git'), join(root, 'fleet/borrowed/.git'));
  await mkdir(join(root, 'fleet/odd'));
  await writeFile(join(root, 'fleet/odd/.git'), 'no git file');
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('findRepositories', () => {
  it('finds working trees and bare repositories on two levels, by names for people', () => {
    expect(names('fleet')).toEqual(['acme+api', 'bare', 'shop', 'team/repo', 'team/web']);
    expect(paths('fleet')).toEqual([
      'fleet/acme+api/repo',
      'fleet/bare.git',
      'fleet/shop',
      'fleet/team/repo',
      'fleet/team/web',
    ]);
  });

  it('takes the folder itself where it is one', () => {
    expect(names('fleet/shop')).toEqual(['shop']);
    expect(names('fleet/bare.git')).toEqual(['bare']);
    expect(paths('fleet/acme+api/repo')).toEqual(['fleet/acme+api/repo']);
  });

  it('gives no two of them the same name', async () => {
    await init('twins/shop');
    await init('twins/shop.git', '--bare');
    await init('twins/team/web');
    await init('twins/team/web.git', '--bare');
    expect(names('twins')).toEqual(['shop', 'shop.git', 'team/web', 'team/web.git']);
  });

  it('finds linked working trees', async () => {
    await testGit(join(root, 'outside/away'), ['commit', '--quiet', '--allow-empty', '-m', 'a']);
    await testGit(join(root, 'outside/away'), ['worktree', 'add', '--quiet', join(root, 'trees/second')]);
    expect(paths('trees')).toEqual(['trees/second']);
    const reader = await openRepository(findRepositories(join(root, 'trees'))[0]!.path);
    expect(reader.worktree).toBe(true);
    await reader.close();
  });

  describe('of working trees that share a git folder', () => {
    beforeAll(async () => {
      for (const path of ['shared/shop', 'shared/team/web', 'apart/hub', 'apart/fleet/other']) {
        await init(path);
        await testGit(join(root, path), ['commit', '--quiet', '--allow-empty', '-m', 'a']);
      }
      const link = (from: string, to: string) =>
        testGit(join(root, from), ['worktree', 'add', '--quiet', '-b', to.replaceAll('/', '-'), join(root, to)]);
      await link('shared/shop', 'shared/a-tree');
      await link('shared/shop', 'shared/team/shop-tree');
      await link('shared/team/web', 'shared/web-tree');
      await link('apart/hub', 'apart/fleet/second');
      await link('apart/hub', 'apart/fleet/first');
      await init('shared/bare.git', '--bare');
      await testGit(root, ['clone', '--quiet', '--bare', 'shared/shop', 'shared/store.git']);
      await link('shared/store.git', 'shared/store');
      await testGit(root, [
        'init',
        '--quiet',
        `--separate-git-dir=${join(root, 'apart/git')}`,
        join(root, 'split/web'),
      ]);
      await testGit(join(root, 'split/web'), ['commit', '--quiet', '--allow-empty', '-m', 'a']);
      await link('split/web', 'split/a-tree');
    });

    it('finds the main one', () => {
      expect(paths('shared')).toEqual(['shared/bare.git', 'shared/shop', 'shared/store.git', 'shared/team/web']);
      expect(names('shared')).toEqual(['bare', 'shop', 'store', 'team/web']);
      expect(paths('split')).toEqual(['split/web']);
    });

    it('finds the first by name where the main one is elsewhere', () => {
      expect(names('apart/fleet')).toEqual(['first', 'other']);
    });

    it('finds the one that the git folder lies in, whatever another says of itself', async () => {
      await init('claims/shop');
      await mkdir(join(root, 'claims/a'));
      await writeFile(join(root, 'claims/a/.git'), 'gitdir: ../shop/.git\n');
      expect(names('claims')).toEqual(['shop']);
    });

    it('takes one that is asked for', () => {
      expect(names('shared/a-tree')).toEqual(['a-tree']);
    });

    it('finds those whose git folder is gone, each for itself', async () => {
      for (const name of ['a', 'b']) {
        await mkdir(join(root, 'lost', name), { recursive: true });
        await writeFile(join(root, 'lost', name, '.git'), `gitdir: ../gone/.git/worktrees/${name}\n`);
      }
      expect(names('lost')).toEqual(['a', 'b']);
    });
  });

  it('finds nothing in a folder without repositories', () => {
    expect(names('fleet/notes')).toEqual([]);
  });

  it('says so where the folder is none', () => {
    const expected = expect.objectContaining({ name: 'RepositoryError', problem: 'no-such-path' });
    expect(() => names('gone')).toThrow(expected);
    expect(() => names('fleet/README.md')).toThrow(expected);
    expect(() => names('gone')).toThrow(/gone: no folder that can be read; give one that holds repositories$/);
  });
});
