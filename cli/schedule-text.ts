import type { Scheduled, Scheduler } from '../jobs/queue/port.ts';
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
      const times = next.map((at) => localTime(at, timeZone)).join(', ');
      const cells = [
        ['at', `${printableLine(cron)}, ${printableLine(timeZone)}`],
        ['about', about],
        ['next', times || 'never'],
      ];
      return `${style('bold', printableLine(name))}\n${table(cells, '  ')}`;
    })
    .join('');
}

/** `Mon 2026-11-23 03:00`, by the clock of the zone. */
export function localTime(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('weekday')} ${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}
