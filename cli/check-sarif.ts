import type { Finding } from '../generator/check/index.ts';
import type { Rule } from '../generator/check/rule.ts';
import type { SarifFinding, SarifInput, SarifRule } from './sarif.ts';

/** The findings of `agentsmd check` for SARIF; `home` is where the project's pages are on the web. */
export function checkSarif(
  rules: readonly Rule[],
  findings: readonly Finding[],
  suppressed: readonly Finding[],
  home: string | undefined,
): Pick<SarifInput, 'rules' | 'findings'> {
  return {
    rules: rules.map((rule) => describe(rule, home)),
    findings: [
      ...findings.map(told),
      ...suppressed.map((finding): SarifFinding => ({ ...told(finding), suppression: { kind: 'inSource' } })),
    ],
  };
}

function describe({ id, name, severity, title, why, source }: Rule, home: string | undefined): SarifRule {
  return {
    id,
    name,
    title,
    severity,
    description: `${title} ${why}`,
    help: {
      text: `${why} To suppress it in a document: <!-- agentsmd-disable ${id}: reason --> Source: ${source}`,
      markdown: `${why}\n\nTo suppress it in a document: \`<!-- agentsmd-disable ${id}: reason -->\`\n\nSource: ${source}`,
    },
    ...(home === undefined ? {} : { helpUri: `${home}/-/blob/HEAD/docs/rules.md#${id.toLowerCase()}-${name}` }),
  };
}

function told({ suggestion, ...finding }: Finding): SarifFinding {
  const { line, column, subject } = finding;
  return {
    ...finding,
    ...(subject === '' ? {} : { end: { line, column: column + subject.length } }),
    ...(suggestion === undefined ? {} : { properties: { suggestion } }),
  };
}
