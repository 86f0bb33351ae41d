import { cacheFolder } from '../codex/cache.ts';
import type { InstanceSettings } from '../forge/config.ts';
import { type Change, openChange, openStaged } from '../forge/git/change.ts';
import { RepositoryError } from '../forge/git/errors.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { resolveCommit } from '../forge/git/revision.ts';
import { runGit } from '../forge/git/run.ts';
import type { FileChange } from '../forge/history.ts';
import { DEFAULT_READ_LIMITS } from '../forge/reader.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { IncompleteError, UsageError } from './errors.ts';
import { instancesOfJob, type MergeRequestChange, mergeRequestJob } from './merge-request-job.ts';
import { ignoring } from './open-target.ts';

/** What is reviewed: the working tree, what is staged, the way from one commit to another, or a merge request. */
export interface ReviewWish {
  /** The folder that was named; `null` for a merge request that was named by its address. */
  readonly folder: string | null;
  /** Where the commits are: that folder, or a repository of our own that may borrow from it. */
  readonly repo: string;
  readonly staged: boolean;
  /** Absent with `staged`. */
  readonly base?: string;
  /** Absent for the working tree. */
  readonly head?: string;
  /** Where it is one. */
  readonly mergeRequest?: MergeRequestChange;
  close(): Promise<void>;
}

/**
 * What the options mean. Without any, a job of a merge request pipeline is about its merge request, anything else about the working
 * tree; without a base it is the branch that changes go into by default. `close` it.
 *
 * @throws {UsageError} where options exclude each other. @throws {IncompleteError} where what it takes cannot be had.
 */
export async function reviewWish(input: CommandInput): Promise<ReviewWish> {
  const { argument, text, flag } = input;
  const folder = argument('path') ?? '.';
  const local = { folder, repo: folder, close: async () => {} };
  const [base, head] = [text('base'), text('head')];
  if (flag('staged')) {
    if (base !== undefined || head !== undefined)
      throw new UsageError('--staged is compared with HEAD: leave out --base and --head');
    return { ...local, staged: true };
  }
  if (head !== undefined && flag('local')) throw new UsageError('--local is the working tree: leave out --head');
  if (head !== undefined && base === undefined)
    throw new UsageError('--head needs --base: the branch or commit that it is compared with');
  const job = base === undefined && !flag('local') ? mergeRequestJob(process.env) : undefined;
  if (job) return await mergeRequestWish(job, await instancesOfJob(input, folder, job.server), folder, input.out);
  return {
    ...local,
    staged: false,
    base: base ?? (await defaultBranch(folder)),
    ...(head === undefined ? {} : { head }),
  };
}

/** What was compared with what, for whoever wonders why there is nothing to review. */
export function comparedText({ staged, base = 'HEAD', head }: ReviewWish): string {
  const what = staged ? 'what is staged' : (head ?? 'the working tree');
  return `${what} was compared with ${base}: --base REV compares with something else, such as HEAD~1`;
}

/**
 * A merge request, as it is on the server. The clone of a job lacks the branch that it goes into, and most of the history.
 *
 * @param folder such a clone, if there is one.
 * @throws {IncompleteError} where the merge request moved on since: another change is not reviewed in its place.
 */
export async function mergeRequestWish(
  mergeRequest: MergeRequestChange,
  instances: readonly InstanceSettings[],
  folder: string | null,
  out: CommandInput['out'],
): Promise<ReviewWish> {
  const { project, iid, target, head } = mergeRequest;
  out.progress(folder === null ? `fetching !${iid}` : `fetching what this clone lacks of !${iid}`);
  const { mergeRequestClone } = await import('../forge/gitlab/merge-request-clone.ts');
  const place = { instances, project, iid, target };
  const clone = await mergeRequestClone(folder, place, process.env, cacheFolder(process.env)).catch((error) => {
    if (!(error instanceof RepositoryError) || error.problem !== 'unknown-revision') throw error;
    throw new IncompleteError(`!${iid} cannot be told: ${error.message}`, { cause: error });
  });
  if (clone.head === head)
    return { folder, repo: clone.dir, staged: false, base: clone.target, head, mergeRequest, close: clone.close };
  await clone.close();
  throw new IncompleteError(
    `!${iid} is at ${clone.head.slice(0, 12)} now, and this is about ${head.slice(0, 12)}: nothing is reviewed; the pipeline of the newer commit reviews it`,
  );
}

const BRANCHES = [
  'refs/remotes/origin/HEAD',
  'refs/remotes/origin/main',
  'refs/remotes/origin/master',
  'refs/heads/main',
  'refs/heads/master',
];

async function defaultBranch(repo: string): Promise<string> {
  const { dir } = await locateRepository(repo);
  const output = await runGit(['for-each-ref', '--format=%(refname)', ...BRANCHES], { dir });
  const there = new Set(output.toString('utf8').split('\n'));
  const found = BRANCHES.find((name) => there.has(name));
  if (found === undefined)
    throw new UsageError(
      'no branch that changes go into is known here (origin/HEAD, main, master): name it with --base',
    );
  return found.replace(/^refs\/(?:remotes|heads)\//, '');
}

/** Lock files, which rules about dependencies read, are larger than what people write. */
const FILE_BYTES = 8 << 20;

/**
 * Opens the change that was wished for. What `facts.ignore` leaves out is not part of it.
 *
 * @throws {IncompleteError} where this clone does not hold what it takes: never is another change reviewed in its place.
 * @throws {RepositoryError}
 */
export async function openReview(
  { repo, staged, base, head }: ReviewWish,
  { facts }: Pick<Config, 'facts'>,
): Promise<Change> {
  const { ignore } = facts;
  const limits = {
    fileBytes: Math.max(facts.limits.fileBytes, FILE_BYTES),
    totalBytes: Math.max(facts.limits.totalBytes, 2 * DEFAULT_READ_LIMITS.totalBytes),
  };
  const change = staged ? await openStaged(repo, limits) : await opened(repo, base!, head, limits);
  if (ignore.length === 0) return change;
  const [before, after] = [await ignoring(change.before, ignore), await ignoring(change.after, ignore)];
  const [was, is] = await Promise.all([before.paths(), after.paths()]);
  const [old, now] = [new Set(was.map(({ path }) => path)), new Set(is.map(({ path }) => path))];
  const files = change.files.flatMap((file) => shownOf(file, old, now));
  return { ...change, before, after, files };
}

/** A file of a change without what is not shown: one that was moved there is gone, one that came from there is new. */
function shownOf(file: FileChange, old: ReadonlySet<string>, now: ReadonlySet<string>): readonly FileChange[] {
  const { path, from } = file;
  if (from === undefined) return old.has(path) || now.has(path) ? [file] : [];
  if (old.has(from) && now.has(path)) return [file];
  if (now.has(path)) return [{ status: 'added', path }];
  return old.has(from) && file.status === 'renamed' ? [{ status: 'deleted', path: from }] : [];
}

/** Its title, and the first lines of the messages of its commits; none of what is only staged. */
export async function titlesOf(
  { repo, staged, head, mergeRequest }: ReviewWish,
  { before }: Pick<Change, 'before'>,
): Promise<readonly string[]> {
  if (staged || before.commit === null) return [];
  const own = mergeRequest ? [mergeRequest.title] : [];
  const { dir } = await locateRepository(repo);
  const args = [
    'log',
    `--max-count=${MOST_TITLES}`,
    '--format=%s',
    '--end-of-options',
    `${before.commit}..${head ?? 'HEAD'}`,
    '--',
  ];
  return [...own, ...(await runGit(args, { dir })).toString('utf8').split('\n')].filter(Boolean);
}

const MOST_TITLES = 200;

async function opened(
  repo: string,
  base: string,
  head: string | undefined,
  limits: Config['facts']['limits'],
): Promise<Change> {
  try {
    return await openChange(repo, { base, rev: head, limits });
  } catch (error) {
    if (!(error instanceof RepositoryError) || error.problem !== 'unknown-revision') throw error;
    const how = await advice(repo, base);
    if (how === undefined) throw error;
    throw new IncompleteError(`${error.message}${how}`, { cause: error });
  }
}

/** What brings the missing commits, as jobs of a pipeline clone little; `undefined` where there is nowhere to fetch them from. */
async function advice(repo: string, base: string): Promise<string | undefined> {
  const repository = await locateRepository(repo);
  const { dir } = repository;
  const shallow = (await runGit(['rev-parse', '--is-shallow-repository'], { dir })).toString('utf8').trim() === 'true';
  const remotes = (await runGit(['remote'], { dir })).toString('utf8').split('\n');
  if (!shallow && !remotes.includes('origin')) return undefined;
  const known = await resolveCommit(repository, base).catch(() => undefined);
  const branch = base.replace(/^origin\//, '');
  if (known === undefined)
    return `\nbring it: git fetch ${shallow ? '--unshallow ' : ''}origin ${branch}:refs/remotes/origin/${branch}, and name origin/${branch}`;
  return shallow ? '\nbring the history: git fetch --unshallow origin (in GitLab CI: GIT_DEPTH: 0)' : '';
}
