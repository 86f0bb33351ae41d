import type { CodexCheckResult } from '../codex/check.ts';
import { type CodexFinding, type Severity, sentenceOf } from '../codex/finding.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

const COLORS: Readonly<Record<Severity, Parameters<Style>[0]>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** The findings that stand below their files: `line:column  severity  message  rule@revision`. */
export function codexCheckText(findings: readonly CodexFinding[], style: Style): string {
  return [...Map.groupBy(findings, ({ path }) => path)]
    .map(([path, group]) => {
      const rows = group.map(({ line, column, severity, rule, rev, ...said }) => [
        `${line}:${column}`,
        style(COLORS[severity], severity),
        printableLine(sentenceOf(said)),
        style('dim', printableLine(`${rule}@${rev}`)),
      ]);
      return `${style('bold', printableLine(path))}\n${table(rows, '  ')}`;
    })
    .join('\n');
}

/** `1 error in 2 files; 14 rules apply, 12 checked; not checked: GO-LOG-001, RS-ERR-001 (-v says why)`, for stderr. */
export function codexCheckSummary(
  { findings, rules, notChecked, unread, skipped, cut }: CodexCheckResult,
  scope: 'repository' | 'change' | 'file' | 'folder',
): string {
  const standing = findings.filter(({ waived }) => waived === undefined);
  const waived = findings.length - standing.length;
  const found = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = standing.filter((each) => each.severity === severity).length;
    return number === 0 ? [] : [severity === 'info' ? `${number} info` : count(number, severity)];
  });
  const files = new Set(standing.map(({ path }) => path)).size;
  const unable = new Set(notChecked.map(({ rule }) => rule));
  const known = new Set(rules.map(({ id }) => id));
  const checked = rules.filter(({ id }) => !unable.has(id)).length;
  const unknown = [...unable].filter((rule) => !known.has(rule)).length;
  const applying = scope === 'repository' ? 'apply' : `concern the ${scope}`;
  const verb = rules.length === 1 ? applying.replace(/^apply/, 'applies').replace(/^concern/, 'concerns') : applying;
  const parts = [
    found.length === 0 ? 'nothing found' : `${found.join(', ')} in ${count(files, 'file')}`,
    `${count(rules.length, 'rule')} ${verb}, ${checked} checked`,
    ...(unknown > 0 ? [`${count(unknown, 'rule')} of the codex cannot be used`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(unread.length > 0 ? [`${count(unread.length, 'file')} not read`] : []),
    ...(skipped > 0 ? [`${count(skipped, 'generated file')} left out`] : []),
    ...(cut.length > 0 ? [`not all hits told in ${count(new Set(cut.map(({ path }) => path)).size, 'file')}`] : []),
  ];
  return printableLine(parts.join('; '));
}

/** Which rules say nothing of this repository because they were not asked: never the same as kept. */
export function notCheckedText({ rules, notChecked }: Pick<CodexCheckResult, 'rules' | 'notChecked'>): string {
  // Rules for people and models are many, and no surprise.
  const expected = new Set(
    rules.filter(({ check }) => check === undefined || check.kind === 'model').map(({ id }) => id),
  );
  const failed = notChecked.filter(({ rule }) => !expected.has(rule)).map(({ rule }) => rule);
  const others = notChecked.length - failed.length;
  const parts = [
    ...(failed.length === 0 ? [] : [failed.join(', ')]),
    ...(others === 0 ? [] : [`${failed.length === 0 ? '' : 'and '}${count(others, 'rule')} that no code checks`]),
  ];
  return printableLine(`not checked: ${parts.join(' ')} (-v says why)`);
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
