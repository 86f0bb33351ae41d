import { describe, expect, it } from 'vitest';
import type { Budget } from './config.ts';
import { ANSWER, openDoor, PROMPT, question, recording } from './testing/door.ts';

const NONE: Budget = { tokens: null, money: null };
const budgets = (given: Partial<Record<'call' | 'review' | 'day', Partial<Budget>>>) => ({
  budgets: {
    call: { ...NONE, ...given.call },
    review: { ...NONE, ...given.review },
    day: { ...NONE, ...given.day },
  },
});
const SMALL = { models: { large: { output: 100 }, small: { output: 100 } } };

describe('a budget', () => {
  it('of a review stops its questions, not those of another one', async () => {
    const { models, server } = await openDoor({ ...SMALL, ...budgets({ review: { tokens: 300 } }) });
    const account = models.account();
    const answers = [];
    for (let at = 0; at < 20; at += 1) answers.push(await models.ask(question(models, { account })));
    const { usage } = account.spent();
    expect(usage.inputTokens + usage.outputTokens).toBeLessThanOrEqual(300);
    const last = answers.at(-1);
    expect(last).toMatchObject({
      reason: 'budget',
      message: expect.stringContaining('models.budgets.review.tokens'),
      calls: 0,
    });
    expect(account.over()).toBe('review');
    expect(server.requests.length).toBe(account.spent().calls);
    expect((await models.ask(question(models))).kind).toBe('answer');
  });

  it('is never passed by agents side by side, with every retry and repair in it', async () => {
    const { models, server } = await openDoor({ ...SMALL, ...budgets({ review: { tokens: 2000 } }) });
    server.play([{ kind: 'garbage' }, { kind: 'truncating', after: 3, cuts: 9 }, { kind: 'helpful' }]);
    const account = models.account();
    const asking = Array.from({ length: 40 }, () => models.ask(question(models, { account, answer: ANSWER })));
    const answers = await Promise.all(asking);
    const { usage, calls } = account.spent();
    expect(usage.inputTokens + usage.outputTokens).toBeLessThanOrEqual(2000);
    expect(calls).toBe(server.requests.length);
    expect(answers.some((one) => one.kind === 'failed' && one.reason === 'budget')).toBe(true);
    const taken = server.requests.reduce((sum, { usage: one }) => sum + (one?.total_tokens ?? 0), 0);
    expect(usage.inputTokens + usage.outputTokens).toBe(taken);
  });

  it('of money is kept by the price table', async () => {
    const { models } = await openDoor({ ...SMALL, ...budgets({ review: { money: 0.001 } }) });
    const account = models.account();
    let last = await models.ask(question(models, { account }));
    for (let at = 0; at < 30; at += 1) last = await models.ask(question(models, { account }));
    expect(last).toMatchObject({ reason: 'budget', message: expect.stringContaining('models.budgets.review.money') });
    expect(account.spent().cost).toBeLessThanOrEqual(0.001);
  });

  it('of a call makes the answer shorter, and refuses a prompt that is too long itself', async () => {
    const { models, server, bodies } = await openDoor(budgets({ call: { tokens: 150 } }));
    await models.ask(question(models));
    expect(bodies()[0]?.max_tokens).toBeLessThan(150);
    const prompt = { ...PROMPT, own: 'word '.repeat(300) };
    const answer = await models.ask(question(models, { prompt }));
    expect(answer).toMatchObject({ reason: 'budget', message: expect.stringContaining('models.budgets.call.tokens') });
    expect(server.requests).toHaveLength(1);
  });

  it('of a day holds for all reviews, and is new on the next one', async () => {
    const clock = { now: Date.parse('2026-05-01T23:00:00Z') };
    const { models } = await openDoor({
      ...SMALL,
      ...budgets({ day: { tokens: 250 } }),
      deps: { now: () => clock.now },
    });
    const account = models.account();
    for (let at = 0; at < 10; at += 1) await models.ask(question(models));
    expect(await models.ask(question(models))).toMatchObject({ reason: 'budget' });
    expect(account.over()).toBe('day');
    clock.now += 3_600_000;
    expect(account.over()).toBeUndefined();
    expect((await models.ask(question(models))).kind).toBe('answer');
  });

  it('of a day may be shared with other processes', async () => {
    const added: number[] = [];
    const days = {
      spent: async () => ({ tokens: 240, money: 0 }),
      add: async (_: string, { tokens }: { tokens: number }) => void added.push(tokens),
    };
    const full = await openDoor({ ...SMALL, ...budgets({ day: { tokens: 250 } }), deps: { days } });
    expect(await full.models.ask(question(full.models))).toMatchObject({ reason: 'budget' });
    const free = await openDoor({ ...SMALL, ...budgets({ day: { tokens: 10_000 } }), deps: { days } });
    const answer = await free.models.ask(question(free.models));
    expect(added).toEqual([answer.usage.inputTokens + answer.usage.outputTokens]);
  });
});

describe('what was reserved', () => {
  it('is given back where nothing is sent in the end', async () => {
    let on = true;
    let looks = 0;
    const overrides = () => ({ providers: { gw: { enabled: on || ++looks < 4 } } });
    const door = await openDoor({ ...SMALL, ...budgets({ review: { tokens: 200 } }), deps: { overrides } });
    const account = door.models.account();
    on = false;
    expect(await door.models.ask(question(door.models, { account }))).toMatchObject({
      reason: 'unavailable',
      calls: 0,
    });
    on = true;
    expect(await door.models.ask(question(door.models, { account }))).toMatchObject({ kind: 'answer' });
  });
});

describe('the context window', () => {
  const models = { large: { context: 1000, output: 100 }, small: { context: 100_000 } };

  it('is warned about from its half on', async () => {
    const door = await openDoor({ models });
    const transcript = recording();
    await door.models.ask(question(door.models, { transcript }));
    expect(transcript.of('warning')).toEqual([]);
    const prompt = { ...PROMPT, own: 'word '.repeat(550) };
    await door.models.ask(question(door.models, { transcript, prompt }));
    expect(transcript.of('warning')).toMatchObject([
      { message: expect.stringContaining('of the context window of gw/large') },
    ]);
  });

  it('stops what does not fit before it is sent', async () => {
    const door = await openDoor({ models });
    const prompt = { ...PROMPT, own: 'word '.repeat(1500) };
    const answer = await door.models.ask(question(door.models, { prompt }));
    expect(answer).toMatchObject({ reason: 'context', calls: 0, message: expect.stringContaining('1000') });
    expect(door.server.requests).toEqual([]);
  });
});
