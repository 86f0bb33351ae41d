import type { Manifest } from '../codex/codex.ts';
import { type CodexFinding, severityOf } from '../codex/finding.ts';
import type { Rule } from '../codex/rule.ts';
import type { SarifFinding, SarifInput, SarifRule } from './sarif.ts';

/** The findings of `agentsmd codex check` for SARIF. Waived ones are there, suppressed by something outside of the code. */
export function codexSarif(
  rules: readonly Rule[],
  findings: readonly CodexFinding[],
  manifest: Manifest,
): Pick<SarifInput, 'rules' | 'findings'> {
  return { rules: rules.map((rule) => describe(rule, manifest)), findings: findings.map(told) };
}

function describe(rule: Rule, { url }: Manifest): SarifRule {
  const { id, rev, title, level, when, body } = rule;
  const occasion = when === undefined ? '' : ` When ${when}.`;
  return {
    id,
    title,
    description: `${level}: ${title}.${occasion}`,
    help: { text: body || title, markdown: body || title },
    ...(url === undefined ? {} : { helpUri: ruleUrl(url, rule) }),
    severity: severityOf(rule),
    properties: { rev, level },
  };
}

function ruleUrl(template: string, { file, id }: Rule): string {
  return template.replaceAll('{file}', encodeURI(file)).replaceAll('{id}', encodeURIComponent(id));
}

function told({ rule, rev, severity, message, path, subject, line, column, ...rest }: CodexFinding): SarifFinding {
  const { endLine, endColumn, waived } = rest;
  return {
    ...{ rule, severity, message, path, subject, line, column },
    ...(subject === '' ? {} : { end: { line: endLine, column: endColumn } }),
    ...(waived === undefined
      ? {}
      : {
          suppression: {
            kind: 'external',
            justification: `${waived.reason} (until ${waived.until}, approved by ${waived.approvedBy})`,
          },
        }),
    properties: { rev },
  };
}
