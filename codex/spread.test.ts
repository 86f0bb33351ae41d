import { describe, expect, it } from 'vitest';
import fc from '../test/fast-check.ts';
import { Spread } from './spread.ts';

/** What is taken of repositories that hold so many things each, told as `name:number`. */
function taken(size: number, holds: Readonly<Record<string, number>>, seed = 'A-1'): readonly string[] {
  const spread = new Spread<string>(size, seed);
  for (const [name, number] of Object.entries(holds)) {
    const items = Array.from({ length: number }, (_, at) => `${name}:${at}`);
    spread.add(name, spread.candidates(name, items));
  }
  return spread.take();
}

describe('Spread', () => {
  it('takes all there is where that is little', () => {
    expect(taken(10, { a: 2, b: 0, c: 1 })).toEqual(['a:0', 'a:1', 'c:0']);
  });

  it('gives every repository its share before one gets more', () => {
    expect(taken(6, { loud: 1000, quiet: 1, other: 2 })).toEqual([
      'loud:250',
      'loud:583',
      'loud:916',
      'other:0',
      'other:1',
      'quiet:0',
    ]);
  });

  it('chooses among many repositories, as good as at random', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`r${String(at).padStart(2, '0')}`, 3]));
    const chosen = taken(5, many);
    expect(new Set(chosen.map((hit) => hit.split(':')[0])).size).toBe(5);
    expect(taken(5, many, 'B-2')).not.toEqual(chosen);
  });

  it('is the same whatever the order, and never larger than asked', () => {
    const fleet = fc.dictionary(fc.stringMatching(/^[a-d]{1,2}$/), fc.nat(8), { noNullPrototype: true });
    fc.assert(
      fc.property(fleet, fc.nat(6), (holds, size) => {
        const backwards = Object.fromEntries(Object.entries(holds).reverse());
        const total = Object.values(holds).reduce((sum, number) => sum + number, 0);
        expect(taken(size, backwards)).toEqual(taken(size, holds));
        expect(taken(size, holds)).toHaveLength(Math.min(size, total));
      }),
    );
  });
});
