import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SETTINGS_DEFAULTS } from '../../models/config.ts';
import fc from '../../test/fast-check.ts';
import { isRunning, opened, until } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;
const kill = (pid: number | undefined) => process.kill(pid!, 'SIGKILL');

describe('an engine whose process is killed', () => {
  it(
    'asks again what is not answered, keeps what is, and counts both',
    async () => {
      const { engine, server, pids, events } = await opened();
      server.fail({ kind: 'hang' }, { prompt: 'stall' });
      const done = await engine.ask(question('done'));
      const stalled = engine.ask(question('stall'));
      await until(() => server.requests.length === 2);
      kill(pids[0]);
      const answer = await stalled;
      // Of the call that was cut off only the prompt is known.
      expect(answer).toMatchObject({ kind: 'answer', calls: 2, usage: { estimated: true } });
      expect(answer.usage.inputTokens).toBeGreaterThan(done.usage.inputTokens);
      expect(answer.cost).toBeGreaterThan(done.cost!);
      expect(server.requests.map(({ prompt }) => /done|stall/.exec(prompt)?.[0])).toEqual(['done', 'stall', 'stall']);
      expect(engine.spent()).toMatchObject({ calls: 3, cost: done.cost! + answer.cost! });
      expect(engine.restarts()).toBe(1);
      expect(events).toEqual([{ type: 'restart', why: 'it was killed (SIGKILL)' }]);
      expect(pids.map(isRunning)).toEqual([false, true]);
    },
    LONG,
  );

  it(
    'is replaced once; then everything fails, and says why',
    async () => {
      const { engine, server, pids } = await opened();
      server.play({ kind: 'hang' }, { prompt: 'stall' });
      const both = Promise.all([engine.ask(question('stall')), engine.ask(question('stall too'))]);
      await until(() => server.requests.length === 2);
      kill(pids[0]);
      await until(() => server.requests.length === 4);
      kill(pids[1]);
      const message = 'the process of the models was replaced once, and failed again: it was killed (SIGKILL)';
      const failed = { kind: 'failed', reason: 'unavailable', message };
      expect(await both).toMatchObject([failed, failed]);
      expect(await engine.ask(question('x'))).toMatchObject({ ...failed, calls: 0 });
      expect(engine.spent().calls).toBe(4);
      expect(pids.map(isRunning)).toEqual([false, false]);
    },
    LONG,
  );

  it(
    'counts what the first process took against the budget of the review',
    async () => {
      const prompt = 'stall '.repeat(1000);
      const first = await opened();
      const { usage } = await first.engine.ask(question(prompt));
      // Enough for an answer (4096) to the prompt, and not for the prompt twice.
      const tokens = 4096 + Math.round(usage.inputTokens * 1.5);
      const budgets = { ...SETTINGS_DEFAULTS.budgets, review: { tokens, money: null } };
      const whole = await opened({ models: { budgets } });
      expect(await whole.engine.ask(question(prompt))).toMatchObject({ kind: 'answer' });
      const { engine, server, pids } = await opened({ models: { budgets } });
      server.fail({ kind: 'hang' });
      const stalled = engine.ask(question(prompt));
      await until(() => server.requests.length === 1);
      kill(pids[0]);
      const answer = await stalled;
      expect(answer).toMatchObject({
        kind: 'failed',
        reason: 'budget',
        message: expect.stringContaining(`${answer.usage.inputTokens} of ${tokens} tokens taken`),
      });
      expect(server.requests).toHaveLength(1);
    },
    LONG,
  );

  it(
    'does not ask a model again that was left alone before',
    async () => {
      const { engine, server, pids } = await opened({
        models: { models: { large: {}, small: {} }, breaker: { failures: 1, cooldown: 1000 } },
      });
      server.play({ kind: 'overloaded' }, { model: 'large' });
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'answer', model: 'gw/small' });
      kill(pids[0]);
      await until(() => engine.restarts() === 1);
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'answer', model: 'gw/small' });
      expect(server.requests.map(({ model }) => model)).toEqual(['large', 'small', 'small']);
    },
    LONG,
  );

  it(
    'answers everything once, whenever that happens',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 60 }), async (requests, wait) => {
          const { engine, server, pids } = await opened();
          const names = ['a', 'b', 'c', 'd', 'e'];
          const asked = names.map((name) => engine.ask(question(`about ${name}.`)));
          await until(() => server.requests.length >= requests);
          await setTimeout(wait);
          kill(pids[0]);
          const answers = await Promise.all(asked);
          expect(answers.map(({ kind }) => kind)).toEqual(names.map(() => 'answer'));
          expect(engine.spent().calls).toBe(answers.reduce((all, { calls }) => all + calls, 0));
          // What was sent last may not have been told yet, and is then not counted.
          expect(engine.spent().calls).toBeLessThanOrEqual(server.requests.length + names.length);
          expect(engine.spent().calls).toBeGreaterThanOrEqual(names.length);
          await engine.close();
          expect(pids.some(isRunning)).toBe(false);
        }),
        { numRuns: 6 },
      );
    },
    LONG,
  );
});

describe('an engine whose process takes too much memory', () => {
  it(
    'says so',
    async () => {
      const { engine, events } = await opened({ deps: { heap: 60 } });
      const answer = await engine.ask(question('x'.repeat(80 << 20)));
      const why = expect.stringMatching(/^it .*: it took more memory than the 60 MB it may$/);
      expect(events).toEqual([{ type: 'restart', why }]);
      expect(answer).toMatchObject({
        kind: 'failed',
        reason: 'unavailable',
        message: expect.stringMatching(/failed again: .* more memory than the 60 MB it may$/),
      });
    },
    LONG,
  );
});
