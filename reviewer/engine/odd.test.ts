import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineDeps } from './deps.ts';
import { isRunning, opened } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;

const odd = (how: string, more: Pick<EngineDeps, 'patience' | 'startup'> = {}) =>
  opened({
    settings: { environment: { ODD: how, OTHER: ['glpat', 'aB3dE6gH9jK2mN5pQ8rS'].join('-') } },
    deps: { program: join(import.meta.dirname, 'testing/odd-child.ts'), ...more },
  });

describe('a process that does not keep to the protocol', () => {
  it.each(['garbage', 'endless-line', 'other-shape', 'extra-key', 'negative'])(
    'is of no use: %s',
    async (how) => {
      const { engine, events, pids } = await odd(how);
      const answers = await Promise.all([engine.ask(question('x')), engine.ask(question('y'))]);
      const message = expect.stringMatching(/failed again: what it said was not understood$/);
      const failed = { kind: 'failed', reason: 'unavailable', message };
      expect(answers).toMatchObject([failed, failed]);
      expect(events).toEqual([{ type: 'restart', why: 'what it said was not understood' }]);
      expect(pids).toHaveLength(2);
      expect(pids.some(isRunning)).toBe(false);
    },
    LONG,
  );

  it(
    'is replaced when it does not even say that it heard',
    async () => {
      const { engine, pids } = await odd('mute', { patience: 300 });
      const late = { kind: 'failed', reason: 'aborted', message: 'no answer within 0.1 s: it was called off' };
      expect(await engine.ask(question('x', { deadline: 100 }))).toMatchObject(late);
      expect(await engine.ask(question('x', { deadline: 100 }))).toMatchObject(late);
      expect(await engine.ask(question('x', { deadline: 60_000 }))).toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining('it did not answer for 0.3 s'),
      });
      expect(pids).toHaveLength(2);
    },
    LONG,
  );

  it(
    'is kept when it hears, and only has no answer',
    async () => {
      const { engine, pids } = await odd('deaf', { patience: 3000 });
      const asked = ['x', 'y', 'z'].map((name) => engine.ask(question(name, { deadline: 10 })));
      for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ reason: 'aborted' });
      expect(pids).toHaveLength(1);
    },
    LONG,
  );

  it(
    'is told of with what it complained about, without secrets',
    async () => {
      const { engine, events } = await odd('exits');
      expect(await engine.ask(question('x'))).toMatchObject({ reason: 'unavailable' });
      expect(events).toEqual([
        { type: 'restart', why: 'it ended with 3: Error: overloaded, said […], token glpat-[…]' },
      ]);
    },
    LONG,
  );

  it(
    'is told of with what was kept from it',
    async () => {
      const { engine, events } = await odd('reads');
      expect(await engine.ask(question('x'))).toMatchObject({ reason: 'unavailable' });
      const why =
        'it ended with 1: it may read agentsmd and its packages alone, and /not-ours/glpat-[…] is none of them';
      expect(events).toEqual([{ type: 'restart', why }]);
    },
    LONG,
  );

  it(
    'ends all the same',
    async () => {
      const { engine, pids } = await odd('stubborn', { patience: 300 });
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'answer' });
      await engine.close();
      await engine.close();
      expect(pids.some(isRunning)).toBe(false);
    },
    LONG,
  );

  it(
    'is no engine when it is never ready',
    async () => {
      await expect(odd('never-ready')).rejects.toMatchObject({
        name: 'EngineError',
        exitCode: 3,
        message: 'the process of the models was replaced once, and failed again: it ended with 7',
      });
      await expect(odd('never-says', { startup: 500 })).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('failed again: it was not ready within 0.5 s'),
      });
      await expect(odd('refuses')).rejects.toMatchObject({ exitCode: 2, message: 'models.transcript.dir: no' });
      await expect(
        opened({ deps: { program: join(import.meta.dirname, 'testing/not-there.ts') } }),
      ).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('Cannot find module') });
    },
    LONG,
  );
});
