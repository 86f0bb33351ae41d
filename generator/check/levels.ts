import type { Finding } from './judge.ts';
import type { Rule, Severity } from './rule.ts';

/** What an organisation makes of a rule. With `off` it is not asked. */
export type Level = Severity | 'off';

/** By the rule's ID. */
export type Levels = Readonly<Record<string, Level>>;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/**
 * The findings at the levels set for their rules. What a rule reports at its highest severity gets the level; what it is less sure of
 * never gets more than it has: `AMD101: error` must not turn its guesses into errors.
 */
export function leveled(findings: readonly Finding[], rules: readonly Rule[], levels: Levels): readonly Finding[] {
  const highest = new Map(rules.map(({ id, severity }) => [id, severity]));
  return findings.flatMap((finding) => {
    const level = levels[finding.rule];
    if (level === undefined) return [finding];
    if (level === 'off') return [];
    const raised = highest.get(finding.rule) === finding.severity;
    return [raised || RANK[level] < RANK[finding.severity] ? { ...finding, severity: level } : finding];
  });
}
