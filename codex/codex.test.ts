import { describe, expect, it } from 'vitest';
import { canonicalId, RuleIndex } from './codex.ts';
import { makeRule, type RuleParts } from './testing/make-codex.ts';

describe('canonicalId', () => {
  it.each([
    'RFC-021',
    'rfc-021',
    'RFC 021',
    ' RFC\u00a0021 ',
    'RFC_021',
    'RFC - 021',
    'RFC\u2011021',
    'RFC\u2013021',
    'RFC-021@2',
    'rfc 021@12',
  ])('%j is RFC-021', (citation) => {
    expect(canonicalId(citation)).toBe('RFC-021');
  });
});

describe('RuleIndex', () => {
  const index = (...rules: RuleParts[]) => new RuleIndex(rules.map(makeRule));
  const successors = (of: RuleIndex, id: string) => of.successors(of.get(id)!).map((rule) => rule.id);
  const gone = (id: string, ...supersededBy: string[]): RuleParts => ({ id, status: 'superseded', supersededBy });

  it('finds rules however they are cited, and none by names of prototypes', () => {
    const rules = index({ id: 'RFC-021' });
    expect(rules.get('rfc 021@3')?.id).toBe('RFC-021');
    expect(rules.get('constructor')).toBeUndefined();
    expect([...rules.ids()]).toEqual(['RFC-021']);
  });

  it('follows several steps to the rules in force', () => {
    const rules = index(gone('A-1', 'A-2', 'A-3'), gone('A-2', 'A-4'), { id: 'A-3' }, { id: 'A-4' });
    expect(successors(rules, 'A-1')).toEqual(['A-4', 'A-3']);
    expect(successors(rules, 'A-3')).toEqual([]);
  });

  it('ends in a circle, at a rule that is not there, and at one that was dropped', () => {
    const rules = index(gone('A-1', 'A-2'), gone('A-2', 'A-1'), gone('A-3', 'A-9'), gone('A-4', 'A-5'), {
      id: 'A-5',
      status: 'deprecated',
    });
    expect(successors(rules, 'A-1')).toEqual([]);
    expect(successors(rules, 'A-3')).toEqual([]);
    expect(successors(rules, 'A-4')).toEqual([]);
  });

  it('names each successor once', () => {
    const rules = index(gone('A-1', 'A-2', 'A-3'), gone('A-2', 'A-4'), gone('A-3', 'A-4'), { id: 'A-4' });
    expect(successors(rules, 'A-1')).toEqual(['A-4']);
  });
});
