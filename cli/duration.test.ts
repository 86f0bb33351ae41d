import { describe, expect, it } from 'vitest';
import { durationText, readDuration } from './duration.ts';

describe('readDuration', () => {
  it.each([
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
  ])('reads %s', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['', '7', 'd', '7 d', '-7d', '7y', '1.5d', '7dd'])('does not read "%s"', (text) => {
    expect(readDuration(text)).toBeUndefined();
  });
});

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1500, '1.5 s'],
    [9999, '10.0 s'],
    [40_000, '40 s'],
    [59_800, '1 min'],
    [90_000, '1 min 30 s'],
    [12 * 60_000, '12 min'],
    [3_599_000, '1 h'],
    [112 * 60_000, '1 h 52 min'],
    [86_400_000, '1 d'],
    [51 * 3_600_000, '2 d 3 h'],
  ])('says %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
