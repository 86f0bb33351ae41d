import type { RepositoryContext } from '../catalog/model.ts';
import type { Problem, RepoFacts } from '../facts/index.ts';
import type { History } from '../forge/history.ts';
import type { GenerateConfig } from './config.ts';
import type { Drafter, DraftReport } from './draft/port.ts';
import type { Item, Omitted } from './item.ts';
import type { Learned } from './learned.ts';
import type { Ledger } from './refresh/ledger.ts';
import type { FileChange, Report } from './refresh/report.ts';
import type { CodexContext } from './sections/rules.ts';

export interface GenerateOptions {
  /** Write as if no agent document existed. */
  readonly fresh: boolean;
  /** Facts already known for this reader, for `fresh`; worked out when absent. */
  readonly facts?: RepoFacts;
  readonly config?: GenerateConfig;
  /** The changes that led to the commit; without it nothing is said of files that change together. */
  readonly history?: History;
  /**
   * The codex whose rules may be named; without it none are. `unreachable`: nobody knows today which rules hold, so what
   * is said of them stays.
   */
  readonly codex?: CodexContext | 'unreachable';
  /**
   * What the software catalog knows of the repository; without it nothing is said of that. `unreachable`: what is said stays.
   */
  readonly catalog?: RepositoryContext | 'unreachable';
  /** What people made of earlier reviews and proposals; without it nothing is known of that. */
  readonly learned?: Learned | undefined;
  /** What was last merged, where that is not kept in the repository; `null` where nothing was. Default: the repository's own. */
  readonly ledger?: Ledger | null | undefined;
  /** Take no ledger into account: every line that is there counts as written by people. */
  readonly adopt?: boolean;
  /** What an open merge request would merge: bullets of a model that stand there are proposed in the same words. */
  readonly open?: Ledger | null | undefined;
  /** Asked to say the root file better than facts alone do; without it no model is asked. */
  readonly drafter?: Drafter;
  /** The version that is named in the ledger. */
  readonly version?: string;
}

/** A file as it is, and as it would be. A byte order mark is part of both. */
export interface GeneratedFile {
  /** The real file, where AGENTS.md is a link to it. */
  readonly path: string;
  readonly text: string;
  /** `null`: it is not there. */
  readonly existing: string | null;
}

export interface GenerateResult {
  /** Of the root file: `new` where there is none, `adopt` where nothing is known of who wrote what stands in it. */
  readonly mode: 'fresh' | 'new' | 'refresh' | 'adopt';
  /** The root file first. Empty where there is too little to say. */
  readonly files: readonly GeneratedFile[];
  /** The bullets that are ours in these files. */
  readonly items: readonly Item[];
  readonly omitted: readonly Omitted[];
  /** What happens to each bullet; empty where written afresh. */
  readonly changes: readonly FileChange[];
  /** What people should look at: lines that are false now, files that are left alone. */
  readonly reports: readonly Report[];
  /** What the ledger holds once these files are merged, and not before. */
  readonly ledger: Ledger;
  /** What was last merged, as far as that is known; absent where written afresh. */
  readonly was?: Ledger | null;
  /** Main languages and package managers, in lower case. */
  readonly stack?: readonly string[];
  /** Why nothing was written. */
  readonly nothing?: string;
  readonly problems: readonly Problem[];
  /** What a language model had to do with it. */
  readonly draft?: DraftReport;
}
