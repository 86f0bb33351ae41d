import type { ColumnType, Generated, JSONColumnType, Kysely } from 'kysely';
import type { SweepOptions } from '../sweep/options.ts';
import type { SweepSummary } from '../sweep/summary.ts';

/** Written as a date or ISO 8601, read as a date. */
type Time = ColumnType<Date, Date | string, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
type MaybeJson = ColumnType<unknown, string | null | undefined, string | null>;

/** Why a repository is due, the most urgent first: that is the order in which they are worked on. */
export const CAUSES = ['new', 'reported', 'retry', 'replied', 'moved', 'policy', 'deferred'] as const;
/**
 * - `new`: never seen. `reported`: somebody said that its file is stale. `retry`: it was set aside, and a person wants it tried again.
 * - `replied`: something happened on our merge request. `moved`: its default branch. `policy`: codex, generator or catalog.
 * - `deferred`: a limit held it back.
 */
export type Cause = (typeof CAUSES)[number];

/** One repository of the fleet: what was seen of it, and how it was when it was last worked on with success. */
export interface RepositoryTable {
  key: string;
  instance: string;
  project: string;
  path: string;
  url: string;
  branch: Maybe<string>;
  /** Why the list rules it out (a `SkipReason`); null: it is in scope. */
  excluded: Maybe<string>;
  first_seen: Time;
  last_seen: Time;
  /** Since when it is missing from the list. */
  gone_since: MaybeTime;
  /** The tip of the default branch as the last sweep saw it, and as it was last worked on. */
  seen_head: Maybe<string>;
  head: Maybe<string>;
  /** Hash of what the facts said (`Marker.facts`), and what it was worked out with. */
  facts: Maybe<string>;
  generator: Maybe<string>;
  codex: Maybe<string>;
  catalog: Maybe<string>;
  processed_at: MaybeTime;
  /** A {@link OutcomeTable.kind} with its reason and message. */
  result: Maybe<string>;
  reason: Maybe<string>;
  message: Maybe<string>;
  /** What is last merged, where the repository does not keep it itself: a `Ledger`. And what is proposed: it becomes that once it is merged. */
  ledger: MaybeJson;
  proposed_ledger: MaybeJson;
  /** Whether its CI includes the review component; null: not looked at. */
  reviewed: Maybe<boolean>;
  /** A {@link Cause}; null: nothing is to be done. */
  due: Maybe<string>;
  due_since: MaybeTime;
  /** Merge requests that left its file stale, where that is why it is due: `{ iid, url }`. */
  stale_by: MaybeJson;
  /** Not to be worked on before that. */
  not_before: MaybeTime;
  /** The sweep that wants it. */
  due_sweep: Maybe<number>;
  /** Set aside after so many tries, since then; `reason` and `message` say why. */
  dead_since: MaybeTime;
}

/** Each merge request of ours that is or was. */
export interface MergeRequestTable {
  key: string;
  iid: number;
  url: string;
  /** `opened`, `closed`, `merged`, `locked`. */
  state: string;
  source: string;
  tip: Maybe<string>;
  opened_at: Time;
  /** As the forge last told it, in its words: compared, never reckoned with. */
  updated_at: Maybe<string>;
  ended_at: MaybeTime;
  /** Who closed it: `us` or `people`. Null where it is not closed. */
  ended_by: Maybe<string>;
  /** The sweep that opened it, and the rollout and wave it belongs to. */
  sweep: Maybe<number>;
  campaign: Maybe<string>;
  wave: Maybe<number>;
  /** What it is for: `agents-md`, `adopt-review`. */
  purpose: string;
}

export interface SweepTable {
  id: Generated<number>;
  started_at: Time;
  ended_at: MaybeTime;
  /** `running`, `done`, `interrupted`, `failed`. */
  state: string;
  /** While it is running: when its process last said that it lives, by the clock of the database. Null: it does not say. */
  heard_at: MaybeTime;
  options: JSONColumnType<SweepOptions, string, string>;
  summary: ColumnType<SweepSummary | null, string | null | undefined, string | null>;
}

/** What became of a repository, once for each time that it was worked on to an end. */
export interface OutcomeTable {
  id: Generated<number>;
  sweep: Maybe<number>;
  key: string;
  at: Time;
  /** `created`, `updated`, `unchanged`, `closed`, `skipped`, `deferred`, `refused`, `failed`. */
  kind: string;
  /** Of `created`: `refresh` where the document was there. */
  reason: Maybe<string>;
  message: Maybe<string>;
  cause: Maybe<string>;
  iid: Maybe<number>;
  head: Maybe<string>;
  ms: number;
  requests: number;
}

/** What the last audit of a repository said of a rule. Rules that do not apply have no row. */
export interface AuditTable {
  key: string;
  rule: string;
  rev: number;
  /** The rule's, then. */
  level: string;
  status: string;
  /** Null: the audit was made before titles were kept. */
  title: Maybe<string>;
  /** A `Verdict` of codex/audit. */
  verdict: string;
  /** At most five of its places: a list of `Evidence`. */
  evidence: JSONColumnType<unknown[], string, string>;
  /** The commit that was looked at. */
  head: string;
  at: Time;
}

/** A new merge request (`open`), or a push (`pipeline`), that was allowed: what the limits are counted by. */
export interface PermitTable {
  id: Generated<number>;
  key: string;
  /** Where the repository was, so that its groups can be counted. */
  path: string;
  instance: string;
  kind: string;
  at: Time;
  /** `taken` until the write is known to be `used`; one that came to nothing is deleted. */
  state: string;
  /** The rollout and wave that it was taken for. */
  campaign: Maybe<string>;
  wave: Maybe<number>;
}

export interface PauseTable {
  /** `*`, a group's path, or a project's. */
  scope: string;
  reason: string;
  by: string;
  since: Time;
}

export interface RolloutTable {
  /** The generator's and the codex' version that spread. */
  campaign: string;
  wave: number;
  wave_since: Time;
  started_at: Time;
  halted_at: MaybeTime;
  halt_reason: Maybe<string>;
}

/** What is remembered by name: how far merge requests were read, how long a list was. */
export interface MemoTable {
  name: string;
  value: JSONColumnType<unknown[] | object, string, string>;
}

/** A merge request of people that we reviewed, once it was merged or closed: what its review came to. */
export interface ReviewedTable {
  key: string;
  iid: number;
  url: string;
  /** `merged`, `closed`. */
  state: string;
  opened_at: Time;
  ended_at: Time;
  harvested_at: Time;
  /** As the forge last told it, in its words: compared, never reckoned with. */
  updated_at: Maybe<string>;
  /** How often it was reviewed; 0: a person overruled that before the first time. */
  reviews: number;
  /** Of the last review: `trivial`, `lite`, `full`, and its decision; `none`: there was none. */
  tier: string;
  decision: string;
  /** Whether a person overruled it. */
  overruled: boolean;
  /** Whether it left lines of AGENTS.md that it made false as they were. */
  stale: boolean;
  /** Over all of its reviews: wall clock time, what it cost (`null`: not known), tokens. */
  ms: number;
  cost: Maybe<number>;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  /** Of the last one, by the agents that looked: `{ name, computed, state, ms, cost }`. */
  agents: JSONColumnType<readonly unknown[], string, string>;
  /** Rules that were looked for, `ID@rev`: silence counts, too. */
  applied: JSONColumnType<readonly string[], string, string>;
  /** How many findings of a rule (`ID@rev`) a waiver let off from the beginning: they have no row. */
  waived: ColumnType<Readonly<Record<string, number>>, string | undefined, string>;
}

/** How a finding of a review ended. */
export const FINDING_OUTCOMES = ['fixed', 'dismissed', 'argued', 'waived', 'ignored'] as const;
/**
 * - `fixed`: what it spoke of was changed after it, and it was found no more. `dismissed`: people said that it is left as it is.
 * - `argued`: people answered, and nobody settled it. `waived`: by a waiver. `ignored`: merged, and nobody said anything.
 */
export type FindingOutcome = (typeof FINDING_OUTCOMES)[number];

export interface FindingTable {
  key: string;
  iid: number;
  fingerprint: string;
  agent: string;
  /** Whether a program found it, and not a model. */
  computed: boolean;
  severity: string;
  category: string;
  /** `ID@rev`. */
  rules: JSONColumnType<readonly string[], string, string>;
  path: string;
  /** From 1; 0: the file as a whole. */
  line: number;
  title: string;
  /** Where people can read it; null: it had no comment of its own. */
  url: Maybe<string>;
  /** A {@link FindingOutcome}; `reason` is what people said of it: `false-positive`, `wont-fix`, ... */
  outcome: string;
  reason: Maybe<string>;
  /** The line that it was about, where people said that it is wrong; null: not known, too long, or nothing to be shown. */
  quote: Maybe<string>;
  at: Time;
}

/** What people made of a bullet that we proposed and that was merged, or struck out before. */
export interface ItemTable {
  key: string;
  file: string;
  /** The key of its fact, and its text as we proposed it. */
  item: string;
  text: string;
  section: string;
  /** `kept`, `edited`, `deleted`. */
  outcome: string;
  /** What stands there now, where it was edited. */
  now: Maybe<string>;
  /** Main languages and package managers of the repository then: `typescript`, `pnpm`. */
  stack: JSONColumnType<readonly string[], string, string>;
  at: Time;
}

/** How a rule in one revision fares over the fleet. */
export interface RuleTable {
  rule: string;
  rev: number;
  /** `learning`, `fine`, `probation`, `muted`; `past`: there is a later revision. */
  state: string;
  since: Time;
  /** Findings that were settled, and those of them that were dismissed or ignored; the lower bound of their share, whichever repository is left out. */
  settled: number;
  unwanted: number;
  lower: number;
  /** The merge request on the codex by which its owner was told. */
  merge_request: Maybe<string>;
  updated_at: Time;
}

export interface Tables {
  repository: RepositoryTable;
  merge_request: MergeRequestTable;
  sweep: SweepTable;
  outcome: OutcomeTable;
  audit: AuditTable;
  permit: PermitTable;
  pause: PauseTable;
  rollout: RolloutTable;
  memo: MemoTable;
  reviewed: ReviewedTable;
  finding: FindingTable;
  item: ItemTable;
  rule: RuleTable;
}

/** The state as queries reach it. */
export type State = Kysely<Tables>;

/** The PostgreSQL schemas that are ours: state, and the queue's own tables. */
export const STATE_SCHEMA = 'agentsmd';
export const QUEUE_SCHEMA = 'agentsmd_queue';
