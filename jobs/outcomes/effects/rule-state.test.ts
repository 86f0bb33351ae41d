import { describe, expect, it } from 'vitest';
import { RULE_STATES, type RuleState } from '../../../codex/standing.ts';
import fc from '../../../test/fast-check.ts';
import { countedOf, PROBATION_LASTS, type Shares, stateOf, unwantedIn } from './rule-state.ts';

const AT = { probationAt: 0.1, muteAt: 0.25 };
const NOW = Date.parse('2026-11-22T12:00:00Z');

/** `3/10 2/5`: unwanted of settled, one repository each. */
const shares = (text: string): Shares =>
  new Map(
    text
      .split(' ')
      .filter(Boolean)
      .map((each, at) => {
        const [unwanted, settled] = each.split('/').map(Number) as [number, number];
        return [`r${at}`, { settled, unwanted }];
      }),
  );

describe('stateOf', () => {
  it.each<[string, string, RuleState]>([
    ['nothing', '', 'learning'],
    ['nine findings, all unwanted', '3/3 3/3 3/3', 'learning'],
    ['ten, all unwanted, in three repositories', '4/4 3/3 3/3', 'muted'],
    ['ten, all unwanted, in two repositories', '5/5 5/5', 'fine'],
    ['thirty that one person dismissed in a repository', '30/30', 'fine'],
    ['thirty in one repository, one each in two others', '30/30 0/10 1/10 1/10', 'fine'],
    ['all fixed', '0/40 0/40 0/40', 'fine'],
    ['just below probation', '7/50 7/50 7/50', 'fine'],
    ['just on probation', '8/50 8/50 8/50', 'probation'],
    ['just below muted', '16/50 17/50 17/50', 'probation'],
    ['just muted', '17/50 18/50 18/50', 'muted'],
  ])('%s', (_, given, expected) => {
    expect(stateOf(shares(given), undefined, AT, NOW)).toBe(expected);
  });

  it('goes by the lower bound, not by the share', () => {
    // Three of ten are 30 %, and nobody knows yet.
    expect(stateOf(shares('1/4 1/3 1/3'), undefined, AT, NOW)).toBe('fine');
  });

  it.each<[string, RuleState, number, string, RuleState]>([
    ['a muted rule stays muted, though nothing is known of it any more', 'muted', 400, '', 'muted'],
    ['and though what is known is good', 'muted', 400, '0/50 0/50 0/50', 'muted'],
    ['probation lasts 14 days', 'probation', 13.99, '0/50 0/50 0/50', 'probation'],
    ['and ends then', 'probation', 14, '0/50 0/50 0/50', 'fine'],
    ['where too little is known as well', 'probation', 14, '', 'learning'],
    ['it may get worse at once', 'probation', 1, '40/50 40/50 40/50', 'muted'],
    ['a fine one is muted at once', 'fine', 0, '40/50 40/50 40/50', 'muted'],
  ])('%s', (_, state, days, given, expected) => {
    const before = { state, since: NOW - days * 86_400_000 };
    expect(stateOf(shares(given), before, AT, NOW)).toBe(expected);
  });

  it('is never milder with one more finding dismissed, wherever that is', () => {
    const share = fc
      .tuple(fc.nat(40), fc.nat(40))
      .map(([unwanted, wanted]) => ({ unwanted, settled: unwanted + wanted }));
    const before = fc.option(
      fc.record({ state: fc.constantFrom(...RULE_STATES), since: fc.integer({ min: 0, max: 2 * PROBATION_LASTS }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(share, { maxLength: 6 }), fc.nat(6), fc.boolean(), before, (all, at, wasWanted, was) => {
        const known = was && { ...was, since: NOW - was.since };
        const old: Shares = new Map(all.map((each, index) => [`r${index}`, each]));
        const there = all[at] ?? { settled: 0, unwanted: 0 };
        // Either a new one, or one that was fixed before.
        const isTurned = wasWanted && there.settled > there.unwanted;
        const more = { settled: there.settled + (isTurned ? 0 : 1), unwanted: there.unwanted + 1 };
        const now: Shares = new Map([...old, [`r${at}`, more]]);
        const mild = (state: RuleState) => Math.max(1, RULE_STATES.indexOf(state));
        expect(countedOf(now).lower).toBeGreaterThanOrEqual(countedOf(old).lower - 1e-12);
        expect(mild(stateOf(now, known, AT, NOW))).toBeGreaterThanOrEqual(mild(stateOf(old, known, AT, NOW)));
      }),
    );
  });
});

describe('unwantedIn', () => {
  it('names repositories that alone want nothing of a rule', () => {
    expect(unwantedIn(shares('10/10 0/10 9/9 5/10'), AT)).toEqual(['r0']);
    expect(unwantedIn(shares('6/10'), AT)).toEqual(['r0']);
  });
});
