import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RepositoryError } from './errors.ts';
import { fetchRevision } from './fetch-revision.ts';
import { openRepository } from './open.ts';
import { makeRepository, type TestRepository } from './testing/make-repo.ts';

let repo: TestRepository;
let mirrors: string;
let address: string;

beforeEach(async () => {
  repo = await makeRepository({
    commits: [{ files: { 'a.txt': 'one' } }, { files: { 'a.txt': 'two' } }, { files: { 'a.txt': 'three' } }],
  });
  mirrors = join(repo.root, 'cache', 'git');
  address = `file://${repo.dir}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await repo.cleanup();
});

const fetch = (rev: string, more: { address?: string; timeout?: number } = {}) =>
  fetchRevision({ address, rev, mirrors, ...more });

const failure = async (promise: Promise<unknown>): Promise<RepositoryError> => {
  try {
    await promise;
  } catch (error) {
    return error as RepositoryError;
  }
  throw new Error('it did not fail');
};

async function textAt({ gitDir, commit }: { gitDir: string; commit: string }): Promise<string> {
  const reader = await openRepository(gitDir, { rev: commit });
  try {
    const read = (await reader.read(['a.txt'])).get('a.txt')!;
    return read.ok ? read.text : read.reason;
  } finally {
    await reader.close();
  }
}

describe('fetchRevision', () => {
  it('brings the default branch, a branch, a tag, an annotated tag and a full commit', async () => {
    await repo.git('tag', 'v1', 'main~2');
    await repo.git('tag', '-a', '-m', 'two', 'v2', 'main~1');
    await repo.git('branch', 'team/next', 'main~1');
    expect(await textAt(await fetch(''))).toBe('three');
    expect(await textAt(await fetch('main'))).toBe('three');
    expect(await textAt(await fetch('v1'))).toBe('one');
    expect(await textAt(await fetch('v2'))).toBe('two');
    expect(await textAt(await fetch('team/next'))).toBe('two');
    expect(await textAt(await fetch(await repo.git('rev-parse', 'main~2')))).toBe('one');
    expect(readdirSync(mirrors)).toHaveLength(1);
  });

  it('brings no history', async () => {
    const { gitDir, commit } = await fetch('main');
    const { runGit } = await import('./run.ts');
    const count = await runGit(['rev-list', '--count', commit], { dir: gitDir });
    expect(count.toString().trim()).toBe('1');
  });

  it('asks the server for a branch each time', async () => {
    const first = await fetch('main');
    await repo.git('commit', '--quiet', '--allow-empty', '-m', 'four');
    const second = await fetch('main');
    expect(second.commit).not.toBe(first.commit);
    expect(second.commit).toBe(await repo.git('rev-parse', 'main'));
    expect(await textAt(first)).toBe('three');
  });

  it('needs nobody for a full commit that it has; for a branch it does', async () => {
    await fetch('main');
    rmSync(repo.dir, { recursive: true });
    expect((await fetch(repo.commit)).commit).toBe(repo.commit);
    expect(await failure(fetch('main'))).toMatchObject({ problem: 'unreachable' });
  });

  it('does not take a commit for fetched that only lies about in the mirror', async () => {
    const { gitDir } = await fetch('main');
    const { runGit } = await import('./run.ts');
    await runGit(['update-ref', '-d', `refs/agentsmd/commits/${repo.commit}`], { dir: gitDir });
    rmSync(repo.dir, { recursive: true });
    expect(await failure(fetch(repo.commit))).toMatchObject({ problem: 'unreachable' });
  });

  it.each(['nowhere', 'abc1234', '0'.repeat(40)])('knows that there is no %s', async (rev) => {
    const error = await failure(fetch(rev));
    expect(error.problem).toBe('unknown-revision');
    expect(error.message).toMatch(/^file:\/\/.*: unknown revision ".*"; give a branch, a tag or a full commit of it$/);
  });

  it.each([
    '--upload-pack=touch x',
    '-x',
    'a b',
    'a:b',
    '+main',
    'main~1',
    'main..v1',
    '@{u}',
    '*',
    'a\0b',
  ])('hands %j to no git', async (rev) => {
    expect(await failure(fetch(rev))).toMatchObject({ problem: 'unknown-revision' });
    expect(existsSync(mirrors)).toBe(false);
  });

  it('tells what is no commit, and an empty repository', async () => {
    await repo.git('tag', 'blob', await repo.git('rev-parse', 'main:a.txt'));
    expect(await failure(fetch('blob'))).toMatchObject({ problem: 'unknown-revision' });
    const empty = await makeRepository({});
    const error = await failure(fetch('', { address: `file://${empty.dir}` }));
    await empty.cleanup();
    expect(error.problem).toBe('empty-repository');
  });

  it('leaves nothing behind when it fails, and works afterwards', async () => {
    const gone = `${repo.dir}-away`;
    expect(await failure(fetch('main', { address: `file://${gone}` }))).toMatchObject({ problem: 'unreachable' });
    expect(readdirSync(mirrors)).toEqual([]);
    expect((await fetch('main')).commit).toBe(repo.commit);
  });

  it('makes a damaged mirror anew', async () => {
    const { gitDir } = await fetch('main');
    for (const name of readdirSync(join(gitDir, 'objects', 'pack')).filter((name) => name.endsWith('.pack'))) {
      rmSync(join(gitDir, 'objects', 'pack', name));
      writeFileSync(join(gitDir, 'objects', 'pack', name), 'PACK');
    }
    expect(await textAt(await fetch('main'))).toBe('three');
    rmSync(join(gitDir, 'HEAD'));
    expect(await textAt(await fetch('main'))).toBe('three');
    writeFileSync(join(gitDir, 'shallow.lock'), '');
    await repo.git('commit', '--quiet', '--allow-empty', '-m', 'four');
    expect((await fetch('main')).commit).toBe(await repo.git('rev-parse', 'main'));
  });

  it('is done by several at once without harm', async () => {
    await repo.git('tag', 'v1', 'main~2');
    const fetched = await Promise.all(['main', 'v1', '', repo.commit, 'v1'].map((rev) => fetch(rev)));
    expect(await Promise.all(fetched.map(textAt))).toEqual(['three', 'one', 'three', 'three', 'one']);
    expect(readdirSync(mirrors)).toHaveLength(1);
  });

  it('breaks the lock of a process that is gone', async () => {
    const { gitDir } = await fetch('main');
    writeFileSync(`${gitDir}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }));
    expect((await fetch('main')).commit).toBe(repo.commit);
    expect(existsSync(`${gitDir}.lock`)).toBe(false);
  });

  it('says where it cannot write', async () => {
    mkdirSync(join(repo.root, 'cache'));
    writeFileSync(mirrors, 'a file');
    const error = await failure(fetch('main'));
    expect(error.problem).toBe('git-failed');
    expect(error.message).toMatch(/cannot be written \(\w+\); set AGENTSMD_CACHE_DIR to a folder that can$/);
  });

  it('is led elsewhere by no variable of git', async () => {
    vi.stubEnv('GIT_DIR', join(repo.root, 'other.git'));
    vi.stubEnv('GIT_OBJECT_DIRECTORY', join(repo.root, 'objects'));
    expect(await textAt(await fetch('main'))).toBe('three');
    expect(existsSync(join(repo.root, 'objects'))).toBe(false);
  });

  it('uses no protocol that the environment forbids', async () => {
    vi.stubEnv('GIT_ALLOW_PROTOCOL', 'https');
    expect((await failure(fetch('main'))).message).toContain("transport 'file' not allowed");
  });

  it('prints no password', async () => {
    const error = await failure(
      fetch('main', { address: 'https://bot:glpat-123@127.0.0.1:1/x.git?private_token=456' }),
    );
    expect(error.problem).toBe('unreachable');
    expect(error.message).toContain('https://127.0.0.1:1/x.git');
    expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error.cause)}`).not.toMatch(/glpat|456/);
  });

  describe('a server that never answers', () => {
    let server: Server;
    afterEach(() => new Promise((closed) => server.close(closed)));

    it('is left after the timeout, and nothing stays behind', async () => {
      server = createServer((socket) => socket.on('error', () => {}).resume());
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const { port } = server.address() as { port: number };
      const error = await failure(fetch('main', { address: `git://127.0.0.1:${port}/x.git`, timeout: 300 }));
      expect(error).toMatchObject({ problem: 'unreachable' });
      expect(error.message).toContain('no answer after 0.3 s');
      expect(readdirSync(mirrors)).toEqual([]);
    });
  });

  it('fetches everything where a server gives away only tips', async () => {
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'protocol.version');
    vi.stubEnv('GIT_CONFIG_VALUE_0', '0');
    await fetch('main');
    const first = await repo.git('rev-parse', 'main~2');
    expect(await textAt(await fetch(first))).toBe('one');
    expect(await failure(fetch('1'.repeat(40)))).toMatchObject({ problem: 'unknown-revision' });
  });
});
