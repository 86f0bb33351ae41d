import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { f1Of, rateOf } from './rate.ts';

describe('a rate', () => {
  it.each([
    // Newcombe (1998), table I, method 3: Wilson without a correction.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i lies between %f and %f', (hits, of, low, high) => {
    const rate = rateOf(hits, of);
    expect(rate.low).toBeCloseTo(low, 3);
    expect(rate.high).toBeCloseTo(high, 3);
  });

  it('of nothing is not known, and may be anything', () => {
    expect(rateOf(0, 0)).toEqual({ hits: 0, of: 0, value: null, low: 0, high: 1 });
  });

  it('lies in its interval, which is narrower the more there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const hits = Math.round(of * share);
        const [rate, more] = [rateOf(hits, of), rateOf(10 * hits, 10 * of)];
        expect(rate.low).toBeLessThanOrEqual(rate.value!);
        expect(rate.high).toBeGreaterThanOrEqual(rate.value!);
        expect(rate.low).toBeGreaterThanOrEqual(0);
        expect(rate.high).toBeLessThanOrEqual(1);
        expect(more.high - more.low).toBeLessThan(rate.high - rate.low);
      }),
    );
  });
});

describe('F1', () => {
  it('is the harmonic mean, nothing where nothing is right, and unknown without both', () => {
    expect(f1Of(rateOf(1, 2), rateOf(1, 4))).toBeCloseTo(1 / 3);
    expect(f1Of(rateOf(0, 2), rateOf(0, 4))).toBe(0);
    expect(f1Of(rateOf(0, 0), rateOf(0, 4))).toBeNull();
  });
});
