import type { Scheduled, Scheduler } from '../jobs/queue/port.ts';
import { localTime } from '../jobs/rollout/windows.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** A schedule as it is printed. */
export interface ScheduleRow extends Pick<Scheduled, 'name' | 'cron' | 'timeZone'> {
  readonly groups: readonly string[];
  /** ISO 8601. */
  readonly next: readonly string[];
}

/** How many of the next times are shown. */
const NEXT = 3;

export function rowOf(
  { name, cron, timeZone, options }: Scheduled,
  scheduler: Pick<Scheduler, 'preview'>,
): ScheduleRow {
  const next = scheduler.preview(cron, timeZone, NEXT).map((date) => date.toISOString());
  return { name, cron, timeZone, groups: options.groups, next };
}

export function schedulesText(rows: readonly ScheduleRow[], style: Output['style']): string {
  return rows
    .map(({ name, cron, timeZone, groups, next }) => {
      const about = groups.length === 0 ? 'everything' : groups.map(printableLine).join(', ');
      const times = next.map((at) => localTime(Date.parse(at), timeZone)).join(', ');
      const cells = [
        ['at', `${printableLine(cron)}, ${printableLine(timeZone)}`],
        ['about', about],
        ['next', times || 'never'],
      ];
      return `${style('bold', printableLine(name))}\n${table(cells, '  ')}`;
    })
    .join('');
}
