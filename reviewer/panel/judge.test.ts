import { describe, expect, it } from 'vitest';
import type { Judgement } from '../agents/answers.ts';
import type { Finding, Severity } from '../findings/finding.ts';
import type { Unnamed } from '../findings/fingerprint.ts';
import type { Ground } from '../findings/verify.ts';
import { cited, foundBy, MOST_OF_AN_AGENT } from './found.ts';
import { applied, isDoubleOf, type Named } from './judge.ts';
import { finding } from './testing/shop.ts';

const LINES = ['one', 'two', 'three'];
const GROUND: Ground = {
  lines: async (path) => (path === 'a.ts' ? LINES : undefined),
  hasRule: ({ id }) => id === 'TS-1',
};
const PROOF = { path: 'a.ts', line: 2, side: 'new' } as const;
const NOWHERE = { path: 'a.ts', line: 99, side: 'new' } as const;
const NONE = { kind: 'none', findings: [] } as const;

const one = (severity: Severity, title: string = severity): Unnamed =>
  foundBy('security', [finding({ path: 'a.ts', line: 1, quote: 'one', severity, title })])[0]!;
const named = (...severities: readonly Severity[]): readonly Named[] =>
  severities.map((severity, at) => ({ name: `F${at + 1}`, finding: one(severity, `${severity} ${at + 1}`) }));

const keep = (of: readonly string[], more: Partial<Judgement['kept'][number]> = {}): Judgement['kept'][number] => ({
  ...{ of: [...of], severity: 'warning', category: 'security', title: null, detail: null, evidence: [] },
  ...more,
});
const judged = async (judgement: Partial<Judgement>, found: readonly Named[]) =>
  await applied(
    {
      kept: [],
      dropped: [],
      added: [],
      productionRisk: { ...NONE, findings: [] },
      riskPattern: { ...NONE, findings: [] },
      ...judgement,
    },
    found,
    GROUND,
  );

describe('what a judgement makes of findings', () => {
  it('keeps doubles once, with the place of the first and the evidence of all', async () => {
    const { kept, rejected } = await judged(
      { kept: [keep(['F2', 'F1'], { category: 'performance', title: 'Both', evidence: [PROOF] })] },
      named('warning', 'warning'),
    );
    expect(rejected).toEqual([]);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      names: ['F2', 'F1'],
      finding: { title: 'Both', category: 'performance', line: 1 },
    });
    expect(kept[0]!.finding.evidence).toEqual([PROOF]);
  });

  it('leaves alone what it forgot, says twice, or invented', async () => {
    const { kept } = await judged(
      { kept: [keep(['F1', 'F1', 'F9'])], dropped: [{ of: ['F1'], why: 'speculative', evidence: [] }] },
      named('warning', 'critical'),
    );
    expect(kept.map(({ names }) => names)).toEqual([['F1'], ['F2']]);
    expect(kept[1]!.finding.severity).toBe('critical');
  });

  it('drops what does not hold; what is critical only where a line shows it', async () => {
    const drop = (evidence: Judgement['dropped'][number]['evidence']) => ({
      dropped: [{ of: ['F1', 'F2'], why: 'already-prevented' as const, evidence }],
    });
    const shown = await judged(drop([PROOF]), named('warning', 'critical'));
    expect([shown.kept.length, shown.rejected.map(({ why }) => why)]).toEqual([
      0,
      ['already-prevented', 'already-prevented'],
    ]);
    for (const evidence of [[], [NOWHERE]]) {
      const { kept, rejected } = await judged(drop(evidence), named('warning', 'critical'));
      expect([kept.map(({ names }) => names), rejected.length]).toEqual([[['F2']], 1]);
    }
  });

  it.each<[Severity, Severity, boolean, Severity]>([
    ['critical', 'warning', false, 'critical'],
    ['critical', 'warning', true, 'warning'],
    ['warning', 'critical', false, 'warning'],
    ['warning', 'critical', true, 'critical'],
    ['warning', 'suggestion', false, 'suggestion'],
    ['suggestion', 'warning', false, 'suggestion'],
  ])('makes %s to %s, shown %s: %s', async (from, to, shown, expected) => {
    const { kept } = await judged(
      { kept: [keep(['F1'], { severity: to, evidence: shown ? [PROOF] : [] })] },
      named(from),
    );
    expect(kept[0]!.finding.severity).toBe(expected);
  });

  it('adds what is critical and stands where it says', async () => {
    const at = (more: object) => finding({ path: 'a.ts', line: 2, quote: 'two', severity: 'critical', ...more });
    const { kept, rejected } = await judged(
      {
        added: [
          at({ title: 'Real' }),
          at({ severity: 'warning' }),
          at({ quote: 'elsewhere' }),
          at({ rules: ['TS-9'] }),
        ],
      },
      [],
    );
    expect(kept.map(({ finding: { title, agent } }) => [title, agent])).toEqual([['Real', 'coordinator']]);
    expect(rejected.map(({ why }) => why)).toEqual(['no-such-quote', 'no-such-rule']);
  });

  it('hands risks on with the names they rest on', async () => {
    const { productionRisk, riskPattern } = await judged(
      { productionRisk: { kind: 'money', findings: ['F1'] }, riskPattern: { kind: 'none', findings: ['F1'] } },
      named('warning'),
    );
    expect([productionRisk, riskPattern]).toEqual([{ kind: 'money', names: ['F1'] }, null]);
  });

  it('takes texts of a judge as texts', async () => {
    const { kept } = await judged(
      { kept: [keep(['F1'], { title: `a\u202e\nb${'x'.repeat(500)}`, detail: ' ' })] },
      named('warning'),
    );
    expect(kept[0]!.finding.title).toMatch(/^a bx+…$/);
    expect(kept[0]!.finding.title).toHaveLength(200);
    expect(kept[0]!.finding.detail).toBe('It goes wrong.');
  });
});

describe('findings of an agent', () => {
  it('are held to so many, the most severe first, and two suggestions', () => {
    const many = Array.from({ length: 40 }, () =>
      finding({ path: 'a.ts', line: 1, quote: 'one', severity: 'warning' }),
    );
    const mixed = [
      ...many.slice(0, 3).map((each) => ({ ...each, severity: 'suggestion' as const })),
      ...many,
      { ...many[0]!, severity: 'critical' as const },
    ];
    const told = foundBy('security', mixed);
    expect(told).toHaveLength(MOST_OF_AN_AGENT);
    expect(told[0]!.severity).toBe('critical');
    expect(foundBy('security', mixed.slice(0, 3))).toHaveLength(2);
  });

  it('have no correction that is longer than any, or for a line that is gone', () => {
    const at = (more: object) =>
      foundBy('x', [finding({ path: 'a.ts', line: 1, quote: 'one', ...more })])[0]!.suggestion;
    expect(at({ replacement: 'two' })).toBe('two');
    expect(at({ replacement: 'x'.repeat(20_001) })).toBeNull();
    expect(at({ replacement: 'two', side: 'old' })).toBeNull();
  });

  it('cite rules as they were given', () => {
    expect([cited('TS-1@3'), cited(' TS-1 '), cited('TS-1@0'), cited('a@b@2')]).toEqual([
      { id: 'TS-1', rev: 3 },
      { id: 'TS-1', rev: null },
      { id: 'TS-1@0', rev: null },
      { id: 'a@b', rev: 2 },
    ]);
  });
});

describe('a double of what a program found', () => {
  const computed: Finding = { ...one('warning'), computed: true, fingerprint: 'x', rules: [{ id: 'TS-1', rev: 1 }] };
  it.each<[string, Partial<Unnamed>, boolean]>([
    ['the same category on the same line', {}, true],
    ['the same rule in another category', { category: 'codex', rules: [{ id: 'TS-1', rev: null }] }, true],
    ['another category', { category: 'codex' }, false],
    ['another line', { line: 2, endLine: 2 }, false],
    ['lines around it', { line: 0, endLine: 3 }, true],
    ['another file', { path: 'b.ts' }, false],
    ['the other side', { side: 'old' }, false],
  ])('is %s', (_, change, expected) => {
    expect(isDoubleOf({ ...one('warning'), ...change }, computed)).toBe(expected);
  });
});
