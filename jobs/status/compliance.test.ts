import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { complianceOf } from './compliance.ts';
import { GITLAB, insertAll, repository } from './testing/seed.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
afterAll(() => db.destroy());

const at = new Date('2026-11-21T10:00:00Z');
const said = (path: string, rule: string, verdict: string, part: object = {}) => ({
  ...{
    key: `${GITLAB}#${path}`,
    rule,
    rev: 1,
    level: 'MUST',
    status: 'active',
    verdict,
    evidence: '[]',
    head: 'c',
    at,
  },
  ...part,
});

describe('compliance of a fleet', () => {
  it('is nothing where nothing was audited', async () => {
    expect(await complianceOf(db)).toEqual({ audited: 0, inScope: 0, rules: [], repositories: [], groups: [] });
  });

  it('ranks rules by share, repositories and groups by broken MUSTs in force', async () => {
    await insertAll(db, 'repository', [
      ...['shop/cart', 'shop/pay', 'ops/edge', 'ops/never'].map((path) => repository(path)),
      repository('gone/away', { gone_since: at }),
      repository('left/out', { excluded: 'archived' }),
    ]);
    await insertAll(db, 'audit', [
      said('shop/cart', 'T-A-1', 'NON-COMPLIANT', { title: 'Old words' }),
      said('shop/pay', 'T-A-1', 'COMPLIANT', { rev: 2, title: 'New words' }),
      said('ops/edge', 'T-A-1', 'NOT-CHECKED'),
      said('shop/cart', 'T-B-1', 'NON-COMPLIANT'),
      said('shop/pay', 'T-B-1', 'NON-COMPLIANT', { title: 'Written later', at: new Date(at.getTime() + 1000) }),
      said('ops/edge', 'T-C-1', 'NON-COMPLIANT', { status: 'trial' }),
      said('shop/cart', 'T-C-1', 'PARTIAL', { status: 'trial' }),
      said('shop/cart', 'T-D-1', 'NON-COMPLIANT', { level: 'SHOULD' }),
      said('gone/away', 'T-A-1', 'NON-COMPLIANT'),
      said('left/out', 'T-A-1', 'NON-COMPLIANT'),
    ]);
    const { audited, inScope, rules, repositories, groups } = await complianceOf(db);
    expect([audited, inScope]).toEqual([3, 4]);
    expect(rules.map(({ rule, share, broken, notChecked, rev }) => [rule, share, broken, notChecked, rev])).toEqual([
      ['T-B-1', 1, 2, 0, 1],
      ['T-D-1', 1, 1, 0, 1],
      ['T-A-1', 0.5, 1, 1, 2],
      ['T-C-1', 0.5, 1, 0, 1],
    ]);
    expect(rules.map(({ title }) => title)).toEqual(['Written later', null, 'New words', null]);
    expect(repositories.map(({ project, musts, rules, brokenMusts }) => [project, musts, rules, brokenMusts])).toEqual([
      ['shop/cart', 2, 3, ['T-A-1', 'T-B-1']],
      ['shop/pay', 1, 1, ['T-B-1']],
      ['ops/edge', 0, 1, []],
    ]);
    expect(groups).toEqual([
      { group: 'shop', repositories: 2, withBrokenMusts: 2, musts: 3, rules: 4 },
      { group: 'ops', repositories: 1, withBrokenMusts: 0, musts: 0, rules: 1 },
    ]);
  });
});
