import type { Level, Rule, Status } from '../rule.ts';

/**
 * What is said of a rule for one repository. `PARTIAL`: kept but for places that are waived, or that models take for a part only.
 * `NOT-CHECKED`: nobody can say; it never counts as kept.
 */
export const VERDICTS = ['NON-COMPLIANT', 'PARTIAL', 'COMPLIANT', 'NOT-APPLICABLE', 'NOT-CHECKED'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Something that is there at the commit, or that is missing there. */
export interface Evidence {
  readonly path: string;
  /** From 1; `null` where a file as a whole is meant, or one that is missing. */
  readonly line: number | null;
  /** The line as it stands there, without the blanks around it and with secrets masked; `''` of a file as a whole. */
  readonly quote: string;
  /** What is wrong there, or why it is told; `''` where the quote says it all. */
  readonly note: string;
}

/** What one role said of a rule. */
export interface Vote {
  readonly role: string;
  /** As it said it; `null`: it gave no answer. */
  readonly said: Verdict | null;
  /** Whether it counts, and if not, why. */
  readonly counts: boolean;
  readonly why: string;
  /** In its own words. */
  readonly reason: string;
  /** Lines that are there and carry what it quoted. */
  readonly evidence: readonly Evidence[];
  /** So many others are not there. */
  readonly unresolved: number;
  readonly steps: readonly string[];
}

export interface RuleAudit {
  readonly rule: string;
  readonly rev: number;
  readonly level: Level;
  readonly status: Status;
  readonly title: string;
  readonly verdict: Verdict;
  /** Who said so: a check that code makes, models, or nobody. */
  readonly by: 'check' | 'models' | 'nobody';
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** Places where it is broken: more than `evidence` shows, where there are too many. */
  readonly hits: number;
  /** Places besides that are waived. */
  readonly waived: number;
  /** What to do about it. */
  readonly steps: readonly string[];
  /** What each role said; absent where no model was asked. */
  readonly votes?: readonly Vote[];
}

/** A repository held against a codex. */
export interface Audit {
  readonly repository: string;
  readonly commit: string | null;
  /** Whether the working tree was looked at, which may differ from the commit. */
  readonly worktree: boolean;
  readonly codex: { readonly origin: string; readonly revision: string };
  /** In the order of their IDs. */
  readonly rules: readonly RuleAudit[];
  /** Files of the codex that cannot be read: nothing is known of their rules. */
  readonly problems: readonly { readonly path: string; readonly line?: number; readonly message: string }[];
}

/** So many places are shown of a rule. */
export const MOST_EVIDENCE = 10;

export function plainAudit({ id, rev, level, status, title }: Rule) {
  return { rule: id, rev, level, status, title, evidence: [], hits: 0, waived: 0, steps: [] } as const;
}

/** Only a `MUST` in force decides over an exit code. */
export function isBreach({ verdict, level, status }: Pick<RuleAudit, 'verdict' | 'level' | 'status'>): boolean {
  return verdict === 'NON-COMPLIANT' && level === 'MUST' && status === 'active';
}
