import { describe, expect, it } from 'vitest';
import type { Wave } from '../config.ts';
import { waveOf } from './waves.ts';

const FLEET = Array.from({ length: 10_000 }, (_, at) => ({
  key: `https://gitlab.example.com#${at + 1}`,
  path: `${['shop', 'Pay', 'platform'][at % 3]}/repo-${at}`,
}));
const count = (waves: readonly Wave[], wave: number): number =>
  FLEET.filter((each) => waveOf(waves, each) === wave).length;

describe('waves', () => {
  it('hold about as many percent of all as they say, those of the waves before them included', () => {
    const waves = [{ percent: 1 }, { percent: 5 }, { percent: 25 }, { percent: 100 }];
    const counts = [0, 1, 2, 3, 4].map((wave) => count(waves, wave));
    // Four standard deviations of a fair draw.
    const fair = [100, 400, 2000, 7500, 0];
    counts.forEach((found, at) => {
      const most = 4 * Math.sqrt(fair[at]! * (1 - fair[at]! / 10_000));
      expect(Math.abs(found - fair[at]!), `wave ${at}: ${found}`).toBeLessThanOrEqual(most);
    });
  });

  it('keep everybody who was in an earlier one when they grow', () => {
    const before = FLEET.filter((each) => waveOf([{ percent: 10 }], each) === 0);
    expect(before.every((each) => waveOf([{ percent: 11 }], each) === 0)).toBe(true);
    expect(count([{ percent: 11 }], 0)).toBeGreaterThan(before.length);
  });

  it('are the same on every machine', () => {
    expect(
      [...'abcdefgh'].map((key) => waveOf([{ percent: 25 }, { percent: 50 }, { percent: 75 }], { key, path: key })),
    ).toEqual(WRITTEN_DOWN);
  });

  it('go by groups, with all below them, whatever the case', () => {
    const waves: Wave[] = [{ groups: ['platform', 'PAY/core'] }, { groups: ['pay'] }];
    const of = (path: string) => waveOf(waves, { key: path, path });
    expect(['platform/x', 'Pay/Core/y', 'pay/core', 'Pay/z', 'payment/z', 'shop/platform'].map(of)).toEqual([
      0, 0, 0, 1, 2, 2,
    ]);
  });

  it('go by groups and percent in one rollout; what none names comes last', () => {
    const waves: Wave[] = [{ groups: ['platform'] }, { percent: 50 }];
    expect(count(waves, 0)).toBe(3333);
    expect(count(waves, 1)).toBeGreaterThan(3100);
    expect(count(waves, 0) + count(waves, 1) + count(waves, 2)).toBe(10_000);
    expect(count([], 0)).toBe(10_000);
    expect([count([{ percent: 0 }], 0), count([{ percent: 0 }], 1)]).toEqual([0, 10_000]);
  });
});

/** Worked out with Python: int.from_bytes(sha256(key)[:6]) / 2**48. */
const WRITTEN_DOWN = [3, 0, 0, 0, 0, 0, 3, 2];
