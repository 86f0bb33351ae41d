import type { Change } from '../forge/git/change.ts';
import { citationOf, type Finding, type Severity } from '../reviewer/findings/finding.ts';
import { countsOf, type Review } from '../reviewer/review.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

type Style = Output['style'];

const COLORS: Readonly<Record<Severity, Parameters<Style>[0]>> = {
  critical: 'red',
  warning: 'yellow',
  suggestion: 'cyan',
};
/** Lines shown before and behind those that a finding is about. */
const AROUND = 2;
/** Lines shown of a long one. */
const MOST = 8;

/** A review for a person: each finding with the lines it is about, then what was decided and why. */
export async function reviewText(
  review: Review,
  change: Pick<Change, 'before' | 'after'>,
  style: Style,
): Promise<string> {
  const blocks: string[] = [];
  for (const finding of review.findings) blocks.push(await findingText(finding, change, style));
  return [...blocks, ...offerText(review, style), summaryText(review, style)].join('\n');
}

async function findingText(finding: Finding, change: Pick<Change, 'before' | 'after'>, style: Style): Promise<string> {
  const { severity, trivial, path, line, title, detail, rules, suggestion, category } = finding;
  const place = line === 0 ? path : `${path}:${line}`;
  const cited = rules.map(citationOf).join(', ');
  const head = `${style('bold', printableLine(place))}  ${style(COLORS[severity], trivial ? 'note' : severity)}  ${printableLine(title)}`;
  const tail = style('dim', printableLine(cited === '' ? category : `${category}, ${cited}`));
  return [
    `${head}  ${tail}`,
    ...(detail === '' ? [] : [`  ${printableLine(detail)}`]),
    ...(await excerpt(finding, change, style)),
    ...(suggestion === null ? [] : suggested(suggestion, style)),
    '',
  ].join('\n');
}

async function excerpt(
  { path, side, line, endLine }: Finding,
  { before, after }: Pick<Change, 'before' | 'after'>,
  style: Style,
): Promise<readonly string[]> {
  if (line === 0) return [];
  const read = (await (side === 'new' ? after : before).read([path])).get(path);
  if (!read?.ok) return [];
  const lines = read.text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);
  const last = Math.min(endLine, line + MOST - 1);
  const [from, to] = [Math.max(1, line - AROUND), Math.min(lines.length, last + AROUND)];
  const width = String(to).length;
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const number = from + at;
    const isMeant = number >= line && number <= last;
    const text = `${isMeant ? '>' : ' '} ${String(number).padStart(width)} | ${printableLine(lines[number - 1]!).slice(0, 200)}`;
    return `  ${isMeant ? text : style('dim', text)}`;
  });
}

function suggested(suggestion: string, style: Style): readonly string[] {
  if (suggestion === '') return [`  ${style('green', 'take it out')}`];
  return suggestion.split('\n').map((line) => `  ${style('green', `+ ${printableLine(line)}`)}`);
}

function offerText({ offer }: Review, style: Style): readonly string[] {
  if (!offer) return [];
  const lines = offer.stale.map(({ line, subject, suggestion }) => {
    const now = suggestion === null ? '' : suggestion === '' ? ': take it out' : `: ${printableLine(suggestion)}`;
    return `  line ${line}, ${printableLine(subject)}${now}`;
  });
  const what =
    'there is no AGENTS.md; this change is one that agents would have to know of: agentsmd generate --write makes one';
  return [
    `${style('cyan', 'note')}  ${what}`,
    ...(lines.length === 0 ? [] : ['  of the one before this change these lines would be false now:', ...lines]),
    '',
  ];
}

const DECIDED = {
  approved: 'approved',
  approved_with_comments: 'approved with comments',
  minor_issues: 'minor issues',
  significant_concerns: 'significant concerns',
} as const;

function summaryText(
  { skipped, decision, because, tier, tierBecause, findings, files, agents }: Review,
  style: Style,
): string {
  const color =
    decision === null
      ? 'red'
      : decision.startsWith('approved')
        ? 'green'
        : decision === 'minor_issues'
          ? 'yellow'
          : 'red';
  const counts = countsOf(findings).map(([category, count]) => `${category} ${count}`);
  const left = files.filter(({ noise }) => noise !== undefined).length;
  const unread = files.filter(({ unread, noise }) => noise === undefined && unread !== undefined).length;
  const parts = [
    `${tier} risk (${tierBecause})`,
    ...(counts.length === 0 ? [] : [counts.join(', ')]),
    ...(left === 0 ? [] : [`${left} left out as noise`]),
    ...(unread === 0 ? [] : [`${unread} without text`]),
    ...(agents.length === 0 ? [] : [`looked at by ${agents.map(({ name }) => name).join(' and ')}`]),
  ];
  const said = skipped !== null ? 'not reviewed' : decision === null ? 'no decision' : DECIDED[decision];
  return `${style([color, 'bold'] as never, said)}: ${printableLine(because)}\n${style('dim', printableLine(parts.join('; ')))}\n`;
}
