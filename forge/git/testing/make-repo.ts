import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fastImport, type TestCommit, type TestFiles } from './fast-import.ts';

export interface RepositorySpec {
  /** The files of one commit; short for `commits: [{ files }]`. */
  readonly files?: TestFiles;
  /** A history, oldest first. It is streamed: 20,000 commits or 100,000 paths take a second or two. */
  readonly commits?: Iterable<TestCommit>;
}

export interface RepositoryShape {
  /** No working tree; much faster with many files. */
  readonly bare?: boolean;
  /** The folder's name; `repo` unless told. */
  readonly name?: string;
}

/** A real git repository in a temporary folder. */
export interface TestRepository {
  readonly dir: string;
  /** The commit at the tip of `main`; empty when there is none. */
  readonly commit: string;
  /** An empty folder of the test's own around `dir`, for clones and the like; real path. */
  readonly root: string;
  /** Runs git in `dir` and returns its stdout without the last line end. */
  git(...args: string[]): Promise<string>;
  cleanup(): Promise<void>;
}

/**
 * Makes a repository; without files and commits an empty one.
 *
 * @example const repo = await makeRepository({ files: { 'a.txt': 'a', run: { executable: '#!/bin/sh' } } });
 */
export async function makeRepository(spec: RepositorySpec = {}, shape: RepositoryShape = {}): Promise<TestRepository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-test-')));
  const dir = join(root, shape.name ?? 'repo');
  const git = (...args: string[]) => testGit(dir, args);
  await testGit(root, ['init', '--quiet', '--template=', ...(shape.bare ? ['--bare'] : []), dir]);
  const commits = spec.commits ?? (spec.files ? [{ files: spec.files }] : null);
  let commit = '';
  if (commits) {
    await testGit(dir, ['fast-import', '--quiet', '--done'], fastImport(commits));
    if (!shape.bare) await git('reset', '--quiet', '--hard', 'main');
    commit = await git('rev-parse', 'main');
  }
  return { dir, commit, root, git, cleanup: () => rm(root, { recursive: true, force: true }) };
}

/**
 * Runs git free of the machine's own configuration, with a fixed author and date, and returns its stdout.
 *
 * @throws Error with git's stderr when it fails.
 */
export async function testGit(
  dir: string,
  args: readonly string[],
  input: Iterable<Buffer | string> = [],
): Promise<string> {
  const child = spawn('git', ['-C', dir, ...CONFIGURATION, ...args], { env: { ...process.env, ...ENVIRONMENT } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // When git ends early the broken pipe is not the news; its stderr is.
  const fed = pipeline(Readable.from(input), child.stdin).catch(() => {});
  const [code] = await Promise.all([ended, fed]);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${Buffer.concat(stderr).toString('utf8')}`);
  return Buffer.concat(stdout).toString('utf8').replace(/\n$/, '');
}

const CONFIGURATION = [
  ...['-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false', '-c', 'core.autocrlf=false'],
  // Local clones of submodules and partial clones from file:// need both.
  ...['-c', 'protocol.file.allow=always', '-c', 'advice.detachedHead=false'],
];

const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};
