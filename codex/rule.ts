import type { Check } from './checks/check.ts';
import type { RuleStanding } from './standing.ts';

/** RFC 2119: only `MUST` can block. */
export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;
export type Level = (typeof LEVELS)[number];

/** The words of RFC 2119, and the levels they stand for. */
export const LEVEL_OF: Readonly<Record<string, Level>> = {
  MUST: 'MUST',
  SHALL: 'MUST',
  REQUIRED: 'MUST',
  SHOULD: 'SHOULD',
  RECOMMENDED: 'SHOULD',
  MAY: 'MAY',
  OPTIONAL: 'MAY',
};

/**
 * - `draft`: being written; nothing asks it.
 * - `trial`: checked, but what it finds is information and blocks nothing.
 * - `active`: in force.
 * - `deprecated`, `superseded`: a tombstone. The file stays, so that its ID is never given away again.
 */
export const STATUSES = ['draft', 'trial', 'active', 'deprecated', 'superseded'] as const;
export type Status = (typeof STATUSES)[number];

/** What a rule ID looks like anywhere: `RFC-021`, `API-REST-01`, `RS-ERR-001`. A codex may narrow it in its manifest. */
export const RULE_ID = /[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+/;

/** Where a rule applies. Every part that is given must hold; within a list one entry is enough. */
export interface Scope {
  /** Linguist's names in lower case: `typescript`, `c#`, `dockerfile`. */
  readonly languages: readonly string[];
  /** Names of `frameworks.ts`, or a dependency by its registry: `npm:express`. */
  readonly frameworks: readonly string[];
  /** Globs from the root of the repository; empty: every file. */
  readonly paths: readonly string[];
  readonly notPaths: readonly string[];
  /** Fields of the repository's entity in the catalog: `type`, `lifecycle`, `owner`, `system`, `tags`, ... */
  readonly catalog: Readonly<Record<string, readonly string[]>>;
}

/** The document a rule was taken from. */
export interface RuleSource {
  /** A path in the codex, from its root, or an address on the web. */
  readonly doc: string;
  /** The heading's anchor there, with or without `#`. */
  readonly anchor?: string;
  /** The document's commit. */
  readonly rev?: string;
  /** `sha256:` and the hash of the section's text with white space folded (`quoteHash`). */
  readonly quoteHash?: string;
}

/** Code that shows a rule kept or broken: what `codex lint` proves the check with. */
export interface Example {
  /** What is in the repository: one file for most. */
  readonly files: Readonly<Record<string, string>>;
  /** The files that the change touched, for checks that judge changes; all of them unless told. */
  readonly changed?: readonly string[];
  /** Of those the files that were not there before. */
  readonly added?: readonly string[];
}

/** One engineering rule. Plain data: it survives JSON. */
export interface Rule {
  readonly id: string;
  /** How often its meaning changed, from 1: the ledger of IDs counts. A citation that must not shift is `ID@rev`. */
  readonly rev: number;
  /** Imperative, one line of at most 80 characters. */
  readonly title: string;
  /** The occasion: "a handler answers with an error". */
  readonly when?: string;
  readonly level: Level;
  readonly status: Status;
  readonly supersededBy: readonly string[];
  readonly deprecatedReason?: string;
  readonly appliesTo: Scope;
  readonly source?: RuleSource;
  /** A Backstage entity reference: `group:default/platform`. */
  readonly owner?: string;
  /** A date, `2026-05-01`. */
  readonly since?: string;
  readonly check?: Check;
  /** Whatever people make of its findings, it is never told more mildly. */
  readonly always?: boolean;
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] };
  /** The text below the front matter: Markdown, for people and the exported skill. */
  readonly body: string;
  /** How this revision fares over the fleet, where that is known (`withFeedback`). */
  readonly standing?: RuleStanding;
  /** The file, from the root of the codex. */
  readonly file: string;
  /** The folder it lies in, which is its domain: `api`, `security/web`; `""` at the root. */
  readonly domain: string;
}

/** A tombstone's ID is cited by nobody any more. */
export function isRetired({ status }: Pick<Rule, 'status'>): boolean {
  return status === 'deprecated' || status === 'superseded';
}
