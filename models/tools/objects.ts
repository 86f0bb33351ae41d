import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitFolders } from '../../forge/git/common-folder.ts';
import { RepositoryError } from '../../forge/git/errors.ts';
import type { Repository } from '../../forge/git/locate.ts';
import { resolveCommit } from '../../forge/git/revision.ts';
import { spawnGit } from '../../forge/git/run.ts';
import { makeStandIn } from '../../forge/git/stand-in.ts';
import { Refused } from './refusals.ts';

export interface GitOutput {
  readonly bytes: Buffer;
  /** There was more than asked for. */
  readonly more: boolean;
}

/** A file of a commit. */
export interface Blob {
  readonly oid: string;
  readonly bytes: number;
}

/**
 * The history of a repository. Git is run in a stand-in that has the repository's objects and nothing of its configuration, nor of
 * anybody's: no alias, no pager, no driver that it could name is known there. Revisions become ids before they get there.
 */
export class GitObjects {
  readonly #repository: Repository;
  readonly #head: string;

  /** @param head What `HEAD` stands for; absent: what it does in the repository. */
  constructor(repository: Repository, head = 'HEAD') {
    this.#repository = repository;
    this.#head = head;
  }

  /** @throws Refused */
  async commit(revision: string): Promise<string> {
    if (!REVISION.test(revision) || revision.includes('..')) throw new Refused('bad-revision', revision);
    try {
      return await resolveCommit(this.#repository, revision.replace(/^HEAD(?=[~^]|$)/, this.#head));
    } catch (error) {
      throw error instanceof RepositoryError ? new Refused('unknown-revision', revision) : error;
    }
  }

  /** Whether the clone does not know what was before a commit. */
  isCutOff(commit: string): boolean {
    return this.#shallow().includes(commit);
  }

  /**
   * Of git's output at most so much.
   *
   * @throws Refused when git fails before that.
   */
  async run(args: readonly string[], signal: AbortSignal, mostBytes: number): Promise<GitOutput> {
    signal.throwIfAborted();
    const standIn = makeStandIn(this.#repository);
    try {
      const folder = standIn.env.GIT_DIR!;
      const shallow = this.#shallow();
      if (shallow.length > 0) writeFileSync(join(folder, 'shallow'), `${shallow.join('\n')}\n`);
      return await collected(args, { dir: folder, env: { ...standIn.env, ...NOBODYS } }, signal, mostBytes);
    } finally {
      standIn.remove();
    }
  }

  /** @throws Refused for what is no file there. */
  async blob(commit: string, path: string, signal: AbortSignal): Promise<Blob> {
    const { bytes } = await this.run(['ls-tree', '-z', '-l', '--full-tree', commit, '--', path], signal, 64 << 10);
    const [, mode = '', oid = '', size = ''] =
      /^(\d{6}) \w+ ([0-9a-f]{40,64}) +(\d+|-)\t/.exec(bytes.toString('latin1')) ?? [];
    if (mode === '') throw new Refused('not-found', `${path} at ${commit.slice(0, 12)}`);
    if (!mode.startsWith('100')) throw new Refused('not-a-file', path);
    return { oid, bytes: Number(size) };
  }

  /** Commits without parents here; gitrepository-layout(5). */
  #shallow(): readonly string[] {
    const file = join(gitFolders(this.#repository.dir).common, 'shallow');
    try {
      const stats = lstatSync(file);
      if (!stats.isFile() || stats.size > MOST_SHALLOW) return [];
      return readFileSync(file, 'latin1')
        .split('\n')
        .filter((line) => FULL.test(line));
    } catch {
      return []; // a whole clone
    }
  }
}

/** A name of a branch, tag or commit, and steps back from it: no option, no range, no search, no date, no path. */
const REVISION = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_./+#-]{0,199}(?:[~^]\d{0,6}){0,20}$/u;
const FULL = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const MOST_SHALLOW = 4 << 20;

/** What a person or a machine has set holds here no more than what the repository has. */
const NOBODYS: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '0',
  GIT_CONFIG_PARAMETERS: '',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_PAGER: '',
};

async function collected(
  args: readonly string[],
  options: { readonly dir: string; readonly env: Readonly<Record<string, string>> },
  signal: AbortSignal,
  mostBytes: number,
): Promise<GitOutput> {
  const child = spawnGit(args, options);
  const kill = (): void => {
    child.kill('SIGKILL');
    child.stdout.destroy();
  };
  signal.addEventListener('abort', kill, { once: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    child.stdin.end();
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) kill();
    });
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    signal.throwIfAborted();
    if (code !== 0 && bytes <= mostBytes) throw new Refused('git-failed');
    return { bytes: Buffer.concat(chunks).subarray(0, mostBytes), more: bytes > mostBytes };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
