import type { Hit } from './checks/kind.ts';
import { isRetired, type Rule } from './rule.ts';
import type { Waiver } from './waiver.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A place where a repository breaks a rule. */
export interface CodexFinding extends Hit {
  readonly rule: string;
  readonly rev: number;
  readonly severity: Severity;
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
  return { ...hit, rule: rule.id, rev: rule.rev, severity: severityOf(rule), message: hit.message ?? rule.title };
}
