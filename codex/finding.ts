import type { Hit } from './checks/kind.ts';
import { isRetired, type Rule } from './rule.ts';
import type { Waiver } from './waiver.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A place where a repository breaks a rule. */
export interface CodexFinding extends Hit {
  readonly rule: string;
  readonly rev: number;
  readonly severity: Severity;
  /** Of the rule. */
  readonly title: string;
  /** What was found; the title where there is nothing more to say. */
  readonly message: string;
  /** Set where the team was let off: such a finding counts for nothing. */
  readonly waived?: Waiver;
}

/** Only a `MUST` in force is an error; what is on trial informs. */
export function severityOf({ level, status }: Pick<Rule, 'level' | 'status'>): Severity {
  if (status !== 'active' || isRetired({ status })) return 'info';
  return level === 'MUST' ? 'error' : level === 'SHOULD' ? 'warning' : 'info';
}

export function findingOf(rule: Rule, hit: Hit): CodexFinding {
  const { id, rev, title } = rule;
  return { ...hit, rule: id, rev, severity: severityOf(rule), title, message: hit.message ?? title };
}

/** What the rule asks, then what was found there: a message alone may show no more than a pattern. */
export function sentenceOf({ title, message }: Pick<CodexFinding, 'title' | 'message'>): string {
  return message === title ? title : `${title}: ${message}`;
}
