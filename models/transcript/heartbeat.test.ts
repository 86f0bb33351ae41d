import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Heartbeat, heartbeat } from './heartbeat.ts';

let told: number[];
let beats: Heartbeat;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  beats = heartbeat({ every: 30_000, now: Date.now, tell: (seconds) => told.push(seconds) });
});
afterEach(() => {
  beats.stop();
  vi.useRealTimers();
});

describe('a heartbeat', () => {
  it('tells every 30 s how long nothing came', () => {
    vi.advanceTimersByTime(29_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(60_001);
    expect(told).toEqual([30, 60, 90]);
  });

  it('is still while there is output, and counts from the last', () => {
    for (let n = 0; n < 20; n += 1) {
      vi.advanceTimersByTime(20_000);
      beats.said();
    }
    expect(told).toEqual([]);
    vi.advanceTimersByTime(30_000);
    expect(told).toEqual([30]);
    vi.advanceTimersByTime(10_000);
    beats.said();
    vi.advanceTimersByTime(30_000);
    expect(told).toEqual([30, 30]);
  });

  it('ends with the call, even while it tells', () => {
    beats.stop();
    vi.advanceTimersByTime(120_000);
    expect(told).toEqual([]);
    const once = heartbeat({
      every: 1000,
      now: Date.now,
      tell: (seconds) => {
        told.push(seconds);
        once.stop();
      },
    });
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
