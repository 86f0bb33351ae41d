import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { Counts } from './counts.ts';
import { resultOf } from './result.ts';

const KINDS = ['created', 'updated', 'unchanged', 'closed', 'skipped', 'deferred', 'refused', 'failed', 'newer'];
const summaryOf = (counts: Counts) => counts.summary({ requests: 3, ms: 4 });

describe('a summary', () => {
  it.each([
    ['updated', null, 'refreshed', undefined],
    ['unchanged', null, 'unchanged', undefined],
    ['skipped', 'up-to-date', 'unchanged', undefined],
    ['skipped', 'human-commits', 'skipped', 'human-commits'],
    ['closed', 'pointless', 'skipped', 'pointless'],
    ['deferred', 'limit-open', 'skipped', 'limit-open'],
    ['deferred', null, 'skipped', 'deferred'],
    ['refused', 'protected-branch', 'failed', 'protected-branch'],
    ['failed', 'timeout', 'failed', 'timeout'],
    ['failed', null, 'failed', 'failed'],
  ])('takes %s (%s) as %s', (kind, reason, outcome, why) => {
    expect(resultOf(kind, reason)).toEqual(why === undefined ? { outcome } : { outcome, reason: why });
  });

  it('takes a merge request that was opened as one that generates, or refreshes what is there', () => {
    expect(resultOf('created', null)).toEqual({ outcome: 'generated', opened: true });
    expect(resultOf('created', 'refresh')).toEqual({ outcome: 'refreshed', opened: true });
  });

  it('names reasons in order, and none that nothing came to', () => {
    const counts = new Counts();
    for (const reason of ['fork', 'archived', 'fork']) counts.add({ outcome: 'skipped', reason });
    counts.add({ outcome: 'failed', reason: 'timeout' }, 5);
    counts.add({ outcome: 'failed', reason: 'never' }, 0);
    counts.add({ outcome: 'generated' });
    const text = JSON.stringify(summaryOf(counts));
    expect(text).toBe(
      '{"repositories":9,"generated":1,"refreshed":0,"unchanged":0,"skipped":{"archived":1,"fork":2},"failed":{"timeout":5},"requests":3,"ms":4}',
    );
  });

  it('counts each repository once, whatever became of it', () => {
    const outcome = fc.tuple(fc.constantFrom(...KINDS), fc.option(fc.string()), fc.nat({ max: 50 }));
    fc.assert(
      fc.property(fc.array(outcome), fc.array(outcome), (some, others) => {
        const [counts, more] = [new Counts(), new Counts()];
        for (const [kind, reason, repositories] of some) counts.add(resultOf(kind, reason), repositories);
        for (const [kind, reason, repositories] of others) more.add(resultOf(kind, reason), repositories);
        counts.addAll(more);
        const { repositories, generated, refreshed, unchanged, skipped, failed } = summaryOf(counts);
        const all = [generated, refreshed, unchanged, ...Object.values(skipped), ...Object.values(failed)];
        expect(repositories).toBe(all.reduce((sum, count) => sum + count, 0));
        expect(repositories).toBe([...some, ...others].reduce((sum, [, , count]) => sum + count, 0));
      }),
    );
  });
});
