import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import type { Defect, EvalCase } from './case.ts';
import { missedOf } from './gate.ts';
import type { Told } from './match.ts';
import { type CaseResult, keyOf, planOf } from './run.ts';
import { compared, scoreOf, tookOf } from './score.ts';

const defect = (line: number, more: Partial<Defect> = {}): Defect => ({
  ...{ id: `at-${line}`, path: 'a.ts', lines: { from: line, to: line }, side: 'new', alsoAt: [] },
  ...{ category: 'security', alsoAccept: [], severity: 'critical', what: 'It is.' },
  ...more,
});
const finding = (line: number, more: Partial<Told> = {}): Told => ({
  ...{ path: 'a.ts', side: 'new', line, endLine: line, category: 'security', severity: 'warning' },
  ...{ title: 'Wrong', detail: '', agent: 'security', computed: false },
  ...more,
});
const caseOf = (name: string, defects: readonly Defect[], hash = 'h'): EvalCase => ({
  ...{ name, hash, title: name, description: '', repository: 'r', targetCommits: ['Import'], deleted: [] },
  ...{ clean: defects.length === 0, defects: [...defects], before: new Map(), after: new Map() },
});
const resultOf = (name: string, findings: readonly Told[], more: Partial<CaseResult> = {}): CaseResult => ({
  ...{ name, hash: 'h', key: 'k', decision: 'approved', because: '', tier: 'lite', agents: [], spent: null, ms: 10 },
  findings: [...findings],
  ...more,
});
const FAILED = { decision: null, because: 'no model answered' };

const CASES = [
  caseOf('two', [defect(10), defect(50, { category: 'performance', severity: 'warning' })]),
  caseOf('clean', []),
];

describe('a score', () => {
  it('counts defects that were found, and findings that are one', () => {
    const said = [finding(10), finding(11), finding(50), finding(90)];
    const score = scoreOf(CASES, [resultOf('two', said), resultOf('clean', [finding(3)])], 'all');
    expect(score).toMatchObject({
      ...{ reviews: 2, findings: 5, again: 1, beside: 1, perClean: 1 },
      recall: { hits: 1, of: 2 },
      precision: { hits: 1, of: 5 },
      placed: { hits: 2, of: 2 },
      silent: { hits: 0, of: 1 },
    });
    expect(score.f1).toBeCloseTo((2 * 0.5 * 0.2) / 0.7);
  });

  it('tells what a program found from what models say', () => {
    const said = [finding(10, { computed: true, agent: 'codex-compliance' }), finding(10)];
    const results = [resultOf('two', said)];
    const [models, computed, all] = (['models', 'computed', 'all'] as const).map((whose) =>
      scoreOf(CASES, results, whose),
    );
    expect([models!.recall.hits, computed!.recall.hits, all!.recall.hits]).toEqual([1, 1, 1]);
    expect([models!.again, computed!.again, all!.again]).toEqual([0, 0, 1]);
    expect(computed!.agent.map(({ name }) => name)).toEqual(['codex-compliance']);
  });

  it('tells kinds apart: a defect by its own, a finding by the one it was given', () => {
    const said = [finding(10), finding(50, { category: 'performance', agent: 'performance', severity: 'critical' })];
    const { category, severity, agent, tier } = scoreOf(CASES, [resultOf('two', said)], 'models');
    const short = (rows: typeof category) =>
      rows.map(({ name, recall, precision }) => [name, recall.hits, recall.of, precision.hits, precision.of]);
    expect(short(category)).toEqual([
      ['security', 1, 1, 1, 1],
      ['performance', 1, 1, 1, 1],
    ]);
    expect(short(severity)).toEqual([
      ['critical', 1, 1, 1, 1],
      ['warning', 1, 1, 1, 1],
    ]);
    expect(short(agent)).toEqual([
      ['performance', 1, 2, 1, 1],
      ['security', 1, 2, 1, 1],
    ]);
    expect(short(tier)).toEqual([['lite', 2, 2, 2, 2]]);
  });

  it('never takes a review that failed for one that found nothing', () => {
    const score = scoreOf(CASES, [resultOf('two', [], FAILED), resultOf('clean', [], FAILED)], 'all');
    expect(score).toMatchObject({ reviews: 0, perClean: null, silent: { of: 0 }, recall: { of: 0, value: null } });
    expect(missedOf({ recall: 0, precision: 0, clean: 9 }, score)).toHaveLength(3);
  });

  it('is whole: every part adds up to it', () => {
    const any = fc.array(fc.record({ line: fc.integer({ min: 1, max: 60 }), computed: fc.boolean() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const said = (list: typeof one) => list.map(({ line, computed }) => finding(line, { computed }));
        const results = [resultOf('two', said(one)), resultOf('clean', said(other), { tier: 'full' })];
        const [models, computed, all] = (['models', 'computed', 'all'] as const).map((whose) =>
          scoreOf(CASES, results, whose),
        );
        expect(models!.findings + computed!.findings).toBe(all!.findings);
        expect(all!.recall.hits).toBeLessThanOrEqual(models!.recall.hits + computed!.recall.hits);
        expect(all!.recall.hits).toBeGreaterThanOrEqual(Math.max(models!.recall.hits, computed!.recall.hits));
        expect(all!.precision.hits).toBe(all!.recall.hits);
        expect(all!.placed.hits).toBeGreaterThanOrEqual(all!.recall.hits);
        for (const rows of [all!.tier, all!.category, all!.severity, all!.agent]) {
          expect(rows.reduce((sum, { precision }) => sum + precision.of, 0)).toBe(all!.findings);
          expect(rows.reduce((sum, { recall }) => sum + recall.hits, 0)).toBe(all!.recall.hits);
        }
      }),
    );
  });
});

describe('what a run took', () => {
  const usage = { inputTokens: 100, cachedTokens: 40, outputTokens: 7, reasoningTokens: 1, estimated: false };

  it('is summed, failures too; one price that is not known makes the sum unknown', () => {
    const known = resultOf('two', [], { spent: { usage, cost: 0.5, calls: 2, ms: 5 } });
    const failed = resultOf('clean', [], { ...FAILED, spent: { usage, cost: 0.25, calls: 1, ms: 5 } });
    expect(tookOf([known, failed])).toEqual({
      ...{ inputTokens: 200, cachedTokens: 80, outputTokens: 14, estimated: false, cost: 0.75, calls: 3, ms: 20 },
    });
    const unknown = { ...failed, spent: { usage: { ...usage, estimated: true }, cost: null, calls: 1, ms: 5 } };
    expect(tookOf([known, unknown])).toMatchObject({ cost: null, estimated: true });
  });
});

describe('a run beside an earlier one', () => {
  it('names what is newly found and what is lost, over what can be compared', () => {
    const cases = [...CASES, caseOf('failed', [defect(1)]), caseOf('altered', [defect(1)], 'other')];
    const now = [resultOf('two', [finding(10)]), resultOf('clean', []), resultOf('failed', [], FAILED)];
    const then = [
      resultOf('two', [finding(50, { category: 'performance' })]),
      resultOf('clean', [finding(1)]),
      resultOf('failed', [finding(1)]),
      resultOf('altered', [finding(1)]),
    ];
    const comparison = compared(cases, [...now, resultOf('altered', [finding(1)], { hash: 'other' })], then);
    expect(comparison).toMatchObject({
      cases: ['two', 'clean'],
      apart: ['failed', 'altered'],
      newlyFound: ['two/at-10'],
      lost: ['two/at-50'],
    });
    expect([comparison.was.all.perClean, comparison.now.all.perClean]).toEqual([1, 0]);
  });

  it('has neither beside itself', () => {
    const run = [resultOf('two', [finding(10)])];
    expect(compared(CASES, run, run)).toMatchObject({ newlyFound: [], lost: [], apart: ['clean'] });
  });
});

describe('a gate', () => {
  const score = scoreOf(CASES, [resultOf('two', [finding(10)]), resultOf('clean', [finding(3)])], 'all');

  it.each([
    [{}, 0],
    [{ recall: 0.5, precision: 0.5, clean: 1 }, 0],
    [{ recall: 0.51 }, 1],
    [{ precision: 0.51 }, 1],
    [{ clean: 0.99 }, 1],
  ])('%j misses %i', (gate, count) => {
    expect(missedOf(gate, score)).toHaveLength(count);
  });
});

describe('what is asked', () => {
  const earlier = (result: CaseResult) => [{ results: [result] }];

  it.each<[string, CaseResult, number]>([
    ['is nothing that is known', resultOf('two', []), 1],
    ['is what came to no decision', resultOf('two', [], FAILED), 2],
    ['is what was reviewed by others', resultOf('two', [], { key: 'other' }), 2],
    ['is what has changed since', resultOf('two', [], { hash: 'other' }), 2],
  ])('%s', (_, result, asked) => {
    expect(planOf(CASES, 'k', earlier(result)).asked).toHaveLength(asked);
  });

  it('takes the latest answer', () => {
    const [known] = planOf(CASES, 'k', [
      ...earlier(resultOf('two', [], { ms: 1 })),
      ...earlier(resultOf('two', [])),
    ]).known;
    expect(known!.ms).toBe(1);
  });

  it('depends on prompts, models, codex and version', () => {
    const settings = { version: '1', prompts: 'p', models: ['a'], codex: null };
    const changes = [{}, { version: '2' }, { prompts: 'q' }, { models: ['b'] }, { codex: 'c' }];
    expect(new Set(changes.map((change) => keyOf({ ...settings, ...change }))).size).toBe(5);
  });
});
