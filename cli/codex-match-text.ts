import type { Match } from '../codex/match.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** A line for each rule: ID, level, status, title, why it applies; those that do not behind the others. */
export function codexMatchText(matches: readonly Match[], style: Output['style']): string {
  return (['yes', 'unknown', 'no'] as const)
    .flatMap((answer) => {
      const rows = matches.filter(({ applies }) => applies === answer).map((match) => cells(match, style));
      if (rows.length === 0) return [];
      return [`${answer === 'yes' ? '' : style('bold', `${TITLES[answer]}\n`)}${table(rows)}`];
    })
    .join('\n');
}

const TITLES = { unknown: 'Not known', no: 'Do not apply' };

function cells({ rule: { id, level, status, title }, because }: Match, style: Output['style']): string[] {
  return [style('bold', printableLine(id)), level, status, printableLine(title), style('dim', printableLine(because))];
}
