import type { CodexCheckResult } from '../codex/check.ts';
import type { Codex, Manifest } from '../codex/codex.ts';
import { type CodexFinding, sentenceOf, severityOf } from '../codex/finding.ts';
import type { Rule } from '../codex/rule.ts';
import type { SarifFinding, SarifInput, SarifNotification, SarifRule } from './sarif.ts';

/**
 * What `agentsmd codex check` found, for SARIF. Waived findings are there, suppressed by something outside of the code; what was
 * not checked is told as notifications of the run.
 */
export function codexSarif(
  result: CodexCheckResult,
  { manifest, problems }: Pick<Codex, 'manifest' | 'problems'>,
): Pick<SarifInput, 'rules' | 'findings' | 'notifications'> {
  return {
    rules: result.rules.map((rule) => describe(rule, manifest)),
    findings: result.findings.map(told),
    notifications: [...problems.map(ofProblem), ...notChecked(result)],
  };
}

function ofProblem({ file, line, message }: Codex['problems'][number]): SarifNotification {
  const place = `${file}${line === undefined ? '' : `:${line}`}`;
  return { level: 'warning', message: `codex ${place}: ${message}` };
}

/** Rules that no code checks are no surprise: a note. */
function* notChecked({ rules, notChecked: left, unread }: CodexCheckResult): Generator<SarifNotification> {
  const expected = new Set(rules.filter(({ check }) => !check || check.kind === 'model').map(({ id }) => id));
  const known = new Set(rules.map(({ id }) => id));
  // Of a rule that could not be read the codex's own problem tells.
  for (const { rule, reason } of left.filter(({ rule }) => known.has(rule)))
    yield { level: expected.has(rule) ? 'note' : 'warning', message: `${rule}: not checked: ${reason}`, rule };
  for (const { path, reason } of unread) yield { level: 'warning', message: `${path}: not read: ${reason}`, path };
}

function describe(rule: Rule, { url }: Manifest): SarifRule {
  const { id, rev, title, level, when, body } = rule;
  const occasion = when === undefined ? '' : ` When ${when}.`;
  return {
    id,
    title,
    description: `${level}: ${title}.${occasion}`,
    help: { text: body || title, markdown: body || title },
    helpUri: url === undefined ? sourceUrl(rule) : ruleUrl(url, rule),
    severity: severityOf(rule),
    properties: { rev, level },
  };
}

function ruleUrl(template: string, { file, id }: Rule): string {
  return template.replaceAll('{file}', encodeURI(file)).replaceAll('{id}', encodeURIComponent(id));
}

/** The passage that it was taken from, where that is on the web. */
function sourceUrl({ source }: Rule): string | undefined {
  if (source === undefined || !/^https?:\/\//.test(source.doc) || !URL.canParse(source.doc)) return undefined;
  const { doc, anchor } = source;
  const fragment = anchor === undefined || doc.includes('#') ? '' : `#${encodeURI(anchor.replace(/^#/, ''))}`;
  return new URL(`${doc}${fragment}`).href;
}

function told({
  rule,
  rev,
  severity,
  title,
  message,
  path,
  subject,
  line,
  column,
  ...rest
}: CodexFinding): SarifFinding {
  const { endLine, endColumn, whole = false, waived } = rest;
  return {
    ...{ rule, severity, message: sentenceOf({ title, message }), path, subject, line, column },
    ...(whole ? {} : { end: { line: endLine, column: endColumn } }),
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
