import { describe, expect, it } from 'vitest';
import { ANSWER, openDoor, question, recording } from './testing/door.ts';

const OUTPUT = 100;
/** What a call that is cut off can be counted for at most: 8 characters for each token that it may have, and 2048, at 3 for a token. */
const MOST_COUNTED = Math.ceil((OUTPUT * 8 + 2048 + 100) / 3);
const LIMITED = { models: { large: { output: OUTPUT } }, failback: {} };

describe('a server that ignores max_tokens', () => {
  it('and never ends is cut off, and counted for what came', async () => {
    const { models, server } = await openDoor(LIMITED);
    server.play({ kind: 'endless', overruns: true });
    const transcript = recording();
    const answer = await models.ask(question(models, { transcript }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'truncated', calls: 2 });
    await expect.poll(() => server.requests.map(({ outcome }) => outcome)).toEqual(['client', 'client']);
    const steps = transcript.events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps.map(({ finish }) => finish)).toEqual(['length', 'length']);
    for (const { usage } of steps) {
      expect(usage.estimated).toBe(true);
      expect(usage.outputTokens).toBeGreaterThan(OUTPUT);
      expect(usage.outputTokens).toBeLessThanOrEqual(MOST_COUNTED);
    }
  });

  it('and says somewhat more is taken at its word, and counted as it counts', async () => {
    const { models, server } = await openDoor(LIMITED);
    const findings = Array.from({ length: 20 }, (_, line) => ({ path: 'src/pay.ts', line }));
    server.play({ kind: 'saying', answer: { findings }, overruns: true });
    const answer = await models.ask(question(models, { answer: ANSWER }));
    expect(answer).toMatchObject({ kind: 'answer', value: { findings }, calls: 1, usage: { estimated: false } });
    expect(answer.usage.outputTokens).toBe(server.requests[0]?.usage?.completion_tokens);
    expect(answer.usage.outputTokens).toBeGreaterThan(OUTPUT);
  });

  it('passes a budget by no more than the call under way', async () => {
    const tokens = 3000;
    const none = { tokens: null, money: null };
    const { models, server } = await openDoor({
      ...LIMITED,
      budgets: { call: none, review: { tokens, money: null }, day: none },
    });
    server.play({ kind: 'endless', overruns: true });
    const account = models.account();
    let last = await models.ask(question(models, { account }));
    for (let at = 0; at < 20; at += 1) last = await models.ask(question(models, { account }));
    expect(last).toMatchObject({ kind: 'failed', reason: 'budget', calls: 0 });
    const { inputTokens, outputTokens } = account.spent().usage;
    expect(inputTokens + outputTokens).toBeGreaterThan(tokens - 2 * MOST_COUNTED);
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(tokens - OUTPUT + MOST_COUNTED);
    expect(account.over()).toBe('review');
  });
});

it('an answer that breaks off with an error is paid for as far as it came', async () => {
  const { models, server } = await openDoor();
  // Its words make it a 503, though the status was 200.
  server.play({ kind: 'overloaded', after: 8 }, { model: 'large' });
  const transcript = recording();
  await models.ask(question(models, { answer: ANSWER, transcript }));
  expect(server.requests[0]?.usage).toMatchObject({ completion_tokens: 8 });
  expect(transcript.of('step')).toMatchObject([
    { finish: 'overload', usage: { inputTokens: expect.any(Number), estimated: true } },
    { finish: 'stop', usage: { estimated: false } },
  ]);
  const [broken] = transcript.of('step') as { usage: { inputTokens: number; outputTokens: number } }[];
  expect(broken?.usage.inputTokens).toBeGreaterThan(10);
  expect(broken?.usage.outputTokens).toBeGreaterThan(0);
});
