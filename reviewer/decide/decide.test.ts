import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { AGENT_STATES, DECISIONS, decide, EFFECTS, PRODUCTION_RISKS, RISK_PATTERNS, type Verdict } from './decide.ts';

type Told = Parameters<typeof decide>[0];
type Finding = Told['findings'][number];

const made = (severity: Finding['severity'], count: number, trivial = false): readonly Finding[] =>
  Array.from({ length: count }, (_, at) => ({ severity, trivial, fingerprint: `${severity}${trivial}${at}` }));

/** Every combination of what may be there. */
const COMBINATIONS = (() => {
  const agents = {
    nobody: [],
    done: [{ name: 'a', state: 'done' }],
    failed: [
      { name: 'a', state: 'done' },
      { name: 'b', state: 'failed' },
    ],
  } as const;
  const all: (Told & {
    readonly name: string;
    readonly c: number;
    readonly w: number;
    readonly s: number;
    readonly t: number;
    readonly who: keyof typeof agents;
    readonly r: string;
    readonly p: string;
  })[] = [];
  for (const c of [0, 1])
    for (const w of [0, 1, 2])
      for (const s of [0, 1])
        for (const t of [0, 1])
          for (const r of ['none', 'proved', 'unproved'])
            for (const p of ['none', 'two', 'one', 'unproved'])
              for (const who of ['nobody', 'done', 'failed'] as const) {
                const findings = [
                  ...made('critical', c),
                  ...made('warning', w),
                  ...made('suggestion', s),
                  ...made('suggestion', t, true),
                ];
                const named = {
                  two: ['warningfalse0', 'warningfalse1'],
                  one: ['warningfalse0', 'warningfalse0'],
                  unproved: ['x', 'y'],
                };
                all.push({
                  ...{
                    name: JSON.stringify({ c, w, s, t, r, p, who }),
                    c,
                    w,
                    s,
                    t,
                    r,
                    p,
                    who,
                    findings,
                    agents: agents[who],
                  },
                  ...(r === 'none'
                    ? {}
                    : {
                        productionRisk: {
                          kind: 'data-loss',
                          findings: r === 'proved' ? [findings[0]?.fingerprint ?? 'gone'] : ['x'],
                        },
                      }),
                  ...(p === 'none'
                    ? {}
                    : { riskPattern: { kind: 'unbounded-work', findings: named[p as keyof typeof named] } }),
                });
              }
  return all;
})();

/** The rubric: the first row that fits says what it is. */
const RUBRIC: readonly (readonly [string, (told: (typeof COMBINATIONS)[number]) => boolean, Verdict['decision']])[] = [
  ['a critical finding', ({ c }) => c > 0, 'significant_concerns'],
  [
    'a risk for production, with a finding for it',
    ({ r, findings }) => r === 'proved' && findings.length > 0,
    'significant_concerns',
  ],
  ['a pattern over several warnings', ({ p, w }) => p === 'two' && w === 2, 'minor_issues'],
  ['nobody looked', ({ who }) => who === 'nobody', null],
  ['somebody failed', ({ who }) => who === 'failed', null],
  ['one warning or several without a pattern', ({ w }) => w > 0, 'approved_with_comments'],
  ['suggestions', ({ s }) => s > 0, 'approved_with_comments'],
  ['nothing, or trivial', () => true, 'approved'],
];

describe('the decision', () => {
  it.each(COMBINATIONS)('is by the rubric: $name', (told) => {
    const row = RUBRIC.find(([, fits]) => fits(told))!;
    const { decision, complete, because } = decide(told);
    expect([row[0], decision]).toEqual([row[0], row[2]]);
    expect(complete).toBe(told.who === 'done');
    expect(because).not.toBe('');
  });

  it('has each row of the rubric in it', () => {
    const used = new Set(COMBINATIONS.map((told) => RUBRIC.findIndex(([, fits]) => fits(told))));
    expect([...used].sort()).toEqual(RUBRIC.map((_, at) => at));
  });

  it.each(AGENT_STATES.filter((state) => state !== 'done'))('never approves where an agent is %s', (state) => {
    const verdict = decide({ findings: [], agents: [{ name: 'security', state }] });
    expect(verdict).toEqual({ decision: null, complete: false, because: 'not everything was looked at: security' });
  });

  it('never approves where something sensitive could not be read, and refuses for what was found all the same', () => {
    const agents = [{ name: 'a', state: 'done' }] as const;
    const because = 'not everything was looked at: src/auth.ts';
    const missed = { agents, unread: ['src/auth.ts'] };
    expect(decide({ findings: made('warning', 1), ...missed })).toEqual({ decision: null, complete: false, because });
    expect(decide({ findings: made('critical', 1), ...missed })).toMatchObject({
      ...{ decision: 'significant_concerns', complete: false },
    });
  });

  it('says why', () => {
    const agents = [{ name: 'a', state: 'done' }] as const;
    const because = (findings: readonly Finding[]) => decide({ findings, agents }).because;
    expect(because([...made('warning', 2), ...made('suggestion', 1)])).toBe(
      '2 warnings and 1 suggestion, none of them a risk for production',
    );
    expect(because(made('suggestion', 2))).toBe('2 suggestions, none of them a risk for production');
    expect(because(made('critical', 1))).toBe('1 critical finding');
  });

  it('approves with the two mildest alone', () => {
    expect(DECISIONS.map((decision) => EFFECTS[decision])).toEqual(['approve', 'approve', 'revoke', 'request-changes']);
  });
});

/** What holds a merge request back more. */
const HARDNESS: readonly Verdict['decision'][] = [
  'approved',
  'approved_with_comments',
  null,
  'minor_issues',
  'significant_concerns',
];
const hardness = (told: Told) => HARDNESS.indexOf(decide(told).decision);

const names = fc.constantFrom(...'abcdefgh');
const finding = fc.record({
  severity: fc.constantFrom('critical', 'warning', 'suggestion'),
  trivial: fc.boolean(),
  fingerprint: names,
});
const agent = fc.record({ name: names, state: fc.constantFrom(...AGENT_STATES) });
const told = fc.record({
  findings: fc.array(finding, { maxLength: 6 }),
  agents: fc.array(agent, { maxLength: 4 }),
  productionRisk: fc.option(
    fc.record({ kind: fc.constantFrom(...PRODUCTION_RISKS), findings: fc.array(names, { maxLength: 3 }) }),
    { nil: undefined },
  ),
  riskPattern: fc.option(
    fc.record({ kind: fc.constantFrom(...RISK_PATTERNS), findings: fc.array(names, { maxLength: 3 }) }),
    { nil: undefined },
  ),
});

describe('the decision, whatever is found', () => {
  it('is never milder with one more finding', () =>
    void fc.assert(
      fc.property(told, finding, fc.nat(6), (all, one, at) => {
        const more = { ...all, findings: all.findings.toSpliced(at, 0, one) };
        expect(hardness(more)).toBeGreaterThanOrEqual(hardness(all));
      }),
      { numRuns: 2000 },
    ));

  it('is never milder with one more failure, and never an approval then', () =>
    void fc.assert(
      fc.property(
        told,
        names,
        fc.constantFrom(...AGENT_STATES.filter((state) => state !== 'done')),
        (all, name, state) => {
          const more = { ...all, agents: [...all.agents, { name, state }] };
          expect(hardness(more)).toBeGreaterThanOrEqual(hardness(all));
          expect(['approved', 'approved_with_comments']).not.toContain(decide(more).decision);
          const instead = { ...all, agents: all.agents.map((each) => ({ ...each, state })) };
          expect(hardness(instead)).toBeGreaterThanOrEqual(hardness(all));
        },
      ),
      { numRuns: 2000 },
    ));

  it('is never milder with a risk or a pattern', () =>
    void fc.assert(
      fc.property(told, (all) => {
        const { productionRisk, riskPattern, ...without } = all;
        expect(hardness({ ...without, productionRisk })).toBeGreaterThanOrEqual(hardness(without));
        expect(hardness({ ...without, riskPattern })).toBeGreaterThanOrEqual(hardness(without));
      }),
      { numRuns: 2000 },
    ));
});
