import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { DAYS, type Window } from '../config.ts';
import { hoursOf } from './windows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);
const said = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString();
const WORK: Window = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:30', to: '18:00' };
const NIGHT: Window = { days: [...DAYS], from: '22:00', to: '06:00' };

describe('windows', () => {
  it.each([
    // 2026-11-20 is a Friday; Berlin is an hour ahead in winter.
    ['2026-11-20T07:29:59Z', false],
    ['2026-11-20T07:30:00Z', true],
    ['2026-11-20T16:59:59Z', true],
    ['2026-11-20T17:00:00Z', false],
    ['2026-11-21T10:00:00Z', false],
  ])('begin and end on the minute: %s %s', (moment, within) => {
    expect(hoursOf([WORK], 'Europe/Berlin').hold(at(moment))).toBe(within);
  });

  it.each([
    ['2026-11-20T06:00:00Z', '2026-11-20T07:30:00.000Z'],
    ['2026-11-20T07:30:00Z', '2026-11-20T17:00:00.000Z'],
    ['2026-11-20T12:34:56Z', '2026-11-20T17:00:00.000Z'],
    ['2026-11-20T17:00:00Z', '2026-11-23T07:30:00.000Z'],
  ])('tell when they open or close: after %s at %s', (moment, next) => {
    expect(said(hoursOf([WORK], 'Europe/Berlin').next(at(moment)))).toBe(next);
  });

  it('go on over midnight, on the day after those that they name', () => {
    const friday = hoursOf([{ ...NIGHT, days: ['fri'] }], 'UTC');
    const within = [
      '2026-11-20T05:00Z',
      '2026-11-20T22:00Z',
      '2026-11-21T05:59Z',
      '2026-11-21T06:00Z',
      '2026-11-21T22:30Z',
    ];
    expect(within.map((moment) => friday.hold(at(moment)))).toEqual([false, true, true, false, false]);
    expect(said(friday.next(at('2026-11-20T23:00Z')))).toBe('2026-11-21T06:00:00.000Z');
  });

  it('end with the day at 24:00, and last for 24 hours where both ends are the same', () => {
    const evening = hoursOf([{ days: ['sun'], from: '20:00', to: '24:00' }], 'UTC');
    expect(evening.hold(at('2026-11-22T23:59:59.999Z'))).toBe(true);
    expect(evening.hold(at('2026-11-23T00:00Z'))).toBe(false);
    expect(said(evening.next(at('2026-11-22T21:00Z')))).toBe('2026-11-23T00:00:00.000Z');
    const day = hoursOf([{ days: ['sun'], from: '08:00', to: '08:00' }], 'UTC');
    expect(said(day.next(at('2026-11-22T07:00Z')))).toBe('2026-11-22T08:00:00.000Z');
    expect(said(day.next(at('2026-11-22T08:00Z')))).toBe('2026-11-23T08:00:00.000Z');
    const whole = hoursOf([{ days: ['sun'], from: '00:00', to: '24:00' }], 'UTC');
    expect(said(whole.next(at('2026-11-22T08:00Z')))).toBe('2026-11-23T00:00:00.000Z');
  });

  it('never change where there are none, or where they are always', () => {
    expect(hoursOf([], 'UTC').hold(0)).toBe(false);
    expect(hoursOf([], 'UTC').next(0)).toBeUndefined();
    const always = hoursOf([{ days: [...DAYS], from: '00:00', to: '24:00' }], 'America/New_York');
    expect(always.hold(0)).toBe(true);
    expect(always.next(0)).toBeUndefined();
  });

  it('join where one follows the other', () => {
    const day = hoursOf(
      [
        { days: ['mon'], from: '08:00', to: '12:00' },
        { days: ['mon'], from: '12:00', to: '16:00' },
      ],
      'UTC',
    );
    expect(said(day.next(at('2026-11-23T09:00Z')))).toBe('2026-11-23T16:00:00.000Z');
  });
});

/** The hours before and after which clocks are put forward and back; in UTC. */
const CHANGES = {
  'Europe/Berlin': { forward: '2026-03-29T01:00:00Z', back: '2026-10-25T01:00:00Z' },
  'America/New_York': { forward: '2026-03-08T07:00:00Z', back: '2026-11-01T06:00:00Z' },
} as const;

describe('clocks that are put forward and back', () => {
  it.each([
    // 02:00 to 03:00 does not come on that day.
    ['Europe/Berlin', '02:15', '02:45', '2026-03-28T12:00Z', '2026-03-30T00:15:00.000Z'],
    ['America/New_York', '02:15', '02:45', '2026-03-07T12:00Z', '2026-03-09T06:15:00.000Z'],
    // A night ends when the clock shows six: an hour earlier, and later.
    ['Europe/Berlin', '22:00', '06:00', '2026-03-28T22:00Z', '2026-03-29T04:00:00.000Z'],
    ['Europe/Berlin', '22:00', '06:00', '2026-10-24T21:00Z', '2026-10-25T05:00:00.000Z'],
    ['America/New_York', '22:00', '06:00', '2026-03-08T04:00Z', '2026-03-08T10:00:00.000Z'],
    ['America/New_York', '22:00', '06:00', '2026-11-01T03:00Z', '2026-11-01T11:00:00.000Z'],
    // What begins within the hour that does not come begins after it.
    ['Europe/Berlin', '02:30', '05:00', '2026-03-29T00:00Z', '2026-03-29T01:00:00.000Z'],
    ['America/New_York', '02:30', '05:00', '2026-03-08T06:00Z', '2026-03-08T07:00:00.000Z'],
    // The hour that comes twice: first until 02:30, then from 02:00 on again.
    ['Europe/Berlin', '00:00', '02:30', '2026-10-25T00:00Z', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '00:00', '02:30', '2026-10-25T00:30Z', '2026-10-25T01:00:00.000Z'],
    ['Europe/Berlin', '00:00', '02:30', '2026-10-25T01:00Z', '2026-10-25T01:30:00.000Z'],
    ['America/New_York', '00:00', '01:30', '2026-11-01T05:30Z', '2026-11-01T06:00:00.000Z'],
  ])('%s, %s to %s: the next change after %s is %s', (timeZone, from, to, moment, next) => {
    expect(said(hoursOf([{ days: [...DAYS], from, to }], timeZone).next(at(moment)))).toBe(next);
  });

  const time = fc
    .tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom('00', '07', '30', '59'))
    .map(([hour, minute]) => (hour === 24 ? '24:00' : `${String(hour).padStart(2, '0')}:${minute}`));
  const window = fc.record({ days: fc.subarray([...DAYS], { minLength: 1 }), from: time, to: time });
  const moment = fc
    .record({
      zone: fc.constantFrom('Europe/Berlin' as const, 'America/New_York' as const),
      which: fc.constantFrom('forward' as const, 'back' as const),
      away: fc.integer({ min: -3 * DAY, max: DAY }),
    })
    .map(({ zone, which, away }) => ({ zone, from: at(CHANGES[zone][which]) + away }));

  /** What a clock shows, told by another part of Intl than the one under test. */
  const shown = (zone: string, when: number): { day: string; time: string } => {
    const text = new Date(when).toLocaleString('en-GB', {
      timeZone: zone,
      weekday: 'short',
      timeStyle: undefined,
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    });
    const [, day, clock] = /^(\w{3}).* (\d\d:\d\d)/.exec(text)!;
    return { day: day!.toLowerCase(), time: clock!.replace(/^24/, '00') };
  };

  it('hold exactly when the clock on the wall shows a time of theirs', () => {
    fc.assert(
      fc.property(window, moment, ({ days, from, to }, { zone, from: when }) => {
        const { day, time } = shown(zone, when);
        const before = DAYS[(DAYS.indexOf(day as 'mon') + 6) % 7]!;
        const [today, yesterday] = [days.includes(day as 'mon'), days.includes(before)];
        const expected =
          from < to ? today && time >= from && time < to : (today && time >= from) || (yesterday && time < to);
        expect(hoursOf([{ days, from, to }], zone).hold(when)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('change next at the first minute that is otherwise', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), moment, (windows, { zone, from }) => {
        const hours = hoursOf(windows, zone);
        const next = hours.next(from);
        const now = hours.hold(from);
        const until = Math.min(next ?? Number.POSITIVE_INFINITY, from + 26 * HOUR);
        if (next !== undefined) {
          expect(next).toBeGreaterThan(from);
          expect(hours.hold(next)).toBe(!now);
          expect(hours.hold(next - 1)).toBe(now);
        }
        for (let minute = from; minute < until; minute += 7 * MINUTE) expect(hours.hold(minute)).toBe(now);
      }),
      { numRuns: 200 },
    );
  });
});
