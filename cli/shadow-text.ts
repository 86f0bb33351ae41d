import { MOST_HITS_PER_KLOC, type RuleShadow, type ShadowRun, type ShadowVerdict } from '../codex/shadow.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

const VERDICTS: Readonly<Record<ShadowVerdict, string>> = {
  fits: 'may be active',
  'too-many-hits': 'too many hits',
  'never-hit': 'never hit',
  'not-checked': 'not checked',
  'applies-nowhere': 'applying nowhere',
};
const COLORS: Readonly<Record<ShadowVerdict, Parameters<Style>[0]>> = {
  fits: 'green',
  'too-many-hits': 'red',
  'never-hit': 'yellow',
  'not-checked': 'dim',
  'applies-nowhere': 'dim',
};

/** A line for each rule, and below it the hits to judge and why it was not checked. */
export function shadowText({ rules }: ShadowRun, style: Style): string {
  const lines = table(
    rules.map((rule) => [
      style('bold', printableLine(rule.id)),
      `${rule.level} ${rule.status}`,
      `in ${rule.hit} of ${rule.applies}`,
      count(rule.hits, 'hit'),
      rateOf(rule),
      style(COLORS[rule.verdict], VERDICTS[rule.verdict]),
    ]),
  ).split('\n');
  return rules.map((rule, at) => `${lines[at]}\n${detailsOf(rule, style)}`).join('');
}

function detailsOf({ samples, notChecked }: RuleShadow, style: Style): string {
  const hits = samples.map(({ repository, path, line, subject }) => [
    printableLine(repository),
    `${printableLine(path)}:${line}`,
    style('dim', printableLine(subject)),
  ]);
  const reasons = notChecked.map(
    ({ reason, repositories }) => `  not checked in ${countOf(repositories)}: ${printableLine(reason)}\n`,
  );
  return table(hits, '  ') + reasons.join('');
}

/** A table of the rules and for each one a table of hits, in which somebody says which of them are right. */
export function shadowMarkdown({ rules, repositories }: ShadowRun, codex: string): string {
  const rows = rules.map((rule) => [
    code(rule.id),
    rule.level,
    rule.status,
    `${rule.hit} of ${rule.applies}`,
    String(rule.hits),
    String(rule.lines),
    rule.hitsPerKloc === undefined ? '-' : rule.hitsPerKloc.toFixed(3),
    VERDICTS[rule.verdict],
  ]);
  const lines = repositories.reduce((sum, repository) => sum + repository.lines, 0);
  const judged = rules
    .filter(({ samples }) => samples.length > 0)
    .map(({ id, title, samples }) => {
      const hits = samples.map(({ repository, path, line, subject }) => [
        cell(repository),
        code(`${path}:${line}`),
        subject === '' ? '' : code(subject),
        '',
      ]);
      return `## ${cell(id)}: ${cell(title)}\n\n${markdownTable(['repository', 'place', 'what stands there', 'right?'], hits)}`;
    });
  const head = ['rule', 'level', 'status', 'repositories hit', 'hits', 'lines', 'hits/kLOC', 'verdict'];
  return [
    `# Shadow run\n\nCodex ${code(codex)}; ${countOf(repositories.length)}, ${lines} lines.\n\n${markdownTable(head, rows)}`,
    ...judged,
  ].join('\n');
}

/** `41 rules over 12 repositories: 30 may be active, 1 too many hits, ...`, for stderr. */
export function shadowSummary({ rules, repositories }: ShadowRun): string {
  const parts = Object.entries(VERDICTS).flatMap(([verdict, said]) => {
    const number = rules.filter((rule) => rule.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${said}`];
  });
  return `${count(rules.length, 'rule')} over ${countOf(repositories.length)}: ${parts.join(', ')}`;
}

/** What contradicts a rule that is in force already. */
export function shadowWarnings({ rules }: ShadowRun): readonly string[] {
  return rules.flatMap((rule) => {
    if (rule.status !== 'active') return [];
    if (rule.verdict === 'never-hit') return [`${rule.id}: active, but never hit: put it on trial`];
    if (rule.verdict !== 'too-many-hits') return [];
    return [`${rule.id}: active, with ${rateOf(rule)}: put it on trial, above ${MOST_HITS_PER_KLOC} it is noise`];
  });
}

function rateOf({ hitsPerKloc }: RuleShadow): string {
  return hitsPerKloc === undefined ? '' : `${hitsPerKloc.toFixed(3)}/kLOC`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function countOf(repositories: number): string {
  return `${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(lineOf).join('');
}

/** Text of repositories in Markdown: as code nothing in it means anything, but for what ends the code or the cell. */
function code(text: string): string {
  return `\`${printableLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return printableLine(text).replace(/[\\`*_[\]<>|#&!~]/g, '\\$&');
}
