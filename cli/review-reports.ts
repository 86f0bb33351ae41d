import type { Codex } from '../codex/codex.ts';
import { RULES } from '../generator/check/rules/index.ts';
import { isHidden } from '../reviewer/change/change-set.ts';
import { citationOf, type Finding } from '../reviewer/findings/finding.ts';
import { NO_CHANGE, type Review } from '../reviewer/review.ts';
import type { CodeQualityIssue } from './code-quality.ts';
import { type SarifFinding, type SarifRule, sarif } from './sarif.ts';
import { homepage, version } from './version.ts';

const QUALITY = { critical: 'critical', warning: 'major', suggestion: 'minor' } as const;

/** The report that GitLab shows in a merge request. What was not looked at is in it: an empty report would say that all is well. */
export function reviewCodeQuality({ findings, agents, files, skipped }: Review): readonly CodeQualityIssue[] {
  return [
    ...findings.map(
      (finding): CodeQualityIssue => ({
        description: messageOf(finding),
        check_name: ruleOf(finding),
        fingerprint: finding.fingerprint,
        severity: finding.trivial ? 'info' : QUALITY[finding.severity],
        location: { path: finding.path, lines: { begin: Math.max(1, finding.line) } },
      }),
    ),
    ...(skipped === null || skipped === NO_CHANGE ? [] : [notReviewed('skipped', `not reviewed: ${skipped}`, 'info')]),
    ...agents
      .filter(({ state }) => state !== 'done')
      .map(({ name, state, message }) =>
        notReviewed(name, `${name} did not look at everything: ${message ?? state}`, 'blocker'),
      ),
    ...files.filter(isHidden).map(
      ({ path, unread, sensitive }): CodeQualityIssue => ({
        description: `The change of this file was not looked at: ${unread}`,
        check_name: 'not-reviewed',
        fingerprint: `not-reviewed-${path}`,
        severity: sensitive ? 'blocker' : 'info',
        location: { path, lines: { begin: 1 } },
      }),
    ),
  ];
}

function notReviewed(what: string, description: string, severity: CodeQualityIssue['severity']): CodeQualityIssue {
  const location = { path: '.', lines: { begin: 1 } };
  return { description, check_name: 'not-reviewed', fingerprint: `not-reviewed-${what}`, severity, location };
}

const LEVELS = { critical: 'error', warning: 'warning', suggestion: 'info' } as const;

/** SARIF 2.1.0. */
export function reviewSarif({ findings, agents, files, skipped }: Review, codex: Codex | undefined): object {
  const rules = new Map<string, SarifRule>();
  for (const finding of findings) {
    const id = ruleOf(finding);
    if (!rules.has(id)) rules.set(id, describe(id, finding, codex));
  }
  const told = findings.map((finding): SarifFinding => {
    const { severity, path, line, endLine, quote, agent, category, fingerprint, rules: cited } = finding;
    const whole = line === 0;
    return {
      ...{ rule: ruleOf(finding), severity: LEVELS[severity], message: messageOf(finding), path, subject: quote },
      ...{ line: Math.max(1, line), column: 1 },
      ...(whole ? {} : { end: { line: endLine } }),
      fingerprint,
      properties: { severity, category, agent, fingerprint, rules: cited.map(citationOf) },
    };
  });
  const notifications = [
    ...(skipped === null ? [] : [{ level: 'warning' as const, message: `not reviewed: ${skipped}` }]),
    ...agents
      .filter(({ state }) => state !== 'done')
      .map(({ name, state, message }) => ({ level: 'error' as const, message: `${name}: ${state}: ${message ?? ''}` })),
    ...files.filter(isHidden).map(({ path, unread, sensitive }) => ({
      ...{ level: sensitive ? ('error' as const) : ('warning' as const), path },
      message: `the change of this file was not looked at: ${unread}`,
    })),
  ];
  return sarif({ version: version(), home: homepage(), rules: [...rules.values()], findings: told, notifications });
}

function describe(id: string, { category, severity, title }: Finding, codex: Codex | undefined): SarifRule {
  const known = codex?.rules.find((rule) => rule.id === id);
  const own = RULES.find((rule) => rule.id === id);
  const text = known?.title ?? own?.name ?? category;
  const help = known?.body || text;
  return {
    ...{ id, title: text, description: text, help: { text: help, markdown: help }, severity: LEVELS[severity] },
    properties: known ? { rev: known.rev, level: known.level } : { category, example: title },
  };
}

/** The rule that it rests on, else whose it is. */
function ruleOf({ rules: [first], category }: Finding): string {
  return first?.id ?? category;
}

function messageOf({ title, detail }: Finding): string {
  return detail === '' ? title : `${title}. ${detail}`;
}
