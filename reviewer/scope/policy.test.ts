import { describe, expect, it } from 'vitest';
import { REVIEW_DEFAULTS, type ReviewKeys, reviewKeysFor } from '../config.ts';
import { DECISIONS } from '../decide/decide.ts';
import { effectOf, type MergeRequestFacts, policyFor } from './policy.ts';

const PERSON = { username: 'ada', ours: false };
const policyOf = (facts: Partial<MergeRequestFacts>, keys: Partial<ReviewKeys> = {}) =>
  policyFor({ draft: false, source: 'topic', author: PERSON, ...facts }, { ...REVIEW_DEFAULTS, ...keys });
const NOTHING = { skipped: null, computedOnly: null, unapprovable: null };

describe('how a merge request is reviewed', () => {
  it("leaves a person's alone", () => expect(policyOf({})).toEqual(NOTHING));

  it('skips drafts, and never approves one', () => {
    expect(policyOf({ draft: true })).toMatchObject({ skipped: 'it is a draft', unapprovable: 'it is a draft' });
    expect(policyOf({ draft: true }, { drafts: 'review' })).toMatchObject({
      skipped: null,
      unapprovable: 'it is a draft',
    });
  });

  it.each([
    ['renovate-bot', 'opened by renovate-bot'],
    ['Dependabot', 'opened by Dependabot'],
    ['renee', null],
    [undefined, null],
  ])('has no model look at what is opened by %s', (username, computedOnly) => {
    const author = username === undefined ? undefined : { ...PERSON, username };
    expect(policyOf({ author })).toMatchObject({ skipped: null, computedOnly });
  });

  it.each([
    ['release/1.2', ['release/*'], 'from release/1.2'],
    ['pre-release/1', ['release/*'], null],
    ['releasex1', ['release.x*'], null],
    ['a(b', ['a(b'], 'from a(b'],
  ])('nor at %s, where branches are %s', (source, branches, computedOnly) => {
    expect(policyOf({ source }, { computedOnly: { authors: [], branches } })).toMatchObject({ computedOnly });
  });

  it('never approves what its name, or its branch, spared the models', () => {
    const spared = { unapprovable: 'no model looked at it' };
    expect(policyOf({ author: { ...PERSON, username: 'renovate-fan' } }, {})).toMatchObject(spared);
    expect(policyOf({ source: 'release/1' }, { computedOnly: { authors: [], branches: ['release/*'] } })).toMatchObject(
      spared,
    );
  });

  it.each([
    [{ ...PERSON, ours: true }, 'we opened it'],
    [{ ...PERSON, username: 'ci-robot' }, 'a bot opened it'],
    [{ ...PERSON, username: 'project_manager' }, null],
    [undefined, 'who opened it is not known'],
  ])('never approves what %o opened', (author, unapprovable) => {
    expect(policyOf({ author }, { bots: ['*-robot'] })).toMatchObject({ unapprovable });
  });

  it('goes by what holds for the nearest group', () => {
    const config = {
      ...REVIEW_DEFAULTS,
      groups: { shop: { mode: 'advisory', drafts: 'review' }, 'shop/pay': { mode: 'blocking' } },
    } as const;
    expect(reviewKeysFor(config, 'shop/pay/api')).toMatchObject({
      mode: 'blocking',
      drafts: 'review',
      onFailure: 'block',
    });
    expect(reviewKeysFor(config, 'shop/cart')).toMatchObject({ mode: 'advisory' });
    expect(reviewKeysFor(config, undefined)).toMatchObject({ mode: 'blocking', drafts: 'skip' });
  });
});

describe('what becomes of a decision', () => {
  const ALL = [...DECISIONS, null];

  it.each([
    ['approved', 'approve'],
    ['approved_with_comments', 'approve'],
    ['minor_issues', 'revoke'],
    ['significant_concerns', 'request-changes'],
    [null, 'revoke'],
  ] as const)('%s: %s', (decision, kind) => {
    expect(effectOf(decision, NOTHING, { mode: 'blocking' }).kind).toBe(kind);
  });

  it.each(['shadow', 'advisory'] as const)('is nothing where the mode is %s', (mode) => {
    for (const decision of ALL)
      expect(effectOf(decision, NOTHING, { mode })).toEqual({ kind: 'none', because: `review.mode is ${mode}` });
  });

  it('is never an approval of what may not be approved, and stays as severe as it is', () => {
    const policy = { ...NOTHING, unapprovable: 'a bot opened it' };
    expect(ALL.map((decision) => effectOf(decision, policy, { mode: 'blocking' }).kind)).toEqual([
      'none',
      'none',
      'revoke',
      'request-changes',
      'revoke',
    ]);
  });
});
