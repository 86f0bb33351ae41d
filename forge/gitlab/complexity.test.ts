import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { BlobBudget } from './complexity.ts';

describe('BlobBudget', () => {
  it('starts with what the formula lets through', () => {
    expect(new BlobBudget().paths).toBe(139);
  });

  it('takes the limit and the cost that the instance tells', () => {
    const strict = new BlobBudget();
    strict.learn(100, { score: 166, limit: 200 });
    expect(strict.paths).toBeLessThan(115);
    const generous = new BlobBudget();
    generous.learn(100, { score: 100, limit: 300 });
    expect(generous.paths).toBe(200);
  });

  it('does not take the price of a small query for that of a large one', () => {
    const budget = new BlobBudget();
    budget.learn(1, { score: 20, limit: 250 });
    expect(budget.paths).toBe(139);
  });

  it('halves what was refused, and gives up where next to nothing goes', () => {
    const budget = new BlobBudget();
    const tried: number[] = [];
    while (budget.paths > 0) {
      tried.push(budget.paths);
      budget.refused(budget.paths);
    }
    expect(tried).toEqual([139, 69, 34, 17, 8]);
  });

  it('asks for nothing more after giving up', () => {
    const budget = new BlobBudget();
    budget.giveUp();
    budget.learn(100, { score: 100, limit: 300 });
    expect(budget.paths).toBe(0);
  });

  it('stays below the limit whatever one path costs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 200 }), fc.double({ min: 0.2, max: 6, noNaN: true }), (asked, dear) => {
        const price = (paths: number) => {
          const groups = Array.from({ length: Math.ceil(paths / 25) }, (_, at) => Math.min(25, paths - at * 25));
          return dear * groups.reduce((sum, size) => sum + (size + 7) * (1 + size / 100), 6);
        };
        const budget = new BlobBudget();
        budget.learn(asked, { score: price(asked), limit: 250 });
        expect(price(budget.paths)).toBeLessThanOrEqual(budget.paths === 0 ? Number.POSITIVE_INFINITY : 250);
      }),
    );
  });
});

it('asks for as many again an hour after queries were refused', () => {
  let now = 0;
  const budget = new BlobBudget(() => now);
  const most = budget.paths;
  for (const refuse of [() => budget.refused(most), () => budget.giveUp()]) {
    refuse();
    expect(budget.paths).toBeLessThan(most);
    now += 3_600_000;
    expect(budget.paths).toBe(most);
  }
});
