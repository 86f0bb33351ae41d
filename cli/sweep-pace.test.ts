import { describe, expect, it } from 'vitest';
import { pace } from './sweep-pace.ts';

describe('pace', () => {
  it('says nothing before it knows something', () => {
    const it = pace();
    expect([it.perMinute(), it.remaining(10)]).toEqual([undefined, undefined]);
    it.at(0, 100);
    it.at(2_000, 110);
    expect(it.perMinute()).toBeUndefined();
  });

  it('does not count what was done before it began', () => {
    const it = pace();
    it.at(0, 4_000);
    it.at(60_000, 4_060);
    expect([it.perMinute(), it.remaining(120)]).toEqual([60, 120_000]);
  });

  it('follows a change of speed, and a standstill', () => {
    const it = pace();
    for (let second = 0; second <= 600; second++) it.at(second * 1_000, second * 10);
    expect(it.perMinute()).toBeCloseTo(600, 0);
    for (let second = 601; second <= 1_000; second++) it.at(second * 1_000, 6_000 + (second - 600));
    expect(it.perMinute()).toBeCloseTo(60, 0);
    for (let second = 1_001; second <= 1_200; second++) it.at(second * 1_000, 6_400);
    expect(it.perMinute()).toBeLessThan(30);
  });

  it('is the same however often it is told', () => {
    const [often, seldom] = [pace(), pace()];
    for (let ms = 0; ms <= 60_000; ms += 10) often.at(ms, Math.floor(ms / 100));
    for (let ms = 0; ms <= 60_000; ms += 1_000) seldom.at(ms, Math.floor(ms / 100));
    expect(often.perMinute()).toBeCloseTo(seldom.perMinute()!, 5);
  });
});
