import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GitError, RepositoryError } from './errors.ts';
import { runGit } from './run.ts';
import { makeRepository, type TestRepository } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function repository(files: Record<string, string>): Promise<TestRepository> {
  const repository = await makeRepository({ files });
  made.push(repository);
  return repository;
}

describe('runGit', () => {
  it('returns the bytes of stdout and feeds stdin', async () => {
    const { dir } = await repository({ a: 'a\0\xff' });
    const output = await runGit(['cat-file', '--batch'], { dir, input: 'HEAD:a\n' });
    expect(output.toString('latin1')).toMatch(/^[0-9a-f]{40} blob 4\na\0\u00c3\u00bf\n$/);
  });

  it('feeds pieces one after the other, and ends with what keeps one from being made', async () => {
    const { dir } = await repository({ a: 'a' });
    const pieces = function* (failing: boolean) {
      for (let at = 0; at < 20_000; at++) yield `${at} lines of a file\n`;
      if (failing) throw new Error('no more of it');
    };
    const all = [...pieces(false)].join('');
    const hash = (await runGit(['hash-object', '--stdin'], { dir, input: pieces(false) })).toString();
    expect(hash).toBe((await runGit(['hash-object', '--stdin'], { dir, input: all })).toString());
    await expect(runGit(['hash-object', '--stdin'], { dir, input: pieces(true) })).rejects.toThrow('no more of it');
    await expect(runGit(['fast-import', '--quiet'], { dir, input: pieces(false) })).rejects.toThrow(GitError);
  });

  it('rejects with what git complained of and how it ended', async () => {
    const { dir } = await repository({ a: 'a' });
    const failure = await runGit(['cat-file', '-p', 'nope'], { dir }).catch((error) => error);
    expect(failure).toBeInstanceOf(GitError);
    expect(failure).toMatchObject({ message: 'git cat-file: Not a valid object name nope', exitCode: 128 });
  });

  it('stops at the byte limit, and not one byte before', async () => {
    const { dir } = await repository({ a: 'x'.repeat(1000) });
    expect(await runGit(['cat-file', '-p', 'HEAD:a'], { dir, maxBytes: 1000 })).toHaveLength(1000);
    const tooMuch = runGit(['cat-file', '-p', 'HEAD:a'], { dir, maxBytes: 999 });
    await expect(tooMuch).rejects.toThrow('git cat-file: more than 999 bytes of output');
  });

  it('is ended by its signal, with the reason', async () => {
    const { dir, root } = await repository({ a: 'a' });
    // Git waits for ever for someone to write into the pipe.
    await promisify(execFile)('mkfifo', [`${root}/pipe`]);
    const controller = new AbortController();
    const running = runGit(['hash-object', `${root}/pipe`], { dir, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(runGit(['version'], { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('is not led astray by variables of a git that called us', async () => {
    const here = await repository({ here: '1' });
    const other = await repository({ other: '1' });
    vi.stubEnv('GIT_DIR', `${other.dir}/.git`);
    vi.stubEnv('GIT_WORK_TREE', other.dir);
    vi.stubEnv('GIT_INDEX_FILE', `${other.dir}/.git/index`);
    vi.stubEnv('GIT_OBJECT_DIRECTORY', `${other.dir}/.git/objects`);
    vi.stubEnv('GIT_TRACE', '1');
    expect((await runGit(['ls-files'], { dir: here.dir })).toString()).toBe('here\n');
  });

  it("keeps the machine's own settings", async () => {
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'user.name');
    vi.stubEnv('GIT_CONFIG_VALUE_0', 'Somebody');
    expect((await runGit(['config', 'user.name'])).toString()).toBe('Somebody\n');
  });

  it('allows no transport, whatever the repository allows', async () => {
    const { dir, git, root } = await repository({ a: 'a' });
    await git('config', 'protocol.allow', 'always');
    for (const scheme of ['file', 'ext', 'ssh', 'https']) await git('config', `protocol.${scheme}.allow`, 'always');
    const urls = [
      `file://${dir}`,
      dir,
      `ext::touch ${root}/executed`,
      'ssh://127.0.0.1/x',
      'https://127.0.0.1/x',
      '::x',
    ];
    for (const url of urls) {
      await expect(runGit(['ls-remote', url], { dir })).rejects.toThrow(/^git ls-remote: transport '\w*' not allowed$/);
    }
  });

  it('says so when there is no git', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    const failure = await runGit(['version']).catch((error) => error);
    expect(failure).toBeInstanceOf(RepositoryError);
    expect(failure).toMatchObject({
      problem: 'git-missing',
      message: 'git was not found on PATH; install git 2.36 or newer',
    });
  });
});
