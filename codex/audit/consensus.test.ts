import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { consensusOf } from './consensus.ts';
import { VERDICTS, type Verdict, type Vote } from './verdict.ts';

const vote = (said: Verdict | null, counts = said !== null && said !== 'NOT-CHECKED', role = 'one'): Vote => ({
  ...{ role, said, counts, why: counts ? '' : 'nothing that it quotes is there', reason: 'because' },
  ...{ evidence: [], unresolved: 0, steps: [] },
});
const of = (...said: readonly (Verdict | null)[]): Verdict => consensusOf(said.map((each) => vote(each))).verdict;

describe('a consensus', () => {
  it.each<[readonly (Verdict | null)[], Verdict]>([
    [['NON-COMPLIANT', 'NON-COMPLIANT', 'COMPLIANT'], 'NON-COMPLIANT'],
    [['COMPLIANT', 'COMPLIANT', 'NON-COMPLIANT'], 'COMPLIANT'],
    [['PARTIAL', 'PARTIAL', 'NON-COMPLIANT'], 'PARTIAL'],
    // Broken, and broken in part: the milder.
    [['NON-COMPLIANT', 'PARTIAL', 'COMPLIANT'], 'PARTIAL'],
    [['NON-COMPLIANT', 'COMPLIANT', 'NOT-APPLICABLE'], 'NOT-CHECKED'],
    // Who gave no answer was asked all the same.
    [['COMPLIANT', null, 'NON-COMPLIANT'], 'NOT-CHECKED'],
    [['COMPLIANT', 'COMPLIANT', null], 'COMPLIANT'],
    [['NON-COMPLIANT', null, null], 'NOT-CHECKED'],
    [['COMPLIANT'], 'NOT-CHECKED'],
    [['COMPLIANT', 'COMPLIANT', null, null], 'NOT-CHECKED'],
    // No line can show it: all must say so.
    [['NOT-APPLICABLE', 'NOT-APPLICABLE', 'COMPLIANT'], 'NOT-CHECKED'],
    [['NOT-APPLICABLE', 'NOT-APPLICABLE', null], 'NOT-APPLICABLE'],
    [['NOT-CHECKED', 'NOT-CHECKED', 'NOT-CHECKED'], 'NOT-CHECKED'],
    [[], 'NOT-CHECKED'],
  ])('of %j is %s', (said, verdict) => {
    expect(of(...said)).toBe(verdict);
  });

  it('shows who said what where they do not agree', () => {
    const votes = [vote('NON-COMPLIANT', true, 'a'), vote('COMPLIANT', true, 'b'), vote('PARTIAL', false, 'c')];
    expect(consensusOf(votes).reason).toBe(
      'the roles do not agree: a says NON-COMPLIANT, b says COMPLIANT, c says nothing (nothing that it quotes is there)',
    );
    expect(consensusOf([votes[0]!, votes[0]!, votes[1]!]).reason).toBe(
      '2 of 3 roles agree, but b says COMPLIANT: because',
    );
  });

  it('is never decided by one of them alone', () => {
    const any = fc.record({ said: fc.constantFrom(...VERDICTS), counts: fc.boolean() });
    const bent = fc.constantFrom(...VERDICTS);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), bent, (others, said) => {
        const votes = [vote(said, true), ...others.map((each) => vote(each.said, each.counts))];
        const { verdict, agreeing } = consensusOf(votes);
        return verdict === 'NOT-CHECKED' || (agreeing.length >= 2 && agreeing.length * 2 > votes.length);
      }),
    );
  });
});
