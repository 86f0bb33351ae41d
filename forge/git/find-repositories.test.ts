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
