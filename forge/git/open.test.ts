import { execFile, execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RepoReader } from '../reader.ts';
import { text } from '../testing/reader-contract.ts';
import { RepositoryError, type RepositoryProblem } from './errors.ts';
import { type OpenOptions, openRepository } from './open.ts';
import { makeRepository, type RepositoryShape, type RepositorySpec, testGit } from './testing/make-repo.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('openRepository: what it opens', () => {
  it('reads the working tree where there is one, uncommitted changes included', async () => {
    const { dir, commit } = await made({ files: { a: 'committed' } });
    await writeFile(join(dir, 'a'), 'changed');
    const reader = await opened(dir);
    expect(reader).toMatchObject({ name: 'repo', commit, worktree: true });
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('changed')]]));
  });

  it('reads a file again where answers are not kept', async () => {
    const { dir } = await made({ files: { a: 'committed' } });
    const kept = await opened(dir);
    const fresh = await opened(dir, { keep: false });
    for (const reader of [kept, fresh]) expect(await reader.read(['a'])).toEqual(new Map([['a', text('committed')]]));
    await writeFile(join(dir, 'a'), 'changed');
    expect(await kept.read(['a'])).toEqual(new Map([['a', text('committed')]]));
    expect(await fresh.read(['a'])).toEqual(new Map([['a', text('changed')]]));
    const objects = await opened(dir, { keep: false, rev: 'HEAD', limits: { fileBytes: 9, totalBytes: 9 } });
    for (const _ of ['once', 'twice']) expect(await objects.read(['a'])).toEqual(new Map([['a', text('committed')]]));
  });

  it('reads a revision from objects, whatever the working tree holds', async () => {
    const { dir, commit } = await made({ files: { a: 'committed' } });
    await writeFile(join(dir, 'a'), 'changed');
    const reader = await opened(dir, { rev: 'HEAD' });
    expect(reader).toMatchObject({ name: 'repo', commit, worktree: false });
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('committed')]]));
  });

  it('finds the whole repository from a folder inside it', async () => {
    const { dir } = await made({ files: { 'a.txt': 'a', 'src/deep/b.txt': 'b' } });
    for (const options of [{}, { rev: 'HEAD' }]) {
      const reader = await opened(join(dir, 'src/deep'), options);
      expect(reader.name).toBe('repo');
      expect(await listed(reader)).toEqual(['a.txt', 'src/deep/b.txt']);
    }
  });

  it('takes a path relative to the current folder', async () => {
    const { dir } = await made({ files: { a: 'a' } });
    expect(await listed(await opened(relative(process.cwd(), dir)))).toEqual(['a']);
  });

  it.each(['shop.git', 'repo', 'with space\nand line'])('reads HEAD of a bare repository named %j', async (name) => {
    const { dir, commit } = await made({ files: { a: 'a' } }, { bare: true, name });
    const reader = await opened(dir);
    expect(reader).toMatchObject({ name: name.replace('.git', ''), commit, worktree: false });
    expect(await listed(reader)).toEqual(['a']);
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads a bare repository though safe.bareRepository is explicit: the user named it', async () => {
    const { dir } = await made({ files: { a: 'a' } }, { bare: true });
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'safe.bareRepository');
    vi.stubEnv('GIT_CONFIG_VALUE_0', 'explicit');
    expect(await listed(await opened(dir))).toEqual(['a']);
  });

  it('reads HEAD when given the .git folder of a working tree', async () => {
    const { dir, commit } = await made({ files: { a: 'a' } });
    const reader = await opened(join(dir, '.git'));
    expect(reader).toMatchObject({ name: 'repo', commit, worktree: false });
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads a linked working tree, and a revision through it', async () => {
    const { root, git, commit } = await made({ files: { a: 'a' } });
    await git('worktree', 'add', '-q', '-b', 'feature', join(root, 'linked'));
    await writeFile(join(root, 'linked/a'), 'linked');
    const reader = await opened(join(root, 'linked'));
    expect(reader).toMatchObject({ name: 'linked', commit, worktree: true });
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('linked')]]));
    const atRevision = await opened(join(root, 'linked'), { rev: 'feature' });
    expect(await atRevision.read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads a submodule as the repository it is', async () => {
    const inner = await made({ files: { inner: 'i' } });
    const outer = await made({ files: { outer: 'o' } });
    await outer.git('submodule', '--quiet', 'add', inner.dir, 'vendor');
    const reader = await opened(join(outer.dir, 'vendor'));
    expect(reader).toMatchObject({ name: 'vendor', commit: inner.commit, worktree: true });
    expect(await listed(reader)).toEqual(['inner']);
    expect(await listed(await opened(outer.dir))).toEqual(['.gitmodules', 'outer', 'vendor']);
  });

  it('reads a repository whose objects have SHA-256 ids', async () => {
    const { root } = await made();
    const dir = join(root, 'sha256');
    await testGit(root, ['init', '-q', '--object-format=sha256', dir]);
    await writeFile(join(dir, 'a'), 'a');
    await testGit(dir, ['add', 'a']);
    await testGit(dir, ['commit', '-q', '-m', 'a']);
    const reader = await opened(dir, { rev: 'HEAD' });
    expect(reader.commit).toMatch(/^[0-9a-f]{64}$/);
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads objects that the repository borrows from another', async () => {
    const { root, dir } = await made({ files: { a: 'a' } });
    await testGit(root, ['clone', '-q', '--shared', '--bare', dir, 'borrower']);
    expect(await (await opened(join(root, 'borrower'))).read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads a working tree with files and no commit', async () => {
    const { dir } = await made();
    await writeFile(join(dir, 'a'), 'a');
    const reader = await opened(dir);
    expect(reader).toMatchObject({ commit: null, worktree: true });
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('a')]]));
  });

  it('reads HEAD where a clone was never checked out', async () => {
    const { root, dir, commit } = await made({ files: { a: 'a' } });
    await testGit(root, ['clone', '-q', '--no-checkout', dir, 'clone']);
    const reader = await opened(join(root, 'clone'));
    expect(reader).toMatchObject({ commit, worktree: false });
    expect(await listed(reader)).toEqual(['a']);
  });

  it('reads a detached HEAD', async () => {
    const { dir, git } = await made({ commits: [{ files: { a: 'old' } }, { files: { a: 'new' } }] });
    await git('checkout', '-q', '--detach', 'main~1');
    const reader = await opened(dir);
    expect(reader.commit).toBe(await git('rev-parse', 'main~1'));
    expect(await reader.read(['a'])).toEqual(new Map([['a', text('old')]]));
  });

  it('ignores replace refs: a commit is what its id says', async () => {
    const { dir, git } = await made({ commits: [{ files: { a: 'old' } }, { files: { a: 'new' } }] });
    const [oldBlob = '', newBlob = ''] = (await git('rev-parse', 'main~1:a', 'main:a')).split('\n');
    await git('replace', newBlob, oldBlob);
    await git('replace', 'main', 'main~1');
    expect(await git('cat-file', '-p', 'main:a')).toBe('old');
    expect(await (await opened(dir, { rev: 'main' })).read(['a'])).toEqual(new Map([['a', text('new')]]));
  });

  it('does not keep a program alive that forgets to close it', async () => {
    const { dir } = await made({ files: { a: 'forgotten' } }, { bare: true });
    const script = `
      import { openRepository } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
      const reader = await openRepository(process.argv[1]);
      console.log((await reader.read(['a'])).get('a').text);`;
    const args = ['--input-type=module', '-e', script, dir];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    expect(stdout).toBe('forgotten\n');
  });
});

describe('openRepository: revisions', () => {
  const history = {
    commits: [
      { files: { a: '1' }, message: 'first' },
      { files: { a: '2' }, message: 'second' },
    ],
  };

  it.each([
    'main',
    'HEAD',
    'v2',
    'light',
    'HEAD@{0}',
    ':/second',
    'main~0',
    'refs/heads/main',
    '-odd',
  ])('knows %j', async (rev) => {
    const { dir, git, commit } = await made(history);
    await git('tag', '-a', 'v2', '-m', 'annotated');
    await git('tag', 'light');
    await git('update-ref', 'refs/heads/-odd', 'main');
    expect((await opened(dir, { rev })).commit).toBe(commit);
  });

  it('knows short ids and ancestors', async () => {
    const { dir, commit } = await made(history, { bare: true });
    expect((await opened(dir, { rev: commit.slice(0, 8) })).commit).toBe(commit);
    expect(await (await opened(dir, { rev: 'main^' })).read(['a'])).toEqual(new Map([['a', text('1')]]));
  });

  it.each([
    'nope',
    '-x',
    '--all',
    '--help',
    '',
    'a\0b',
    'main..main',
    'f'.repeat(40),
    '$(touch x)',
    'main\nmain',
  ])('names the revision %j it does not know', async (rev) => {
    const { dir } = await made(history, { bare: true });
    const error = await problem(openRepository(dir, { rev }), 'unknown-revision');
    expect(error.message).toContain(JSON.stringify(rev));
  });

  it.each(['main:a', 'main^{tree}'])('says that %j is no commit', async (rev) => {
    const { dir } = await made(history);
    const error = await problem(openRepository(dir, { rev }), 'unknown-revision');
    expect(error.message).toBe(`repo: "${rev}" is no commit of ${dir}; give a branch, tag or commit`);
  });
});

describe('openRepository: what it cannot open', () => {
  it('a path that does not exist', async () => {
    const { root } = await made();
    const error = await problem(openRepository(join(root, 'no')), 'no-such-path');
    expect(error.message).toBe(`${root}/no: no such folder; check the path`);
  });

  it('a file', async () => {
    const { dir } = await made({ files: { a: 'a' } });
    const error = await problem(openRepository(join(dir, 'a')), 'not-a-repository');
    expect(error.message).toBe(`${dir}/a: a file; give the folder of a git repository`);
    await problem(openRepository(join(dir, 'a/b')), 'no-such-path');
  });

  it('a folder that is in no repository', async () => {
    const { root } = await made();
    const error = await problem(openRepository(root), 'not-a-repository');
    expect(error.message).toBe(
      `${root}: not a git repository, nor inside one; give its folder, or run \`git init\` there`,
    );
  });

  it.each([true, false])('an empty repository (bare: %s)', async (bare) => {
    const { dir } = await made({}, { bare });
    const error = await problem(openRepository(dir), 'empty-repository');
    expect(error.message).toBe(`${dir}: empty repository; there is no commit and no file to read yet`);
    await problem(openRepository(dir, { rev: 'HEAD' }), 'unknown-revision');
  });

  it.each([true, false])('a damaged one, which is not an empty one (bare: %s)', async (bare) => {
    const { dir, commit } = await made({ files: { a: 'a' } }, { bare });
    await rm(join(dir, bare ? 'objects' : '.git/objects'), { recursive: true });
    await mkdir(join(dir, bare ? 'objects' : '.git/objects'));
    const error = await problem(openRepository(dir), 'git-failed');
    expect(error.message).toBe(`repo: damaged: HEAD is at ${commit}, and that commit is not in ${dir}; clone it again`);
  });

  it('a HEAD that names no branch, where there are others', async () => {
    const { dir, git } = await made({ files: { a: 'a' } }, { bare: true });
    await git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    const error = await problem(openRepository(dir), 'unknown-revision');
    expect(error.message).toBe(`${dir}: HEAD points at no commit, though there are branches; name one with --rev`);
    expect(await listed(await opened(dir, { rev: 'main' }))).toEqual(['a']);
  });

  it("another user's repository, saying how to trust it", async () => {
    const { dir, root } = await made({ files: { a: 'a' } });
    await stubGit(root, 'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$REAL_GIT" "$@"');
    const error = await problem(openRepository(dir), 'dubious-ownership');
    expect(error.message).toBe(
      `${dir}: belongs to another user, so git refuses to read it; if you trust it, run: git config --global --add safe.directory '${dir}'`,
    );
  });

  it('anything, without git', async () => {
    const { dir } = await made({ files: { a: 'a' } });
    vi.stubEnv('PATH', '/nonexistent');
    const error = await problem(openRepository(dir), 'git-missing');
    expect(error.message).toBe('git was not found on PATH; install git 2.36 or newer');
  });

  it('a repository with a broken configuration', async () => {
    const { dir } = await made({ files: { a: 'a' } });
    await writeFile(join(dir, '.git/config'), '[core\n');
    const error = await problem(openRepository(dir), 'git-failed');
    expect(error.message).toMatch(/: git cannot open it: bad config line 1 in file .*config$/);
  });

  it('the paths of a clone without trees whose origin is gone', async () => {
    const { root, dir, git, commit } = await made({ files: { 'd/a': 'a' } });
    await git('config', 'uploadpack.allowFilter', 'true');
    await testGit(root, ['clone', '-q', '--bare', '--filter=tree:0', `file://${dir}`, 'treeless']);
    await rm(dir, { recursive: true });
    const reader = await opened(join(root, 'treeless'));
    const error = await problem(reader.paths(), 'git-failed');
    expect(error.message).toContain(`${root}/treeless: cannot list commit ${commit}: git ls-tree: `);
    await problem(reader.read(['d/a']), 'git-failed');
  });
});

async function made(spec: RepositorySpec = {}, shape: RepositoryShape = {}) {
  const repository = await makeRepository(spec, shape);
  cleanups.push(() => repository.cleanup());
  return repository;
}

async function opened(path: string, options: OpenOptions = {}): Promise<RepoReader> {
  const reader = await openRepository(path, options);
  cleanups.push(() => reader.close());
  return reader;
}

async function listed(reader: RepoReader): Promise<string[]> {
  return (await reader.paths()).map((entry) => entry.path);
}

/** The error it must fail with: a RepositoryError, of that kind, in one line. */
async function problem(attempt: Promise<unknown>, kind: RepositoryProblem): Promise<RepositoryError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RepositoryError);
  expect(error).toMatchObject({ problem: kind, message: expect.not.stringContaining('fatal:') });
  return error as RepositoryError;
}

async function stubGit(root: string, command: string): Promise<void> {
  const bin = join(root, 'bin');
  await mkdir(bin);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  await writeFile(join(bin, 'git'), `#!/bin/sh\nREAL_GIT=${real}\n${command}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
}
