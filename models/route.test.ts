import { describe, expect, it } from 'vitest';
import type { BreakerState } from './breaker.ts';
import { chainFor } from './chain.ts';
import { TROUBLE_CLASSES, type TroubleClass } from './classify.ts';
import { TIERS, type Tier } from './config.ts';
import { type Route, route, type Situation } from './route.ts';
import { settings } from './testing/settings.ts';

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];

/** Of top and standard one model takes over, of light none does. */
const CONFIG = settings({
  models: { 'top-2': {}, 'top-1': {}, 'mid-2': {}, 'mid-1': {}, light: {} },
  tiers: { top: 'gw/top-2', standard: 'gw/mid-2', light: 'gw/light' },
  failback: { 'gw/top-2': ['gw/top-1'], 'gw/mid-2': ['gw/mid-1'] },
});

/**
 * What every class comes to: stop with a reason, a request of another kind, or on to the next model; where there is none, the same
 * model again after a pause, or the end.
 */
const EXPECTED: Readonly<Record<TroubleClass, Route | 'next' | 'next or again'>> = {
  'rate-limit': 'next or again',
  quota: 'next',
  overload: 'next or again',
  server: 'next or again',
  network: 'next or again',
  timeout: 'next',
  garbled: 'next or again',
  authentication: { to: 'stop', reason: 'authentication' },
  context: { to: 'stop', reason: 'context' },
  aborted: { to: 'stop', reason: 'aborted' },
  refused: { to: 'stop', reason: 'refused' },
  truncated: { to: 'continue' },
  unparsable: { to: 'repair' },
  rejected: { to: 'stop', reason: 'configuration' },
};

const NEXT: Readonly<Record<Tier, string | undefined>> = { top: 'gw/top-1', standard: 'gw/mid-1', light: undefined };

function situation(trouble: TroubleClass, more: Partial<Situation> = {}): Situation {
  const nothingYet = { waited: false, begun: true, extended: false, repaired: false };
  return { class: trouble, breaker: 'closed', ...nothingYet, rest: [], ...more };
}

describe('route, class by tier by breakers', () => {
  const cases = TROUBLE_CLASSES.flatMap((trouble) =>
    TIERS.flatMap((tier) =>
      STATES.flatMap((breaker) => STATES.map((following) => ({ trouble, tier, breaker, following }))),
    ),
  );

  it.each(cases)('$trouble of $tier, its breaker $breaker, that of the next $following', (one) => {
    const { trouble, tier, breaker, following } = one;
    const rest = chainFor({ agent: 'a', tier }, CONFIG, undefined)
      .slice(1)
      .map(({ name }) => ({ model: name, breaker: following }));
    const expected = EXPECTED[trouble];
    const next = NEXT[tier];
    const again = expected === 'next or again' && breaker === 'closed';
    const wanted =
      expected !== 'next' && expected !== 'next or again'
        ? expected
        : next && following !== 'open'
          ? { to: 'next', model: next }
          : again
            ? { to: 'same', after: 1000 }
            : { to: 'stop', reason: 'unavailable' };
    expect(route(situation(trouble, { breaker, rest }))).toEqual(wanted);
  });
});

describe('route, what was tried before', () => {
  const rest = [
    { model: 'a', breaker: 'open' },
    { model: 'b', breaker: 'half-open' },
    { model: 'c', breaker: 'closed' },
  ] as const;
  const b = { to: 'next', model: 'b' };
  it.each<readonly [string, Situation, unknown]>([
    ['passes over what is open', situation('server', { rest }), b],
    [
      'waits as long as is asked, when that is short',
      situation('rate-limit', { rest, retryAfter: 10_000 }),
      { to: 'same', after: 10_000 },
    ],
    ['waits for an overloaded one, too', situation('overload', { retryAfter: 0 }), { to: 'same', after: 0 }],
    ['does not wait for long', situation('rate-limit', { rest, retryAfter: 10_001 }), b],
    ['waits once', situation('rate-limit', { rest, retryAfter: 1, waited: true }), b],
    ['does not wait for what is open by now', situation('rate-limit', { rest, retryAfter: 1, breaker: 'open' }), b],
    [
      'nor at the end of the chain',
      situation('rate-limit', { retryAfter: 60_000 }),
      { to: 'stop', reason: 'unavailable' },
    ],
    [
      'tries again once where nobody takes over',
      situation('overload', { waited: true }),
      { to: 'stop', reason: 'unavailable' },
    ],
    [
      'rather again than a model that is left alone',
      situation('overload', { rest: [{ model: 'a', breaker: 'open' }] }),
      { to: 'same', after: 1000 },
    ],
    ['rather the next than again', situation('overload', { rest }), b],
    ['asks for less where nothing was begun', situation('truncated', { begun: false }), { to: 'shorten' }],
    ['continues once', situation('truncated', { extended: true, rest }), { to: 'stop', reason: 'truncated' }],
    ['repairs once', situation('unparsable', { repaired: true, rest }), { to: 'stop', reason: 'unparsable' }],
  ])('%s', (_, given, wanted) => {
    expect(route(given)).toEqual(wanted);
  });
});
