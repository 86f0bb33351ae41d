import { describe, expect, it } from 'vitest';
import type { RepositoryResult } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';
import { createOutput } from './output.ts';
import { sweepReport } from './sweep-report.ts';

function reported({ json = false, verbose = false, state = undefined as string | undefined } = {}) {
  const sink = { isTTY: false, text: '', write: (text: string) => (sink.text += text) };
  const out = createOutput({ json, verbosity: verbose ? 'verbose' : 'normal', color: false }, sink, sink, {});
  return { report: sweepReport(out, { state, branchOf: () => 'agentsmd/refresh' }), text: () => sink.text };
}

const summary: SweepSummary = {
  repositories: 2,
  generated: 1,
  refreshed: 0,
  unchanged: 0,
  skipped: {},
  failed: { timeout: 1 },
  requests: 4,
  ms: 12,
};
const repository = (path: string, more: Partial<RepositoryResult> = {}) =>
  ({ type: 'repository', path, instance: '/r', ms: 1, outcome: 'generated', ...more }) as const;
const failed = (path: string) => repository(path, { outcome: 'failed', reason: 'timeout', message: 'no answer' });
const mergeRequest = { iid: 1, url: '/r/a/.git/agentsmd/merge-requests/1.md' };

describe('sweepReport', () => {
  it('lists what changed and what failed, and ends with the numbers', () => {
    const { report, text } = reported();
    report.on(repository('a', { mergeRequest }));
    report.on(repository('c', { outcome: 'unchanged' }));
    report.on(failed('shop/b'));
    expect(text()).toBe('');
    report.end(summary, 3);
    expect(text()).toMatch(
      /^generated {2}a {2}branch agentsmd\/refresh, \/r\/a\/.+\.md\n\nfailed {2}shop\/b {2}\(timeout\) no answer\n\nonce .+: agentsmd retry shop\/b\n\ngenerated +1\n[\s\S]+time +12 ms\nsweep +3\n$/,
    );
  });

  it('lists 20 failures, and with -v all', () => {
    for (const verbose of [false, true]) {
      const { report, text } = reported({ verbose });
      for (let at = 0; at < 25; at++) report.on(failed(`shop/${at}`));
      report.end(summary, 3);
      expect(text().match(/^failed {2}shop/gm)).toHaveLength(verbose ? 25 : 20);
      expect(text().includes('… and 5 more (-v lists all)')).toBe(!verbose);
      expect(text()).toContain('agentsmd retry --failed\n');
    }
  });

  it('says of failures that stand from before', () => {
    const { report, text } = reported();
    report.on(failed('a'));
    report.end({ ...summary, failed: { timeout: 1, role: 2 } }, 3);
    expect(text()).toMatch(/^failed {2}a.*\n\n2 that failed were not tried now; agentsmd status says why\n\nonce/);
  });

  it('says where the state is that was meant', () => {
    const { report, text } = reported({ state: '/my state' });
    report.on(failed('a'));
    report.end(summary, 3);
    expect(text()).toContain("agentsmd retry --state '/my state' a\n");
  });

  it('quotes what a shell would run', () => {
    const { report, text } = reported();
    for (const path of ["a$(id)'b", '--all', 'c\u001b[2Jd']) report.on(failed(path));
    report.end(summary, 3);
    expect(text()).toContain(`agentsmd retry -- 'a$(id)'\\''b' --all cd\n`);
    expect(text()).not.toContain('\u001b');
  });

  it('tries nothing again that a dry run did not do', () => {
    const { report, text } = reported();
    report.on(failed('a'));
    report.end(summary);
    expect(text()).not.toContain('agentsmd retry');
    expect(text()).toContain('would fail');
  });

  it('is a line of JSON for each repository, warning and preview; the last one is the summary alone', () => {
    const { report, text } = reported({ json: true });
    report.on({ type: 'listed', instance: '/r', projects: 2, done: true });
    report.on({ type: 'preview', preview: { repositories: 2, due: { new: 2 } } });
    report.on({ type: 'begun', path: 'a' });
    report.on({ type: 'warning', message: 'a\u001b[2J\nb' });
    report.on(repository('a', { mergeRequest }));
    report.on({ type: 'progress', done: 1, total: 2, failed: 0, current: [] });
    report.on(failed('b'));
    report.end(summary, 3);
    expect(text()).not.toContain('\u001b');
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      'preview',
      'warning',
      'repository',
      'repository',
      'sweep',
      undefined,
    ]);
    expect(lines[2]).toEqual(repository('a', { mergeRequest }));
    expect(lines[4]).toEqual({ type: 'sweep', sweep: 3 });
    expect(Object.entries(lines[5])).toEqual(Object.entries(summary));
  });

  it('has a summary of what there was where the sweep broke off', () => {
    const { report, text } = reported({ json: true });
    report.on(failed('b'));
    report.broken(7, 5);
    expect(JSON.parse(text().trimEnd().split('\n').at(-1)!)).toEqual({
      ...summary,
      repositories: 1,
      generated: 0,
      requests: 7,
      ms: 5,
    });
    const people = reported();
    people.report.broken(7, 5);
    expect(people.text()).toBe('');
  });
});
