import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { GitError, gitMissing } from './errors.ts';

export interface GitOptions {
  /** Where git runs (`git -C`). */
  readonly dir?: string;
  /** Laid over git's safe environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitRunOptions extends GitOptions {
  /** Written to git's stdin, which is empty otherwise; pieces one after the other, as git takes them. */
  readonly input?: string | Uint8Array | Generator<string>;
  /** More output than this, in bytes, ends the command with a `GitError`. 256 MiB unless told. */
  readonly maxBytes?: number;
  /** Exit codes that are no failure. Only 0 unless told. */
  readonly codes?: readonly number[];
  /** Ends the command; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs git to its end and returns its stdout.
 *
 * Git is run so that nothing which the repository's own configuration names gets executed and no network is touched:
 * see {@link spawnGit}. A caller that asks for diffs must still pass `--no-ext-diff --no-textconv`, and no caller may
 * ask git to compare or convert working-tree files (`status`, `diff`, `ls-files -m`): that runs `filter.*.clean`.
 *
 * @throws GitError when git exits with anything but 0 (or `codes`), or says more than `maxBytes`.
 * @throws RepositoryError (`git-missing`) when there is no git.
 */
export function runGit(args: readonly string[], options: GitRunOptions = {}): Promise<Buffer> {
  const { signal, maxBytes = 256 << 20, codes = [0] } = options;
  const command = args[0] ?? '';
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const child = spawnGit(args, options);
    const stdout: Buffer[] = [];
    let bytes = 0;
    let failure: unknown;
    const stop = (why: unknown) => {
      failure ??= why;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open past git's death.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const abort = () => stop(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const stderr = collectText(child.stderr);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) stop(new GitError(command, null, `more than ${maxBytes} bytes of output`));
      else stdout.push(chunk);
    });
    child.on('error', (error) => {
      failure ??= spawnFailure(error);
    });
    child.on('close', (code) => {
      signal?.removeEventListener('abort', abort);
      if (failure === undefined && code !== null && codes.includes(code)) resolve(Buffer.concat(stdout, bytes));
      else reject(failure ?? new GitError(command, code, stderr()));
    });
    const { input = '' } = options;
    if (typeof input === 'string' || input instanceof Uint8Array) child.stdin.end(input);
    else Readable.from(input).on('error', stop).pipe(child.stdin);
  });
}

/**
 * Starts git; the one place that does. Three things keep a hostile repository's configuration from running anything:
 * file-system monitor and hooks are off, `GIT_ALLOW_PROTOCOL` leaves no transport (the variable beats any
 * `protocol.*.allow` in a config file, which a mere `-c` does not), and nothing is inherited that points git elsewhere.
 */
export function spawnGit(args: readonly string[], options: GitOptions = {}): ChildProcessWithoutNullStreams {
  const dir = options.dir === undefined ? [] : ['-C', options.dir];
  const child = spawn('git', [...dir, ...SAFE_OPTIONS, ...args], {
    env: { ...gitEnvironment(process.env), ...options.env },
    stdio: 'pipe',
    windowsHide: true,
  });
  // A child that dies while it is written to is reported by its end; the broken pipe itself tells nothing.
  child.stdin.on('error', () => {});
  return child;
}

/** Reads a stream to text, of which the first 64 KiB are kept: for stderr, where the first lines tell. */
export function collectText(stream: NodeJS.ReadableStream): () => string {
  const kept: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < 64 << 10) kept.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(kept).toString('utf8');
}

/** What to tell a person when a child process could not be started at all. */
export function spawnFailure(error: Error): Error {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? gitMissing(error) : error;
}

const SAFE_OPTIONS: readonly string[] = [
  '--no-pager',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotepath=off', 'protocol.allow=never'].flatMap(set),
  // `git log` would run the configured gpg.program.
  ...set('log.showSignature=false'),
  // This setting guards against bare repositories met by chance; ours was named by the user. Ownership is still checked.
  ...set('safe.bareRepository=all'),
];

function set(setting: string): string[] {
  return ['-c', setting];
}

const SAFE_ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // A list of allowed protocols, and there is none of this name. (Empty would allow the one with the empty name.)
  GIT_ALLOW_PROTOCOL: 'none',
  // Git 2.45 and newer: a missing object of a partial clone is an error at once.
  GIT_NO_LAZY_FETCH: '1',
  // Replace refs show other content than the commit's id stands for; a forge ignores them too.
  GIT_NO_REPLACE_OBJECTS: '1',
};

/** Git's variables that are a person's or a machine's settings; every other one could lead git to another repository. */
const KEPT = /^GIT_(?:CONFIG_|EXEC_PATH$|CEILING_DIRECTORIES$|DISCOVERY_ACROSS_FILESYSTEM$)/;

function gitEnvironment(inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (!name.startsWith('GIT_') || KEPT.test(name)) environment[name] = value;
  }
  return { ...environment, ...SAFE_ENVIRONMENT };
}
