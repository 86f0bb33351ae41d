import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FilePatch } from '../reviewer/context/shared.ts';

/** A merge request as it was pushed to three times. */
export interface Merge {
  /** Bare git directory at `<owner>+<name>/repo`. */
  readonly repo: string;
  readonly base: string;
  /** Head after each push: three successive commits. */
  readonly pushes: readonly [string, string, string];
}

/**
 * Branches as they were merged, each with its last three commits; where a project only squashes (renovate, vitest), three successive
 * commits of the main line. Chosen by size of repository (140 to 3,950 files) and of change (2 to 66 files), not by what came out.
 */
export const MERGES: readonly Merge[] = [
  merge('agentjido/jido', 'd05711885d5e', '7a9be1b1c09f', '13e2e6db40ed', 'ee00dc0deb12'),
  merge('agentjido/jido', 'eb1d8dd71d91', '025b84075da6', 'cef41b159b36', '572e1cb98334'),
  merge('intellectronica/ruler', '57a52b5ec408', '9c905c6085e6', '492d663def12', 'cae959793f52'),
  merge('intellectronica/ruler', '95f0e7a0bb2b', '93d1bb89a7e1', '2abcc9ea6e1a', 'd39beeb18736'),
  merge('wp-cli/wp-cli', '63fb80efceb3', 'a0532ec270d5', '058c2dd647c8', 'de4fc319ab80'),
  merge('wp-cli/wp-cli', 'cde8360816d3', '5d20c89f44fa', 'b341ec684a50', 'e39df9e85a37'),
  merge('fsprojects/fantomas', 'e91b4bc18e09', 'b71ee33689e8', 'a357c7e5e5b4', '9ce172d2d8d6'),
  merge('buildkite/agent', '7e70e40b1a14', 'cc7d4fe5c33c', 'fa9b60e030da', 'bd0c4f81042e'),
  merge('buildkite/agent', '5286a2e1fd0c', '5a0083c6cddc', 'a98db054d6de', '7e42b385e487'),
  merge('getsentry/sentry-dart', '5f4cc676c153', '441770940124', '49bbdf78cbcf', 'a7757ee5c883'),
  merge('PrefectHQ/fastmcp', '2a93404e8cb8', 'aaaca09a91ce', '62afdca77564', 'a2bec08e7660'),
  merge('PrefectHQ/fastmcp', '4ebb3fd5e67e', 'f7eed91aa811', '46cd0c793357', '5745323ecd99'),
  merge('gohugoio/hugo', '5b4bfc2db719', '019299b0b0bb', 'e3308a0bbc2d', 'cc14c6a52c21'),
  merge('vitest-dev/vitest', 'c6174a6cf', '1bbc278c2', '3069e5927', '1d365db15'),
  merge('renovatebot/renovate', '6c7d345057', '1fc0a3e5bd', '4593b9b5a6', 'd1b6830ddf'),
];

function merge(repo: string, base: string, ...pushes: [string, string, string]): Merge {
  return { repo, base, pushes };
}

/** What a review reads of a merge request after one push. */
export interface Change {
  readonly title: string;
  readonly description: string;
  /** AGENTS.md at the base. */
  readonly instructions: string;
  /** In git's order, hunks only, as GitLab gives them; what has no text is left out. */
  readonly files: readonly FilePatch[];
  /** Paths at the head. */
  readonly paths: readonly string[];
}

export interface OpenMerge extends AsyncDisposable {
  readonly dir: string;
  /** Checks out the head of one push, and reads the change. */
  push(head: string): Promise<Change>;
}

/** @returns `undefined` where the folder has no such repository, or not with these commits. */
export async function openMerge(folder: string, { repo, base, pushes }: Merge): Promise<OpenMerge | undefined> {
  const bare = join(folder, repo.replace('/', '+'), 'repo');
  if (!existsSync(bare)) return undefined;
  for (const commit of [base, ...pushes])
    if ((await git(bare, 'cat-file', '-t', commit).catch(() => '')).trim() !== 'commit') return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'agentsmd-bench-'));
  await git(dir, 'clone', '--quiet', '--shared', '--no-checkout', bare, '.');
  // Pictures and films are what a partial clone lacks, and no tool reads them.
  await git(dir, 'sparse-checkout', 'set', '--no-cone', '/*', ...MEDIA.map((ending) => `!*.${ending}`));
  return {
    dir,
    async push(head) {
      await git(dir, 'checkout', '--quiet', '--detach', head);
      const [diff, words, instructions, paths] = await Promise.all([
        git(dir, 'diff', '--no-color', '--no-ext-diff', '--no-renames', base, head),
        git(dir, 'log', '--reverse', '--format=%B', `${base}..${pushes[0]}`),
        git(dir, 'show', `${base}:AGENTS.md`).catch(() => ''),
        git(dir, 'ls-files'),
      ]);
      const [title = '', ...description] = words.trim().split('\n');
      return {
        title,
        description: description.join('\n').trim(),
        instructions,
        files: patchesOf(diff),
        paths: paths.trim().split('\n'),
      };
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

const MEDIA = ['gif', 'png', 'jpg', 'jpeg', 'ico', 'webm', 'mp4', 'pdf', 'zip', 'gz', 'snap.bin'];

/** A path with a character that git quotes is left out: none of the merges has one. */
function patchesOf(diff: string): readonly FilePatch[] {
  return diff.split(/^(?=diff --git )/m).flatMap((part) => {
    const path = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? /^--- a\/(.+)$/m.exec(part)?.[1];
    const hunks = part.search(/^@@ /m);
    return path === undefined || hunks === -1 ? [] : [{ path, patch: part.slice(hunks).trimEnd() }];
  });
}

const execute = promisify(execFile);

async function git(dir: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1' };
  return (await execute('git', ['-C', dir, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, env })).stdout;
}
