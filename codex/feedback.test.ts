import { describe, expect, it } from 'vitest';
import {
  type Feedback,
  FeedbackError,
  isAlwaysTold,
  loweredTo,
  MOST_FEEDBACK_BYTES,
  parseFeedback,
  serializeFeedback,
  withFeedback,
} from './feedback.ts';
import type { RuleStanding } from './standing.ts';
import { makeCodex, makeRule } from './testing/make-codex.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const standing: RuleStanding = {
  ...{ state: 'muted', since: '2026-11-01T00:00:00.000Z', settled: 20, unwanted: 12, lower: 0.3 },
  mergeRequest: 'https://gitlab.example.com/platform/codex/-/merge_requests/7',
};
const feedback: Feedback = {
  schema: 'agentsmd/codex-feedback/1',
  at: '2026-11-21T00:00:00.000Z',
  rules: { 'TS-ERR-002': { rev: 1, ...standing }, 'TS-ERR-001': { rev: 3, ...standing, state: 'probation' } },
};

describe('parseFeedback', () => {
  it('reads what serializeFeedback wrote, with the IDs in order', async () => {
    const text = serializeFeedback(feedback);
    expect(await parseFeedback(text, NOW)).toEqual(feedback);
    expect(text.indexOf('TS-ERR-001')).toBeLessThan(text.indexOf('TS-ERR-002'));
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /^no valid JSON$/],
    ['another schema', JSON.stringify({ ...feedback, schema: 'x' }), /^schema: /],
    [
      'a state that does not exist',
      JSON.stringify({ ...feedback, rules: { A: { rev: 1, ...standing, state: 'critical' } } }),
      /^rules\.A\.state: /,
    ],
    [
      'an address that is none of the web',
      JSON.stringify({ ...feedback, rules: { A: { rev: 1, ...standing, mergeRequest: 'javascript:1' } } }),
      /^rules\.A\.mergeRequest: /,
    ],
    ['a key that nobody knows', JSON.stringify({ ...feedback, raise: true }), /raise/],
    ['one that nobody wrote for 91 days', JSON.stringify({ ...feedback, at: '2026-08-23T11:59:59.000Z' }), /90 days/],
    ['one of the day after tomorrow', JSON.stringify({ ...feedback, at: '2026-11-24T00:00:00.000Z' }), /not yet/],
    ['more than fits', ' '.repeat(MOST_FEEDBACK_BYTES + 1), /too large/],
  ])('refuses %s', async (_, text, message) => {
    const refused = parseFeedback(text, NOW);
    await expect(refused).rejects.toThrow(FeedbackError);
    await expect(refused).rejects.toThrow(message);
  });

  it.each([
    ['of 90 days', '2026-08-24T12:00:00.000Z'],
    ['of a clock that goes ahead', '2026-11-22T13:00:00.000Z'],
  ])('takes one %s', async (_, at) => {
    const text = JSON.stringify({ ...feedback, at });
    expect((await parseFeedback(text, NOW)).rules).toHaveProperty('TS-ERR-002');
  });
});

describe('withFeedback', () => {
  const codex = makeCodex({ id: 'TS-ERR-001', rev: 2 }, { id: 'TS-ERR-002' }, { id: 'TS-ERR-003' });

  it('tells each rule how its own revision fares, and changes nothing else', () => {
    const told = withFeedback(codex, feedback);
    expect(told.rules.map(({ standing }) => standing?.state)).toEqual([undefined, 'muted', undefined]);
    expect({ ...told, rules: told.rules.map(({ standing: _, ...rule }) => rule) }).toEqual(codex);
    expect(withFeedback(codex, undefined)).toBe(codex);
  });

  it('is not taken in by names that every object has', () => {
    const named = makeCodex({ id: 'constructor' }, { id: '__proto__' });
    expect(withFeedback(named, feedback).rules.some((rule) => 'standing' in rule)).toBe(false);
  });
});

describe('loweredTo', () => {
  const secret = { kind: 'file-content', files: ['**'], forbid: 'x', secret: true } as const;
  it.each([
    ['no standing', {}, undefined],
    ['learning', { standing: { ...standing, state: 'learning' } }, undefined],
    ['fine', { standing: { ...standing, state: 'fine' } }, undefined],
    ['probation', { standing: { ...standing, state: 'probation' } }, 'probation'],
    ['muted', { standing }, 'muted'],
    ['muted, and always told', { standing, always: true }, undefined],
    ['muted, and finds secrets', { standing, check: secret }, undefined],
    ['muted, and finds secrets whose owner lets it be lowered', { standing, check: secret, always: false }, 'muted'],
  ] as const)('%s', (_, parts, expected) => {
    const rule = makeRule({ id: 'A-1', ...parts });
    expect(loweredTo(rule)).toBe(expected);
    expect(isAlwaysTold(rule)).toBe('always' in parts ? parts.always : 'check' in parts);
  });
});
