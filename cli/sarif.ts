import { type Fingerprinted, fingerprints } from './fingerprint.ts';

/** A rule as SARIF describes it. */
export interface SarifRule {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  /** What it says in full: text, and Markdown where that says it better. */
  readonly description: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string | undefined;
  readonly severity: Severity;
  readonly properties?: object;
}

export interface SarifFinding extends Fingerprinted {
  readonly severity: Severity;
  readonly message: string;
  /** Lines and columns from 1, columns in UTF-16 code units, as JavaScript and LSP count them. */
  readonly line: number;
  readonly column: number;
  /** Behind the last character, which is that of the line unless told; nothing where the finding is about a file as a whole. */
  readonly end?: { readonly line: number; readonly column?: number } | undefined;
  /** Names it over time, where whoever found it has a better name for it than its rule, file and subject are. */
  readonly fingerprint?: string;
  /** What mends it. */
  readonly fix?: { readonly start: number; readonly end: number; readonly text: string } | undefined;
  /** Why it counts for nothing: a comment beside it, or something elsewhere with a reason. */
  readonly suppression?: { readonly kind: 'inSource' | 'external'; readonly justification?: string } | undefined;
  readonly properties?: object | undefined;
}

/** What the run itself has to say. */
export interface SarifNotification {
  /** `error`: the run did not do all that it was to do. */
  readonly level: 'note' | 'warning' | 'error';
  readonly message: string;
  /** The rule or the file that it is about. */
  readonly rule?: string;
  readonly path?: string;
}

type Severity = 'error' | 'warning' | 'info';

export interface SarifInput {
  readonly version: string;
  /** Where the project's pages are on the web. */
  readonly home?: string | undefined;
  /** The rules that were asked. */
  readonly rules: readonly SarifRule[];
  readonly findings: readonly SarifFinding[];
  /** Without these nothing is said of the run itself. */
  readonly notifications?: readonly SarifNotification[];
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Findings as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif({ version, home, rules, findings, notifications }: SarifInput): object {
  const ruleIndex = new Map(rules.map(({ id }, at) => [id, at]));
  const names = fingerprints(findings);
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
            rules: rules.map(descriptor),
          },
        },
        ...(notifications === undefined ? {} : { invocations: [invocation(notifications, ruleIndex)] }),
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding, at) => ({
          ...result(finding),
          ruleIndex: ruleIndex.get(finding.rule) ?? -1,
          partialFingerprints: { 'agentsmd/v1': finding.fingerprint ?? names[at] },
          ...(finding.suppression === undefined ? {} : { suppressions: [finding.suppression] }),
        })),
      },
    ],
  };
}

function invocation(notifications: readonly SarifNotification[], ruleIndex: ReadonlyMap<string, number>): object {
  return {
    executionSuccessful: !notifications.some(({ level }) => level === 'error'),
    toolExecutionNotifications: notifications.map(({ level, message, rule, path }) => ({
      level,
      message: { text: message },
      ...(rule === undefined ? {} : { associatedRule: { id: rule, index: ruleIndex.get(rule) ?? -1 } }),
      ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: locationOf(path) } }] }),
    })),
  };
}

/** A colon in the first part of a path would make a scheme of what stands before it. */
function locationOf(path: string): object {
  return { uri: encodeURI(path).replace(/[?#:]/g, encodeURIComponent), uriBaseId: '%SRCROOT%' };
}

function descriptor({ id, name, title, description, help, helpUri, severity, properties }: SarifRule): object {
  return {
    id,
    ...(name === undefined ? {} : { name }),
    shortDescription: { text: title },
    fullDescription: { text: description },
    help,
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[severity] },
    ...(properties === undefined ? {} : { properties }),
  };
}

function result({ rule, severity, path, line, column, end, message, fix, properties }: SarifFinding): object {
  const artifactLocation = locationOf(path);
  const to = end && { endLine: end.line, ...(end.column === undefined ? {} : { endColumn: end.column }) };
  const region = { startLine: line, startColumn: column, ...to };
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
    ...(properties === undefined ? {} : { properties }),
  };
}
