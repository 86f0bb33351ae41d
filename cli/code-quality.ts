import { type Fingerprinted, fingerprints } from './fingerprint.ts';

/** An entry of GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const SEVERITIES = { error: 'major', warning: 'minor', info: 'info' } as const;

export interface CodeQualityFinding extends Fingerprinted {
  readonly severity: keyof typeof SEVERITIES;
  readonly line: number;
  readonly message: string;
}

/** Findings as the report that GitLab shows in a merge request. */
export function codeQuality(findings: readonly CodeQualityFinding[]): readonly CodeQualityIssue[] {
  const names = fingerprints(findings);
  return findings.map(({ rule, severity, path, line, message }, at) => ({
    description: `${rule}: ${message}`,
    check_name: rule,
    fingerprint: names[at]!,
    severity: SEVERITIES[severity],
    location: { path, lines: { begin: line } },
  }));
}
