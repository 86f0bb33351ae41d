import type { CheckResult, Finding } from '../generator/check/index.ts';
import type { Severity } from '../generator/check/rule.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

/** A line of a document may be a whole paragraph; this much of it is shown. */
const WIDEST = 160;

const COLORS: Readonly<Record<Severity, Parameters<Style>[0]>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** The findings below their documents: `line:column  severity  message  rule`, and below each the line as it is and as it should read. */
export function checkText({ documents, findings }: Pick<CheckResult, 'documents' | 'findings'>, style: Style): string {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const blocks = [...Map.groupBy(findings, ({ path }) => path)].map(([path, group]) => {
    const rows = table(
      group.map((finding) => cells(finding, style)),
      '  ',
    ).split('\n');
    const lines = group.flatMap((finding, at) => {
      const line = byPath.get(path)?.lines.line(finding.line) ?? '';
      return [rows[at] ?? '', ...correction(line, finding, style)];
    });
    return `${style('bold', printableLine(path))}\n${lines.map((line) => `${line}\n`).join('')}`;
  });
  return blocks.join('\n');
}

function cells({ line, column, severity, message, rule }: Finding, style: Style): string[] {
  return [`${line}:${column}`, style(COLORS[severity], severity), printableLine(message), style('dim', rule)];
}

function correction(line: string, { suggestion }: Finding, style: Style): string[] {
  if (suggestion === undefined || suggestion === line) return [];
  const [before, after] = around(line, suggestion);
  const removed = style('red', `      - ${printableLine(before)}`);
  return suggestion === '' ? [removed] : [removed, style('green', `      + ${printableLine(after)}`)];
}

/** Of two long lines the part in which they differ. */
function around(before: string, after: string): [string, string] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = same > WIDEST / 2 ? same - WIDEST / 2 : 0;
  const cut = (text: string): string => {
    const part = text.slice(from, from + WIDEST);
    return `${from > 0 ? '…' : ''}${part}${from + WIDEST < text.length ? '…' : ''}`;
  };
  return [cut(before), cut(after)];
}

/** `1 error, 2 warnings in 3 documents; 1 suppressed`, for stderr. */
export function checkSummary({ documents, unread, findings, suppressed }: CheckResult): string {
  const hidden = suppressed.length > 0 ? `; ${suppressed.length} suppressed` : '';
  const looked = `${count(documents.length + unread.length, 'document')}`;
  if (findings.length === 0) return `${looked}, nothing to report${hidden}`;
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((each) => each.severity === severity).length;
    return number > 0 ? [severity === 'info' ? `${number} info` : count(number, severity)] : [];
  });
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  return `${counts.join(', ')} in ${looked}${hidden}${fixable > 0 ? `; --fix mends ${fixable}` : ''}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
