import type { Cause } from '../jobs/store/tables.ts';
import type { Preview, Progress, RepositoryResult } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';
import { durationText } from './duration.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import type { Pace } from './sweep-pace.ts';
import { table } from './table.ts';

/** `5,000`. */
export function number(count: number): string {
  return count.toLocaleString('en');
}

export function repositories(count: number): string {
  return `${number(count)} ${count === 1 ? 'repository' : 'repositories'}`;
}

/** The line that replaces itself: `128/5,000  43/min  ETA 1 h 52 min  2 failed  shop/cart, shop/api …`. */
export function progressLine(
  { done, total, failed, waiting = 0, current }: Progress,
  { perMinute, remaining }: Pace,
): string {
  // How long those take that wait, how fast the others went does not tell.
  const [rate, left] = [perMinute(), done + waiting < total ? remaining(total - done) : undefined];
  return [
    `${number(done)}/${number(total)}`,
    rate === undefined ? '' : `${rate < 9.5 ? rate.toFixed(1).replace(/\.0$/, '') : number(Math.round(rate))}/min`,
    left === undefined ? '' : `ETA ${leftText(left)}`,
    failed === 0 ? '' : `${number(failed)} failed`,
    waiting === 0 ? '' : `${number(waiting)} waiting to be tried again`,
    current.slice(0, SHOWN_CURRENT).map(printableLine).join(', ') + (current.length > SHOWN_CURRENT ? ' …' : ''),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

const SHOWN_CURRENT = 3;

function leftText(ms: number): string {
  return ms < 10_000 ? `${Math.max(1, Math.round(ms / 1_000))} s` : durationText(ms);
}

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  new: 'never seen',
  reported: 'reported as stale',
  retry: 'to be tried again',
  replied: 'with news on the merge request',
  moved: 'moved',
  policy: 'for what is new in generator, codex or catalog',
  deferred: 'held back before',
};

/** What is going to be done, a line each. */
export function previewLines({ repositories: scope, due, policy }: Preview): readonly string[] {
  const causes = (Object.entries(due) as [Cause, number][]).filter(([, count]) => count > 0);
  const sum = causes.reduce((total, [, count]) => total + count, 0);
  const why = causes.map(([cause, count]) => `${number(count)} ${CAUSE_WORDS[cause]}`).join(', ');
  return [
    `${repositories(scope)} in scope, ${sum === 0 ? 'nothing to do' : `${number(sum)} to work on: ${why}`}`,
    ...(policy === undefined ? [] : [policyLine(policy)]),
  ];
}

function policyLine({
  changed,
  repositories: all,
  sampled,
  wouldChange,
  lines,
}: NonNullable<Preview['policy']>): string {
  const what = changed.length > 1 ? `${changed.slice(0, -1).join(', ')} and ${changed.at(-1)}` : (changed[0] ?? '');
  const is = changed.length > 1 ? 'are' : 'is';
  return `${what} ${is} new for ${repositories(all)}: of ${number(sampled)} looked at ${number(wouldChange)} would change, ${number(lines)} ${lines === 1 ? 'line' : 'lines'}`;
}

/** What became of a repository, as cells of a table. @param branch of a folder's repository. */
export function resultCells(result: RepositoryResult, branch?: string): readonly string[] {
  const { outcome, path, reason, message, mergeRequest, lines } = result;
  const changed = outcome === 'generated' || outcome === 'refreshed';
  const why = [
    ...(reason === undefined || changed ? [] : [`(${printableLine(reason)})`]),
    printableLine(message ?? ''),
  ];
  const where = mergeRequest === undefined ? '' : printableLine(mergeRequest.url);
  if (changed && lines)
    return [outcome, printableLine(path), `+${number(lines.added)} -${number(lines.removed)} lines`];
  const at = changed && branch !== undefined ? [`branch ${printableLine(branch)}`, where] : [where];
  return [outcome, printableLine(path), (changed ? at : why).filter((part) => part !== '').join(changed ? ', ' : ' ')];
}

/** The numbers of a sweep. @param which its number; of a dry run, where all only would be, there is none. */
export function summaryTable(summary: SweepSummary, which: number | undefined, style: Output['style']): string {
  const would = which === undefined;
  const { generated, refreshed, unchanged, skipped, failed } = summary;
  const label = (name: string): string => (would ? `would be ${name}` : name);
  const rows: (readonly [string, string, string])[] = [
    [label('generated'), number(generated), ''],
    [label('refreshed'), number(refreshed), ''],
    [label('unchanged'), number(unchanged), ''],
    [label('skipped'), number(sum(skipped)), reasons(skipped)],
    [would ? 'would fail' : 'failed', number(sum(failed)), reasons(failed)],
    ['repositories', number(summary.repositories), ''],
    ...(summary.harvested === undefined ? [] : [['harvested', number(summary.harvested), 'reviews'] as const]),
    ['requests', number(summary.requests), ''],
    ['time', durationText(summary.ms), ''],
    ...(would ? [] : [['sweep', String(which), ''] as const]),
  ];
  const width = Math.max(...rows.map(([, count]) => count.length));
  const cells = rows.map(([name, count, why]) => {
    const shown = name.endsWith('failed') && sum(failed) > 0 ? style('red', name) : name;
    return [shown, count.padStart(width), why];
  });
  return table(cells);
}

/** How many repositories a number by reason is about. */
export function sum(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((total, count) => total + count, 0);
}

function reasons(byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .filter(([, count]) => count > 0)
    .sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    .map(([reason, count]) => `${printableLine(reason)} ${number(count)}`)
    .join(', ');
}
