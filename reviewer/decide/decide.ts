import type { Finding } from '../findings/finding.ts';

/** From the mildest to the most severe. */
export const DECISIONS = ['approved', 'approved_with_comments', 'minor_issues', 'significant_concerns'] as const;
export type Decision = (typeof DECISIONS)[number];

/** For people. */
export function decisionText({
  decision,
  skipped,
}: {
  readonly decision: Decision | null;
  readonly skipped: string | null;
}): string {
  if (skipped !== null) return 'not reviewed';
  return decision === null ? 'no decision' : decision.replaceAll('_', ' ');
}

/** What becomes of it on GitLab. */
export const EFFECTS = {
  approved: 'approve',
  approved_with_comments: 'approve',
  minor_issues: 'revoke',
  significant_concerns: 'request-changes',
} as const satisfies Record<Decision, string>;

/** Kinds of harm that a change may do once it is released; a judge names one, with findings that prove it. */
export const PRODUCTION_RISKS = ['availability', 'data-loss', 'security', 'money'] as const;
export type ProductionRisk = (typeof PRODUCTION_RISKS)[number];

/** What several warnings may show together. */
export const RISK_PATTERNS = [
  'untested-error-path',
  'incompatible-rollout',
  'missing-validation',
  'unbounded-work',
] as const;
export type RiskPattern = (typeof RISK_PATTERNS)[number];

/** How an agent ended. Everything but `done` means that nobody looked at what it was to look at. */
export const AGENT_STATES = ['done', 'failed', 'partial', 'over-budget', 'unparsable', 'timed-out'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export interface Judged<T> {
  readonly kind: T;
  /** Fingerprints of the findings that it rests on. */
  readonly findings: readonly string[];
}

export interface Verdict {
  /** `null`: nothing stands against it, but not everything was looked at. Then it is neither approved nor refused. */
  readonly decision: Decision | null;
  /** Whether everything that was to be looked at was. */
  readonly complete: boolean;
  /** Why, in a sentence. */
  readonly because: string;
}

/**
 * The decision, by nothing but what was found: a model may say that there is a risk, and has to name findings for it; it never
 * decides. Adding a finding, a risk, a pattern, a failed agent or a file that nobody could read never makes it milder.
 *
 * @param told what was kept of the findings. Risks and patterns count where the findings they name are among them.
 */
export function decide(told: {
  readonly findings: readonly Pick<Finding, 'severity' | 'trivial' | 'fingerprint' | 'probation'>[];
  readonly agents: readonly { readonly name: string; readonly state: AgentState }[];
  /** Sensitive files that nobody could read, whoever tried. */
  readonly unread?: readonly string[];
  readonly productionRisk?: Judged<ProductionRisk> | undefined;
  readonly riskPattern?: Judged<RiskPattern> | undefined;
}): Verdict {
  const { findings, agents } = told;
  const failed = agents.filter(({ state }) => state !== 'done').map(({ name }) => name);
  const missed = [...failed, ...(told.unread ?? [])];
  const complete = agents.length > 0 && missed.length === 0;
  const comments = findings.filter(({ severity, trivial }) => !(trivial && severity === 'suggestion'));
  const count = (severity: Finding['severity']) => comments.filter((one) => one.severity === severity).length;
  // What a rule on probation says is told, and no more.
  const counting = findings.filter(({ probation }) => probation === undefined);
  const known = new Set(counting.map(({ fingerprint }) => fingerprint));
  const warnings = new Set(
    counting.filter(({ severity }) => severity === 'warning').map(({ fingerprint }) => fingerprint),
  );
  const risk = told.productionRisk?.findings.some((name) => known.has(name)) ? told.productionRisk.kind : undefined;
  const pattern = told.riskPattern;
  const critical = count('critical');
  if (critical > 0)
    return { decision: 'significant_concerns', complete, because: amount(critical, 'critical finding') };
  if (risk) return { decision: 'significant_concerns', complete, because: `a risk for production: ${risk}` };
  if (pattern && new Set(pattern.findings.filter((name) => warnings.has(name))).size > 1)
    return { decision: 'minor_issues', complete, because: `several warnings with one risk: ${pattern.kind}` };
  if (agents.length === 0) return { decision: null, complete, because: 'nobody looked at it' };
  if (!complete) return { decision: null, complete, because: `not everything was looked at: ${missed.join(', ')}` };
  if (comments.length === 0) return { decision: 'approved', complete, because: 'nothing that matters was found' };
  const kinds = [amount(count('warning'), 'warning'), amount(count('suggestion'), 'suggestion')];
  return {
    decision: 'approved_with_comments',
    complete,
    because: `${kinds.filter((text) => !text.startsWith('0 ')).join(' and ')}, none of them a risk for production`,
  };
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
