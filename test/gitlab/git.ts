import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface GitRun {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure, besides 0. */
  readonly codes?: readonly number[];
}

/** Runs git in a bare repository, free of the machine's own configuration. @throws Error with git's stderr. */
export async function git(gitDir: string, args: readonly string[], run: GitRun = {}): Promise<Buffer> {
  const child = spawn('git', ['--git-dir', gitDir, ...args], { env: gitEnvironment(run.env) });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(run.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code === 0 || run.codes?.includes(code ?? -1)) return Buffer.concat(stdout);
  throw new Error(`git ${args.join(' ')}: ${Buffer.concat(stderr).toString('utf8').trim()}`);
}

/** As `git`, as text without the last line end; `undefined` where git fails. */
export async function gitLine(gitDir: string, args: readonly string[], run: GitRun = {}): Promise<string | undefined> {
  return git(gitDir, args, run).then(
    (bytes) => bytes.toString('utf8').replace(/\n$/, ''),
    () => undefined,
  );
}

export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...more,
  };
}

/**
 * Makes an empty bare repository without running git: thousands are made in a few seconds.
 * @param alternates The object folder of another repository.
 */
export async function makeBare(gitDir: string, defaultBranch: string, alternates?: string): Promise<void> {
  await mkdir(join(gitDir, 'refs/heads'), { recursive: true });
  await mkdir(join(gitDir, 'objects/info'), { recursive: true });
  await writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  await writeFile(join(gitDir, 'config'), BARE);
  if (alternates) await writeFile(join(gitDir, 'objects/info/alternates'), `${alternates}\n`);
}

/** Whether it has no branch. Without running git: lists of projects ask it of each. */
export async function isEmpty(gitDir: string): Promise<boolean> {
  const loose = await readdir(join(gitDir, 'refs/heads'), { recursive: true, withFileTypes: true });
  if (loose.some((entry) => entry.isFile())) return false;
  const packed = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  return !packed.includes(' refs/heads/');
}

/** Gitaly serves partial clones and single objects, too. Nothing is collected behind a test's back. */
const BARE = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[http]
	receivepack = true
[gc]
	auto = 0
[receive]
	autogc = false
`;

/** The id that git writes where there is no object. */
export const NOWHERE = '0'.repeat(40);
