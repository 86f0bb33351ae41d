import { describe, expect, it } from 'vitest';
import type { RepositoryResult } from '../jobs/sweep/events.ts';
import { summaryOf, sweepTally } from './sweep-tally.ts';

const result = (path: string, more: Partial<RepositoryResult> & Pick<RepositoryResult, 'outcome'>) =>
  ({ type: 'repository', path, instance: '/repos', ms: 1, ...more }) as const;

describe('sweepTally', () => {
  it('counts each repository once, by reason', () => {
    const tally = sweepTally({ changed: 1, failed: 1, skipped: 1 });
    tally.on(result('a', { outcome: 'generated' }));
    tally.on(result('b', { outcome: 'refreshed' }));
    tally.on(result('c', { outcome: 'unchanged' }));
    for (const path of ['d', 'e']) tally.on(result(path, { outcome: 'skipped', reason: 'archived' }));
    tally.on(result('f', { outcome: 'failed', reason: 'timeout', message: 'm' }));
    tally.on(result('g', { outcome: 'failed' }));
    tally.on({ type: 'warning', message: 'm' });
    tally.on({ type: 'skipped', path: 'h', instance: '/repos', reason: 'fork' });
    const unlisted = { instance: '/repos', reason: 'unavailable', message: 'm', repositories: 3 };
    tally.on({ type: 'warning', message: 'm', unlisted });
    expect(tally.counted(3, 4)).toEqual({
      repositories: 11,
      generated: 1,
      refreshed: 1,
      unchanged: 1,
      skipped: { archived: 2, fork: 1 },
      failed: { timeout: 1, unknown: 1, unavailable: 3 },
      requests: 3,
      ms: 4,
    });
    expect(tally.unlisted).toEqual([unlisted]);
    const { changed, failed, skipped } = tally;
    expect([skipped.count, skipped.kept.map(({ path }) => path)]).toEqual([3, ['d']]);
    expect([changed.count, changed.kept.map(({ path }) => path)]).toEqual([2, ['a']]);
    expect([failed.count, failed.kept]).toEqual([
      2,
      [{ path: 'f', instance: '/repos', outcome: 'failed', ms: 1, reason: 'timeout', message: 'm' }],
    ]);
  });
});

it('lists one that is worked on twice once, as it became last', () => {
  const tally = sweepTally({ changed: 5, failed: 5, skipped: 5 });
  tally.on(result('a', { outcome: 'generated' }));
  tally.on(result('b', { outcome: 'generated' }));
  tally.on(result('a', { outcome: 'refreshed' }));
  expect([tally.changed.count, tally.changed.kept.map(({ outcome }) => outcome)]).toEqual([
    2,
    ['refreshed', 'generated'],
  ]);
});

describe('summaryOf', () => {
  it('is these keys in this order, whatever else there is', () => {
    const summary = { ...sweepTally({ changed: 0, failed: 0, skipped: 0 }).counted(0, 0), more: 1 };
    expect(JSON.stringify(summaryOf(Object.assign({ ms: 1 }, summary)))).toBe(
      '{"repositories":0,"generated":0,"refreshed":0,"unchanged":0,"skipped":{},"failed":{},"requests":0,"ms":0}',
    );
  });
});
