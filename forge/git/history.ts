import type { ChangeSet, Fate, History } from '../history.ts';
import { isPlainPath } from '../plain-path.ts';
import { GitError, RepositoryError } from './errors.ts';
import { readFates } from './fates.ts';
import { locateRepository, type Repository } from './locate.ts';
import { LOG_OPTIONS } from './log-options.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { headCommit, resolveCommit } from './revision.ts';
import { runGit } from './run.ts';

/**
 * The history of the local git repository that a folder is, or lies in, up to `rev` or HEAD. Reads commits and trees,
 * never files; 20,000 changes take a second or two.
 *
 * @throws RepositoryError when there is no such repository or revision.
 */
export async function openHistory(path: string, options: { readonly rev?: string } = {}): Promise<History> {
  const repository = await locateRepository(path);
  const { rev } = options;
  const tip = rev === undefined ? await headCommit(repository) : await resolveCommit(repository, rev);
  const shallow = await runGit(['rev-parse', '--is-shallow-repository'], { dir: repository.dir });
  return {
    complete: shallow.toString('utf8').trim() !== 'true',
    fates: async (paths) => (tip === null || paths.length === 0 ? new Map() : await fatesOf(repository, tip, paths)),
    changes: async (last) => (tip === null || last < 1 ? [] : await readChanges(repository, tip, last)),
  };
}

async function fatesOf(
  repository: Repository,
  tip: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Fate>> {
  try {
    return await readFates(repository, tip, paths);
  } catch (error) {
    throw unreadable(repository, error);
  }
}

async function readChanges(repository: Repository, tip: string, last: number): Promise<readonly ChangeSet[]> {
  const range = [`--max-count=${last}`, '--end-of-options', tip, '--'];
  try {
    const output = await runGit([...LOG, ...range], { dir: repository.dir, maxBytes: MAX_LISTING_BYTES });
    return parseLog(output);
  } catch (error) {
    throw unreadable(repository, error);
  }
}

function unreadable(repository: Repository, error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  const message = `${repository.dir}: cannot read its history: ${error.message}`;
  return new RepositoryError('git-failed', message, { cause: error });
}

/** One change for each commit on the main line: where merge requests are merged, that is the merge request. */
const LOG = [
  ...['log', '--first-parent', '--diff-merges=first-parent', '--name-status', ...LOG_OPTIONS],
  '--format=%x01%H%x02%an',
];

/** What programs are called that commit: of GitHub, of GitLab (`project_12_bot_ab`), and by their makers. */
const PROGRAM =
  /\[bot\]$|(?:^|[-_. ])bot$|^(?:project|group)_\d+_bot|^(?:dependabot|renovate|github-actions|greenkeeper|pre-commit-ci|allcontributors|weblate|crowdin|transifex)\b/i;

/** Reads `\x01COMMIT\x02AUTHOR<NUL>` and, for each file of it, `STATUS<NUL>PATH<NUL>`. */
export function parseLog(output: Buffer): ChangeSet[] {
  const changes: { commit: string; added: string[]; modified: string[]; deleted: string[]; automated?: true }[] = [];
  let status = '';
  forEachRecord(output, (text) => {
    if (status === '') {
      const mark = text.indexOf('\x01');
      if (mark !== -1) {
        const [commit = '', author = ''] = text.slice(mark + 1).split('\x02');
        const automated = PROGRAM.test(author) ? ({ automated: true } as const) : {};
        changes.push({ commit, added: [], modified: [], deleted: [], ...automated });
      }
      // After the last line of a commit's message stands a line end.
      else status = text.trimStart().slice(0, 1);
      return;
    }
    const change = changes.at(-1);
    if (change && isPlainPath(text)) {
      if (status === 'A') change.added.push(text);
      else if (status === 'D') change.deleted.push(text);
      else change.modified.push(text);
    }
    status = '';
  });
  return changes;
}
