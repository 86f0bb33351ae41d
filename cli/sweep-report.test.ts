import { describe, expect, it } from 'vitest';
import type { RepositoryResult } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';
import { createOutput } from './output.ts';
import { sweepReport } from './sweep-report.ts';

function reported({ json = false, verbose = false, terminal = false, state = undefined as string | undefined } = {}) {
  let now = 0;
  const sink = { isTTY: terminal, text: '', write: (text: string) => (sink.text += text) };
  const out = createOutput({ json, verbosity: verbose ? 'verbose' : 'normal', color: false }, sink, sink, {});
  const report = sweepReport(out, { state, branchOf: () => 'agentsmd/refresh', now: () => now });
  const wait = (ms: number): void => {
    now += ms;
  };
  return { report, text: () => sink.text, wait };
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
const failed = (path: string, message = 'no answer') =>
  repository(path, { outcome: 'failed', reason: 'timeout', message });
const mergeRequest = { iid: 1, url: '/r/a/.git/agentsmd/merge-requests/1.md' };

describe('sweepReport', () => {
  it('tells what changed and what failed as it comes, once, and ends with the numbers', () => {
    const { report, text } = reported();
    report.on(repository('a', { mergeRequest }));
    report.on(repository('c', { outcome: 'unchanged' }));
    report.on(repository('d', { outcome: 'skipped', reason: 'opted-out' }));
    report.on({ type: 'skipped', path: 'e', instance: '/r', reason: 'archived' });
    report.on(failed('shop/b', `no answer ${'x'.repeat(400)} within 10 s; mend it`));
    const lines = text();
    expect(lines).toMatch(
      /^generated {2}a {2}branch agentsmd\/refresh, \/r\/a\/.+\.md\nfailed {2}shop\/b {2}\(timeout\) no answer x{400} within 10 s; mend it\n$/,
    );
    report.end(summary, 3);
    expect(text().slice(lines.length)).toMatch(
      /^\nonce .+: agentsmd retry shop\/b\n\ngenerated +1\n[\s\S]+time +12 ms\nsweep +3\n$/,
    );
  });

  it('lists them on a terminal once it is over, with messages that are broken between words', () => {
    const { report, text } = reported({ terminal: true });
    report.on(failed('shop/b', `${'no answer '.repeat(20)}mend it`));
    report.on(failed('shop/long'));
    report.on(repository('a', { mergeRequest }));
    expect(text()).toBe('');
    report.end(summary, 3);
    expect(text()).toMatch(
      /^generated {2}a {2}.+\.md\n\nfailed {2}shop\/b {5}\(timeout\)\n(?: {4}.{1,76}\n)+ {4}.* mend it\nfailed {2}shop\/long {2}\(timeout\)\n {4}no answer\n\nonce/,
    );
  });

  it('lists 20 failures on a terminal, and with -v all', () => {
    for (const verbose of [false, true]) {
      const { report, text } = reported({ verbose, terminal: true });
      for (let at = 0; at < 25; at++) report.on(failed(`shop/${at}`));
      report.end(summary, 3);
      expect(text().match(/^failed {2}shop/gm)).toHaveLength(verbose ? 25 : 20);
      expect(text().includes('… and 5 more (-v lists all)')).toBe(!verbose);
      expect(text()).toContain('agentsmd retry --failed\n');
    }
  });

  it.each([true, false])('names with -v those that were skipped; on a terminal: %s', (terminal) => {
    const { report, text } = reported({ verbose: true, terminal });
    report.on({ type: 'skipped', path: 'old', instance: '/r', reason: 'archived' });
    report.on(repository('d', { outcome: 'skipped', reason: 'opted-out', message: 'it said so' }));
    report.on(repository('c', { outcome: 'unchanged' }));
    report.end({ ...summary, failed: {} }, 3);
    expect(text()).toMatch(
      /^skipped {2}old {2}\(archived\)\nskipped {2}d {2,}\(opted-out\) it said so\n\ngenerated +1/,
    );
  });

  it('says of lists that could not be had, and does not count them as tried before', () => {
    const { report, text } = reported();
    const unlisted = {
      instance: 'https://gitlab.example.com',
      reason: 'unauthorized',
      message: 'm',
      repositories: 120,
    };
    report.on({ type: 'warning', message: 'm', unlisted });
    report.end({ ...summary, failed: { unauthorized: 120 } }, 3);
    expect(text()).toMatch(
      /^the list of https:\/\/gitlab\.example\.com could not be had \(unauthorized\): 120 repositories count as failed\n\ngenerated/,
    );
  });

  it('says of failures that stand from before', () => {
    const { report, text } = reported();
    report.on(failed('a'));
    report.end({ ...summary, failed: { timeout: 1, role: 2 } }, 3);
    expect(text()).toMatch(
      /^failed {2}a.*\n\n2 that failed before were not tried now; agentsmd status says why\n\nonce/,
    );
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

  it('is a line of JSON for each repository, warning and preview, and for progress at times; the last one is the summary alone', () => {
    const { report, text, wait } = reported({ json: true });
    report.on({ type: 'listed', instance: '/r', projects: 2, done: true });
    report.on({ type: 'preview', preview: { repositories: 2, due: { new: 2 } } });
    report.on({ type: 'begun', path: 'a' });
    report.on({ type: 'warning', message: 'a\u001b[2J\nb' });
    report.on(repository('a', { mergeRequest }));
    const progress = { type: 'progress', done: 1, total: 2, failed: 0, waiting: 1, current: ['b'] } as const;
    report.on(progress);
    wait(10_000);
    report.on(progress);
    report.on(progress);
    report.on({ type: 'skipped', path: 'old', instance: '/r', reason: 'archived' });
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
      'progress',
      'skipped',
      'repository',
      'sweep',
      undefined,
    ]);
    expect(lines[3]).toEqual(progress);
    expect(lines[2]).toEqual(repository('a', { mergeRequest }));
    expect(lines[6]).toEqual({ type: 'sweep', sweep: 3 });
    expect(Object.entries(lines[7])).toEqual(Object.entries(summary));
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
