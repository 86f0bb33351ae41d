import { DAYS, type Day, type Window } from '../config.ts';

/** Days and hours by the clock on a wall somewhere. Moments are in ms since 1970. */
export interface Hours {
  /** Whether a moment is within one of the windows. */
  hold(at: number): boolean;
  /** The next moment at which that is otherwise: they close, or they open. `undefined` where they never do. */
  next(at: number): number | undefined;
}

/**
 * The windows of a time zone. A window is what the clock shows: on the day on which it is put forward, hours that it leaves
 * out are nobody's; where it is put back, an hour that comes twice is in or out twice. One whose end is not after its start
 * goes on until the next day, `08:00` to `08:00` for 24 hours.
 */
export function hoursOf(windows: readonly Window[], timeZone: string): Hours {
  const spans = windows.map(({ days, from, to }) => ({
    days: new Set(days),
    from: minutesOf(from),
    to: minutesOf(to),
  }));
  const edges = [...new Set([0, ...spans.flatMap(({ from, to }) => [from % A_DAY, to % A_DAY])])];
  const clock = wallClock(timeZone);
  const hold = (at: number): boolean => {
    const { day, minute } = clock(at);
    return spans.some(({ days, from, to }) => {
      const begun = days.has(DAYS[day]!) && minute >= from;
      if (from < to) return begun && minute < to;
      return begun || (days.has(dayBefore(day)) && minute < to);
    });
  };
  return {
    hold,
    next: (at) => {
      const now = hold(at);
      const last = at + LOOKED_AHEAD;
      for (let moment = Math.floor(at / MINUTE) * MINUTE; moment <= last; ) {
        moment = nextEdge(clock, edges, moment);
        if (hold(moment) !== now) return moment;
      }
      return undefined;
    },
  };
}

/** `Mon 2026-11-23 06:00 (Europe/Berlin)`: a moment, in ms since 1970, by the clock there. */
export function clockText(at: number, timeZone: string): string {
  return `${localTime(at, timeZone)} (${timeZone})`;
}

/** `Mon 2026-11-23 06:00`, by the clock of the zone. */
export function localTime(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('weekday')} ${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}

const MINUTE = 60_000;
/** In minutes. */
const A_DAY = 1440;
/** Windows come every week; one that the clock leaves out in one week comes in the next. */
export const LOOKED_AHEAD = 15 * A_DAY * MINUTE;

interface WallClock {
  /** Of {@link DAYS}. */
  readonly day: number;
  /** Of the day. */
  readonly minute: number;
  /** Before UTC, in ms. */
  readonly offset: number;
}

function wallClock(timeZone: string): (at: number) => WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year, month, date, hour, minute] = ['year', 'month', 'day', 'hour', 'minute'].map(
      (type) => parts.get(type as Intl.DateTimeFormatPartTypes)!,
    ) as [number, number, number, number, number];
    const shown = Date.UTC(year, month - 1, date, hour, minute);
    return {
      day: (new Date(shown).getUTCDay() + 6) % 7,
      minute: hour * 60 + minute,
      offset: shown - Math.floor(at / MINUTE) * MINUTE,
    };
  };
}

/** The next moment after a full minute at which the clock shows an edge, or is put forward or back. */
function nextEdge(clock: (at: number) => WallClock, edges: readonly number[], from: number): number {
  const { minute, offset } = clock(from);
  const ahead = Math.min(...edges.map((edge) => (edge > minute ? edge - minute : edge - minute + A_DAY)));
  const edge = from + ahead * MINUTE;
  if (clock(edge).offset === offset) return edge;
  let [before, after] = [from, edge];
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / (2 * MINUTE)) * MINUTE;
    if (clock(middle).offset === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** Of `08:30`. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
}

function dayBefore(day: number): Day {
  return DAYS[(day + 6) % 7]!;
}
