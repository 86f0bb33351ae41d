import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { FileRead, RepoReader } from '../reader.ts';
import { text, unreadable } from '../testing/reader-contract.ts';
import { openRepository } from './open.ts';
import { makeRepository, type RepositorySpec, type TestRepository, testGit } from './testing/make-repo.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a working tree', () => {
  it('holds what is tracked and what is new, without what is ignored', async () => {
    const { dir } = await made({
      files: { '.gitignore': '*.log\n/dist/\n', a: 'a', 'kept.log': 'tracked all the same' },
    });
    await write(dir, {
      new: 'n',
      'x.log': 'i',
      'dist/out.js': 'i',
      'src/new.ts': 'n',
      '.git/info/exclude': 'local\n',
      local: 'i',
    });
    expect(await listed(await opened(dir))).toEqual(['.gitignore', 'a', 'kept.log', 'new', 'src/new.ts']);
  });

  it('leaves out what is gone from disk', async () => {
    const { dir } = await made({ files: { a: 'a', b: 'b', 'd/c': 'c' } });
    await unlink(join(dir, 'a'));
    await rm(join(dir, 'd'), { recursive: true });
    const reader = await opened(dir);
    expect(await listed(reader)).toEqual(['b']);
    expect(await answer(reader, 'a')).toEqual(unreadable('absent'));
  });

  it('tells kinds by what is on disk now', async () => {
    const { dir } = await made({ files: { file: 'f', link: { symlink: 'file' }, run: 'r', folder: 'f' } });
    await replace(dir, 'file', (path) => symlink('run', path));
    await replace(dir, 'link', (path) => writeFile(path, 'now a file'));
    await chmod(join(dir, 'run'), 0o755);
    await replace(dir, 'folder', (path) => mkdir(path));
    await write(dir, { 'folder/inside': 'i' });
    const reader = await opened(dir);
    expect(await reader.paths()).toEqual([
      { path: 'file', kind: 'symlink' },
      { path: 'folder/inside', kind: 'file' },
      { path: 'link', kind: 'file' },
      { path: 'run', kind: 'executable' },
    ]);
    expect(await answer(reader, 'file')).toEqual(unreadable('not-a-file', 'a symlink'));
    expect(await answer(reader, 'link')).toEqual(text('now a file'));
  });

  it('lists a conflict once and reads it with its markers', async () => {
    const { dir, git } = await made({
      commits: [{ files: { a: 'base\n' } }, { files: { a: 'left\n' } }, { files: { a: 'right\n' }, parents: [0] }],
    });
    const left = await git('rev-list', '--max-parents=0', 'main');
    await git('checkout', '-q', '-b', 'other', left);
    await write(dir, { a: 'left\n' });
    await git('commit', '-q', '-am', 'left');
    await expect(git('merge', '-q', 'main')).rejects.toThrow();
    const reader = await opened(dir);
    expect(await listed(reader)).toEqual(['a']);
    expect((await answer(reader, 'a')) as { text: string }).toMatchObject({ text: expect.stringContaining('<<<<<<<') });
  });

  it.each([true, false])('reads what a sparse checkout left off the disk (sparse index: %s)', async (sparseIndex) => {
    const { dir, git } = await made({
      files: { root: 'r', 'in/a': 'a', 'out/b': 'b', 'out/link': { symlink: 'b' }, 'out/run': { executable: 'x' } },
    });
    await git('sparse-checkout', 'set', '--cone', sparseIndex ? '--sparse-index' : '--no-sparse-index', 'in');
    await expect(readFile(join(dir, 'out/b'))).rejects.toThrow('ENOENT');
    const reader = await opened(dir);
    expect(await reader.paths()).toEqual([
      { path: 'in/a', kind: 'file' },
      { path: 'out/b', kind: 'file' },
      { path: 'out/link', kind: 'symlink' },
      { path: 'out/run', kind: 'executable' },
      { path: 'root', kind: 'file' },
    ]);
    expect(await reader.read(['out/b', 'in/a', 'out/link', 'out/run'])).toEqual(
      new Map([
        ['out/b', text('b')],
        ['in/a', text('a')],
        ['out/link', unreadable('not-a-file', 'a symlink')],
        ['out/run', text('x')],
      ]),
    );
  });

  it('holds submodules as such, gone ones not, and nothing of repositories nested by chance', async () => {
    const { dir } = await made({ files: { a: 'a', lib: { submodule: true }, gone: { submodule: true } } });
    await rm(join(dir, 'gone'), { recursive: true });
    await testGit(dir, ['init', '-q', 'nested']);
    await write(dir, { 'nested/file': 'n' });
    expect(await (await opened(dir)).paths()).toEqual([
      { path: 'a', kind: 'file' },
      { path: 'lib', kind: 'submodule' },
    ]);
  });

  it('reads names that are not UTF-8', async () => {
    const { dir } = await made({ files: [[Buffer.from('d\xff/caf\xe9', 'latin1'), 'tracked']] });
    await writeFile(Buffer.concat([Buffer.from(`${dir}/new`), Buffer.from([0xfe])]), 'untracked');
    const reader = await opened(dir);
    expect(await listed(reader)).toEqual(['d\\xff/caf\\xe9', 'new\\xfe']);
    expect(await answer(reader, 'd\\xff/caf\\xe9')).toEqual(text('tracked'));
    expect(await answer(reader, 'new\\xfe')).toEqual(text('untracked'));
  });

  it('answers for what changed between listing and reading', async () => {
    const { dir } = await made({ files: { gone: 'g', link: 'l', pipe: 'p', folder: 'f', 'd/x': 'x', grown: 'g' } });
    const reader = await opened(dir, { fileBytes: 10, totalBytes: 100 });
    await reader.paths();
    await unlink(join(dir, 'gone'));
    await replace(dir, 'link', (path) => symlink('/etc/passwd', path));
    await replace(dir, 'pipe', (path) => promisify(execFile)('mkfifo', [path]));
    await replace(dir, 'folder', (path) => mkdir(path));
    await rename(join(dir, 'd'), join(dir, 'e'));
    await symlink('e', join(dir, 'd'));
    await writeFile(join(dir, 'grown'), 'x'.repeat(11));
    expect(await reader.read(['gone', 'link', 'pipe', 'folder', 'd/x', 'grown'])).toEqual(
      new Map([
        ['gone', unreadable('absent', 'gone since it was listed')],
        ['link', unreadable('not-a-file', 'a symlink')],
        ['pipe', unreadable('not-a-file')],
        ['folder', unreadable('not-a-file')],
        ['d/x', unreadable('absent')],
        ['grown', unreadable('too-large', '11 bytes; the limit is 10')],
      ]),
    );
  });
});

describe('a working tree that would lead elsewhere', () => {
  it('reads nothing through a folder that became a link', async () => {
    const { dir, root } = await made({ files: { 'd/secret': 'mine', 'in/deep/secret': 'mine', a: 'a' } });
    await write(root, { 'outside/secret': 'SECRET', 'outside/deep/secret': 'SECRET' });
    await rm(join(dir, 'd'), { recursive: true });
    await symlink(join(root, 'outside'), join(dir, 'd'));
    await rm(join(dir, 'in'), { recursive: true });
    await symlink('../outside', join(dir, 'in'));
    const reader = await opened(dir);
    expect(await reader.paths()).toEqual([
      { path: 'a', kind: 'file' },
      { path: 'd', kind: 'symlink' },
      { path: 'in', kind: 'symlink' },
    ]);
    const answers = await reader.read(['d/secret', 'in/deep/secret', 'd']);
    expect([...answers.values()].every((one) => !one.ok)).toBe(true);
  });

  it('reads nothing through a link in place of a folder that a sparse checkout skips', async () => {
    const { dir, root, git } = await made({ files: { 'out/secret': 'mine', 'in/a': 'a' } });
    await write(root, { 'outside/secret': 'SECRET' });
    await git('sparse-checkout', 'set', 'in');
    await symlink(join(root, 'outside'), join(dir, 'out'));
    // Git sees the file through the link, so to git it is no longer skipped; to us it is not there.
    expect(await testGit(dir, ['ls-files', '-t', 'out/secret'])).toBe('H out/secret');
    const reader = await opened(dir);
    expect(await listed(reader)).toEqual(['in/a', 'out']);
    expect(await answer(reader, 'out/secret')).toEqual(unreadable('absent'));
  });

  it('does not hang on links that run in a circle', async () => {
    const { dir } = await made({ files: { a: { symlink: 'b' }, b: { symlink: 'a' }, self: { symlink: 'self/x' } } });
    await symlink('.', join(dir, 'here'));
    await symlink('..', join(dir, 'up'));
    const reader = await opened(dir);
    expect((await reader.paths()).map((entry) => entry.kind)).toEqual(Array(5).fill('symlink'));
    expect(await answer(reader, 'here/here/a')).toEqual(unreadable('absent'));
  });

  it('takes no path out of a crafted index', async () => {
    const { dir, root } = await made({ files: { 'dir/xx/xx/secret': 'a', 'dir/dotgit': 'b', ok: 'ok' } });
    await write(root, { secret: 'SECRET' });
    await patchIndex(dir, [
      ['dir/xx/xx/secret', 'dir/../../secret'],
      ['dir/dotgit', '.git/index'],
    ]);
    // Git itself lists them: the check is ours.
    expect(await testGit(dir, ['ls-files'])).toContain('dir/../../secret');
    const reader = await opened(dir);
    expect((await listed(reader)).filter((path) => path.includes('..') || path.startsWith('.git'))).toEqual([]);
    expect(await answer(reader, 'dir/../../secret')).toEqual(unreadable('absent'));
    expect(await answer(reader, 'ok')).toEqual(text('ok'));
  });

  it('does not take the folder that core.worktree names for its own', async () => {
    const { dir, root, git, commit } = await made({ files: { a: 'committed' } });
    await write(root, { a: 'SECRET', b: 'SECRET' });
    await testGit(root, ['init', '-q']);
    // The one above is a working tree, of another repository; the other is none.
    for (const elsewhere of [root, '/']) {
      await git('config', 'core.worktree', elsewhere);
      expect(await git('rev-parse', '--show-toplevel')).toBe(elsewhere);
      const reader = await opened(dir);
      expect(reader).toMatchObject({ commit, worktree: false });
      expect(await reader.read(['a', 'b'])).toEqual(
        new Map([
          ['a', text('committed')],
          ['b', unreadable('absent')],
        ]),
      );
    }
  });
});

async function made(spec: RepositorySpec): Promise<TestRepository> {
  const repository = await makeRepository(spec);
  cleanups.push(() => repository.cleanup());
  return repository;
}

async function opened(dir: string, limits?: { fileBytes: number; totalBytes: number }): Promise<RepoReader> {
  const reader = await openRepository(dir, limits ? { limits } : {});
  cleanups.push(() => reader.close());
  expect(reader.name).toBe('repo');
  return reader;
}

async function listed(reader: RepoReader): Promise<string[]> {
  return (await reader.paths()).map((entry) => entry.path);
}

async function answer(reader: RepoReader, path: string): Promise<FileRead | undefined> {
  return (await reader.read([path])).get(path);
}

async function write(dir: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), content);
  }
}

async function replace(dir: string, path: string, make: (path: string) => Promise<unknown>): Promise<void> {
  await unlink(join(dir, path));
  await make(join(dir, path));
}

/** Overwrites names in the index with others of the same length, which `git update-index` would refuse. */
async function patchIndex(dir: string, renames: readonly (readonly [string, string])[]): Promise<void> {
  const file = join(dir, '.git/index');
  const index = await readFile(file);
  for (const [from, to] of renames) {
    expect(to).toHaveLength(from.length);
    index.write(to, index.indexOf(from), 'latin1');
  }
  const body = index.subarray(0, -20);
  await writeFile(file, Buffer.concat([body, createHash('sha1').update(body).digest()]));
}
