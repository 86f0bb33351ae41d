import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../../forge/entries-below.ts';
import type { TestFile } from '../../forge/git/testing/fast-import.ts';

export type Files = Readonly<Record<string, TestFile>>;

/** A merge request of somebody whom nobody trusts, and what lies around it. */
export interface Merge {
  readonly title: string;
  readonly description: string;
  readonly branch: string;
  readonly tags: readonly string[];
  /** Of the one commit. */
  readonly message: string;
  /** `Name <address>` of the commit. */
  readonly author: string;
  /** What the author is called on GitLab. */
  readonly person: string;
  /** The target branch. */
  readonly before: Files;
  /** `null`: gone. */
  readonly change: Readonly<Record<string, TestFile | null>>;
  /** By eve, a Developer who did not open it, before anything is reviewed. */
  readonly comments: readonly string[];
  /** The same by ada, who opened it. */
  readonly ownComments: readonly string[];
  /** By ada, who opened it, in each thread of a first review. */
  readonly replies: readonly string[];
  /** The configuration that the target branch has counts, instead of one that lies elsewhere; models are those of a variable. */
  readonly ownConfig: boolean;
  /** What the organisation's template for reviewers says. */
  readonly template: string | null;
  /** What the remote configuration of the models says. */
  readonly remote: string | null;
  /** What GitLab's answers say besides, wherever they hold a text of people; their addresses lead to somebody hostile then. */
  readonly answers: string | null;
  /** What the first reviewer finds, and what the coordinator makes of it, besides what a helpful one says. */
  readonly finding: Readonly<Record<string, unknown>>;
  readonly judgement: Readonly<Record<string, unknown>>;
  /** The lines by which a coordinator that gives in drops what was found. */
  readonly excuse: readonly unknown[];
  /** What the models do first, one step each. */
  readonly steps: readonly { readonly name: string; readonly arguments: unknown }[];
}

export const FIXTURES = join(import.meta.dirname, 'fixtures');

interface Shop extends Pick<Merge, 'title' | 'description' | 'branch' | 'message' | 'author' | 'change'> {
  readonly sound: Merge['change'];
}

/** The clean one: `broken` breaks a rule that a program checks, `sound` breaks none. */
export function shopMerge(kind: 'broken' | 'sound'): Merge {
  const { sound, ...shop }: Shop = JSON.parse(readFileSync(join(FIXTURES, 'shop/mr.json'), 'utf8'));
  return {
    ...shop,
    change: kind === 'sound' ? sound : shop.change,
    before: filesIn(join(FIXTURES, 'shop/repo')),
    ...{
      person: 'Ada',
      tags: [],
      comments: [],
      ownComments: [],
      replies: [],
      ownConfig: false,
      template: null,
      remote: null,
      answers: null,
    },
    ...{ finding: {}, judgement: {}, steps: [], excuse: [{ path: 'src/pay.ts', line: 1, side: 'new' }] },
  };
}

/** All files below a folder, by their paths in it. */
export function filesIn(folder: string): Files {
  return Object.fromEntries(
    entriesBelow(folder)
      .filter((path) => lstatSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}
