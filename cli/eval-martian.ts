import { join } from 'node:path';
import { RepositoryError } from '../forge/git/errors.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { runGit } from '../forge/git/run.ts';
import { type Candidate, candidateOf, type GoldenPull, readGolden } from '../reviewer/eval/martian.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { IncompleteError, UsageError } from './errors.ts';
import { reviewStored } from './eval-replay.ts';
import { statOf } from './stat-of.ts';

/** How our findings are called among those of others. */
const TOOL = 'agentsmd';

/**
 * Reviews the pull requests of a file of golden comments, from clones on the disk, and prints what was found in the shape of the
 * benchmark's `candidates.json`. Which of it is what people found is for a judge to say.
 */
export async function evalMartian(file: string, input: CommandInput, loaded: LoadedConfig): Promise<0> {
  const { out, text, flag } = input;
  const repos = text('repos');
  if (repos === undefined) throw new UsageError('--format martian needs --repos: the folder with clones to review');
  if (text('gate') !== undefined || text('against') !== undefined)
    throw new UsageError('--format martian: nothing is scored without a judge; leave out --gate and --against');
  const pulls = readGolden(file);
  const found: Record<string, Record<string, readonly Candidate[]>> = {};
  const left: string[] = [];
  for (const [at, pull] of pulls.entries()) {
    out.progress(`${at + 1} of ${pulls.length}: ${pull.repository} ${pull.number}`);
    const place = await placeOf(pull, repos);
    if (typeof place === 'string') left.push(`${pull.url}: ${place}`);
    else if (flag('dryRun')) out.result(`${pull.url}: ${place.base.slice(0, 12)}..${place.head.slice(0, 12)}\n`);
    else {
      const { decision, because, findings } = await reviewStored({ ...place, said: [pull.title] }, loaded, out);
      if (decision === null) left.push(`${pull.url}: no decision: ${because}`);
      else found[pull.url] = { [TOOL]: findings.map(candidateOf) };
    }
  }
  out.progress('');
  if (!flag('dryRun')) out.document(found);
  for (const one of left) out.warn(`not reviewed: ${one}`);
  const comments = pulls.reduce((sum, pull) => sum + pull.comments, 0);
  out.note(
    `${comments} golden comments in ${pulls.length} pull requests; whether a finding is one of them needs a judge`,
  );
  if (left.length > 0) throw new IncompleteError(`${left.length} of ${pulls.length} pull requests were not reviewed`);
  return 0;
}

interface PullPlace {
  readonly dir: string;
  readonly base: string;
  readonly head: string;
}

/** The clone of a pull request and its two commits, or why they are not there. Nothing is fetched. */
async function placeOf({ owner, repository, number }: GoldenPull, repos: string): Promise<PullPlace | string> {
  const folder = [join(repos, owner, repository), join(repos, repository)].find((path) => statOf(path)?.isDirectory());
  if (folder === undefined) return `no clone at ${join(repos, owner, repository)}`;
  try {
    const { dir } = await locateRepository(folder);
    const commit = async (ref: string) =>
      (await runGit(['for-each-ref', '--format=%(objectname)', ref], { dir })).toString('utf8').trim();
    const [head, base] = [await commit(`refs/pull/${number}/head`), await commit(`refs/pull/${number}/base`)];
    if (head === '') return `git -C ${folder} fetch origin pull/${number}/head:refs/pull/${number}/head`;
    // Once it is merged, its branch holds nothing that the branch it went into does not: where it began cannot be told any more.
    if (base === '')
      return `name the commit that it went into: git -C ${folder} update-ref refs/pull/${number}/base COMMIT`;
    return { dir, base, head };
  } catch (error) {
    if (error instanceof RepositoryError) return error.message;
    throw error;
  }
}
