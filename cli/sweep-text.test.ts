import { describe, expect, it } from 'vitest';
import { pace } from './sweep-pace.ts';
import { previewLines, progressLine, resultCells, summaryTable } from './sweep-text.ts';

const plain = (_: unknown, text: string) => text;
const ESCAPE = '\u001b[31m';

function steady(perMinute: number) {
  const it = pace();
  it.at(0, 0);
  it.at(60_000, perMinute);
  return it;
}

describe('progressLine', () => {
  const progress = { done: 128, total: 5_000, failed: 2, current: ['shop/cart', 'shop/api', 'shop/web', 'shop/pay'] };

  it('says how far, how fast, how long, how badly, and at what', () => {
    expect(progressLine(progress, steady(43))).toBe(
      '128/5,000  43/min  ETA 1 h 53 min  2 failed  shop/cart, shop/api, shop/web …',
    );
  });

  it('leaves out what is not known, or not there', () => {
    expect(progressLine({ ...progress, failed: 0, current: [] }, pace())).toBe('128/5,000');
    expect(progressLine({ done: 5, total: 5, failed: 0, current: ['a'] }, steady(3))).toBe('5/5  3/min  a');
    expect(progressLine({ ...progress, current: [], failed: 0, total: 138 }, steady(0.5))).toBe(
      '128/138  0.5/min  ETA 20 min',
    );
    expect(progressLine({ done: 1, total: 3, failed: 0, current: [] }, steady(14))).toBe('1/3  14/min  ETA 9 s');
  });

  it('says how many wait, and not how long the rest takes where that is all of it', () => {
    const waiting = { done: 4, total: 6, failed: 0, waiting: 1, current: [] };
    expect(progressLine(waiting, steady(3))).toBe('4/6  3/min  ETA 40 s  1 waiting to be tried again');
    expect(progressLine({ ...waiting, waiting: 2 }, steady(3))).toBe('4/6  3/min  2 waiting to be tried again');
  });

  it('shows nothing of a path that a terminal would obey', () => {
    expect(progressLine({ ...progress, current: [`a${ESCAPE}\nb`] }, pace())).toBe('128/5,000  2 failed  a b');
  });
});

describe('previewLines', () => {
  it('says what is to be done, and why', () => {
    const due = { new: 12, moved: 1_040, policy: 0, deferred: 1 };
    expect(previewLines({ repositories: 5_000, due })).toEqual([
      '5,000 repositories in scope, 1,053 to work on: 12 never seen, 1,040 moved, 1 held back before',
    ]);
    expect(previewLines({ repositories: 1, due: { moved: 0 } })).toEqual(['1 repository in scope, nothing to do']);
  });

  it('says what a new codex would come to', () => {
    const policy = { changed: ['codex'] as const, repositories: 4_000, sampled: 20, wouldChange: 14, lines: 112 };
    const due = { policy: 4_000 };
    expect(previewLines({ repositories: 5_000, due, policy })[1]).toBe(
      'codex is new for 4,000 repositories: of 20 looked at 14 would change, 112 lines',
    );
    const all = { ...policy, changed: ['generator', 'codex', 'catalog'] as const, lines: 1 };
    expect(previewLines({ repositories: 5_000, due, policy: all })[1]).toMatch(
      /^generator, codex and catalog are new .* 1 line$/,
    );
  });
});

describe('resultCells', () => {
  const of = { path: 'shop/cart', instance: 'https://gitlab.example.com', ms: 5 };
  const mergeRequest = { iid: 7, url: 'https://gitlab.example.com/shop/cart/-/merge_requests/7' };

  it('leads to the merge request, and in a folder to branch and file', () => {
    expect(resultCells({ ...of, outcome: 'generated', mergeRequest })).toEqual([
      'generated',
      'shop/cart',
      mergeRequest.url,
    ]);
    const file = { iid: 1, url: '/repos/cart/.git/agentsmd/merge-requests/1.md' };
    expect(resultCells({ ...of, outcome: 'refreshed', mergeRequest: file }, 'agentsmd/refresh')).toEqual([
      'refreshed',
      'shop/cart',
      `branch agentsmd/refresh, ${file.url}`,
    ]);
  });

  it('says of a dry run how much would change', () => {
    const lines = { added: 1_200, removed: 3 };
    expect(resultCells({ ...of, outcome: 'generated', lines }, 'agentsmd/refresh')[2]).toBe('+1,200 -3 lines');
    expect(resultCells({ ...of, outcome: 'failed', reason: 'role', lines })[2]).toBe('(role)');
  });

  it('says why not, to the end, on one line that no terminal obeys', () => {
    const message = `a${ESCAPE}\n${'b'.repeat(400)} mend it`;
    const [, , why = ''] = resultCells({ ...of, outcome: 'failed', reason: 'timeout', message }, 'agentsmd/refresh');
    expect(why).toMatch(/^\(timeout\) a b{400} mend it$/);
  });
});

describe('summaryTable', () => {
  const summary = {
    repositories: 5_000,
    generated: 12,
    refreshed: 30,
    unchanged: 4_940,
    skipped: { fork: 5, archived: 10, mirror: 0 },
    failed: { unauthorized: 1, timeout: 2 },
    requests: 312,
    ms: 6_720_000,
  };

  it('counts each result, by reason where there is one', () => {
    expect(summaryTable(summary, 7, plain)).toBe(`generated             12
refreshed             30
unchanged          4,940
skipped               15  archived 10, fork 5
failed                 3  timeout 2, unauthorized 1
repositories       5,000
requests             312
time          1 h 52 min
sweep                  7
`);
  });

  it('says of a dry run what would be', () => {
    expect(summaryTable({ ...summary, failed: {} }, undefined, plain)).toMatch(
      /^would be generated +12\n[\s\S]*would fail +0\n/,
    );
  });
});
