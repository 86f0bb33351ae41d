import { describe, expect, it } from 'vitest';
import { openDoor, question, recording } from './testing/door.ts';

/** A door to one model that nobody takes over from. */
async function alone(given: Parameters<typeof openDoor>[0] = {}) {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const door = await openDoor({ models: { large: { output: 100 } }, failback: {}, deps: { sleep }, ...given });
  return { ...door, waits };
}

describe('a model that nobody takes over from', () => {
  it('that says how long to wait is waited for once', async () => {
    const { models, server, waits } = await alone();
    server.fail({ kind: 'rate-limit', retryAfter: 7 });
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', calls: 2 });
    expect(waits).toEqual([7000]);
    server.play({ kind: 'rate-limit', retryAfter: 7 });
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({
      reason: 'unavailable',
      calls: 2,
      message: 'gw/large: it answered 429, rate_limit_exceeded',
    });
    expect(waits).toEqual([7000, 7000]);
  });

  it('that wants more patience than there is is not asked again', async () => {
    const { models, server, waits } = await alone();
    server.play({ kind: 'rate-limit', retryAfter: 60 });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'unavailable', calls: 1 });
    expect(waits).toEqual([]);
  });

  it.each([
    { kind: 'status', status: 503 },
    { kind: 'status', status: 500 },
    { kind: 'overloaded' },
    { kind: 'rate-limit' },
    { kind: 'reset' },
    { kind: 'cut', after: 2 },
  ] as const)('is asked once more after a pause: %j', async (failure) => {
    const { models, server, waits } = await alone();
    server.fail(failure);
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', calls: 2 });
    expect(waits).toEqual([1000]);
    server.play(failure);
    const transcript = recording();
    expect(await models.ask(question(models, { transcript }))).toMatchObject({ reason: 'unavailable', calls: 2 });
    expect(transcript.of('failback')).toMatchObject([{ from: 'gw/large', to: null }]);
  });

  it('is not asked again once it is left alone', async () => {
    const { models, server, waits } = await alone({ breaker: { failures: 1, cooldown: 120 } });
    server.play({ kind: 'status', status: 503 });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'unavailable', calls: 1 });
    expect(waits).toEqual([]);
  });

  it('is paid for each time, and not asked again where the budget does not reach', async () => {
    const none = { tokens: null, money: null };
    const { models, server } = await alone({
      budgets: { call: none, review: { tokens: 200, money: null }, day: none },
    });
    server.play({ kind: 'cut', after: 60 });
    server.script({ needs: [], answer: 'word '.repeat(80) });
    const account = models.account();
    const answer = await models.ask(question(models, { account }));
    expect(answer).toMatchObject({ reason: 'budget', calls: 1, usage: { estimated: true } });
    expect(answer.usage.outputTokens).toBeGreaterThan(60);
    expect(server.requests).toHaveLength(1);
    expect(account.spent().usage).toEqual(answer.usage);
  });

  it('does not hold up who calls it off meanwhile', async () => {
    const abort = new AbortController();
    const { models, server } = await alone({
      deps: {
        sleep: (_, signal) =>
          new Promise((__, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
            abort.abort();
          }),
      },
    });
    server.play({ kind: 'status', status: 503 });
    expect(await models.ask(question(models, { signal: abort.signal }))).toMatchObject({ reason: 'aborted', calls: 1 });
  });
});
