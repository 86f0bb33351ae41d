import { describe, expect, it } from 'vitest';
import { nextTry, RETRY_LIMITS } from './retry.ts';
import { WireFailure } from './wire-failure.ts';

const fresh = { failures: 0, throttled: 0, waitedMs: 0 };
const clock = (random: number) => ({ now: () => 0, random: () => random });
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  bytes: new Uint8Array(),
});

describe('nextTry', () => {
  it.each([
    [0, 0, 125],
    [0, 0.5, 188],
    [1, 0, 250],
    [2, 0, 500],
    [3, 0, 1000],
    [4, 0, 2000],
    [4, 0.999, 3998],
  ])('waits between half and the whole of 250 ms doubled: failure %i, chance %d', (failures, random, wait) => {
    expect(nextTry(answer(502), true, { ...fresh, failures }, RETRY_LIMITS, clock(random))?.wait).toBe(wait);
  });

  it('never backs off longer than 8 s', () => {
    const limits = { ...RETRY_LIMITS, tries: 20 };
    expect(nextTry(answer(502), true, { ...fresh, failures: 15 }, limits, clock(1))?.wait).toBe(8000);
  });

  it('comes back a little after the time that was asked for, by chance', () => {
    expect(nextTry(answer(429, { 'retry-after': '2' }), false, fresh, RETRY_LIMITS, clock(0.5))?.wait).toBe(2125);
    expect(nextTry(answer(503, { 'retry-after': '2' }), true, fresh, RETRY_LIMITS, clock(0))?.wait).toBe(2000);
  });

  it('counts failures and being asked to wait apart', () => {
    const tally = { ...fresh, failures: RETRY_LIMITS.tries - 1 };
    expect(nextTry(answer(502), true, tally, RETRY_LIMITS, clock(0))).toBeUndefined();
    expect(nextTry(answer(429), true, tally, RETRY_LIMITS, clock(0))).toMatchObject({ throttled: true });
    const throttled = { ...fresh, throttled: RETRY_LIMITS.throttledTries - 1 };
    expect(nextTry(answer(429), true, throttled, RETRY_LIMITS, clock(0))).toBeUndefined();
  });

  it('gives a connection that was not made fewer tries than an answer that was lost', () => {
    const tally = { ...fresh, failures: RETRY_LIMITS.connectTries - 1 };
    const of = (kind: 'unreachable' | 'reset') => new WireFailure(kind, 'x', { sent: kind === 'reset', code: '' });
    expect(nextTry(of('unreachable'), true, tally, RETRY_LIMITS, clock(0))).toBeUndefined();
    expect(nextTry(of('reset'), true, tally, RETRY_LIMITS, clock(0))).toBeDefined();
  });

  it.each([400, 401, 403, 404, 405, 409, 422, 501, 505])('never repeats %i', (status) => {
    expect(nextTry(answer(status), true, fresh, RETRY_LIMITS, clock(0))).toBeUndefined();
  });

  it.each([
    ['unreachable', false, 'ECONNREFUSED', true, true],
    ['unreachable', false, 'ENOTFOUND', false, false],
    ['unreachable', false, '407', false, false],
    ['untrusted', false, 'CERT_HAS_EXPIRED', false, false],
    ['reset', true, 'ECONNRESET', true, false],
    ['timeout', true, '', true, false],
    ['garbled', true, '', true, false],
    ['too-big', true, '', false, false],
  ] as const)('after %s (sent: %s, %s) repeats a read: %s, a write: %s', (kind, sent, code, read, write) => {
    const failure = new WireFailure(kind, 'x', { sent, code });
    expect(nextTry(failure, true, fresh, RETRY_LIMITS, clock(0)) !== undefined).toBe(read);
    expect(nextTry(failure, false, fresh, RETRY_LIMITS, clock(0)) !== undefined).toBe(write);
  });
});
