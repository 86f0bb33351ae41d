import { describe, expect, it } from 'vitest';
import type { RuleState } from '../../codex/standing.ts';
import { makeCodex } from '../../codex/testing/make-codex.ts';
import { decide } from '../decide/decide.ts';
import type { Finding } from './finding.ts';
import { fingerprinted, type Unnamed } from './fingerprint.ts';
import { heeded, mutedCounts } from './lowered.ts';

const standing = (state: RuleState) => ({
  standing: { state, since: '2026-11-01T00:00:00.000Z', settled: 20, unwanted: 12, lower: 0.3 },
});
const codex = makeCodex(
  { id: 'FINE-1', ...standing('fine') },
  { id: 'PROBATION-1', ...standing('probation') },
  { id: 'MUTED-1', rev: 2, ...standing('muted') },
  { id: 'ALWAYS-1', always: true, ...standing('muted') },
);
const finding = (parts: Partial<Unnamed> = {}): Unnamed => ({
  ...{
    severity: 'critical',
    category: 'codex',
    path: 'a.ts',
    side: 'new',
    line: 1,
    endLine: 1,
    title: 'a',
    detail: '',
  },
  ...{
    quote: 'a',
    evidence: [],
    rules: [],
    suggestion: null,
    agent: 'codex-compliance',
    computed: true,
    trivial: false,
  },
  ...parts,
});
const citing = (...ids: readonly string[]) => ids.map((id) => ({ id, rev: id === 'MUTED-1' ? 2 : 1 }));
const plain = { get: (one: Unnamed) => one, set: (_: Unnamed, one: Unnamed) => one };

describe('heeded', () => {
  it.each<[string, Partial<Unnamed>, Finding['severity'] | 'muted']>([
    ['a rule that fares well', { rules: citing('FINE-1') }, 'critical'],
    ['a rule on probation', { rules: citing('PROBATION-1') }, 'warning'],
    ['a rule on probation, one lower each', { rules: citing('PROBATION-1'), severity: 'warning' }, 'suggestion'],
    ['a muted rule', { rules: citing('MUTED-1') }, 'muted'],
    ['a muted rule without its revision', { rules: [{ id: 'MUTED-1', rev: null }] }, 'muted'],
    ['another revision of it', { rules: [{ id: 'MUTED-1', rev: 1 }] }, 'critical'],
    ['a muted one and one on probation', { rules: citing('MUTED-1', 'PROBATION-1') }, 'warning'],
    ['a muted one and one that fares well', { rules: citing('MUTED-1', 'FINE-1') }, 'critical'],
    ['a muted one that is always told', { rules: citing('ALWAYS-1') }, 'critical'],
    ['a hole that happens to cite a muted rule', { rules: citing('MUTED-1'), category: 'security' }, 'critical'],
    ['no rule', {}, 'critical'],
    ['a rule that nobody knows', { rules: citing('OTHER-1') }, 'critical'],
  ])('%s', (_, parts, expected) => {
    const { told, muted } = heeded([finding(parts)], codex, plain);
    expect(told.map(({ severity }) => severity)).toEqual(expected === 'muted' ? [] : [expected]);
    expect(muted.length).toBe(expected === 'muted' ? 1 : 0);
    // What was meant stays known: the next review begins from there.
    expect(told[0]?.probation).toBe(
      expected === 'muted' || expected === 'critical' ? undefined : (parts.severity ?? 'critical'),
    );
  });

  it('makes a suggestion on probation a note', () => {
    const { told } = heeded([finding({ rules: citing('PROBATION-1'), severity: 'suggestion' })], codex, plain);
    expect(told).toMatchObject([{ severity: 'suggestion', trivial: true, probation: 'suggestion' }]);
  });

  it('counts what it does not tell by rule', () => {
    const { muted } = heeded(
      [finding({ rules: citing('MUTED-1') }), finding({ rules: citing('MUTED-1') })],
      codex,
      plain,
    );
    expect(mutedCounts(muted)).toEqual([{ rule: 'MUTED-1', rev: 2, findings: 2 }]);
  });
});

describe('decide, of rules on probation', () => {
  const agents = [{ name: 'codex-compliance', state: 'done' }] as const;
  const many = Array.from({ length: 3 }, (_, at) =>
    finding({ rules: citing('PROBATION-1'), line: at + 1, quote: `${at}` }),
  );
  const findings = fingerprinted(heeded(many, codex, plain).told);
  const names = findings.map(({ fingerprint }) => fingerprint);

  it('never holds a change up by them, whatever risk a judge sees in them', () => {
    const risks = {
      productionRisk: { kind: 'security', findings: names },
      riskPattern: { kind: 'unbounded-work', findings: names },
    } as const;
    expect(decide({ findings, agents, ...risks })).toMatchObject({
      decision: 'approved_with_comments',
      because: '3 warnings, none of them a risk for production',
    });
  });

  it('still holds it up by others beside them', () => {
    const others = fingerprinted([...many, finding({ rules: citing('FINE-1'), line: 9, quote: 'b' })]);
    expect(decide({ findings: others, agents }).decision).toBe('significant_concerns');
  });
});
