/** What is wrong with a change, as somebody says or a program has found. */
export const SEVERITIES = ['critical', 'warning', 'suggestion'] as const;
/**
 * `critical`: will cause an outage or can be exploited; `warning`: a measurable regression or a concrete risk; `suggestion`: worth
 * considering.
 */
export type Severity = (typeof SEVERITIES)[number];

/** Whether one is more severe than another. */
export function isWorse(one: { readonly severity: Severity }, other: { readonly severity: Severity }): boolean {
  return SEVERITIES.indexOf(one.severity) < SEVERITIES.indexOf(other.severity);
}

/** Whose it is; the order in which a summary tells them. */
export const CATEGORIES = [
  'security',
  'code-quality',
  'performance',
  'release',
  'codex',
  'agents-md',
  'documentation',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Which side of the change a line belongs to: `old` only for one that is gone. */
export type Side = 'new' | 'old';

export interface Place {
  readonly path: string;
  readonly side: Side;
  /** From 1; 0: the file as a whole. */
  readonly line: number;
  /** The last one; the same as `line` for a single one. */
  readonly endLine: number;
}

/** A line somewhere that proves it. */
export interface Proof {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly side: Side;
}

/** A rule of the codex in the revision that was looked at, or of `agentsmd check`. */
export interface Citation {
  readonly id: string;
  /** `null` for a rule that has no revisions. */
  readonly rev: number | null;
}

export interface Finding extends Place {
  readonly severity: Severity;
  readonly category: Category;
  /** One line. */
  readonly title: string;
  /** What goes wrong, for whom and when; '' where the title says it all. */
  readonly detail: string;
  /** The first line of the place as it stands there; '' for a file as a whole. */
  readonly quote: string;
  readonly evidence: readonly Proof[];
  readonly rules: readonly Citation[];
  /** What takes the place of the lines from `line` to `endLine`, without a line end at its end; '' where they go, `null`: not known. */
  readonly suggestion: string | null;
  /** The agent that says so. */
  readonly agent: string;
  /** Whether a program found it, and not a model. */
  readonly computed: boolean;
  /** Only told: it holds nothing back. */
  readonly trivial: boolean;
  /** Its rule is on probation: it is told more mildly than this, and holds nothing up. */
  readonly probation?: Severity;
  /** Names it over pushes, see `fingerprinted`. */
  readonly fingerprint: string;
}

/** In the one form in which rules are cited: `ID@rev`, or the ID alone. */
export function citationOf({ id, rev }: Citation): string {
  return rev === null ? id : `${id}@${rev}`;
}

/** Most severe first; what a program found before what a model says; then by category, place and what is said. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = (finding: Finding) =>
    [
      SEVERITIES.indexOf(finding.severity),
      Number(finding.trivial),
      Number(!finding.computed),
      CATEGORIES.indexOf(finding.category),
      finding.path,
      finding.line,
      finding.title,
    ] as const;
  return findings
    .map((finding) => ({ finding, key: rank(finding) }))
    .sort((a, b) => {
      for (const [at, one] of a.key.entries()) {
        const other = b.key[at]!;
        if (one !== other) return one < other ? -1 : 1;
      }
      return 0;
    })
    .map(({ finding }) => finding);
}
