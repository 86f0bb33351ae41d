import type { CatalogPort } from '../../codex/catalog.ts';
import { type CodexCheckResult, checkCodex } from '../../codex/check.ts';
import type { Codex } from '../../codex/codex.ts';
import type { CodexFinding } from '../../codex/finding.ts';
import { readWaivers } from '../../codex/waivers.ts';
import type { FileChange } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { Unnamed } from '../findings/fingerprint.ts';

export interface CodexInput {
  readonly codex: Codex;
  readonly before: RepoReader;
  readonly after: RepoReader;
  /** What the change goes into: its waivers hold. */
  readonly target: RepoReader;
  readonly files: readonly FileChange[];
  readonly catalog?: CatalogPort | undefined;
  /** `2026-11-22`. */
  readonly today: string;
  /** Nobody chose this codex: then only its MUSTs count, other rules that hold are told as notes, those on trial not at all. */
  readonly unchosen?: boolean | undefined;
  /** What a broken MUST is. */
  readonly must: 'warning' | 'critical';
}

export interface CodexResult {
  readonly findings: readonly Unnamed[];
  /** The rules that were asked, as they are cited. */
  readonly rules: readonly { readonly id: string; readonly rev: number }[];
  /** Rules that no program checks: they are for people and models. */
  readonly unchecked: readonly string[];
  /** Rules that a program should have checked and could not, with the reason: they must not pass for kept. */
  readonly failed: CodexCheckResult['notChecked'];
  /** Files that rules were to look at and could not: each is left out alone. */
  readonly unread: CodexCheckResult['unread'];
  readonly waived: number;
  /** What is waived, by rule and file. */
  readonly letOff: readonly { readonly rule: string; readonly path: string }[];
}

const AGENT = 'codex-compliance';

/** The executable rules of the codex, held against what the change touched. Waivers of the target branch let off, its own do not yet. */
export async function codexCompliance(input: CodexInput): Promise<CodexResult> {
  const { codex, before, after, target, files, catalog, today, must, unchosen = false } = input;
  const waivers = await readWaivers(target);
  const result = await checkCodex(codex, after, {
    ...{ change: { files, before }, waivers, catalog, today },
  });
  const open = result.findings.filter(({ waived }) => waived === undefined);
  const standing = unchosen ? open.filter(({ severity }) => severity !== 'info') : open;
  const isCheckable = ({ check }: Codex['rules'][number]) => check !== undefined && check.kind !== 'model';
  const checkable = new Set(result.rules.filter(isCheckable).map(({ id }) => id));
  const judged = new Set(result.rules.filter((rule) => !isCheckable(rule)).map(({ id }) => id));
  const lines = await linesOf(standing, after);
  return {
    findings: standing.map((finding) => findingOf(finding, lines, { must, unchosen })),
    rules: result.rules.map(({ id, rev }) => ({ id, rev })),
    unchecked: [...new Set(result.notChecked.filter(({ rule }) => judged.has(rule)).map(({ rule }) => rule))],
    failed: result.notChecked.filter(({ rule }) => checkable.has(rule)),
    unread: result.unread,
    waived: result.findings.length - open.length,
    letOff: result.findings.flatMap(({ waived, rule, path }) => (waived === undefined ? [] : [{ rule, path }])),
  };
}

async function linesOf(
  findings: readonly CodexFinding[],
  reader: RepoReader,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const paths = [...new Set(findings.map(({ path }) => path))];
  const read = await reader.read(paths);
  return new Map(
    paths.flatMap((path) => {
      const answer = read.get(path);
      return answer?.ok ? [[path, answer.text.split(/\r\n|\r|\n/)] as const] : [];
    }),
  );
}

/** Breaking what must be done is a concrete risk by the organisation's own word; what is on trial is only told. */
function findingOf(
  finding: CodexFinding,
  lines: ReadonlyMap<string, readonly string[]>,
  { must, unchosen }: { readonly must: CodexInput['must']; readonly unchosen: boolean },
): Unnamed {
  const { rule, rev, severity, title, message, path, line, endLine, endColumn, whole } = finding;
  const text = whole ? undefined : lines.get(path)?.[line - 1];
  // What ends in the first column of a line has nothing on that line.
  const last = endColumn === 1 && endLine > line ? endLine - 1 : endLine;
  const place = text === undefined ? { line: 0, endLine: 0, quote: '' } : { line, endLine: last, quote: text };
  return {
    severity: severity === 'error' ? must : 'suggestion',
    category: 'codex',
    ...{ path, side: 'new', ...place },
    title,
    detail: message === title ? '' : message,
    evidence: [],
    rules: [{ id: rule, rev }],
    suggestion: null,
    ...{ agent: AGENT, computed: true, trivial: severity === 'info' || (unchosen && severity !== 'error') },
  };
}
