import { describe, expect, it } from 'vitest';
import type { RemoteOverrides } from './overrides.ts';
import { ANSWER, ONE, openDoor, question, recording } from './testing/door.ts';

const SHORT = { timeouts: { first: 0.2, between: 0.2, call: 600 } };

describe('the next model takes over', () => {
  it('only where the first one does not answer', async () => {
    // The first question of a process also waits for what it loads: those below have little time.
    const { models, asked } = await openDoor();
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', model: 'gw/large' });
    expect(asked()).toEqual(['large']);
  });

  it.each([
    { kind: 'rate-limit' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502, page: true },
    { kind: 'overloaded' },
    { kind: 'overloaded', status: 503 },
    { kind: 'overloaded', after: 2 },
    { kind: 'reset' },
    { kind: 'reset', after: 2 },
    { kind: 'cut', after: 2 },
    { kind: 'hang' },
    { kind: 'hang', after: 2 },
  ] as const)('after %j', async (failure) => {
    const { models, server, asked } = await openDoor(SHORT);
    server.play(failure, { model: 'large' });
    const transcript = recording();
    const answer = await models.ask(question(models, { answer: ANSWER, transcript }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, model: 'gw/small', calls: 2 });
    expect(asked()).toEqual(['large', 'small']);
    expect(transcript.of('failback')).toMatchObject([{ from: 'gw/large', to: 'gw/small' }]);
  });

  it('until there is none: the last one is asked once more after a pause', async () => {
    const waits: number[] = [];
    const { models, server, asked } = await openDoor({ deps: { sleep: async (ms) => void waits.push(ms) } });
    server.play({ kind: 'status', status: 503 });
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({ reason: 'unavailable', calls: 3, cost: 0 });
    expect(asked()).toEqual(['large', 'small', 'small']);
    expect(waits).toEqual([1000]);
  });
});

describe('no other model is asked', () => {
  it.each([
    ['authentication', { kind: 'authentication' }],
    ['authentication', { kind: 'authentication', status: 403 }],
    ['context', { kind: 'overflow' }],
    ['refused', { kind: 'refusing', by: 'refusal' }],
    ['refused', { kind: 'refusing', by: 'content_filter' }],
    ['configuration', { kind: 'status', status: 400 }],
    ['configuration', { kind: 'status', status: 307 }],
  ] as const)('%s after %j', async (reason, failure) => {
    const { models, server, asked } = await openDoor();
    server.play(failure);
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({ kind: 'failed', reason, calls: 1 });
    expect(asked()).toEqual(['large']);
  });

  it('configuration: a model that does not exist there', async () => {
    const { models } = await openDoor({ models: { 'no-such': {} }, failback: {} });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'configuration' });
  });

  it('aborted, in mid-stream', async () => {
    // One failure would open it.
    const { models, server, asked } = await openDoor({ breaker: { failures: 1, cooldown: 120 } });
    server.play({ kind: 'hang', after: 1 });
    const abort = new AbortController();
    const asking = models.ask(question(models, { signal: abort.signal }));
    await expect.poll(() => server.requests[0]?.firstToken).toBeDefined();
    abort.abort();
    expect(await asking).toMatchObject({ reason: 'aborted', usage: { estimated: true } });
    expect(asked()).toEqual(['large']);
    expect(models.health()).toEqual({});
  });
});

describe('Retry-After', () => {
  it('is waited for when it is short, once', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const { models, server, asked } = await openDoor({ deps: { sleep } });
    server.play({ kind: 'rate-limit', retryAfter: 7 }, { model: 'large' });
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', model: 'gw/small', calls: 3 });
    expect(asked()).toEqual(['large', 'large', 'small']);
    expect(waits).toEqual([7000]);
  });

  it('is not waited for when it is long', async () => {
    const { models, server, asked } = await openDoor();
    server.play({ kind: 'rate-limit', retryAfter: 11 }, { model: 'large' });
    await models.ask(question(models));
    expect(asked()).toEqual(['large', 'small']);
  });
});

describe('the breaker of a model', () => {
  it('is shared by all who ask, and tried by one call after the cooldown', async () => {
    const clock = { now: 1_000_000_000_000 };
    const { models, server, asked } = await openDoor({ deps: { now: () => clock.now } });
    server.play({ kind: 'status', status: 500 }, { model: 'large' });
    for (let at = 0; at < 3; at += 1) await models.ask(question(models, { agent: `agent-${at}` }));
    expect(models.health()).toEqual({ 'gw/large': { openUntil: clock.now + 120_000 } });
    server.requests.length = 0;
    await models.ask(question(models));
    expect(asked()).toEqual(['small']);

    clock.now += 120_000;
    server.reset();
    server.requests.length = 0;
    const answers = await Promise.all(Array.from({ length: 50 }, () => models.ask(question(models))));
    expect(answers.every(({ kind }) => kind === 'answer')).toBe(true);
    const probes = answers.filter((one) => one.kind === 'answer' && one.model === 'gw/large');
    // Whoever came while the probe was under way did not wait for it.
    expect(
      asked()
        .slice(0, 8)
        .filter((model) => model === 'large'),
    ).toHaveLength(1);
    expect(probes.length).toBeGreaterThan(0);
    expect(models.health()).toEqual({});
  });

  it('comes from afar, too', async () => {
    const health = { 'gw/large': { openUntil: Date.now() + 60_000 } };
    const { models, asked } = await openDoor({ deps: { overrides: () => ({ health }) } });
    await models.ask(question(models));
    expect(asked()).toEqual(['small']);
  });
});

describe('remote configuration', () => {
  it('holds from the next call on, within a question too', async () => {
    let overrides: RemoteOverrides | undefined;
    const { models, server, asked } = await openDoor({ deps: { overrides: () => overrides } });
    server.fail({ kind: 'garbage' });
    const transcript = recording();
    const switching = {
      write: (event: Parameters<typeof transcript.write>[0]) => {
        transcript.write(event);
        if (event.type === 'step') overrides = { failback: {}, agents: { quality: { model: 'gw/small' } } };
      },
    };
    const answer = await models.ask(question(models, { answer: ANSWER, transcript: switching }));
    expect(answer).toMatchObject({ kind: 'answer', model: 'gw/small' });
    expect(asked()).toEqual(['large', 'small']);
    overrides = { providers: { gw: { enabled: false } } };
    expect(await models.ask(question(models))).toMatchObject({ reason: 'unavailable' });
    expect(asked()).toHaveLength(2);
  });
});

describe('a cut off answer', () => {
  it('is continued once, with what was said, and never asked for again the same way', async () => {
    const { models, server, bodies } = await openDoor({ models: { large: {}, small: {} } });
    server.play({ kind: 'truncating', after: 6 });
    const answer = await models.ask(question(models, { answer: ANSWER }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    const [first, second] = bodies();
    expect(second?.messages.slice(0, 2)).toEqual(first?.messages);
    expect(second?.messages.at(-1)?.content).toMatch(/continue exactly where you stopped/i);
    expect(second).not.toHaveProperty('response_format');
  });

  it('that is cut off again is none', async () => {
    const { models, server } = await openDoor();
    server.play({ kind: 'truncating', after: 2, cuts: 5 });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ reason: 'truncated', calls: 2 });
    server.play({ kind: 'endless' });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'truncated', calls: 2 });
  });

  it('of nothing but thoughts is asked for in short', async () => {
    const { models, server, bodies } = await openDoor({ models: { large: { output: 64 }, small: {} } });
    server.fail({ kind: 'thinking', tokens: 500 });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ kind: 'answer', calls: 2 });
    expect(bodies()[1]?.messages.at(-1)?.content).toContain('at most 32 tokens');
  });
});
