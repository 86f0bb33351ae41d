import type { Severity } from '../codex/finding.ts';
import type { Lint, LintFinding } from '../codex/lint/lint.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

const COLORS: Readonly<Record<Severity, Parameters<Output['style']>[0]>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** A finding on a line: `rules/RS-ERR-001.md:12  error  message  CDX101`. */
export function lintText(findings: readonly LintFinding[], prefix: string, style: Output['style']): string {
  return table(
    findings.map(({ file, line, severity, message, lint }) => [
      style('bold', printableLine(`${prefix}${file}:${line}`)),
      style(COLORS[severity], severity),
      printableLine(message),
      style('dim', lint),
    ]),
  );
}

/** `1 error, 2 warnings in 41 rules of codex starter`, for stderr. */
export function lintSummary(findings: readonly LintFinding[], rules: number, codex: string): string {
  const looked = `${count(rules, 'rule')} of codex ${printableLine(codex)}`;
  if (findings.length === 0) return `${looked}, nothing to report`;
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [severity === 'info' ? `${number} info` : count(number, severity)];
  });
  return `${counts.join(', ')} in ${looked}`;
}

/** Every lint on a line: ID, highest severity, name, what it finds. */
export function lintsText(lints: readonly Lint[]): string {
  return table(lints.map(({ id, severity, name, title }) => [id, severity, name, title]));
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
