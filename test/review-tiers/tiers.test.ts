import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LabelledChange, tiersOf } from './labelled.ts';

const CHANGES: readonly LabelledChange[] = JSON.parse(readFileSync(new URL('./changes.json', import.meta.url), 'utf8'));

/** `owner/name 1a2b3c4d: why` of those that must be full and are not. */
function underTiered(changes: readonly LabelledChange[]): readonly string[] {
  return changes
    .filter((change) => change.mustBeFull && tiersOf(change).tier !== 'full')
    .map(({ repository, head, reason }) => `${repository} ${head.slice(0, 8)}: ${reason}`);
}

/** Of the changes that are small and may be looked at as such: how many are not. */
function overTiered(changes: readonly LabelledChange[]): { readonly small: number; readonly full: number } {
  const small = changes.filter((change) => !change.mustBeFull && tiersOf(change).bySize !== 'full');
  return { small: small.length, full: small.filter((change) => tiersOf(change).tier === 'full').length };
}

const of = (set: LabelledChange['set']) => CHANGES.filter((change) => change.set === set);

describe('the labelled changes', () => {
  it('are many, of many repositories and of every kind', () => {
    expect(of('tuned').length).toBeGreaterThanOrEqual(200);
    expect(of('held-out').length).toBeGreaterThanOrEqual(60);
    expect(new Set(CHANGES.map(({ repository }) => repository)).size).toBeGreaterThanOrEqual(20);
    const count = (kind: string) => CHANGES.filter((change) => change.kind === kind).length;
    for (const kind of ['security', 'pipeline', 'instructions', 'migration', 'docs', 'tests', 'dependencies'])
      expect(count(kind), kind).toBeGreaterThanOrEqual(10);
    for (const kind of ['review-configuration', 'lock-file', 'vendored', 'generated', 'minified'])
      expect(count(kind), kind).toBeGreaterThanOrEqual(2);
  });

  it('have sizes on both sides of the borders', () => {
    const sizes = new Set(
      CHANGES.map(({ files }) => files.reduce((sum, { added, removed }) => sum + added + removed, 0)),
    );
    for (const lines of [10, 11, 100, 101]) expect(sizes).toContain(lines);
    expect(new Set(CHANGES.map(({ files }) => files.length))).toContain(20);
    expect(Math.max(...CHANGES.map(({ files }) => files.length))).toBeGreaterThan(20);
  });

  it('are of repositories that the other set does not have', () => {
    const tuned = new Set(of('tuned').map(({ repository }) => repository));
    expect(of('held-out').filter(({ repository }) => tuned.has(repository))).toEqual([]);
  });

  it('tell why, once each', () => {
    expect(CHANGES.filter(({ reason }) => reason === '')).toEqual([]);
    expect(new Set(CHANGES.map(({ repository, head }) => `${repository}@${head}`)).size).toBe(CHANGES.length);
  });
});

describe('changes that the rules were mended by', () => {
  it('are full where they must be, every one', () => {
    expect(underTiered(of('tuned'))).toEqual([]);
  });

  it('are full for nothing in at most one of ten', () => {
    const { small, full } = overTiered(of('tuned'));
    expect(small).toBeGreaterThanOrEqual(200);
    expect(full / small, `${full} of ${small}`).toBeLessThanOrEqual(0.1);
  });

  it('are not all full', () => {
    const tiers = new Set(of('tuned').map((change) => tiersOf(change).tier));
    expect(tiers).toEqual(new Set(['trivial', 'lite', 'full']));
  });
});

/** What to expect of a repository nobody has looked at. No word, path or title gives these away: they are known, not excused. */
describe('changes of repositories that were held out', () => {
  it('are full where they must be, but for these', () => {
    expect(underTiered(of('held-out'))).toEqual([
      'dart-lang/http abb2bb18: methods of requests can no longer carry anything else',
      'apache/struts b7b5bff1: which classes expressions may reach',
    ]);
  });

  it('are full for nothing in at most 16 %', () => {
    const { small, full } = overTiered(of('held-out'));
    expect(full / small, `${full} of ${small}`).toBeLessThanOrEqual(0.16);
  });
});
