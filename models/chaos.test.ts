import { afterAll, describe, expect, it } from 'vitest';
import { FAILURE_REASONS } from './port.ts';
import { ANSWER, ONE, openDoor, question } from './testing/door.ts';
import { FAILURES } from './testing/failures.ts';

const CALLS = process.env.AGENTSMD_LONG ? 2000 : 300;
/** Too little for all that one account is asked. */
const REVIEW = CALLS * 5;

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
process.on('unhandledRejection', note);
afterAll(() => void process.off('unhandledRejection', note));

describe(`${CALLS} questions to endpoints that fail at 30 % in all ways`, () => {
  it('end in a valid answer or a typed failure each, within the budgets', { timeout: 300_000 }, async () => {
    const { models, server } = await openDoor({
      timeouts: { first: 0.3, between: 0.3, call: 3 },
      // Failures in a row come by lot here: breakers that open would leave the rest of the run to chance.
      breaker: { failures: 25, cooldown: 0 },
      models: { large: { output: 400 }, small: { output: 400 } },
      provider: { concurrency: 16 },
      budgets: {
        call: { tokens: 2000, money: null },
        review: { tokens: REVIEW, money: null },
        day: { tokens: null, money: null },
      },
      deps: { sleep: async () => {} },
    });
    server.fail(FAILURES, { share: 0.3 });
    const accounts = Array.from({ length: 10 }, () => models.account());
    const outcomes = new Map<string, number>();
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < CALLS; at = next++) {
        const account = accounts[at % accounts.length]!;
        const prompt = { stable: 'You review.', shared: `src/pay.ts ${at}`, own: 'Look.' };
        const answer = await models.ask(question(models, { account, prompt, answer: ANSWER }));
        const outcome = answer.kind === 'answer' ? 'answer' : answer.reason;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (answer.kind === 'answer') expect([ONE, { findings: [] }]).toContainEqual(answer.value);
        else expect(FAILURE_REASONS).toContain(answer.reason);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(CALLS);
    expect(outcomes.get('answer')).toBeGreaterThan(CALLS / 5);
    expect(outcomes.get('budget')).toBeGreaterThan(0);
    for (const account of accounts) {
      const { inputTokens, outputTokens } = account.spent().usage;
      // One step: what a call may take.
      expect(inputTokens + outputTokens).toBeLessThanOrEqual(REVIEW + 2000);
    }
    expect(accounts.reduce((sum, account) => sum + account.spent().calls, 0)).toBe(server.requests.length);
    expect(unhandled).toEqual([]);
  });
});
