import type { Trigger } from '../signal.ts';
import { type Known, ORDINARY, SOME } from './ci-conditions.ts';
import { strongest } from './ci-jobs.ts';

/**
 * One way in which a pipeline starts, as far as the filters and conditions of CI systems can tell it from others. Every
 * system has these; only how it names them differs.
 */
export interface Occasion {
  readonly trigger: Trigger;
  /** A change that is proposed, not yet merged. */
  readonly request: boolean;
  /** The branch that is built; `null` for a tag. */
  readonly branch: Known;
  readonly tag: Known;
}

const DEFAULT_BRANCH = `${SOME}default branch`;

/** In the order of how much they say about a change's checks. */
export const OCCASIONS: readonly Occasion[] = [
  { trigger: 'merge-request', request: true, branch: ORDINARY, tag: null },
  { trigger: 'push', request: false, branch: DEFAULT_BRANCH, tag: null },
  { trigger: 'release', request: false, branch: null, tag: `${SOME}tag` },
  { trigger: 'schedule', request: false, branch: DEFAULT_BRANCH, tag: null },
  { trigger: 'manual', request: false, branch: DEFAULT_BRANCH, tag: null },
];

/** The trigger of something that runs on these occasions. */
export function triggerOf(occasions: Iterable<Occasion>): Trigger {
  return strongest([...occasions].map(({ trigger }) => trigger));
}

/** A list of branches that lets some in and keeps others out. */
export interface BranchFilter {
  readonly only: readonly string[];
  readonly ignore: readonly string[];
}

/** Whether a branch filter lets an occasion in; a tag is no branch, so it is. */
export function branchFits({ only, ignore }: BranchFilter, { branch }: Occasion): boolean {
  if (branch === null) return true;
  const names = branch === ORDINARY ? isEveryBranch : isDefaultBranch;
  if (ignore.some((pattern) => (branch === ORDINARY ? isAny(pattern) : names(pattern)))) return false;
  return only.length === 0 || only.some(names);
}

/** A lone wildcard, as every system writes it: no branch is kept out. */
function isAny(pattern: string): boolean {
  return /^(?:refs\/heads\/)?(?:\*{1,2}|\*\*\/\*|\/?\^?\.[*+]\$?\/?)$/.test(pattern);
}

/** All branches, all but some (a pattern that starts with `(?!`), or those that stand for merge requests. */
function isEveryBranch(pattern: string): boolean {
  return isAny(pattern) || /^\/?\^?\(\?!|^\/?\^?pull\b/.test(pattern);
}

/** The default branch may have any name; these are the patterns that cannot mean it. */
function isDefaultBranch(pattern: string): boolean {
  return isAny(pattern) || !/^\/?\^?(?:\(\?!|pull\b|feature|fix|hotfix|renovate|dependabot|gh-pages)/.test(pattern);
}

/**
 * The occasions of a pipeline that does not say itself when it runs, by its file's name: many systems keep that in their
 * settings. `undefined` where the name says nothing.
 */
export function occasionsByName(path: string): readonly Occasion[] | undefined {
  const name = path.toLowerCase();
  const only = (trigger: Trigger): readonly Occasion[] => OCCASIONS.filter((occasion) => occasion.trigger === trigger);
  if (word('releases?|publish(?:ing)?|deploy(?:ment|s)?|official|signed|promote').test(name)) return only('release');
  if (word('nightly|schedules?|scheduled|weekly|daily|cron|perf|performance|benchmarks?').test(name))
    return only('schedule');
  if (word('manual|legacy|backups?|stale|cleanup|maintenance|dependency-update').test(name)) return only('manual');
  return undefined;
}

/** One of these words, by itself between separators. */
function word(words: string): RegExp {
  return new RegExp(`(?:^|[^a-z])(?:${words})(?:[^a-z]|$)`);
}
