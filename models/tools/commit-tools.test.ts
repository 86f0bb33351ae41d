import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import type { Tool, ToolResult } from '../port.ts';
import { openCommitTools, openPatches, PATCH_INDEX } from './index.ts';

/** Made up, and put together here so that nothing in this file has the form of a secret. */
const TOKEN = ['glpat', 'aB3dE6gH9jK2mN5pQ8rS'].join('-');

const never = new AbortController().signal;
let repository: TestRepository;
let commit: string;
let opened: Awaited<ReturnType<typeof openCommitTools>>;

beforeAll(async () => {
  repository = await makeRepository({
    commits: [
      { files: { 'a.txt': 'one\ntwo\n', 'src/b.ts': 'const b = 1;\n', old: 'x\n' } },
      { files: { 'a.txt': 'one\nchanged\n', 'src/deep/c.ts': 'const c = 1;\n', run: { executable: '#!/bin/sh\n' } } },
      { files: { 'a.txt': 'later\n' }, deleted: ['src/b.ts'] },
    ],
  });
  commit = await repository.git('rev-parse', 'main~1');
  writeFileSync(join(repository.dir, 'on-the-disk.ts'), 'const disk = 1;\n');
  opened = await openCommitTools({ repo: repository.dir, commit });
});
afterAll(async () => {
  await opened.close();
  await repository.cleanup();
});

async function text(name: string, input: unknown): Promise<string> {
  const result = await run(opened.tools.find((tool) => tool.name === name)!, input);
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`);
  return result.text;
}
const run = (tool: Tool, input: unknown): Promise<ToolResult> => tool.run(input, never);

describe('the tools for a commit', () => {
  it('see its files, and nothing of the disk or of other commits', async () => {
    expect(await text('list', {})).toBe('a.txt\nold\nrun\nsrc/');
    expect(await text('list', { path: 'src' })).toBe('b.ts\ndeep/');
    expect(await text('list', { recursive: true })).toBe('a.txt\nold\nrun\nsrc/b.ts\nsrc/deep/c.ts');
    expect(await text('read', { path: 'a.txt' })).toBe('1\tone\n2\tchanged');
    expect(await text('grep', { pattern: '^const' })).toBe('src/b.ts:1: const b = 1;\nsrc/deep/c.ts:1: const c = 1;');
    expect(await text('grep', { pattern: '^const', path: 'src/deep' })).toBe('src/deep/c.ts:1: const c = 1;');
  });

  it('take HEAD for it, and know every other revision', async () => {
    expect((await text('git_log', {})).split('\n')).toHaveLength(2);
    expect(await text('git_log', { count: 1 })).toContain(commit);
    expect((await text('git_log', { revision: 'main' })).split('\n')).toHaveLength(3);
    expect(await text('git_show', { path: 'a.txt', content: true })).toBe('1\tone\n2\tchanged');
    expect(await text('git_show', { path: 'a.txt', content: true, revision: 'HEAD~1' })).toBe('1\tone\n2\ttwo');
    expect(await text('git_blame', { path: 'a.txt' })).toContain(commit.slice(0, 12));
  });

  it('follow links within it, and show submodules empty', async () => {
    const other = await makeRepository({ files: { a: 'a\n' } });
    const { dir, git } = other;
    await git('update-index', '--add', '--cacheinfo', `160000,${commit},sub/module`);
    const target = await testGit(dir, ['hash-object', '-w', '--stdin'], ['../a']);
    await git('update-index', '--add', '--cacheinfo', `120000,${target},sub/link`);
    const tree = await git('write-tree');
    const linked = await git('commit-tree', tree, '-m', 'x');
    const { tools, close } = await openCommitTools({ repo: dir, commit: linked });
    const named = (name: string) => tools.find((tool) => tool.name === name)!;
    expect(await run(named('list'), { path: 'sub' })).toMatchObject({ text: 'link@\nmodule/' });
    expect(await run(named('read'), { path: 'sub/link' })).toMatchObject({ text: '1\ta' });
    expect(await run(named('list'), { path: 'sub/module' })).toMatchObject({ text: '[empty]' });
    expect(await run(named('read'), { path: 'sub/module/x' })).toMatchObject({ reason: 'not-found' });
    await close();
    await other.cleanup();
  });

  it('hide what a crafted tree calls like git’s own', async () => {
    const blob = await testGit(repository.dir, ['hash-object', '-w', '--stdin'], ['x = y\n']);
    const inner = await testGit(repository.dir, ['mktree'], [`100644 blob ${blob}\tconfig\n`]);
    const tree = await testGit(
      repository.dir,
      ['mktree'],
      [...['.git', 'git~1', '.Git ', '..', 'fine'].map((name) => `040000 tree ${inner}\t${name}\n`)],
    );
    const crafted = await repository.git('commit-tree', tree, '-m', 'x');
    const { tools, close } = await openCommitTools({ repo: repository.dir, commit: crafted });
    const named = (name: string) => tools.find((tool) => tool.name === name)!;
    expect(await run(named('list'), {})).toMatchObject({ text: 'fine/' });
    expect(await run(named('list'), { recursive: true })).toMatchObject({ text: 'fine/config' });
    expect(await run(named('grep'), { pattern: 'x' })).toMatchObject({ text: 'fine/config:1: x = y' });
    await close();
  });

  it('are not to be had of what is no repository, or no commit of it', async () => {
    await expect(openCommitTools({ repo: repository.root, commit })).rejects.toThrow('not a git repository');
    await expect(openCommitTools({ repo: repository.dir, commit: '0'.repeat(40) })).rejects.toThrow('is no commit of');
  });
});

describe('patch', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(repository.root, 'patches');
    mkdirSync(folder);
    const lines = Array.from({ length: 9 }, (_, at) => `+line ${at + 1}`);
    writeFileSync(join(folder, '0001.patch'), `@@ -0,0 +1,9 @@\n${lines.join('\n')}\n`);
    writeFileSync(join(folder, '0002.patch'), `+token: ${TOKEN}\n`);
    writeFileSync(join(folder, 'unlisted.patch'), 'x\n');
    put({ 'src/a.ts': '0001.patch', 'b.yml': '0002.patch', 'gone.ts': '0003.patch' });
  });
  const put = (index: unknown) =>
    writeFileSync(join(folder, PATCH_INDEX), typeof index === 'string' ? index : JSON.stringify(index));
  const patch = async (input: unknown) => run(await openPatches(folder), input);

  it('reads the patch of a changed file, in parts if it is asked to', async () => {
    expect(await patch({ path: 'src/a.ts' })).toMatchObject({
      text: expect.stringMatching(/^@@ -0,0 \+1,9 @@\n\+line 1\n/),
      truncated: false,
    });
    expect(await patch({ path: 'src/a.ts', from: 3, lines: 2 })).toEqual({
      ok: true,
      text: '+line 2\n+line 3\n[of 10 lines; go on with from: 5]',
      truncated: true,
    });
    expect(await patch({ path: 'src/a.ts', from: 11 })).toMatchObject({ text: '[the patch has 10 lines]' });
    expect(await patch({ path: 'b.yml' })).toMatchObject({ text: '+token: glpat-[…]' });
  });

  it.each([
    ['unlisted.patch', 'not-found'],
    [PATCH_INDEX, 'not-found'],
    ['0001.patch', 'not-found'],
    ['../patches/0001.patch', 'path-parent'],
    ['/etc/passwd', 'path-absolute'],
    ['gone.ts', 'not-found'],
    ['__proto__', 'not-found'],
    ['', 'not-found'],
  ])('reads nothing that the index does not list: %j', async (path, reason) => {
    expect(await patch({ path })).toMatchObject({ ok: false, reason });
  });

  it.each([
    ['no JSON', '{'],
    ['a path', { 'a.ts': '../a.txt' }],
    ['an absolute path', { 'a.ts': '/etc/passwd' }],
    ['no name', { 'a.ts': 1 }],
  ])('wants an index that names files beside it: %s', async (_, index) => {
    put(index);
    await expect(openPatches(folder)).rejects.toThrow('cannot be read as an index');
    rmSync(join(folder, PATCH_INDEX));
    await expect(openPatches(folder)).rejects.toThrow('cannot be read as an index');
    await expect(openPatches(join(folder, 'none'))).rejects.toThrow('no folder with patches');
  });
});
