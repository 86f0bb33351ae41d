import type { Finding } from '../generator/check/index.ts';
import type { Rule, Severity } from '../generator/check/rule.ts';
import { fingerprints } from './fingerprint.ts';

export interface SarifInput {
  readonly version: string;
  /** Where the project's pages are on the web, for links to `docs/rules.md`. */
  readonly home?: string | undefined;
  /** The rules that were asked. */
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
}

/** Findings as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif({ version, home, rules, findings, suppressed }: SarifInput): object {
  const ruleIndex = new Map(rules.map(({ id }, at) => [id, at]));
  const all = [...findings, ...suppressed];
  const names = fingerprints(all);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'agentsmd',
            version,
            ...(home === undefined ? {} : { informationUri: home }),
            rules: rules.map((rule) => descriptor(rule, home)),
          },
        },
        // Columns of findings count what JavaScript and LSP do.
        columnKind: 'utf16CodeUnits',
        results: all.map((finding, at) => ({
          ...result(finding),
          ruleIndex: ruleIndex.get(finding.rule) ?? -1,
          partialFingerprints: { 'agentsmd/v1': names[at] },
          ...(at < findings.length ? {} : { suppressions: [{ kind: 'inSource' }] }),
        })),
      },
    ],
  };
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

function descriptor({ id, name, severity, title, why, source }: Rule, home: string | undefined): object {
  const help = `${why} To suppress it in a document: <!-- agentsmd-disable ${id}: reason -->`;
  return {
    id,
    name,
    shortDescription: { text: title },
    fullDescription: { text: `${title} ${why}` },
    help: {
      text: `${help} Source: ${source}`,
      markdown: `${why}\n\nTo suppress it in a document: \`<!-- agentsmd-disable ${id}: reason -->\`\n\nSource: ${source}`,
    },
    ...(home === undefined ? {} : { helpUri: `${home}/-/blob/HEAD/docs/rules.md#${id.toLowerCase()}-${name}` }),
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result({ rule, severity, path, line, column, subject, message, suggestion, fix }: Finding): object {
  const artifactLocation = { uri: encodeURI(path).replace(/[?#]/g, encodeURIComponent), uriBaseId: '%SRCROOT%' };
  const end = subject === '' ? {} : { endLine: line, endColumn: column + subject.length };
  const region = { startLine: line, startColumn: column, ...end };
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: 'What agentsmd check --fix does.' },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: [
                    {
                      deletedRegion: { charOffset: fix.start, charLength: fix.end - fix.start },
                      insertedContent: { text: fix.text },
                    },
                  ],
                },
              ],
            },
          ],
        }),
    ...(suggestion === undefined ? {} : { properties: { suggestion } }),
  };
}
