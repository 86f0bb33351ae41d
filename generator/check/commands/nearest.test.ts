import { describe, expect, it } from 'vitest';
import fc from '../../../test/fast-check.ts';
import { nearestNames, sureSuccessor } from './nearest.ts';

describe('sureSuccessor', () => {
  it.each([
    ['lint:fix', ['fix:lint', 'lint'], 'fix:lint'],
    ['type-check', ['typeCheck', 'test'], 'typeCheck'],
    ['dialyzer', ['dialyze', 'ct'], 'dialyze'],
    ['buidl', ['build', 'test'], 'build'],
    // Two that are as near, another number, another short word: nobody can know.
    ['lint:fix', ['fix:lint', 'lint-fix'], undefined],
    ['test1', ['test2'], undefined],
    ['dev', ['div'], undefined],
    ['lint', ['test', 'build'], undefined],
    ['test', ['test'], undefined],
  ])('%s of %j is %s', (name, known, expected) => {
    expect(sureSuccessor(name, known)).toBe(expected);
  });
});

describe('nearestNames', () => {
  it('puts names with the same words first, and leaves out what is not alike', () => {
    expect(nearestNames('test:unit', ['build', 'test', 'unit-tests', 'unit:test', 'deploy'])).toEqual([
      'unit:test',
      'test',
      'unit-tests',
    ]);
  });

  it('never names the name itself, nor more than three, nor another than are known', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, known) => {
        const found = nearestNames(name, known);
        expect(found.length).toBeLessThanOrEqual(3);
        expect(found).not.toContain(name);
        expect(found.every((each) => known.includes(each))).toBe(true);
        const successor = sureSuccessor(name, known);
        expect(successor === undefined || (known.includes(successor) && successor !== name)).toBe(true);
      }),
    );
  });
});
