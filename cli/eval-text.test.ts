import { describe, expect, it } from 'vitest';
import type { EvalCase } from '../reviewer/eval/case.ts';
import type { CaseResult, EvalRun } from '../reviewer/eval/run.ts';
import { compared, scoresOf, tookOf } from '../reviewer/eval/score.ts';
import { evalText } from './eval-text.ts';

const CASE: EvalCase = {
  ...{ name: 'one', hash: 'h', title: 'A', description: '', repository: 'r', targetCommits: ['Import'], deleted: [] },
  ...{ clean: false, before: new Map(), after: new Map() },
  defects: [
    {
      ...{ id: 'gone', path: 'a.ts', lines: { from: 7, to: 7 }, side: 'new', alsoAt: [], alsoAccept: [] },
      ...{ category: 'security', severity: 'critical', what: 'It is.' },
    },
  ],
};
const CASES = [CASE, { ...CASE, name: 'two' }];
const usage = { inputTokens: 12_345, cachedTokens: 1000, outputTokens: 50, reasoningTokens: 0, estimated: true };
const FOUND: CaseResult = {
  ...{ name: 'one', hash: 'h', key: 'k', decision: 'minor_issues', because: '', tier: 'lite', agents: [], ms: 1500 },
  findings: [
    {
      ...{ path: 'a.ts', side: 'new', line: 7, endLine: 7, category: 'security', severity: 'warning' },
      ...{ title: 'Wrong', detail: '', agent: 'security', computed: false },
    },
  ],
  spent: { usage, cost: 0.25, calls: 3, ms: 1400 },
};
const FAILED: CaseResult = {
  ...FOUND,
  name: 'two',
  decision: null,
  because: 'no\u001b[2J model answered',
  findings: [],
};
const runOf = (id: string, results: CaseResult[]): EvalRun => ({
  ...{ schema: 'agentsmd/eval-run/1', id, begun: '2026-11-22T10:00:00.000Z', ended: null, key: 'k', results },
  settings: { version: '1.0.0', prompts: 'abc', models: ['top gw/large'], codex: null },
});
function textOf(now: EvalRun, then?: EvalRun): string {
  const against = then && { run: then, comparison: compared(CASES, now.results, then.results) };
  const failed = now.results.filter(({ decision }) => decision === null);
  const sums = { scores: scoresOf(CASES, now.results), took: tookOf(now.results) };
  return evalText({ cases: CASES, now, ...sums, reused: 0, failed, against }, (_, text) => text);
}

describe('a run, for people', () => {
  it('tells what models found and took, and what came to no decision', () => {
    const text = textOf(runOf('a', [FOUND, FAILED]));
    expect(text).toContain('prompts abc, models: top gw/large');
    expect(text).not.toContain('No model was asked');
    expect(text).toMatch(/findings of models\nrecall +1\.00 \(1 of 1; 95 %: 0\.21 to 1\.00\)/);
    expect(text).toMatch(/tokens in +~24,690\n/);
    expect(text).toMatch(/cost +0\.500000\n/);
    expect(text).toContain('came to no decision, in no number above\ntwo  no');
    expect(text).not.toContain('\u001b');
  });

  it('tells models that were asked and said nothing', () => {
    const text = textOf(runOf('a', [{ ...FOUND, findings: [] }]));
    expect(text).toMatch(/findings of models\nrecall +0\.00 \(0 of 1/);
    expect(text).toMatch(/precision +- \(nothing to count\)/);
  });

  it('stands beside an earlier one', () => {
    const text = textOf(runOf('b', [FOUND, FAILED]), runOf('a', [{ ...FOUND, findings: [], spent: null }]));
    expect(text).toContain('against run a\n');
    expect(text).toContain('merge requests that both decided and that are the same: 1; without two\n');
    expect(text).toMatch(/all +recall +0\.00 +1\.00 +\+1\.00\n/);
    expect(text).toContain('newly found: one/gone\n');
  });
});
